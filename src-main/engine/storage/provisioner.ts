// The CSI provisioner: makes a disk and its volume for each claim that is marked for the driver, and deletes both when the policy says so.
// upstream: kubernetes-csi/external-provisioner, sigs.k8s.io/sig-storage-lib-external-provisioner controller/controller.go
import { type AnyComponent, type ComponentContext, defineComponent, type EventRecorder } from '../client/component.ts';
import { claimClass, waitsForFirstConsumer } from '../kinds/core/find-matching-volume.ts';
import { nodeKind } from '../kinds/core/node.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import {
  betaStorageProvisionerAnnotation,
  externalDeletionFinalizer,
  hasFinalizer,
  provisionedByAnnotation,
  selectedNodeAnnotation,
  storageProvisionerAnnotation,
  withAnnotation,
  withoutFinalizer,
} from '../kinds/core/volume-annotations.ts';
import type { Kind } from '../kinds/kind.ts';
import { csiNodeKind } from '../kinds/storage/csi-node.ts';
import { storageClassKind } from '../kinds/storage/storage-class.ts';
import { volumeAttachmentKind } from '../kinds/storage/volume-attachment.ts';
import { volumeSnapshotContentKind, volumeSnapshotKind } from '../kinds/storage/volume-snapshot.ts';
import { goQuote } from '../meta/go-quote.ts';
import { keyOf } from '../meta/object.ts';
import { quantityValue } from '../meta/quantity.ts';
import { isAlreadyExists, isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import { type Backend, driverOf, labBackend } from './backends.ts';
import { callMs, retryMsMax, retryMsMin } from './call-times.ts';
import { copyDisk, createDisk, deleteDisk, whyNotCreated } from './disk-backend.ts';
import { provisionedVolume } from './provisioned-volume.ts';
import { volumeSource } from './volume-source.ts';
import { zoneFor } from './zone-choice.ts';

/** One call that is under way, or its back-off after a refusal. */
interface Call {
  readonly timer: number;
  readonly retryMs: number;
}

interface Memory {
  /** By claim key. */
  readonly creating: Record<string, Call>;
  /** By volume name. */
  readonly deleting: Record<string, Call>;
}

type Context = ComponentContext<Memory>;

export const provisioner: AnyComponent = defineComponent<Memory>({
  name: `${labBackend.name}_csi-provisioner`,
  initialState: () => ({ creating: {}, deleting: {} }),
  start: (context) => {
    const claims = context.cache(persistentVolumeClaimKind);
    const volumes = context.cache(persistentVolumeKind);
    // Caches are opened at the start, or a restored world would list what this one has watched.
    for (const kind of [storageClassKind, volumeAttachmentKind, nodeKind, csiNodeKind, volumeSnapshotKind, volumeSnapshotContentKind])
      context.cache(kind as unknown as Kind);
    claims.onChange((next) => next !== undefined && considerClaim(context, next));
    volumes.onChange((next) => next !== undefined && considerVolume(context, next));
    if (!context.restored) {
      for (const claim of claims.values()) considerClaim(context, claim);
      for (const volume of volumes.values()) considerVolume(context, volume);
    }
    return {
      onTimer: (name, key) => {
        if (name === 'create') finishCreate(context, key);
        else if (name === 'delete') finishDelete(context, key);
        else if (name === 'create-retry') {
          const retryMs = context.state.creating[key]?.retryMs ?? retryMsMin;
          delete context.state.creating[key];
          const claim = claims.get(key);
          if (claim !== undefined) considerClaim(context, claim, retryMs);
        } else {
          const retryMs = context.state.deleting[key]?.retryMs ?? retryMsMin;
          delete context.state.deleting[key];
          const volume = volumes.get(key);
          if (volume !== undefined) considerVolume(context, volume, retryMs);
        }
      },
    };
  },
});

function considerClaim(context: Context, claim: PersistentVolumeClaim, retryMs = retryMsMin): void {
  const { state, time } = context;
  const key = keyOf(claim);
  const backend = shouldProvision(context, claim);
  if (state.creating[key] !== undefined || backend === null) return;
  eventsOf(context, backend).record(
    claim,
    'Normal',
    'Provisioning',
    `External provisioner is provisioning volume for claim ${goQuote(key)}`,
  );
  state.creating[key] = { timer: time.after(time.random.between(...callMs.createVolume), 'create', key), retryMs };
}

/** The backend that shall make a volume for the claim; null: none shall. upstream: shouldProvision */
function shouldProvision({ cache }: Context, claim: PersistentVolumeClaim): Backend | null {
  const { annotations = {} } = claim.metadata;
  if ((claim.spec.volumeName ?? '') !== '') return null;
  const backend = driverOf(annotations[storageProvisionerAnnotation] ?? annotations[betaStorageProvisionerAnnotation]);
  if (backend?.provisions !== true) return null;
  const storageClass = cache(storageClassKind).get(claimClass(claim));
  if (waitsForFirstConsumer(storageClass) && (annotations[selectedNodeAnnotation] ?? '') === '') return null;
  return cache(persistentVolumeKind).get(volumeNameOf(claim)) === undefined ? backend : null;
}

/** Each driver has a provisioner of its own, which speaks for itself. */
function eventsOf({ events, eventsAs }: Context, { name }: Backend): EventRecorder {
  return name === labBackend.name ? events : eventsAs(`${name}_csi-provisioner`);
}

function finishCreate(context: Context, key: string): void {
  const { state, cache, physics, time, client } = context;
  const call = state.creating[key];
  delete state.creating[key];
  const claim = cache(persistentVolumeClaimKind).get(key);
  const backend = claim === undefined ? null : shouldProvision(context, claim);
  if (claim === undefined || call === undefined || backend === null) return;
  const storageClass = cache(storageClassKind).get(claimClass(claim));
  if (storageClass === undefined) return;
  const source = volumeSource(context, claim, backend);
  const choice = zoneFor(context, claim, storageClass, backend);
  const refusal =
    'error' in source
      ? source.error
      : 'error' in choice
        ? choice.error
        : (refusalOf(claim, backend) ?? whyNotCreated(physics, choice.zone));
  if ('error' in choice || 'error' in source || refusal !== null) {
    if ('error' in choice && choice.reschedule) unselect(context, claim);
    const message = `failed to provision volume with StorageClass ${goQuote(storageClass.metadata.name)}: ${refusal}`;
    eventsOf(context, backend).record(claim, 'Warning', 'ProvisioningFailed', message);
    const retryMs = Math.min(call.retryMs * 2, retryMsMax);
    state.creating[key] = { timer: time.after(call.retryMs, 'create-retry', key), retryMs };
    return;
  }
  const handle = handleFor(context);
  const name = volumeNameOf(claim);
  const size = claim.spec.resources?.requests?.['storage'] ?? '0';
  if (source.handle === null) createDisk(physics, backend, handle, choice.zone, quantityValue(size));
  else copyDisk(physics, source.handle, handle, choice.zone, quantityValue(size));
  try {
    client.create(persistentVolumeKind, provisionedVolume(name, claim, storageClass, backend, handle, choice.zone, size));
  } catch (thrown) {
    deleteDisk(physics, handle);
    if (!isAlreadyExists(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
    return;
  }
  eventsOf(context, backend).record(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`);
}

function refusalOf(claim: PersistentVolumeClaim, { modes }: Backend): string | null {
  const supported = (claim.spec.accessModes ?? []).every((mode) => (modes as readonly string[]).includes(mode));
  if (supported) return null;
  const named = modes.filter((mode) => mode !== 'ReadWriteOncePod').join(' ');
  return `rpc error: code = InvalidArgument desc = Volume capabilities not supported. Only AccessModes[${named}] supported.`;
}

/** The scheduler shall choose again. */
function unselect({ client }: Context, claim: PersistentVolumeClaim): void {
  try {
    client.patch(persistentVolumeClaimKind, keyOf(claim), (current) => withAnnotation(current, selectedNodeAnnotation, undefined));
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

function considerVolume(context: Context, volume: PersistentVolume, retryMs = retryMsMin): void {
  const { state, time } = context;
  const { name } = volume.metadata;
  if (state.deleting[name] !== undefined || !shouldDelete(volume)) return;
  state.deleting[name] = { timer: time.after(time.random.between(...callMs.deleteVolume), 'delete', name), retryMs };
}

// upstream: shouldDelete
function shouldDelete({ metadata, spec, status }: PersistentVolume): boolean {
  if (driverOf(metadata.annotations?.[provisionedByAnnotation]) === undefined || status.phase !== 'Released') return false;
  if (metadata.deletionTimestamp !== undefined && !hasFinalizer({ metadata }, externalDeletionFinalizer)) return false;
  return spec.persistentVolumeReclaimPolicy === 'Delete';
}

function finishDelete(context: Context, name: string): void {
  const { state, cache, physics, time, events, client } = context;
  const call = state.deleting[name];
  delete state.deleting[name];
  const volume = cache(persistentVolumeKind).get(name);
  if (volume === undefined || call === undefined || !shouldDelete(volume)) return;
  for (const { spec } of cache(volumeAttachmentKind).values()) {
    if (spec.source.persistentVolumeName !== name) continue;
    events.record(volume, 'Warning', 'VolumeFailedDelete', `persistentvolume ${name} is still attached to node ${spec.nodeName}`);
    const retryMs = Math.min(call.retryMs * 2, retryMsMax);
    state.deleting[name] = { timer: time.after(call.retryMs, 'delete-retry', name), retryMs };
    return;
  }
  deleteDisk(physics, volume.spec.csi?.volumeHandle ?? '');
  try {
    client.delete(persistentVolumeKind, name);
    client.patch(persistentVolumeKind, name, (current) => withoutFinalizer(current, externalDeletionFinalizer));
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

function volumeNameOf(claim: PersistentVolumeClaim): string {
  return `pvc-${claim.metadata.uid}`;
}

/** A handle in the form of cloud block storage. */
function handleFor({ time }: Context): string {
  let digits = '';
  while (digits.length < 17) digits += time.random.below(16).toString(16);
  return `vol-${digits}`;
}
