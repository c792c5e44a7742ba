// The objects of one binder case as a world: what the API server and an in-tree plugin with scripted outcomes would answer.
import {
  type BinderWorld,
  BindingError,
  type InTreePlugin,
  PluginError,
} from '../../../engine/controllers/persistent-volume-binder/binder-world.ts';
import { syncClaim } from '../../../engine/controllers/persistent-volume-binder/sync-claim.ts';
import { syncVolume } from '../../../engine/controllers/persistent-volume-binder/sync-volume.ts';
import type { PersistentVolume } from '../../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import type { StorageClass } from '../../../engine/kinds/storage/storage-class.ts';
import { keyOf } from '../../../engine/meta/object.ts';

type Outcome = 'ok' | 'error' | 'unavailable';

export interface BinderCase {
  readonly volumes?: readonly PersistentVolume[];
  readonly claims?: readonly PersistentVolumeClaim[];
  readonly storageClasses?: readonly StorageClass[];
  readonly pods?: readonly Pod[];
  readonly nodes?: readonly { readonly metadata: { readonly name: string } }[];
  readonly plugin?: Readonly<Partial<Record<'delete' | 'recycle' | 'provision', readonly Outcome[]>>> | null;
  readonly sync: { readonly kind: string; readonly name: string; readonly mode: 'once' | 'settle' };
}

export interface BinderOutcome {
  readonly volumes: readonly PersistentVolume[];
  readonly claims: readonly PersistentVolumeClaim[];
  /** Type and reason. */
  readonly events: readonly string[];
  readonly error: boolean;
}

const pluginName = 'kubernetes.io/mock-volume';
const roundsMax = 50;

/** Hands one object to the binder, in mode `settle` then all objects until nothing changes. */
export function runBinder(given: BinderCase): BinderOutcome {
  const volumes = new Map((given.volumes ?? []).map((volume) => [volume.metadata.name, volume]));
  const claims = new Map((given.claims ?? []).map((claim) => [keyOf(claim), claim]));
  const events: string[] = [];
  const world = worldOf(given, volumes, claims, events);
  const error = syncOne(world, given, volumes, claims);
  for (let round = 0; given.sync.mode === 'settle' && round < roundsMax; round += 1) {
    const before = [...volumes.values(), ...claims.values()];
    for (const volume of [...volumes.values()]) syncVolume(world, volume);
    for (const claim of [...claims.values()]) syncClaim(world, claim);
    const after = [...volumes.values(), ...claims.values()];
    if (before.length === after.length && before.every((object, index) => object === after[index])) break;
  }
  return { volumes: [...volumes.values()], claims: [...claims.values()], events, error };
}

function syncOne(
  world: BinderWorld,
  { sync }: BinderCase,
  volumes: ReadonlyMap<string, PersistentVolume>,
  claims: ReadonlyMap<string, PersistentVolumeClaim>,
): boolean {
  try {
    if (sync.kind === 'PersistentVolume')
      for (const volume of volumes.values()) if (volume.metadata.name === sync.name) syncVolume(world, volume);
    if (sync.kind === 'PersistentVolumeClaim')
      for (const claim of claims.values()) if (claim.metadata.name === sync.name) syncClaim(world, claim);
    return false;
  } catch (thrown) {
    if (!(thrown instanceof BindingError)) throw thrown;
    return true;
  }
}

function worldOf(
  given: BinderCase,
  volumes: Map<string, PersistentVolume>,
  claims: Map<string, PersistentVolumeClaim>,
  events: string[],
): BinderWorld {
  const plugin = pluginOf(given.plugin ?? null);
  const classes = given.storageClasses ?? [];
  const saveVolume = (volume: PersistentVolume): PersistentVolume => {
    const gone = volume.metadata.deletionTimestamp !== undefined && (volume.metadata.finalizers ?? []).length === 0;
    if (gone) volumes.delete(volume.metadata.name);
    else volumes.set(volume.metadata.name, volume);
    return volume;
  };
  const saveClaim = (claim: PersistentVolumeClaim): PersistentVolumeClaim => {
    claims.set(keyOf(claim), claim);
    return claim;
  };
  return {
    claim: (key) => claims.get(key),
    volume: (name) => volumes.get(name),
    volumesFor: () => volumes.values(),
    storageClass: (name) => classes.find(({ metadata }) => metadata.name === name),
    storageClasses: () => classes,
    hasNode: (name) => given.nodes?.some(({ metadata }) => metadata.name === name) === true,
    podsUsing: (key) => (given.pods ?? []).filter((pod) => claimKeys(pod).includes(key)),
    liveClaim: (key) => claims.get(key),
    liveVolume: (name) => volumes.get(name),
    saveClaim,
    saveClaimStatus: saveClaim,
    saveVolume,
    saveVolumeStatus: saveVolume,
    createVolume: (draft) => void volumes.set(draft.metadata.name ?? '', draft as unknown as PersistentVolume),
    deleteVolume: (name) => void volumes.delete(name),
    record: (_, type, reason) => void events.push(`${type} ${reason}`),
    enqueueClaim: () => {},
    operate: (_, run) => void run(),
    plugin: (name) => (name === pluginName ? plugin : undefined),
    pluginFor: (volume) => (volume.spec.csi === undefined ? plugin : undefined),
  };
}

function pluginOf(script: BinderCase['plugin']): InTreePlugin | undefined {
  if (script === null || script === undefined) return undefined;
  const left = { delete: [...(script.delete ?? [])], recycle: [...(script.recycle ?? [])], provision: [...(script.provision ?? [])] };
  const next = (call: keyof typeof left): void => {
    const outcome = left[call].shift();
    if (outcome === 'unavailable') throw new PluginError(`Mock plugin error: no ${call}r configured`, 'build');
    if (outcome !== 'ok') throw new PluginError(`Mock ${call} error`);
  };
  return {
    name: pluginName,
    supportsMountOptions: false,
    provision: (claim, storageClass) => {
      next('provision');
      const { accessModes = [], resources, volumeMode = 'Filesystem' } = claim.spec;
      const { reclaimPolicy = 'Delete' } = storageClass;
      const capacity = { ...resources?.requests };
      const persistentVolumeReclaimPolicy = reclaimPolicy;
      return { capacity, gcePersistentDisk: {} as { readonly pdName: string }, accessModes, persistentVolumeReclaimPolicy, volumeMode };
    },
    delete: () => next('delete'),
    recycle: () => {
      next('recycle');
      return true;
    },
  };
}

function claimKeys(pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).map((volume) => `${pod.metadata.namespace}/${volume.persistentVolumeClaim?.claimName ?? ''}`);
}
