// The parts of the lab's storage drivers, in the order they start, and what installing it leaves in a cluster.
import type { AnyComponent } from '../client/component.ts';
import { defaultClassAnnotation } from '../kinds/core/volume-annotations.ts';
import type { JsonObject } from '../meta/object.ts';
import { attacher } from './attacher.ts';
import { labBackend } from './backends.ts';
import { driverInstaller, driverObject } from './driver-installer.ts';
import { hostPathProvisioner } from './host-path-provisioner.ts';
import { nodeRegistrar } from './node-registrar.ts';
import { provisioner } from './provisioner.ts';
import { resizer } from './resizer.ts';
import { snapshotter } from './snapshotter.ts';

export const storageComponents: readonly AnyComponent[] = [
  driverInstaller,
  nodeRegistrar,
  provisioner,
  attacher,
  resizer,
  hostPathProvisioner,
  snapshotter,
];

/** What installing the driver leaves in a cluster. */
export function storageObjects(): readonly JsonObject[] {
  return [
    driverObject(labBackend),
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { [defaultClassAnnotation]: 'true' } },
      provisioner: labBackend.name,
      parameters: { 'csi.storage.k8s.io/fstype': 'ext4' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ];
}
