// One writer of an object and the fields that are its own, as metadata.managedFields holds them, and which part of an object can be owned at all.
// upstream: apimachinery pkg/apis/meta/v1 ManagedFieldsEntry; pkg/util/managedfields/internal/{managedfields,stripmeta}.go
import type { Kind } from '../../kinds/kind.ts';
import { typeOfKind } from '../../kinds/kind-fields.ts';
import type { JsonObject } from '../../meta/object.ts';
import type { FieldSet } from './field-set.ts';
import { type Structure, structureOf, structureOfSchema } from './structure.ts';

/** One entry of metadata.managedFields. */
export interface ManagerEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  /** An Outline is how the store keeps what components write; no client ever sees one. */
  readonly fieldsType: 'FieldsV1' | 'Outline';
  readonly fieldsV1: FieldSet;
  readonly subresource?: string;
}

/** Who writes, and when. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly time: string;
}

export function entriesOf(object: JsonObject): readonly ManagerEntry[] | undefined {
  return (object['metadata'] as { managedFields?: readonly ManagerEntry[] } | undefined)?.managedFields;
}

export function structureOfKind(kind: Kind): Structure {
  let structure = structures.get(kind);
  if (structure === undefined) {
    structure = makeStructure(kind);
    structures.set(kind, structure);
  }
  return structure;
}

/** The object without what nobody owns: its identity, and what the server alone sets. upstream: internal/stripmeta.go */
export function owned(object: JsonObject): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata = {}, ...rest } = object;
  const fields = Object.entries(metadata as JsonObject).filter(([name]) => !serverFields.has(name));
  return fields.length === 0 ? rest : { ...rest, metadata: Object.fromEntries(fields) };
}

/** upstream: internal/managedfields.go sortEncodedManagers */
export function inOrder(a: ManagerEntry, b: ManagerEntry): number {
  const key = ({ operation, time = '', manager, apiVersion, subresource = '' }: ManagerEntry): string =>
    [operation, time, manager, apiVersion, subresource].join('\0');
  return key(a) < key(b) ? -1 : 1;
}

/** Fields of metadata that nobody owns. */
export const serverFields: ReadonlySet<string> = new Set([
  ...['name', 'namespace', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'uid', 'generation'],
  ...['managedFields', 'resourceVersion'],
]);

/** Of a custom resource: the rest is there when its author says so. */
const METADATA: ReadonlySet<string> = new Set(['metadata']);

const structures = new WeakMap<Kind, Structure>();

function makeStructure({ group, version, kind, schema }: Kind): Structure {
  if (schema === undefined) return structureOf(typeOfKind(group, version, kind));
  const own = structureOfSchema(schema);
  const metadata = structureOf('meta.ObjectMeta');
  return own.of === 'map' ? { of: 'map', member: (name) => (name === 'metadata' ? metadata : own.member(name)), there: METADATA } : own;
}
