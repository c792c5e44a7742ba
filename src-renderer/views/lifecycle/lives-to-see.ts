/**
 * Whose life is worth seeing when nobody is selected: who is not well first, then one of each kind that has a life.
 */
import type { ClusterStore } from '../../stores/cluster-store.svelte.ts';
import { keyOf, type ObjectRef } from '../../stores/selection-store.svelte.ts';

const SHOWN_MAX = 6;
const UNWELL_MAX = 4;
const WELL: ReadonlySet<string> = new Set(['ready', 'succeeded']);

export function livesToSee(cluster: ClusterStore): readonly ObjectRef[] {
  const pods = cluster.list('pods');
  const workers = cluster.list('nodes').filter(({ controlPlane }) => !controlPlane);
  const claims = cluster.list('claims');
  const rollout = cluster.list('objects').find(({ kind }) => kind === 'Deployment.apps');
  const unwell = [
    ...refs('Node', workers.filter(({ ready }) => ready !== 'True')), // biome-ignore format: one line a kind
    ...refs('Pod', pods.filter(({ look }) => !WELL.has(look))), // biome-ignore format: one line a kind
    ...refs('PersistentVolumeClaim', claims.filter(({ phase }) => phase !== 'Bound')), // biome-ignore format: one line a kind
  ].slice(0, UNWELL_MAX);
  const examples = [
    ...refs('Pod', pods.slice(0, 1)),
    ...refs('Node', workers.slice(0, 1)),
    ...refs('Deployment.apps', rollout ? [rollout] : []),
    ...refs('PersistentVolumeClaim', claims.slice(0, 1)),
    ...refs('PersistentVolume', cluster.list('volumes').slice(0, 1)),
  ];
  const chosen = new Map([...unwell, ...examples].map((ref) => [`${ref.kind} ${ref.key}`, ref]));
  return [...chosen.values()].slice(0, SHOWN_MAX);
}

function refs(kind: string, records: readonly { readonly namespace?: string; readonly name: string }[]): readonly ObjectRef[] {
  return records.map((record) => ({ kind, key: keyOf(record) }));
}
