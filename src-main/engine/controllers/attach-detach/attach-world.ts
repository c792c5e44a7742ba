// The caches the attach/detach controller reads, and who wants which volume where: upstream's desired state of world, asked for instead of kept.
import type { Cache, ComponentContext } from '../../client/component.ts';
import { type Node, nodeKind } from '../../kinds/core/node.ts';
import { type PersistentVolume, persistentVolumeKind } from '../../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { podClaimIndex, podClaimKeys } from '../../kinds/core/pod-claims.ts';
import type { CsiSource } from '../../kinds/storage/attachment-names.ts';
import { type CSIDriver, csiDriverKind } from '../../kinds/storage/csi-driver.ts';
import { type VolumeAttachment, volumeAttachmentKind } from '../../kinds/storage/volume-attachment.ts';
import { isPodTerminated } from '../persistent-volume-binder/pod-terminated.ts';

export interface AttachWorld {
  readonly pods: Cache<Pod>;
  readonly nodes: Cache<Node>;
  readonly claims: Cache<PersistentVolumeClaim>;
  readonly volumes: Cache<PersistentVolume>;
  readonly drivers: Cache<CSIDriver>;
  readonly attachments: Cache<VolumeAttachment>;
}

const attachmentVolumeIndex = 'volume';
const attachmentNodeIndex = 'node';
const volumeClaimIndex = 'attach-claim';

export function attachWorld({ cache }: ComponentContext<unknown>): AttachWorld {
  const world = {
    pods: cache(podKind),
    nodes: cache(nodeKind),
    claims: cache(persistentVolumeClaimKind),
    volumes: cache(persistentVolumeKind),
    drivers: cache(csiDriverKind),
    attachments: cache(volumeAttachmentKind),
  };
  world.pods.index(podClaimIndex, podClaimKeys);
  world.attachments.index(attachmentVolumeIndex, ({ spec }) => [spec.source.persistentVolumeName ?? '']);
  world.attachments.index(attachmentNodeIndex, ({ spec }) => [spec.nodeName]);
  world.volumes.index(volumeClaimIndex, ({ spec: { claimRef } }) =>
    claimRef === undefined ? [] : [`${claimRef.namespace}/${claimRef.name}`],
  );
  return world;
}

/** The CSI source of a volume that must be attached before use; undefined for all others. */
export function attachableSource(world: AttachWorld, volume: PersistentVolume | undefined): CsiSource | undefined {
  const source = volume?.spec.csi;
  return source === undefined || world.drivers.get(source.driver)?.spec.attachRequired === false ? undefined : source;
}

/** Pods that want the volume, by node and by name; a pod that has ended wants nothing. upstream: util.DetermineVolumeAction, ProcessPodVolumes */
export function wantedNodes(world: AttachWorld, volume: PersistentVolume): ReadonlyMap<string, readonly Pod[]> {
  const wanted = new Map<string, Pod[]>();
  const { claimRef } = volume.spec;
  const key = `${claimRef?.namespace}/${claimRef?.name}`;
  const claim = world.claims.get(key);
  if (claim?.status.phase !== 'Bound' || claim.spec.volumeName !== volume.metadata.name || claim.metadata.uid !== claimRef?.uid)
    return wanted;
  const pods = [...world.pods.by(podClaimIndex, key)].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const pod of pods) {
    const { nodeName = '' } = pod.spec;
    if (nodeName === '' || isPodTerminated(pod)) continue;
    const there = wanted.get(nodeName);
    if (there === undefined) wanted.set(nodeName, [pod]);
    else there.push(pod);
  }
  return wanted;
}

export function attachmentsOf(world: AttachWorld, volume: string): Iterable<VolumeAttachment> {
  return world.attachments.by(attachmentVolumeIndex, volume);
}

/** Names of the volumes attached to a node. */
export function volumesOn(world: AttachWorld, node: string): readonly string[] {
  return [...world.attachments.by(attachmentNodeIndex, node)].map(({ spec }) => spec.source.persistentVolumeName ?? '');
}

/** Names of the volumes of claims. */
export function volumesOfClaims(world: AttachWorld, keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => [...world.volumes.by(volumeClaimIndex, key)].map((volume) => volume.metadata.name));
}
