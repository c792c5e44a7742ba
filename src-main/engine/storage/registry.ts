// The parts of the lab's storage driver, in the order they start, and what installing it leaves in a cluster.
import type { AnyComponent } from '../client/component.ts';
import { defaultClassAnnotation } from '../kinds/core/volume-annotations.ts';
import type { JsonObject } from '../meta/object.ts';
import { attacher } from './attacher.ts';
import { driverName } from './block-driver.ts';
import { nodeRegistrar } from './node-registrar.ts';
import { provisioner } from './provisioner.ts';

export const storageComponents: readonly AnyComponent[] = [nodeRegistrar, provisioner, attacher];

/** What installing the driver leaves in a cluster. */
export function storageObjects(): readonly JsonObject[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: driverName },
      spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'ReadWriteOnceWithFSType', volumeLifecycleModes: ['Persistent'] },
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { [defaultClassAnnotation]: 'true' } },
      provisioner: driverName,
      parameters: { 'csi.storage.k8s.io/fstype': 'ext4' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ];
}
