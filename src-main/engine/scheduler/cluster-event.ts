// What happens in the cluster, as far as it may make a rejected pod schedulable: plugins are asked about each of these.
// upstream: pkg/scheduler/framework/events.go, staging/src/k8s.io/kube-scheduler/framework ClusterEvent
import type { Node } from '../kinds/core/node.ts';
import type { PersistentVolume } from '../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { CSIDriver } from '../kinds/storage/csi-driver.ts';
import type { CSINode } from '../kinds/storage/csi-node.ts';
import type { CSIStorageCapacity } from '../kinds/storage/csi-storage-capacity.ts';
import type { StorageClass } from '../kinds/storage/storage-class.ts';
import type { VolumeAttachment } from '../kinds/storage/volume-attachment.ts';

/** `next` undefined: deleted; `previous` undefined: added. */
interface Change<Resource extends string, T> {
  readonly resource: Resource;
  readonly next: T | undefined;
  readonly previous: T | undefined;
}

export type ClusterEvent =
  | Change<'Node', Node>
  | Change<'AssignedPod', Pod>
  /** The rejected pod itself was changed. */
  | Change<'UnscheduledPod', Pod>
  | Change<'PersistentVolumeClaim', PersistentVolumeClaim>
  | Change<'PersistentVolume', PersistentVolume>
  | Change<'StorageClass', StorageClass>
  | Change<'CSINode', CSINode>
  | Change<'CSIDriver', CSIDriver>
  | Change<'CSIStorageCapacity', CSIStorageCapacity>
  | Change<'VolumeAttachment', VolumeAttachment>;
