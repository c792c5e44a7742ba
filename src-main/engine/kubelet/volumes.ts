// Which volumes of a pod can be mounted on its node now, and why not: the kubelet's side of attach and mount.

import { nodeKind } from '../kinds/core/node.ts';
import type { PersistentVolume } from '../kinds/core/persistent-volume.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { claimIsForPod, claimNameOf } from '../kinds/core/pod-claims.ts';
import { type CsiSource, uniqueVolumeName } from '../kinds/storage/attachment-names.ts';
import { hostPathFault, localPathFault } from './host-path.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { stageOf } from './pod-life.ts';
import { missingKey } from './source-files.ts';
import { TIMINGS } from './timings.ts';

export const VOLUME_RETRY_TIMER = 'volume-retry';

type PodVolume = NonNullable<Pod['spec']['volumes']>[number];

/** What hinders one volume. `event` '': nobody is told, as releases since 1.27 keep the timeouts of waiting to the kubelet's log. upstream: pkg/kubelet/kubelet.go SyncPod */
export interface Hindrance {
  readonly volume: string;
  readonly event: string;
}

export class VolumeMounter {
  readonly #world: KubeletWorld;

  constructor(world: KubeletWorld) {
    this.#world = world;
  }

  /** Empty: all are mounted. A try makes the directories and files that hostPath volumes want made. */
  hindrances(pod: PodState, object: Pod): readonly Hindrance[] {
    const found: Hindrance[] = [];
    for (const volume of object.spec.volumes ?? NONE) {
      const event = this.#hindrance(pod, object, volume);
      if (event !== null) found.push({ volume: volume.name, event });
    }
    return found;
  }

  /** Volumes that wait for others wait for news; a mount that failed is tried again after a doubling wait. */
  noteWaiting(pod: PodState): void {
    const object = this.#world.object(pod);
    if (object === undefined || stageOf(pod) !== 'mounting' || pod.life.timers['mount'] !== undefined || pod.volumeRetry !== 0) return;
    const failures = this.hindrances(pod, object).filter(({ event }) => event !== '');
    for (const { event } of failures) this.#world.event(pod, 'Warning', 'FailedMount', event);
    if (failures.length > 0) {
      const waitMs = Math.min(TIMINGS.volumeRetryMs * 2 ** Math.min(pod.volumeTries, 20), TIMINGS.volumeRetryMaxMs);
      pod.volumeTries += 1;
      pod.volumeRetry = this.#world.after(waitMs, VOLUME_RETRY_TIMER, pod.uid);
      return;
    }
    const { waiting } = this.#world.state;
    if (!waiting.includes(pod.uid)) waiting.push(pod.uid);
  }

  stopWaiting(pod: PodState): void {
    this.#world.context.time.cancel(pod.volumeRetry);
    pod.volumeRetry = 0;
    pod.volumeTries = 0;
  }

  /** How long mounting takes once nothing hinders it. */
  mountMs(object: Pod): number {
    const disks = object.spec.volumes?.some((volume) => claimNameOf(object, volume) !== undefined) === true;
    return disks ? TIMINGS.mountDiskMs : TIMINGS.mountSmallMs;
  }

  /** Does a change of this claim, attachment, secret or config map concern the pod? */
  hasClaims(object: Pod): boolean {
    return object.spec.volumes?.some((volume) => claimNameOf(object, volume) !== undefined) === true;
  }

  /** Tells the API server which attachable volumes this node's pods need. upstream: pkg/kubelet/nodestatus/setters.go VolumesInUse */
  reportInUse(node: string): void {
    const names = new Set<string>();
    for (const pod of this.#world.podsOn(node)) {
      const object = this.#world.object(pod);
      const stage = stageOf(pod);
      if (object === undefined || stage === 'terminated' || stage === 'rejected') continue;
      for (const volume of object.spec.volumes ?? NONE) {
        const persistent = this.#persistentVolume(object, volume);
        if (persistent !== undefined && this.#isAttachable(persistent)) names.add(uniqueVolumeName(persistent.spec.csi as CsiSource));
      }
    }
    const volumesInUse = [...names].sort();
    const state = this.#world.node(node);
    delete state.volumesInUse;
    this.#world.context.clientFrom(node).patchStatus(nodeKind, node, (current) => {
      const known = current.status.volumesInUse ?? [];
      if (known.length === volumesInUse.length && known.every((name, index) => name === volumesInUse[index])) return current;
      return { ...current, status: { ...current.status, volumesInUse } };
    });
    state.volumesInUse = volumesInUse;
  }

  #hindrance(pod: PodState, object: Pod, volume: PodVolume): string | null {
    const { namespace } = object.metadata;
    if (claimNameOf(object, volume) !== undefined) return this.#diskHindrance(pod, object, volume);
    const missing =
      this.#missing(namespace, 'configmap', volume.configMap?.name, volume.configMap?.optional) ||
      this.#missing(namespace, 'secret', volume.secret?.secretName, volume.secret?.optional) ||
      (volume.projected?.sources ?? [])
        .map(
          (source) =>
            this.#missing(namespace, 'configmap', source.configMap?.name, source.configMap?.optional) ||
            this.#missing(namespace, 'secret', source.secret?.name, source.secret?.optional),
        )
        .find((text) => text !== '') ||
      missingKey(this.#world, object, volume) ||
      (volume.hostPath === undefined ? '' : hostPathFault(this.#world.node(pod.node).files, volume.hostPath));
    return missing === undefined || missing === '' ? null : `MountVolume.SetUp failed for volume "${volume.name}" : ${missing}`;
  }

  #missing(namespace: string, kind: 'configmap' | 'secret', name: string | undefined, optional: boolean | undefined): string {
    if (name === undefined || optional === true) return '';
    const cache = kind === 'secret' ? this.#world.secrets : this.#world.configMaps;
    return cache.get(`${namespace}/${name}`) === undefined ? `${kind} "${name}" not found` : '';
  }

  #diskHindrance(pod: PodState, object: Pod, volume: PodVolume): string | null {
    const persistent = this.#persistentVolume(object, volume);
    if (persistent === undefined) return '';
    const { csi, hostPath, local, volumeMode } = persistent.spec;
    if (hostPath !== undefined) {
      const fault = hostPathFault(this.#world.node(pod.node).files, hostPath);
      return fault === '' ? null : `MountVolume.SetUp failed for volume "${persistent.metadata.name}" : ${fault}`;
    }
    if (local !== undefined && volumeMode !== 'Block') {
      const fault = localPathFault(this.#world.node(pod.node).files, local.path);
      return fault === '' ? null : `MountVolume.NewMounter initialization failed for volume "${persistent.metadata.name}" : ${fault}`;
    }
    if (csi === undefined) return null;
    if (!this.#isAttachable(persistent)) return this.#deviceHindrance(persistent, csi.volumeHandle);
    // Nobody would keep the disk attached while it is mounted; and the node must be told that it has it. upstream: pkg/volume/util/operationexecutor GenerateVerifyControllerAttachedVolumeFunc
    const name = uniqueVolumeName(csi);
    if (this.#world.node(pod.node).volumesInUse?.includes(name) !== true) return '';
    if (this.#world.nodes.get(pod.node)?.status.volumesAttached?.some((attached) => attached.name === name) !== true) return '';
    const attached = [...this.#world.attachments.by('node', pod.node)].some(
      (attachment) =>
        attachment.spec.source.persistentVolumeName === persistent.metadata.name &&
        attachment.status?.attached === true &&
        attachment.metadata.deletionTimestamp === undefined,
    );
    if (!attached) return '';
    return this.#deviceHindrance(persistent, csi.volumeHandle);
  }

  /** Drivers whose volumes are only mounted have nothing to wait for. upstream: csiPlugin.CanAttach */
  #isAttachable({ spec }: PersistentVolume): boolean {
    return spec.csi !== undefined && this.#world.drivers.get(spec.csi.driver)?.spec.attachRequired !== false;
  }

  #deviceHindrance({ metadata }: PersistentVolume, handle: string): string | null {
    const disk = this.#world.context.physics.get('disk', handle);
    if (disk !== undefined && !disk.lost) return null;
    return `MountVolume.MountDevice failed for volume "${metadata.name}" : rpc error: code = Internal desc = failed to find device path for volume ${handle}`;
  }

  #persistentVolume(object: Pod, volume: PodVolume): PersistentVolume | undefined {
    const claimName = claimNameOf(object, volume);
    if (claimName === undefined) return undefined;
    const claim = this.#world.claims.get(`${object.metadata.namespace}/${claimName}`);
    if (claim === undefined || (volume.ephemeral !== undefined && !claimIsForPod(object, claim))) return undefined;
    return claim?.status?.phase === 'Bound' ? this.#world.volumes.get(claim.spec.volumeName ?? '') : undefined;
  }
}

const NONE: readonly PodVolume[] = [];
