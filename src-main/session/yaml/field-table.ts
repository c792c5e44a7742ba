// The fields of a kind as an editor needs them: every type that can be reached from it, and what a person may change at all.
import type { FieldTable } from '../../contract/yaml.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { fieldsOf, typeOfKind } from '../../engine/kinds/kind-fields.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';
import { fieldValues } from './field-values.ts';

/** Kinds that only components write. */
const MANAGED: ReadonlySet<string> = new Set([
  'Event',
  'Lease.coordination.k8s.io',
  'EndpointSlice.discovery.k8s.io',
  'CSINode.storage.k8s.io',
  'VolumeAttachment.storage.k8s.io',
]);

export function fieldTable(cluster: Cluster, kindName: string, key: string): FieldTable {
  const kind = cluster.kinds.byKey(kindName);
  if (kind === undefined) throw new Error(`There is no kind ${kindName}.`);
  const root = typeOfKind(kind.group, kind.version, kind.kind) ?? '';
  const types: Record<string, Readonly<Record<string, string>>> = {};
  collect(types, root === '' ? 'meta.ObjectMeta' : root);
  const values = Object.entries(fieldValues).filter(([name]) => types[name.slice(0, name.lastIndexOf('.'))] !== undefined);
  return {
    root,
    types,
    values: Object.fromEntries(values),
    managed: MANAGED.has(kindName),
    owner: ownerOf(cluster, kindName, key),
    hasStatus: kind.hasStatus,
  };
}

function collect(types: Record<string, Readonly<Record<string, string>>>, type: string): void {
  const bare = type.replace(/^(\[\]|\{\})+/, '');
  const fields = fieldsOf(bare);
  if (fields === undefined || types[bare] !== undefined) return;
  types[bare] = fields;
  for (const inner of Object.values(fields)) collect(types, inner);
}

function ownerOf(cluster: Cluster, kindName: string, key: string): FieldTable['owner'] {
  const object = cluster.store.get(kindName, key);
  const owner = object === undefined ? undefined : controllerOf(object);
  if (object === undefined || owner === undefined) return null;
  const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
  const { namespace } = object.metadata;
  return {
    kind: group === '' ? owner.kind : `${owner.kind}.${group}`,
    key: namespace === undefined ? owner.name : `${namespace}/${owner.name}`,
  };
}
