// Two strategic merge patches as one, directives and deletions included. upstream: strategicpatch MergeStrategicMergeMapPatchUsingLookupPatchMeta
import { equal } from '../../base/equal.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest } from '../../meta/status-error.ts';
import { identity, inElementOrder, type List, partition } from './element-order.ts';
import { isObject } from './merge-patch.ts';
import type { FieldRule, PatchSchema } from './merge-rules.ts';
import { DELETE_ITEMS, DIRECTIVE, RETAIN_KEYS, SET_ORDER } from './strategic-merge.ts';

/** What `first` does, and then `second`. */
export function joinStrategicPatches(first: JsonObject, second: JsonObject, schema: PatchSchema): JsonObject {
  const joined: Record<string, JsonValue> = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const before = joined[name];
    if (name === RETAIN_KEYS || name.startsWith(SET_ORDER) || name.startsWith(DELETE_ITEMS)) {
      if (before !== undefined && !equal(before, value)) throw badRequest(`the two patches say different things in ${name}`);
      joined[name] = value;
      continue;
    }
    const rule = schema.field(name);
    if (isObject(value) && isObject(before))
      joined[name] = rule.strategies.includes('replace') ? value : joinStrategicPatches(before, value, rule.schema);
    else if (Array.isArray(value) && Array.isArray(before))
      joined[name] = rule.strategies.includes('merge') ? joinLists(before, value, rule) : value;
    else joined[name] = value;
  }
  for (const [name, order] of Object.entries(second)) {
    if (!name.startsWith(SET_ORDER)) continue;
    const field = name.slice(SET_ORDER.length);
    const list = joined[field];
    const { mergeKey } = schema.field(field);
    if (!Array.isArray(list) || !Array.isArray(order)) continue;
    const before = first[field];
    // What is wholly new needs no directives.
    const plain = before === undefined ? list.filter((item) => identity(item, DIRECTIVE) === undefined) : list;
    const [named, others] = partition(plain, order, mergeKey);
    joined[field] = inElementOrder(named, others, order, Array.isArray(before) ? before : [], mergeKey);
  }
  return joined;
}

function joinLists(first: List, second: List, { mergeKey, schema }: FieldRule): List {
  if (mergeKey === '') return [...new Set([...first, ...second])];
  const joined = [...first];
  for (const item of second) {
    const index = joined.findIndex((other) => identity(other, mergeKey) === identity(item, mergeKey));
    const before = joined[index];
    if (isObject(before) && isObject(item)) joined[index] = joinStrategicPatches(before, item, schema);
    else joined.push(item);
  }
  return joined;
}
