// The owners of an object's fields as clients see them: what components wrote is kept as outlines, and becomes fields when somebody looks.
import type { Kind } from '../../kinds/kind.ts';
import type { ApiObject, JsonObject } from '../../meta/object.ts';
import { difference, EMPTY_SET, isEmptySet, union } from './field-set.ts';
import { entriesOf, inOrder, type ManagerEntry, owned, structureOfKind } from './manager-entry.ts';
import { carved, expanded } from './outline.ts';

/** Every entry with its fields. */
export function ownersOf(kind: Kind, object: JsonObject): readonly ManagerEntry[] {
  const entries = entriesOf(object) ?? [];
  if (!entries.some(isOutline)) return entries;
  const structure = structureOfKind(kind);
  const value = owned(object);
  const whole = entries.map((entry) => (isOutline(entry) ? expanded(entry.fieldsV1, value, structure) : entry.fieldsV1));
  const told = entries.reduce((set, entry, index) => (isOutline(entry) ? union(set, whole[index] ?? EMPTY_SET) : set), EMPTY_SET);
  const found = entries.map((entry, index): ManagerEntry => {
    const fields = whole[index] ?? EMPTY_SET;
    // What clients were told before is older than any outline.
    if (!isOutline(entry)) return { ...entry, fieldsV1: difference(fields, told) };
    const left = entries.reduce(
      (set, other, place) =>
        place !== index && isOutline(other) ? carved(set, entry.fieldsV1, whole[place] ?? EMPTY_SET, other.fieldsV1) : set,
      fields,
    );
    return { ...entry, fieldsType: 'FieldsV1', fieldsV1: left };
  });
  return joinedEntries(found.filter(({ fieldsV1 }) => !isEmptySet(fieldsV1))).sort(inOrder);
}

/** The object with all that clients see of its owners; the very same one each time it is asked for. */
export function withOwners<T extends ApiObject>(kind: Kind, object: T): T {
  if (!(entriesOf(object as unknown as JsonObject)?.some(isOutline) ?? false)) return object;
  let seen = shown.get(object) as T | undefined;
  if (seen === undefined) {
    const managedFields = ownersOf(kind, object as unknown as JsonObject);
    seen = { ...object, metadata: { ...object.metadata, managedFields } };
    shown.set(object, seen);
  }
  return seen;
}

const shown = new WeakMap<object, ApiObject>();

/** A writer that was told before, and has written since, has one entry. */
function joinedEntries(entries: readonly ManagerEntry[]): ManagerEntry[] {
  const byWriter = new Map<string, ManagerEntry>();
  for (const entry of entries) {
    const { manager, operation, apiVersion, subresource = '', time = '' } = entry;
    const key = [manager, operation, apiVersion, subresource].join('\0');
    const other = byWriter.get(key);
    const isNewer = other === undefined || (other.time ?? '') < time;
    byWriter.set(key, other === undefined ? entry : { ...(isNewer ? entry : other), fieldsV1: union(other.fieldsV1, entry.fieldsV1) });
  }
  return [...byWriter.values()];
}

function isOutline({ fieldsType }: ManagerEntry): boolean {
  return fieldsType === 'Outline';
}
