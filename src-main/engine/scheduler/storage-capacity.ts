// Has a driver that counts its space room for a new volume that a node can reach?
// upstream: pkg/scheduler/framework/plugins/volumebinding/binder.go hasEnoughCapacity
import type { Node } from '../kinds/core/node.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import type { CSIStorageCapacity } from '../kinds/storage/csi-storage-capacity.ts';
import type { StorageClass } from '../kinds/storage/storage-class.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { quantityValue } from '../meta/quantity.ts';
import type { Listers } from './cluster-view.ts';

/** Only drivers that say that they count are asked. */
export function hasEnoughCapacity(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: Node,
  { csiDrivers, storageCapacities }: Pick<Listers, 'csiDrivers' | 'storageCapacities'>,
): boolean {
  const wanted = claim.spec.resources?.requests?.['storage'];
  if (wanted === undefined || csiDrivers.get(storageClass.provisioner)?.spec.storageCapacity !== true) return true;
  const bytes = quantityValue(wanted);
  for (const capacity of storageCapacities.values()) {
    if (capacity.storageClassName !== storageClass.metadata.name || !isSufficient(capacity, bytes)) continue;
    if (capacity.nodeTopology !== undefined && selectorFor(capacity.nodeTopology)(node.metadata.labels)) return true;
  }
  return false;
}

/** Is there more room than before? upstream: isSchedulableAfterCSIStorageCapacityChange */
export function hasGrown(next: CSIStorageCapacity, previous: CSIStorageCapacity): boolean {
  const more = (a: string | undefined, b: string | undefined): boolean => quantityValue(a ?? '0') > quantityValue(b ?? '0');
  return more(next.capacity, previous.capacity) || more(next.maximumVolumeSize, previous.maximumVolumeSize);
}

function isSufficient({ capacity, maximumVolumeSize }: CSIStorageCapacity, bytes: number): boolean {
  const limit = maximumVolumeSize ?? capacity;
  return limit !== undefined && quantityValue(limit) >= bytes;
}
