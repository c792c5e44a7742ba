// Who owns which field of an object: every writer is remembered with the fields it set, and who applies may not silently change another's.
// upstream: apimachinery pkg/util/managedfields/internal, structured-merge-diff merge/update.go
import { equal } from '../../base/equal.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { applyConflict } from '../../meta/status-error.ts';
import { difference, EMPTY_SET, type FieldSet, intersection, isEmptySet, paths, pathText, union, withNamedFields } from './field-set.ts';
import { entriesOf, inOrder, type ManagerEntry, owned, structureOfKind, type Writer } from './manager-entry.ts';
import { compareValues, fieldsOfValue, mergeValues, withoutFields } from './object-fields.ts';
import { ownersOf } from './owners-of.ts';
import type { Structure } from './structure.ts';

/** Owner of what was there before anybody applied. */
const BEFORE_FIRST_APPLY = 'before-first-apply';
const UPDATE_ENTRIES_MAX = 10;

/** The new version with its owners, after a create, an update or a patch by `writer`. `before` undefined: the object is new. */
export function updateOwners(kind: Kind, before: JsonObject | undefined, after: JsonObject, writer: Writer): JsonObject {
  const known = before === undefined ? [] : ownersOf(kind, before);
  const given = entriesOf(after);
  const isReset = before !== undefined && given?.every((entry) => Object.keys(entry).length === 0) === true;
  if (isReset) return withEntries(after, []);
  const entries = given === undefined || given.some(({ fieldsType }) => fieldsType === 'Outline') ? known : given;
  const structure = structureOfKind(kind);
  const changes = compareValues(before === undefined ? {} : owned(before), owned(after), structure);
  const set = union(changes.added, changes.modified);
  if (isEmptySet(set) && isEmptySet(changes.removed)) return withEntries(after, entries);
  const mine = (entry: ManagerEntry): boolean => isBy(entry, writer, 'Update', apiVersionOf(kind));
  const others = entries.filter((entry) => !mine(entry)).map((entry) => less(less(entry, set), changes.removed));
  const old = entries.find(mine)?.fieldsV1 ?? EMPTY_SET;
  const own = difference(union(old, set), changes.removed);
  // upstream: managedFieldsUpdater.Update: who only takes fields away keeps the time of the last write
  if (isEmptySet(set))
    return withEntries(
      after,
      entries.map((entry) => less(entry, changes.removed)),
    );
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
  const known = ownersOf(kind, live);
  const entries = known.length > 0 ? known : [unowned(live, structure, apiVersion)];
  const mine = (entry: ManagerEntry): boolean => isBy(entry, writer, 'Apply', apiVersion);
  const others = entries.filter((entry) => !mine(entry));
  const merged = mergeValues(live, config, structure) as JsonObject;
  // What somebody still has a part of stays. upstream: structured-merge-diff merge/update.go prune, addBackOwnedItems
  const claims = [said, ...others.map(({ fieldsV1 }) => fieldsV1)].map(withNamedFields);
  const unclaimed = claims.reduce(difference, entries.find(mine)?.fieldsV1 ?? EMPTY_SET);
  const next = (withoutFields(merged, unclaimed, structure) ?? merged) as JsonObject;
  const changes = compareValues(owned(live), owned(next), structure);
  const touched = union(changes.added, changes.modified);
  if (!force) requireNoConflict(others, touched);
  const left = others.map((entry) => less(less(entry, touched), changes.removed));
  const before = entries.find(mine);
  const unchanged = before !== undefined && equal(before.fieldsV1, said) && isEmptySet(touched) && isEmptySet(changes.removed);
  return withEntries(next, [...left, unchanged ? before : entryOf(writer, 'Apply', apiVersion, said)]);
}

function withEntries(object: JsonObject, entries: readonly ManagerEntry[]): JsonObject {
  const kept = entries.filter(({ fieldsV1 }) => fieldsV1 !== undefined && !isEmptySet(fieldsV1)).sort(inOrder);
  const { managedFields: _old, ...metadata } = (object['metadata'] ?? {}) as Record<string, JsonValue>;
  return { ...object, metadata: kept.length === 0 ? metadata : { ...metadata, managedFields: kept as unknown as JsonValue } } as JsonObject;
}

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
