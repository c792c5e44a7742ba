// In-tree plugins whose work CSI drivers have taken over: the binder marks their objects and stands down.
// upstream: pkg/controller/volume/persistentvolume/pv_controller_base.go (updateMigrationAnnotations, modifyDeletionFinalizers), k8s.io/csi-translation-lib
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import {
  betaStorageProvisionerAnnotation,
  inTreeDeletionFinalizer,
  migratedToAnnotation,
  provisionedByAnnotation,
  storageProvisionerAnnotation,
  withAnnotation,
  withFinalizer,
  withoutFinalizer,
} from '../../kinds/core/volume-annotations.ts';

/** The CSI driver that took over from an in-tree plugin; all are migrated in 1.33. */
export function migratedTo(pluginName: string): string | undefined {
  return drivers.get(pluginName);
}

/** The claim with the right migrated-to mark; the same object when it is right already. */
export function withClaimMigration(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const { annotations = {} } = claim.metadata;
  return marked(claim, annotations[storageProvisionerAnnotation] ?? annotations[betaStorageProvisionerAnnotation]);
}

/** The volume with the right migrated-to mark and deletion finalizer. */
export function withVolumeMigration(volume: PersistentVolume): PersistentVolume {
  const provisioner = volume.metadata.annotations?.[provisionedByAnnotation];
  if (provisioner === undefined) return volume;
  const next = marked(volume, provisioner);
  if (migratedTo(provisioner) !== undefined) return withoutFinalizer(next, inTreeDeletionFinalizer);
  if (!provisioner.startsWith('kubernetes.io/')) return next;
  if (next.spec.persistentVolumeReclaimPolicy !== 'Delete') return withoutFinalizer(next, inTreeDeletionFinalizer);
  return next.metadata.deletionTimestamp === undefined ? withFinalizer(next, inTreeDeletionFinalizer) : next;
}

function marked<T extends PersistentVolume | PersistentVolumeClaim>(object: T, provisioner: string | undefined): T {
  return provisioner === undefined ? object : withAnnotation(object, migratedToAnnotation, migratedTo(provisioner));
}

const drivers: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['kubernetes.io/azure-file', 'file.csi.azure.com'],
  ['kubernetes.io/cinder', 'cinder.csi.openstack.org'],
  ['kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['kubernetes.io/portworx-volume', 'pxd.portworx.com'],
  ['kubernetes.io/vsphere-volume', 'csi.vsphere.vmware.com'],
]);
