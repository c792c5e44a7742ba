// Objects that were stored before anybody had said that their kind belongs to no namespace: they leave the one that was guessed for them, so that clients
// find them under their names. A real cluster takes no objects of kinds that are not defined.
import type { CustomResourceDefinition } from '../kinds/apiextensions/custom-resource-definition.ts';
import { kindKey } from '../kinds/kind.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import type { Store } from './store.ts';

/** Moves what a new definition finds; of several that have one name, the first keeps it. */
export function leaveNamespaces(
  store: Store,
  { spec }: CustomResourceDefinition,
  commit: (kind: { readonly group: string; readonly kind: string }, key: string, object: ApiObject | null) => void,
): void {
  if (spec.scope !== 'Cluster') return;
  const kind = { group: spec.group, kind: spec.names.kind };
  for (const [key, object] of [...store.table(kindKey(kind))]) {
    if (object.metadata.namespace === undefined) continue;
    const { namespace: _guessed, ...metadata } = object.metadata;
    const moved = { ...object, metadata } as ApiObject;
    commit(kind, key, null);
    if (store.get(kindKey(kind), keyOf(moved)) === undefined) commit(kind, keyOf(moved), moved);
  }
}
