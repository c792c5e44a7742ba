// Names and refusals that snapshot controller, its driver part and the provisioner share.
// upstream: kubernetes-csi/external-snapshotter pkg/utils/util.go
import type { VolumeSnapshot, VolumeSnapshotClass, VolumeSnapshotContent } from '../kinds/storage/volume-snapshot.ts';

export const snapshotFinalizer = 'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection';
export const contentFinalizer = 'snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection';
const defaultAnnotation = 'snapshot.storage.kubernetes.io/is-default-class';

/** The content of a snapshot that is made from a claim. upstream: GetDynamicSnapshotContentNameForSnapshot */
export function contentNameOf({ metadata }: VolumeSnapshot): string {
  return `snapcontent-${metadata.uid}`;
}

export function isDefaultSnapshotClass({ metadata }: VolumeSnapshotClass): boolean {
  return metadata.annotations?.[defaultAnnotation] === 'true';
}

/** Is the content made for this very snapshot? upstream: IsVolumeSnapshotRefSet, IsSnapshotBound */
export function isContentOf({ spec }: VolumeSnapshotContent, { metadata }: VolumeSnapshot): boolean {
  const { name, namespace, uid } = spec.volumeSnapshotRef;
  return name === metadata.name && namespace === metadata.namespace && (uid === undefined || uid === metadata.uid);
}
