// minikube's provisioner: for each claim a directory of whatever node its pod runs on, because examples written for minikube name it in their classes.
// Facts: kubernetes/minikube pkg/storage/storage_provisioner.go; sigs.k8s.io/sig-storage-lib-external-provisioner
import { type AnyComponent, type ComponentContext, defineComponent } from '../client/component.ts';
import { claimReference } from '../kinds/core/bind-volume-to-claim.ts';
import { claimClass, waitsForFirstConsumer } from '../kinds/core/find-matching-volume.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import {
  betaStorageProvisionerAnnotation,
  provisionedByAnnotation,
  selectedNodeAnnotation,
  storageProvisionerAnnotation,
} from '../kinds/core/volume-annotations.ts';
import { storageClassKind } from '../kinds/storage/storage-class.ts';
import { goQuote } from '../meta/go-quote.ts';
import { type Draft, keyOf } from '../meta/object.ts';
import { isAlreadyExists, isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';

const NAME = 'k8s.io/minikube-hostpath';
const DIRECTORY = '/tmp/hostpath-provisioner';
/** To make or remove a directory. */
const CALL_MS = [10, 60] as const;

interface Memory {
  /** Keys of claims and names of volumes that are being worked on. */
  readonly busy: Record<string, true>;
}

type Context = ComponentContext<Memory>;

export const hostPathProvisioner: AnyComponent = defineComponent<Memory>({
  name: 'minikube-hostpath-provisioner',
  initialState: () => ({ busy: {} }),
  start: (context) => {
    const claims = context.cache(persistentVolumeClaimKind);
    const volumes = context.cache(persistentVolumeKind);
    context.cache(storageClassKind);
    claims.onChange((next) => next !== undefined && considerClaim(context, next));
    volumes.onChange((next) => next !== undefined && considerVolume(context, next));
    if (!context.restored) {
      for (const claim of claims.values()) considerClaim(context, claim);
      for (const volume of volumes.values()) considerVolume(context, volume);
    }
    return {
      onTimer: (name, key) => {
        delete context.state.busy[key];
        if (name === 'create') create(context, claims.get(key));
        else remove(context, volumes.get(key));
      },
    };
  },
});

function considerClaim(context: Context, claim: PersistentVolumeClaim): void {
  const key = keyOf(claim);
  if (context.state.busy[key] !== undefined || !isWanted(context, claim)) return;
  const text = `External provisioner is provisioning volume for claim ${goQuote(key)}`;
  context.events.record(claim, 'Normal', 'Provisioning', text);
  work(context, 'create', key);
}

function work({ state, time }: Context, name: 'create' | 'delete', key: string): void {
  state.busy[key] = true;
  time.after(time.random.between(...CALL_MS), name, key);
}

// upstream: shouldProvision
function isWanted({ cache }: Context, claim: PersistentVolumeClaim): boolean {
  const { annotations = {} } = claim.metadata;
  if ((claim.spec.volumeName ?? '') !== '') return false;
  if ((annotations[storageProvisionerAnnotation] ?? annotations[betaStorageProvisionerAnnotation]) !== NAME) return false;
  const storageClass = cache(storageClassKind).get(claimClass(claim));
  if (waitsForFirstConsumer(storageClass) && (annotations[selectedNodeAnnotation] ?? '') === '') return false;
  return cache(persistentVolumeKind).get(volumeNameOf(claim)) === undefined;
}

function create(context: Context, claim: PersistentVolumeClaim | undefined): void {
  if (claim === undefined || !isWanted(context, claim)) return;
  try {
    context.client.create(persistentVolumeKind, volumeFor(context, claim));
  } catch (thrown) {
    if (!isAlreadyExists(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
    return;
  }
  context.events.record(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeNameOf(claim)}`);
}

function volumeFor({ cache }: Context, claim: PersistentVolumeClaim): Draft<PersistentVolume> {
  const storageClassName = claimClass(claim);
  const { accessModes = [], resources, volumeMode = 'Filesystem' } = claim.spec;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeNameOf(claim), annotations: { [provisionedByAnnotation]: NAME } },
    spec: {
      capacity: { storage: resources?.requests?.['storage'] ?? '0' },
      accessModes,
      volumeMode,
      hostPath: { path: `${DIRECTORY}/${keyOf(claim)}`, type: '' },
      claimRef: claimReference(claim),
      persistentVolumeReclaimPolicy: cache(storageClassKind).get(storageClassName)?.reclaimPolicy ?? 'Delete',
      storageClassName,
    },
  };
}

function considerVolume(context: Context, volume: PersistentVolume): void {
  if (context.state.busy[volume.metadata.name] === undefined && isToGo(volume)) work(context, 'delete', volume.metadata.name);
}

// upstream: shouldDelete
function isToGo({ metadata, spec, status }: PersistentVolume): boolean {
  if (metadata.annotations?.[provisionedByAnnotation] !== NAME || metadata.deletionTimestamp !== undefined) return false;
  return status.phase === 'Released' && spec.persistentVolumeReclaimPolicy === 'Delete';
}

function remove({ client }: Context, volume: PersistentVolume | undefined): void {
  if (volume === undefined || !isToGo(volume)) return;
  try {
    client.delete(persistentVolumeKind, volume.metadata.name);
  } catch (thrown) {
    if (!isNotFound(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}

function volumeNameOf(claim: PersistentVolumeClaim): string {
  return `pvc-${claim.metadata.uid}`;
}
