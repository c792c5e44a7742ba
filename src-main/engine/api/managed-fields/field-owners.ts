// Who owns which field of an object: every writer is remembered with the fields it set, and who applies may not silently change another's.
// upstream: apimachinery pkg/util/managedfields/internal, structured-merge-diff merge/update.go
import { equal } from '../../base/equal.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { typeOfKind } from '../../kinds/kind-fields.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { applyConflict } from '../../meta/status-error.ts';
import { isObject } from '../patch/merge-patch.ts';
import { difference, EMPTY_SET, type FieldSet, intersection, isEmptySet, paths, pathText, union } from './field-set.ts';
import { compareValues, fieldsOfValue, mergeValues, withoutFields } from './object-fields.ts';
import { type Structure, structureOf, structureOfSchema } from './structure.ts';

/** One entry of metadata.managedFields. */
export interface ManagerEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldSet;
  readonly subresource?: string;
}

/** Who writes, and when. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly time: string;
}

/** Owner of what was there before anybody applied. */
const BEFORE_FIRST_APPLY = 'before-first-apply';
const UPDATE_ENTRIES_MAX = 10;

/** The new version with its owners, after a create, an update or a patch by `writer`. `before` undefined: the object is new. */
export function updateOwners(kind: Kind, before: JsonObject | undefined, after: JsonObject, writer: Writer): JsonObject {
  const given = entriesOf(after);
  const isReset = before !== undefined && given?.every((entry) => Object.keys(entry).length === 0) === true;
  if (isReset) return withEntries(after, []);
  const entries = given ?? (before === undefined ? [] : (entriesOf(before) ?? []));
  const structure = structureOfKind(kind);
  const changes = compareValues(before === undefined ? outline(owned(after)) : owned(before), owned(after), structure);
  const set = union(changes.added, changes.modified);
  if (isEmptySet(set) && isEmptySet(changes.removed)) return withEntries(after, entries);
  const mine = (entry: ManagerEntry): boolean => isBy(entry, writer, 'Update', apiVersionOf(kind));
  const others = entries.filter((entry) => !mine(entry)).map((entry) => less(less(entry, set), changes.removed));
  const old = entries.find(mine)?.fieldsV1 ?? EMPTY_SET;
  const own = difference(union(old, set), changes.removed);
  return withEntries(after, capped([...others, entryOf(writer, 'Update', apiVersionOf(kind), own)]));
}

/** The live object with what `config` says. Throws StatusError (409) when that changes what others own, unless forced. */
export function applyConfiguration(
  kind: Kind,
  live: JsonObject | undefined,
  config: JsonObject,
  writer: Writer,
  force: boolean,
): JsonObject {
  const structure = structureOfKind(kind);
  const apiVersion = apiVersionOf(kind);
  const said = fieldsOfValue(owned(config), structure);
  if (live === undefined) return withEntries(config, [entryOf(writer, 'Apply', apiVersion, said)]);
  const entries = entriesOf(live)?.length ? (entriesOf(live) ?? []) : [unowned(live, structure, apiVersion)];
  const mine = (entry: ManagerEntry): boolean => isBy(entry, writer, 'Apply', apiVersion);
  const others = entries.filter((entry) => !mine(entry));
  const merged = mergeValues(live, config, structure) as JsonObject;
  const dropped = difference(entries.find(mine)?.fieldsV1 ?? EMPTY_SET, said);
  const unclaimed = others.reduce((set, { fieldsV1 }) => difference(set, fieldsV1), dropped);
  const next = (withoutFields(merged, unclaimed, structure) ?? merged) as JsonObject;
  const changes = compareValues(owned(live), owned(next), structure);
  const touched = union(changes.added, changes.modified);
  if (!force) requireNoConflict(others, touched);
  const left = others.map((entry) => less(less(entry, touched), changes.removed));
  const before = entries.find(mine);
  const unchanged = before !== undefined && equal(before.fieldsV1, said) && isEmptySet(touched) && isEmptySet(changes.removed);
  return withEntries(next, [...left, unchanged ? before : entryOf(writer, 'Apply', apiVersion, said)]);
}

function structureOfKind({ group, version, kind, schema }: Kind): Structure {
  if (schema !== undefined) {
    const own = structureOfSchema(schema);
    const metadata = structureOf('meta.ObjectMeta');
    return own.of === 'map' ? { of: 'map', member: (name) => (name === 'metadata' ? metadata : own.member(name)) } : own;
  }
  return structureOf(typeOfKind(group, version, kind));
}

function entriesOf(object: JsonObject): readonly ManagerEntry[] | undefined {
  const list = (object['metadata'] as { managedFields?: readonly ManagerEntry[] } | undefined)?.managedFields;
  return list;
}

function withEntries(object: JsonObject, entries: readonly ManagerEntry[]): JsonObject {
  const kept = entries.filter(({ fieldsV1 }) => fieldsV1 !== undefined && !isEmptySet(fieldsV1)).sort(inOrder);
  const { managedFields: _old, ...metadata } = (object['metadata'] ?? {}) as Record<string, JsonValue>;
  return { ...object, metadata: kept.length === 0 ? metadata : { ...metadata, managedFields: kept as unknown as JsonValue } } as JsonObject;
}

/** upstream: internal/managedfields.go sortEncodedManagers */
function inOrder(a: ManagerEntry, b: ManagerEntry): number {
  const key = ({ operation, time = '', manager, apiVersion, subresource = '' }: ManagerEntry): string =>
    [operation, time, manager, apiVersion, subresource].join('\0');
  return key(a) < key(b) ? -1 : 1;
}

/** The object without what nobody owns: its identity, and what the server alone sets. upstream: internal/stripmeta.go */
function owned(object: JsonObject): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata = {}, ...rest } = object;
  const fields = Object.entries(metadata as JsonObject).filter(([name]) => !serverFields.has(name));
  return fields.length === 0 ? rest : { ...rest, metadata: Object.fromEntries(fields) };
}

/** What there is before an object is: its parts, and nothing in them. */
function outline(object: JsonObject): JsonObject {
  return Object.fromEntries(OUTLINE.filter((name) => isObject(object[name])).map((name) => [name, {}]));
}

const OUTLINE = ['metadata', 'spec', 'status'];

const serverFields: ReadonlySet<string> = new Set([
  ...['name', 'namespace', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'uid', 'generation'],
  ...['managedFields', 'resourceVersion'],
]);

function unowned(live: JsonObject, structure: Structure, apiVersion: string): ManagerEntry {
  const fieldsV1 = fieldsOfValue(owned(live), structure);
  return { manager: BEFORE_FIRST_APPLY, operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1 };
}

function entryOf(writer: Writer, operation: ManagerEntry['operation'], apiVersion: string, fieldsV1: FieldSet): ManagerEntry {
  const { manager, subresource, time } = writer;
  return { manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1, ...(subresource === '' ? {} : { subresource }) };
}

function isBy(entry: ManagerEntry, { manager, subresource }: Writer, operation: string, apiVersion: string): boolean {
  return (
    entry.manager === manager &&
    entry.operation === operation &&
    entry.apiVersion === apiVersion &&
    (entry.subresource ?? '') === subresource
  );
}

/** The entry without fields that are another's now; the very same one when it has none of them. */
function less(entry: ManagerEntry, fields: FieldSet): ManagerEntry {
  const left = difference(entry.fieldsV1, fields);
  return equal(left, entry.fieldsV1) ? entry : { ...entry, fieldsV1: left };
}

/** The oldest of too many updates become one. upstream: internal/capmanagers.go */
function capped(entries: readonly ManagerEntry[]): readonly ManagerEntry[] {
  const updates = entries.filter(({ operation }) => operation === 'Update');
  if (updates.length <= UPDATE_ENTRIES_MAX) return entries;
  const oldest = [...updates].sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1)).slice(0, updates.length - UPDATE_ENTRIES_MAX + 1);
  const bucket = oldest.reduce((set, { fieldsV1 }) => union(set, fieldsV1), EMPTY_SET);
  const { apiVersion, time } = oldest.at(-1) as ManagerEntry;
  const merged: ManagerEntry = {
    manager: 'ancient-changes',
    operation: 'Update',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: bucket,
    ...(time === undefined ? {} : { time }),
  };
  return [...entries.filter((entry) => !oldest.includes(entry)), merged];
}

/** upstream: internal/conflict.go */
function requireNoConflict(others: readonly ManagerEntry[], touched: FieldSet): void {
  const conflicts = others.flatMap((entry) =>
    [...paths(intersection(entry.fieldsV1, touched))].map((path) => ({ by: managerText(entry), path: pathText(path) })),
  );
  if (conflicts.length === 0) return;
  const causes = conflicts.map(({ by, path }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${by}`, field: path }));
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined)
    throw applyConflict(causes, `Apply failed with 1 conflict: conflict with ${first.by}: ${first.path}`);
  const managers = [...new Set(conflicts.map(({ by }) => by))].sort();
  const lines = managers.flatMap((by) => [
    `conflicts with ${by}:`,
    ...conflicts.filter((one) => one.by === by).map(({ path }) => `- ${path}`),
  ]);
  throw applyConflict(causes, `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`);
}

function managerText({ manager, operation, apiVersion, subresource }: ManagerEntry): string {
  const part = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
