/**
 * Finds records by name, for the search: what is called so comes first, then what begins with the words, then what holds them.
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

/** Of those that `fits` says yes to. Words with a `/` are looked for in namespace and name. */
export function findObjects(
  cluster: ClusterStore,
  words: string,
  foundMax: number,
  fits: (ref: ObjectRef) => boolean = () => true,
): ObjectRef[] {
  const wanted = words.trim().toLowerCase();
  const isKey = wanted.includes('/');
  const called: ObjectRef[] = [];
  const begins: ObjectRef[] = [];
  const holds: ObjectRef[] = [];
  const consider = (kind: string, record: { readonly namespace?: string; readonly name: string }): void => {
    const name = isKey ? keyOf(record) : record.name;
    const at = name.toLowerCase().indexOf(wanted);
    const list = at > 0 ? holds : name.length > wanted.length ? begins : called;
    if (at < 0 || list.length >= foundMax) return;
    const ref = { kind, key: keyOf(record) };
    if (fits(ref)) list.push(ref);
  };
  for (const [table, kind] of TABLES) for (const record of cluster.table(table).values()) consider(kind, record);
  for (const object of cluster.table('objects').values()) consider(object.kind, object);
  return [...called, ...begins, ...holds].slice(0, foundMax);
}
