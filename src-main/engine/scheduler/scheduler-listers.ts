// What the scheduler's plugins may read besides nodes and pods: its informers, with the indexes that keep a question cheap.
import type { ComponentContext } from '../client/component.ts';
import { replicaSetKind } from '../kinds/apps/replica-set.ts';
import { statefulSetKind } from '../kinds/apps/stateful-set.ts';
import { volumeClass } from '../kinds/core/find-matching-volume.ts';
import { namespaceKind } from '../kinds/core/namespace.ts';
import { persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { replicationControllerKind } from '../kinds/core/replication-controller.ts';
import { serviceKind } from '../kinds/core/service.ts';
import { csiDriverKind } from '../kinds/storage/csi-driver.ts';
import { csiNodeKind } from '../kinds/storage/csi-node.ts';
import { csiStorageCapacityKind } from '../kinds/storage/csi-storage-capacity.ts';
import { storageClassKind } from '../kinds/storage/storage-class.ts';
import { volumeAttachmentKind } from '../kinds/storage/volume-attachment.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { Listers } from './cluster-view.ts';

/** Asked for once, at start. */
export function schedulerListers(context: ComponentContext<unknown>): Listers {
  const attachments = context.cache(volumeAttachmentKind);
  attachments.index('node', ({ spec }) => [spec.nodeName]);
  const volumes = context.cache(persistentVolumeKind);
  volumes.index('class', (volume) => [volumeClass(volume)]);
  return {
    namespaces: context.cache(namespaceKind),
    services: context.cache(serviceKind),
    replicationControllers: context.cache(replicationControllerKind),
    replicaSets: context.cache(replicaSetKind),
    statefulSets: context.cache(statefulSetKind),
    claims: context.cache(persistentVolumeClaimKind),
    volumes,
    volumesOfClass: (storageClass) => volumes.by('class', storageClass),
    storageClasses: context.cache(storageClassKind),
    csiNodes: context.cache(csiNodeKind),
    csiDrivers: context.cache(csiDriverKind),
    storageCapacities: context.cache(csiStorageCapacityKind),
    attachmentsOn: (node) => attachments.by('node', node),
  };
}

/** Passes on what happens to storage, which a rejected pod may wait for. */
export function listenToStorage(context: ComponentContext<unknown>, happened: (event: ClusterEvent) => void): void {
  const tell = (resource: ClusterEvent['resource']) => (next: unknown, previous: unknown) =>
    happened({ resource, next, previous } as ClusterEvent);
  context.cache(persistentVolumeClaimKind).onChange(tell('PersistentVolumeClaim'));
  context.cache(persistentVolumeKind).onChange(tell('PersistentVolume'));
  context.cache(storageClassKind).onChange(tell('StorageClass'));
  context.cache(csiNodeKind).onChange(tell('CSINode'));
  context.cache(csiDriverKind).onChange(tell('CSIDriver'));
  context.cache(csiStorageCapacityKind).onChange(tell('CSIStorageCapacity'));
  context.cache(volumeAttachmentKind).onChange(tell('VolumeAttachment'));
}
