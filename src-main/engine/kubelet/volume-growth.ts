// Grows the file systems of volumes that have become larger: at once where a pod starts, within the kubelet's next rounds where one runs.
// upstream: pkg/kubelet/volumemanager (desired_state_of_world_populator.go checkVolumeFSResize), operation_generator.go GenerateExpandInUseVolumeFunc
import { isWaitingForNode, markResized } from '../kinds/core/claim-resizing.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { podClaimIndex, podClaimKeys } from '../kinds/core/pod-claims.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { stageOf } from './pod-life.ts';
import { TIMINGS } from './timings.ts';

export const GROWTH_TIMER = 'grow';

/** Timers are named by pod and claim; one that comes too late finds nothing to do. */
export class VolumeGrowth {
  readonly #world: KubeletWorld;

  constructor(world: KubeletWorld) {
    this.#world = world;
    world.pods.index(podClaimIndex, podClaimKeys);
    world.claims.onChange((next, previous) => {
      if (next === undefined || !isWaitingForNode(next) || (previous !== undefined && isWaitingForNode(previous))) return;
      for (const pod of world.pods.by(podClaimIndex, keyOf(next))) this.#later(pod, keyOf(next), world.between(TIMINGS.growMs));
    });
    world.pods.onChange((next, previous) => {
      if (next?.status.phase !== 'Running' || previous?.status.phase === 'Running' || next.spec.volumes === undefined) return;
      for (const key of podClaimKeys(next)) {
        const claim = world.claims.get(key);
        if (claim !== undefined && isWaitingForNode(claim)) this.#later(next, key, 0);
      }
    });
  }

  onTimer(key: string): void {
    const [uid = '', claimKey = ''] = key.split(' ');
    const pod = this.#world.pod(uid);
    const claim = this.#world.claims.get(claimKey);
    if (pod === undefined || claim === undefined || !isWaitingForNode(claim)) return;
    const object = this.#world.object(pod);
    const { physics } = this.#world.context;
    if (object === undefined || stageOf(pod) === 'stopping' || stageOf(pod) === 'terminated') return;
    if (stageOf(pod) === 'mounting' || !physics.kubeletRuns(pod.node) || !physics.connected(pod.node)) {
      this.#later(object, claimKey, TIMINGS.growMs[1]);
      return;
    }
    this.#grow(object, pod.node, claim);
  }

  #grow(pod: Pod, node: string, claim: PersistentVolumeClaim): void {
    const volume = this.#world.volumes.get(claim.spec.volumeName ?? '');
    const size = volume?.spec.capacity?.['storage'];
    if (volume === undefined || size === undefined) return;
    const { context } = this.#world;
    const message = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}" ${node}`;
    for (const object of [pod, claim]) context.eventsFrom(node).record(object, 'Normal', 'FileSystemResizeSuccessful', message);
    try {
      context.clientFrom(node).patchStatus(persistentVolumeClaimKind, keyOf(claim), (current) => markResized(current, size));
    } catch (thrown) {
      if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
    }
  }

  #later({ metadata: { uid } }: Pod, claim: string, delayMs: number): void {
    this.#world.after(delayMs, GROWTH_TIMER, `${uid} ${claim}`);
  }
}
