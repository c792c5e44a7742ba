// The PersistentVolume object for a freshly made disk.
// upstream: kubernetes-csi/external-provisioner pkg/controller/controller.go Provision
import { claimReference } from '../kinds/core/bind-volume-to-claim.ts';
import type { PersistentVolume } from '../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import { externalDeletionFinalizer, provisionedByAnnotation } from '../kinds/core/volume-annotations.ts';
import type { StorageClass } from '../kinds/storage/storage-class.ts';
import type { Draft } from '../meta/object.ts';
import type { Backend } from './backends.ts';

/** `zone` '': the disk can be reached from everywhere. `size`: a quantity. */
export function provisionedVolume(
  name: string,
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  backend: Backend,
  handle: string,
  zone: string,
  size: string,
): Draft<PersistentVolume> {
  const policy = storageClass.reclaimPolicy ?? 'Delete';
  const { accessModes = [], volumeMode = 'Filesystem' } = claim.spec;
  const { mountOptions } = storageClass;
  const { topologyKey } = backend;
  const hasFileSystem = volumeMode === 'Filesystem' && backend.attaches;
  const csi = { driver: backend.name, volumeHandle: handle, ...(hasFileSystem && { fsType: 'ext4' }) };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: { [provisionedByAnnotation]: backend.name, ...deletionSecret },
      // Only a volume that is to be deleted with its disk needs its deleter. upstream: HonorPVReclaimPolicy
      ...(policy === 'Delete' && { finalizers: [externalDeletionFinalizer] }),
    },
    spec: {
      capacity: { storage: size },
      accessModes,
      volumeMode,
      csi,
      claimRef: claimReference(claim),
      persistentVolumeReclaimPolicy: policy,
      storageClassName: storageClass.metadata.name,
      ...(mountOptions !== undefined && { mountOptions }),
      ...(topologyKey !== null && {
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: topologyKey, operator: 'In', values: [zone] }] }] },
        },
      }),
    },
  };
}

const deletionSecret = {
  'volume.kubernetes.io/provisioner-deletion-secret-name': '',
  'volume.kubernetes.io/provisioner-deletion-secret-namespace': '',
};
