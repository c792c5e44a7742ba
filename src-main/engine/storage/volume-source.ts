// What a new volume is filled with: a snapshot that is restored or another claim's volume that is cloned; or why it cannot be.
// upstream: kubernetes-csi/external-provisioner pkg/controller/controller.go getVolumeContentSource, getSnapshotSource, getPVCSource
import type { ComponentContext } from '../client/component.ts';
import { claimClass } from '../kinds/core/find-matching-volume.ts';
import { persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { volumeSnapshotContentKind, volumeSnapshotKind } from '../kinds/storage/volume-snapshot.ts';
import { quantityValue } from '../meta/quantity.ts';
import type { Backend } from './backends.ts';

type Context = Pick<ComponentContext<unknown>, 'cache'>;

/** `handle` null: the volume begins empty. */
export type VolumeSource = { readonly handle: string | null } | { readonly error: string };

export function volumeSource(context: Context, claim: PersistentVolumeClaim, backend: Backend): VolumeSource {
  const { dataSource } = claim.spec;
  if (dataSource === undefined) return { handle: null };
  const { kind, name } = dataSource;
  const failed = (why: string): VolumeSource => ({ error: `error getting handle for DataSource Type ${kind} by Name ${name}: ${why}` });
  const bytes = quantityValue(claim.spec.resources?.requests?.['storage'] ?? '0');
  if (kind === 'VolumeSnapshot') {
    if (!backend.snapshots) return { error: `CSI driver does not support snapshot restore: plugin supports ${kind} data source: false` };
    const found = snapshotHandle(context, claim.metadata.namespace, name, bytes, backend);
    return 'error' in found ? failed(found.error as string) : found;
  }
  if (!backend.clones) return { error: `CSI driver does not support clone operations: plugin supports ${kind} data source: false` };
  const found = claimHandle(context, claim, name, bytes);
  return 'error' in found ? failed(found.error as string) : found;
}

function snapshotHandle({ cache }: Context, namespace: string, name: string, bytes: number, backend: Backend): VolumeSource {
  const snapshot = cache(volumeSnapshotKind).get(`${namespace}/${name}`);
  if (snapshot === undefined)
    return { error: `error getting snapshot ${name} from api server: volumesnapshots.snapshot.storage.k8s.io "${name}" not found` };
  if (snapshot.metadata.deletionTimestamp !== undefined) return { error: `snapshot ${name} is currently being deleted` };
  if (snapshot.status?.readyToUse !== true) return { error: `snapshot ${name} is not Ready` };
  const content = cache(volumeSnapshotContentKind).get(snapshot.status.boundVolumeSnapshotContentName ?? '');
  if (content === undefined) return { error: `snapshot ${name} not bound` };
  if (content.spec.driver !== backend.name)
    return { error: `snapshotContent ${content.metadata.name} has a different driver than the StorageClass: ${content.spec.driver}` };
  const size = content.status?.restoreSize ?? 0;
  if (bytes < size) return { error: `requested volume size ${bytes} is less than the size ${size} for the source snapshot ${name}` };
  return { handle: content.status?.snapshotHandle ?? '' };
}

function claimHandle({ cache }: Context, claim: PersistentVolumeClaim, name: string, bytes: number): VolumeSource {
  const { namespace } = claim.metadata;
  const source = cache(persistentVolumeClaimKind).get(`${namespace}/${name}`);
  if (source === undefined)
    return { error: `error getting PVC ${name} (namespace "${namespace}") from api server: persistentvolumeclaims "${name}" not found` };
  if (source.metadata.deletionTimestamp !== undefined) return { error: `the PVC DataSource ${name} is currently being deleted` };
  if (source.status.phase !== 'Bound')
    return { error: `the PVC DataSource ${name} must have a status of Bound.  Got ${source.status.phase ?? ''}` };
  const volume = cache(persistentVolumeKind).get(source.spec.volumeName ?? '');
  if (volume?.spec.csi === undefined) return { error: 'the source PV has no CSI source' };
  const size = quantityValue(source.status.capacity?.['storage'] ?? '0');
  if (bytes < size)
    return {
      error: `error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${bytes} but source is ${size}`,
    };
  if (claimClass(source) === '') return { error: `the source PVC (${name}) storageclass cannot be empty` };
  return { handle: volume.spec.csi.volumeHandle };
}
