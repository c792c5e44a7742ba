/**
 * Finds records by name, for the search: what begins with the words comes first, then what holds them.
 * It reads the mirror of the cluster, so it works while the lab is busy.
 */
import type { ClusterStore } from '../../stores/cluster-store.svelte.ts';
import { keyOf, type ObjectRef } from '../../stores/selection-store.svelte.ts';

const TABLES = [
  ['nodes', 'Node'],
  ['pods', 'Pod'],
  ['claims', 'PersistentVolumeClaim'],
  ['volumes', 'PersistentVolume'],
  ['classes', 'StorageClass.storage.k8s.io'],
] as const;

export function findObjects(cluster: ClusterStore, words: string, foundMax: number): ObjectRef[] {
  const wanted = words.trim().toLowerCase();
  const begins: ObjectRef[] = [];
  const holds: ObjectRef[] = [];
  const consider = (kind: string, record: { readonly namespace?: string; readonly name: string }): void => {
    const at = record.name.toLowerCase().indexOf(wanted);
    const list = at === 0 ? begins : holds;
    if (at >= 0 && list.length < foundMax) list.push({ kind, key: keyOf(record) });
  };
  for (const [table, kind] of TABLES) for (const record of cluster.table(table).values()) consider(kind, record);
  for (const object of cluster.table('objects').values()) consider(object.kind, object);
  return [...begins, ...holds].slice(0, foundMax);
}
