// The PersistentVolume object for a freshly made disk.
// upstream: kubernetes-csi/external-provisioner pkg/controller/controller.go Provision
import { claimReference } from '../kinds/core/bind-volume-to-claim.ts';
import type { PersistentVolume } from '../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import { externalDeletionFinalizer, provisionedByAnnotation } from '../kinds/core/volume-annotations.ts';
import type { StorageClass } from '../kinds/storage/storage-class.ts';
import type { Draft } from '../meta/object.ts';
import { driverName, topologyKey } from './block-driver.ts';

export function provisionedVolume(
  name: string,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  handle: string,
  zone: string,
): Draft<PersistentVolume> {
  const policy = storageClass.reclaimPolicy ?? 'Delete';
  const { accessModes = [], resources, volumeMode = 'Filesystem' } = claim.spec;
  const { mountOptions } = storageClass;
  const csi = { driver: driverName, volumeHandle: handle, ...(volumeMode === 'Filesystem' && { fsType: 'ext4' }) };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: { [provisionedByAnnotation]: driverName, ...deletionSecret },
      // Only a volume that is to be deleted with its disk needs its deleter. upstream: HonorPVReclaimPolicy
      ...(policy === 'Delete' && { finalizers: [externalDeletionFinalizer] }),
    },
    spec: {
      capacity: { storage: resources?.requests?.['storage'] ?? '0' },
      accessModes,
      volumeMode,
      csi,
      claimRef: claimReference(claim),
      persistentVolumeReclaimPolicy: policy,
      storageClassName: storageClass.metadata.name,
      ...(mountOptions !== undefined && { mountOptions }),
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: topologyKey, operator: 'In', values: [zone] }] }] },
      },
    },
  };
}

const deletionSecret = {
  'volume.kubernetes.io/provisioner-deletion-secret-name': '',
  'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
};
