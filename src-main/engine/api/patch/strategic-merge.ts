// Applies a strategic merge patch: lists with a merge key change item by item, and directives say what to delete, replace, keep and how to order.
// upstream: apimachinery pkg/util/strategicpatch/patch.go mergeMap (release 1.33)
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest } from '../../meta/status-error.ts';
import { identity, inElementOrder, type List, partition, requireSameOrder } from './element-order.ts';
import { isObject } from './merge-patch.ts';
import type { FieldRule, PatchSchema } from './merge-rules.ts';

export const DIRECTIVE = '$patch';
export const RETAIN_KEYS = '$retainKeys';
export const SET_ORDER = '$setElementOrder/';
export const DELETE_ITEMS = '$deleteFromPrimitiveList/';

/** Throws StatusError (400) when the patch is malformed. */
export function applyStrategicMerge(original: JsonObject, patch: JsonObject, schema: PatchSchema): JsonObject {
  if (Object.hasOwn(patch, DIRECTIVE)) return wholeMap(patch);
  const merged: Record<string, JsonValue> = retained(original, patch);
  const rest: Record<string, JsonValue> = { ...patch };
  delete rest[RETAIN_KEYS];
  for (const [name, order] of Object.entries(patch)) {
    if (!name.startsWith(SET_ORDER)) continue;
    delete rest[name];
    const field = name.slice(SET_ORDER.length);
    mergeOrdered(merged, rest, field, listOf(order, name), schema.field(field));
  }
  for (const [name, value] of Object.entries(rest)) mergeMember(merged, name, value, schema);
  return merged;
}

function mergeMember(merged: Record<string, JsonValue>, name: string, value: JsonValue, schema: PatchSchema): void {
  if (name.startsWith(DELETE_ITEMS)) {
    const field = name.slice(DELETE_ITEMS.length);
    const before = merged[field];
    const gone = listOf(value, name);
    if (Array.isArray(before)) merged[field] = before.filter((item) => !gone.includes(item));
    return;
  }
  if (value === null) {
    delete merged[name];
    return;
  }
  const before = Object.hasOwn(merged, name) ? merged[name] : undefined;
  const rule = schema.field(name);
  if (isObject(value) && isObject(before))
    merged[name] = rule.strategies.includes('replace') ? withoutNulls(value) : applyStrategicMerge(before, value, rule.schema);
  else if (Array.isArray(value) && Array.isArray(before))
    merged[name] = rule.strategies.includes('merge') ? mergeLists(before, value, rule) : value;
  else merged[name] = added(value);
}

/** A map that is replaced or emptied as a whole. */
function wholeMap(patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw badRequest(`Unknown patch type found: ${String(directive)}`);
}

/** A copy of the original, less what `$retainKeys` does not name. */
function retained(original: JsonObject, patch: JsonObject): Record<string, JsonValue> {
  const merged: Record<string, JsonValue> = { ...original };
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return merged;
  const kept = new Set(listOf(patch[RETAIN_KEYS] ?? null, RETAIN_KEYS));
  for (const [name, value] of Object.entries(patch))
    if (value !== null && name !== RETAIN_KEYS && !name.startsWith(DELETE_ITEMS) && !name.startsWith(SET_ORDER) && !kept.has(name))
      throw badRequest('invalid patch format of retainKeys');
  for (const name of Object.keys(merged)) if (!kept.has(name)) delete merged[name];
  return merged;
}

function mergeOrdered(
  merged: Record<string, JsonValue>,
  rest: Record<string, JsonValue>,
  field: string,
  order: List,
  rule: FieldRule,
): void {
  const before = merged[field];
  const patch = rest[field];
  if (patch !== undefined && !Array.isArray(patch)) return;
  if (Array.isArray(patch)) requireSameOrder(patch, order, rule.mergeKey, DIRECTIVE);
  delete rest[field];
  if (!Array.isArray(before) && patch === undefined) return;
  const { list, places } = listAndPlaces(Array.isArray(before) ? before : undefined, patch, rule);
  const [patched, others] = partition(list, order, rule.mergeKey);
  merged[field] = inElementOrder(patched, others, order, places, rule.mergeKey);
}

/**
 * The merged list, and the list by which the server's own items keep their places. Upstream takes the original list for that, whose array its
 * merge writes to when items were deleted from it: the first new items then stand in the places that became free.
 */
function listAndPlaces(before: List | undefined, patch: List | undefined, rule: FieldRule): { readonly list: List; readonly places: List } {
  if (before === undefined) return { list: added(patch ?? []) as List, places: [] };
  if (patch === undefined) return { list: before, places: before };
  if (!rule.strategies.includes('merge')) return { list: patch, places: before };
  const list = mergeLists(before, patch, rule);
  if (rule.mergeKey === '') return { list, places: before };
  const { left, items } = withoutDirectives(before, patch, rule.mergeKey);
  const places = left.length === before.length ? before : mergeItems(left, items, rule).slice(0, before.length);
  return { list, places };
}

function mergeLists(original: List, patch: List, rule: FieldRule): List {
  if (original.length === 0 && patch.length === 0) return original;
  const first = patch[0] ?? original[0] ?? null;
  if (!isObject(first)) {
    const both = [...new Set([...original, ...patch])];
    const [patched, others] = partition(both, patch, '');
    return inElementOrder(patched, others, patch, original, '');
  }
  if (rule.mergeKey === '') throw badRequest('cannot merge lists without merge key');
  const { left, items } = withoutDirectives(original, patch, rule.mergeKey);
  const merged = mergeItems(left, items, rule);
  const [patched, others] = partition(merged, items, rule.mergeKey);
  return inElementOrder(patched, others, items, left, rule.mergeKey);
}

/** What the patch leaves of the original by `$patch: delete` and `$patch: replace`, and its items that are no such directives. */
function withoutDirectives(original: List, patch: List, key: string): { readonly left: List; readonly items: List } {
  let left = original;
  let replaces = false;
  const items: JsonValue[] = [];
  for (const item of patch) {
    const directive = isObject(item) ? item[DIRECTIVE] : undefined;
    if (directive === undefined) items.push(item);
    else if (directive === 'replace') replaces = true;
    else if (directive === 'delete') {
      const value = keyOfItem(item, key);
      left = left.filter((other) => identity(other, key) !== value);
    } else
      throw badRequest(
        directive === 'merge' ? 'merging lists cannot yet be specified in the patch' : `Unknown patch type found: ${String(directive)}`,
      );
  }
  return replaces ? { left: [], items } : { left, items };
}

function mergeItems(original: List, patch: List, rule: FieldRule): List {
  const merged = [...original];
  for (const item of patch) {
    const value = keyOfItem(item, rule.mergeKey);
    const index = merged.findIndex((other) => identity(other, rule.mergeKey) === value);
    const before = merged[index];
    if (isObject(before)) merged[index] = applyStrategicMerge(before, item as JsonObject, rule.schema);
    else merged.push(added(item));
  }
  return merged;
}

function keyOfItem(item: JsonValue, key: string): JsonValue {
  const value = identity(item, key);
  if (value !== undefined) return value;
  throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
}

/** A value that the original does not have, without directives and nulls. upstream: discardNullValuesFromPatch, removeDirectives */
function added(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.filter((item) => !(isObject(item) && Object.hasOwn(item, DIRECTIVE))).map(added);
  return isObject(value) ? withoutNulls(value) : value;
}

function withoutNulls(map: JsonObject): JsonObject {
  const kept = Object.entries(map).filter(([name, value]) => value !== null && !name.startsWith('$'));
  return Object.fromEntries(kept.map(([name, value]) => [name, added(value)]));
}

function listOf(value: JsonValue, what: string): List {
  if (Array.isArray(value)) return value;
  throw badRequest(`${what} must be a list`);
}
