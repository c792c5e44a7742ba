// Copies, clones and grown volumes at rest: what can be copied is copied, what can be filled is filled, and volumes are as large as is asked for.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../src-main/engine/kinds/core/pod-claims.ts';
import type { VolumeSnapshot, VolumeSnapshotContent } from '../../src-main/engine/kinds/storage/volume-snapshot.ts';
import { keyOf } from '../../src-main/engine/meta/object.ts';
import { quantityValue } from '../../src-main/engine/meta/quantity.ts';
import { isReady, tableOf } from './convergence.ts';

const SNAPSHOT = 'VolumeSnapshot.snapshot.storage.k8s.io';

export function copyFaults(cluster: Cluster): readonly string[] {
  return [
    ...tableOf<VolumeSnapshot>(cluster, SNAPSHOT).flatMap((snapshot) => snapshotFaults(cluster, snapshot)),
    ...tableOf<VolumeSnapshotContent>(cluster, 'VolumeSnapshotContent.snapshot.storage.k8s.io').flatMap((content) =>
      contentFaults(cluster, content),
    ),
    ...tableOf<PersistentVolumeClaim>(cluster, 'PersistentVolumeClaim').flatMap((claim) => [
      ...filledFaults(cluster, claim),
      ...sizeFaults(cluster, claim),
    ]),
  ];
}

/** Ready, or its claim or class is not there, or its disk is lost. */
function snapshotFaults(cluster: Cluster, { metadata, spec, status }: VolumeSnapshot): readonly string[] {
  if (status?.readyToUse === true || metadata.deletionTimestamp !== undefined) return [];
  const claim = claimOf(cluster, `${metadata.namespace}/${spec.source.persistentVolumeClaimName}`);
  const hasClass = cluster.store.get('VolumeSnapshotClass.snapshot.storage.k8s.io', spec.volumeSnapshotClassName ?? '') !== undefined;
  if (claim?.status.phase !== 'Bound' || claim.spec.storageClassName === 'files' || !hasClass) return [];
  // One whose content somebody has taken away is never made again.
  if (status?.boundVolumeSnapshotContentName !== undefined) return [];
  return [`snapshot ${metadata.name} of a bound claim is not ready: ${JSON.stringify(status)}`];
}

/** It goes with its snapshot, unless its class keeps it; while the snapshot is there it waits. */
function contentFaults(cluster: Cluster, { metadata, spec }: VolumeSnapshotContent): readonly string[] {
  const { namespace, name, uid } = spec.volumeSnapshotRef;
  const isThere = cluster.store.get(SNAPSHOT, `${namespace}/${name}`)?.metadata.uid === uid;
  const isDue = metadata.deletionTimestamp !== undefined || spec.deletionPolicy === 'Delete';
  return isDue && !isThere ? [`snapshot content ${metadata.name} outlives snapshot ${name}`] : [];
}

/** Whoever can begin with the files of a source has begun. */
function filledFaults(cluster: Cluster, { metadata, spec, status }: PersistentVolumeClaim): readonly string[] {
  const { dataSource: source } = spec;
  if (source === undefined || status.phase !== 'Pending' || metadata.deletionTimestamp !== undefined) return [];
  const key = `${metadata.namespace}/${source.name}`;
  const asked = quantityValue(spec.resources?.requests?.['storage'] ?? '0');
  const isWanted = tableOf<Pod>(cluster, 'Pod').some((pod) => podClaimKeys(pod).includes(`${metadata.namespace}/${metadata.name}`));
  const hasSource = source.kind === 'VolumeSnapshot' ? hasCopy(cluster, key, asked) : hasOriginal(cluster, key, asked);
  return isWanted && hasSource ? [`claim ${metadata.name} is not filled from ${source.kind} ${source.name}`] : [];
}

function hasCopy(cluster: Cluster, key: string, bytes: number): boolean {
  const snapshot = cluster.store.get(SNAPSHOT, key) as VolumeSnapshot | undefined;
  const content = cluster.store.get(
    'VolumeSnapshotContent.snapshot.storage.k8s.io',
    snapshot?.status?.boundVolumeSnapshotContentName ?? '',
  );
  const isThere = snapshot?.status?.readyToUse === true && snapshot.metadata.deletionTimestamp === undefined && content !== undefined;
  return isThere && quantityValue(snapshot.status?.restoreSize ?? '0') <= bytes;
}

function hasOriginal(cluster: Cluster, key: string, bytes: number): boolean {
  const claim = claimOf(cluster, key);
  if (claim === undefined || claim.metadata.deletionTimestamp !== undefined || claim.spec.storageClassName !== 'grows') return false;
  const volume = cluster.store.get('PersistentVolume', claim.spec.volumeName ?? '');
  return claim.status.phase === 'Bound' && volume !== undefined && quantityValue(claim.status.capacity?.['storage'] ?? '0') <= bytes;
}

/** A volume that a running pod uses is as large as its claim asks. */
function sizeFaults(cluster: Cluster, claim: PersistentVolumeClaim): readonly string[] {
  const { metadata, spec, status } = claim;
  if (status.phase !== 'Bound') return [];
  const isUsed = tableOf<Pod>(cluster, 'Pod').some((pod) => isReady(pod) && podClaimKeys(pod).includes(keyOf(claim)));
  const [asked, has] = [spec.resources?.requests?.['storage'] ?? '0', status.capacity?.['storage'] ?? '0'];
  return isUsed && quantityValue(has) < quantityValue(asked) ? [`claim ${metadata.name} has ${has} of ${asked}`] : [];
}

function claimOf(cluster: Cluster, key: string): PersistentVolumeClaim | undefined {
  return cluster.store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined;
}
