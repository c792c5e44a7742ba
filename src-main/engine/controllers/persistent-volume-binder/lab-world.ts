// The lab as the binder's rules see it: caches that are behind, own writes that are ahead of them, and the API server for certainty.
import type { Cache, ComponentContext } from '../../client/component.ts';
import { nodeKind } from '../../kinds/core/node.ts';
import { type PersistentVolume, persistentVolumeKind } from '../../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { podKind } from '../../kinds/core/pod.ts';
import { podClaimIndex, podClaimKeys } from '../../kinds/core/pod-claims.ts';
import type { Kind } from '../../kinds/kind.ts';
import { storageClassKind } from '../../kinds/storage/storage-class.ts';
import type { ApiObject } from '../../meta/object.ts';
import { isNotFound } from '../../meta/status-error.ts';
import { claimKeyOf } from './bind.ts';
import type { BinderWorld } from './binder-world.ts';
import { inTreePlugins } from './in-tree-plugins.ts';
import { KnownVersions } from './known-versions.ts';

/** upstream: pkg/util/goroutinemap/exponentialbackoff */
const BACK_OFF_MS_MIN = 500;
const BACK_OFF_MS_MAX = 122_000;

interface BackOff {
  readonly untilMs: number;
  readonly delayMs: number;
}

export interface BinderMemory {
  readonly claims: Record<string, PersistentVolumeClaim>;
  readonly volumes: Record<string, PersistentVolume>;
  /** Operations that failed lately, by name. */
  readonly failed: Record<string, BackOff>;
}

export interface LabWorld extends BinderWorld {
  readonly claims: Cache<PersistentVolumeClaim>;
  readonly volumes: Cache<PersistentVolume>;
  readonly knownClaims: KnownVersions<PersistentVolumeClaim>;
  readonly knownVolumes: KnownVersions<PersistentVolume>;
}

const volumeIndex = 'claim';

export function labWorld(context: ComponentContext<unknown>, memory: BinderMemory, enqueueClaim: (key: string) => void): LabWorld {
  const { client, time } = context;
  const claims = context.cache(persistentVolumeClaimKind);
  const volumes = context.cache(persistentVolumeKind);
  const classes = context.cache(storageClassKind);
  const pods = context.cache(podKind);
  const nodes = context.cache(nodeKind);
  pods.index(podClaimIndex, podClaimKeys);
  volumes.index(volumeIndex, (volume) => [volume.spec.claimRef === undefined ? '' : claimKeyOf(volume)]);
  const knownClaims = new KnownVersions(claims, memory.claims);
  const knownVolumes = new KnownVersions(volumes, memory.volumes);
  const plugins = inTreePlugins(context);
  return {
    claims,
    volumes,
    knownClaims,
    knownVolumes,
    claim: (key) => knownClaims.get(key),
    volume: (name) => knownVolumes.get(name),
    volumesFor: ({ metadata: { namespace, name } }) => {
      const names = new Set<string>();
      for (const key of [`${namespace}/${name}`, '']) for (const volume of volumes.by(volumeIndex, key)) names.add(volume.metadata.name);
      for (const volume of knownVolumes.ahead()) names.add(volume.metadata.name);
      return [...names].sort().flatMap((each) => knownVolumes.get(each) ?? []);
    },
    storageClass: (name) => classes.get(name),
    storageClasses: () => classes.values(),
    hasNode: (name) => nodes.get(name) !== undefined,
    podsUsing: (key) => pods.by(podClaimIndex, key),
    liveClaim: (key) => live(context, persistentVolumeClaimKind, key),
    liveVolume: (name) => live(context, persistentVolumeKind, name),
    saveClaim: (claim) => knownClaims.remember(client.update(persistentVolumeClaimKind, claim)),
    saveClaimStatus: (claim) => knownClaims.remember(client.updateStatus(persistentVolumeClaimKind, claim)),
    saveVolume: (volume) => knownVolumes.remember(client.update(persistentVolumeKind, volume)),
    saveVolumeStatus: (volume) => knownVolumes.remember(client.updateStatus(persistentVolumeKind, volume)),
    createVolume: (draft) => void knownVolumes.remember(client.create(persistentVolumeKind, draft)),
    deleteVolume: (name) => client.delete(persistentVolumeKind, name),
    record: (regarding, type, reason, message) => context.events.record(regarding, type, reason, message),
    enqueueClaim,
    operate: (name, run) => {
      const failed = memory.failed[name];
      if (failed !== undefined && time.nowMs <= failed.untilMs) return;
      if (run()) delete memory.failed[name];
      else {
        const delayMs = Math.min(failed === undefined ? BACK_OFF_MS_MIN : failed.delayMs * 2, BACK_OFF_MS_MAX);
        memory.failed[name] = { untilMs: time.nowMs + delayMs, delayMs };
      }
    },
    plugin: (name) => plugins.find((plugin) => plugin.name === name),
    pluginFor: (volume) => plugins.find((plugin) => plugin.handles(volume)),
  };
}

function live<T extends ApiObject>(context: ComponentContext<unknown>, kind: Kind<T>, key: string): T | undefined {
  try {
    return context.client.get(kind, key);
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}
