// Has a volume made for a claim: by an in-tree plugin here, or by the external provisioner that the claim is marked for.
// upstream: pkg/controller/volume/persistentvolume/pv_controller.go (provisionClaim, provisionClaimOperation, provisionClaimOperationExternal)
import { claimReference } from '../../kinds/core/bind-volume-to-claim.ts';
import { claimClass } from '../../kinds/core/find-matching-volume.ts';
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import {
  betaStorageProvisionerAnnotation,
  boundByControllerAnnotation,
  inTreeDeletionFinalizer,
  provisionedByAnnotation,
  selectedNodeAnnotation,
  storageProvisionerAnnotation,
  withAnnotation,
} from '../../kinds/core/volume-annotations.ts';
import type { StorageClass } from '../../kinds/storage/storage-class.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { type Draft, keyOf } from '../../meta/object.ts';
import { isAlreadyExists } from '../../meta/status-error.ts';
import { type BinderWorld, type InTreePlugin, PluginError } from './binder-world.ts';
import { migratedTo, withClaimMigration } from './migration.ts';

/** The claim has a class and no volume matches it. */
export function provisionClaim(world: BinderWorld, claim: PersistentVolumeClaim): void {
  const name = claimClass(claim);
  const storageClass = world.storageClass(name);
  if (storageClass === undefined) {
    world.record(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io ${goQuote(name)} not found`);
    return;
  }
  const { provisioner } = storageClass;
  const driver = migratedTo(provisioner);
  const plugin = driver === undefined ? world.plugin(provisioner) : undefined;
  const operation = `provision-${keyOf(claim)}[${claim.metadata.uid}]`;
  if (plugin?.provision !== undefined) world.operate(operation, () => provisionInTree(world, claim, plugin, storageClass));
  else if (driver === undefined && provisioner.startsWith('kubernetes.io/')) {
    const why = plugin === undefined ? `no volume plugin matched name: ${provisioner}` : 'no provisionable volume plugin matched';
    world.record(claim, 'Warning', 'ProvisioningFailed', why);
  } else world.operate(operation, () => provisionOutside(world, claim, driver ?? provisioner));
}

/** The name is fixed by the claim, so that a second try finds what the first one made. */
export function provisionedVolumeName(claim: PersistentVolumeClaim): string {
  return `pvc-${claim.metadata.uid}`;
}

function provisionOutside(world: BinderWorld, claim: PersistentVolumeClaim, provisioner: string): boolean {
  const marked = setProvisioner(world, claim, provisioner);
  const message =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' ` +
    'or manually by the system administrator. If volume creation is delayed, please verify that ' +
    'the provisioner is running and correctly registered.';
  world.record(marked, 'Normal', 'ExternalProvisioning', message);
  return true;
}

function provisionInTree(world: BinderWorld, unmarked: PersistentVolumeClaim, plugin: InTreePlugin, storageClass: StorageClass): boolean {
  const fail = (message: string): boolean => {
    world.record(claim, 'Warning', 'ProvisioningFailed', message);
    return false;
  };
  let claim = unmarked;
  if (claim.spec.dataSource !== undefined)
    return fail(`plugin ${goQuote(plugin.name)} is not a CSI plugin. Only CSI plugin can provision a claim with a datasource`);
  claim = setProvisioner(world, claim, storageClass.provisioner);
  if (world.liveVolume(provisionedVolumeName(claim)) !== undefined) return true;
  const { name } = storageClass.metadata;
  const mountOptions = storageClass.mountOptions ?? [];
  if (!plugin.supportsMountOptions && mountOptions.length > 0) {
    const options = `[${mountOptions.join(' ')}]`;
    return fail(`Mount options are not supported by the provisioner but StorageClass ${goQuote(name)} has mount options ${options}`);
  }
  const node = claim.metadata.annotations?.[selectedNodeAnnotation];
  if (node !== undefined && !world.hasNode(node)) return fail(`Failed to get target node: node ${goQuote(node)} not found`);
  let spec: PersistentVolume['spec'];
  try {
    spec = plugin.provision?.(claim, storageClass) ?? {};
  } catch (thrown) {
    if (!(thrown instanceof PluginError)) throw thrown;
    if (thrown.stage === 'build') return fail(`Failed to create provisioner: ${thrown.message}`);
    // The scheduler may choose another node.
    const freed = withAnnotation(claim, selectedNodeAnnotation, undefined);
    if (freed !== claim) claim = world.saveClaim(freed);
    return fail(`Failed to provision volume with StorageClass ${goQuote(name)}: ${thrown.message}`);
  }
  return saveProvisioned(world, claim, plugin, spec);
}

function saveProvisioned(world: BinderWorld, claim: PersistentVolumeClaim, plugin: InTreePlugin, spec: PersistentVolume['spec']): boolean {
  const name = provisionedVolumeName(claim);
  const draft: Draft<PersistentVolume> = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name,
      annotations: { [boundByControllerAnnotation]: 'yes', [provisionedByAnnotation]: plugin.name },
      ...(spec.persistentVolumeReclaimPolicy === 'Delete' && { finalizers: [inTreeDeletionFinalizer] }),
    },
    spec: { ...spec, claimRef: claimReference(claim), storageClassName: claimClass(claim) },
    status: { phase: 'Bound' },
  };
  try {
    world.createVolume(draft);
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
  }
  world.record(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name} using ${plugin.name}`);
  return true;
}

// upstream: setClaimProvisioner
function setProvisioner(world: BinderWorld, claim: PersistentVolumeClaim, provisioner: string): PersistentVolumeClaim {
  if (claim.metadata.annotations?.[storageProvisionerAnnotation] === provisioner) return claim;
  const marked = withAnnotation(
    withAnnotation(claim, betaStorageProvisionerAnnotation, provisioner),
    storageProvisionerAnnotation,
    provisioner,
  );
  return world.saveClaim(withClaimMigration(marked));
}
