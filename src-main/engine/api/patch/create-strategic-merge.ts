// Makes a strategic merge patch: what turns one version into another, or, as `kubectl apply` needs it, what turns the live object into the wanted one.
// upstream: apimachinery pkg/util/strategicpatch/patch.go diffMaps, CreateThreeWayMergePatch (release 1.33)
import { equal } from '../../base/equal.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest } from '../../meta/status-error.ts';
import { identity, type List } from './element-order.ts';
import { joinStrategicPatches } from './join-strategic-patches.ts';
import { isObject } from './merge-patch.ts';
import type { FieldRule, PatchSchema } from './merge-rules.ts';
import { haveConflicts } from './patch-conflicts.ts';
import { DELETE_ITEMS, DIRECTIVE, RETAIN_KEYS, SET_ORDER } from './strategic-merge.ts';

interface Options {
  /** Leave out what is new or different. */
  readonly ignoreChanges?: boolean;
  readonly ignoreDeletions?: boolean;
  /** Say in which order the items of lists stand. */
  readonly ordersItems?: boolean;
  readonly retainsKeys?: boolean;
}

type Patch = Record<string, JsonValue>;

/** The patch that makes `modified` of `original`. */
export function createTwoWayPatch(original: JsonObject, modified: JsonObject, schema: PatchSchema): JsonObject {
  return diffMaps(original, modified, schema, { ordersItems: true });
}

/** The patch of `kubectl apply`: from current to modified without deletions, and deletions from original to modified. */
export function createThreeWayPatch(
  { original, modified, current }: { readonly original: JsonObject; readonly modified: JsonObject; readonly current: JsonObject },
  schema: PatchSchema,
): { readonly patch: JsonObject; readonly conflict: boolean } {
  const delta = diffMaps(current, modified, schema, { ordersItems: true, ignoreDeletions: true });
  const deletions = diffMaps(original, modified, schema, { ordersItems: true, ignoreChanges: true });
  const patch = joinStrategicPatches(deletions, delta, schema);
  return { patch, conflict: haveConflicts(patch, diffMaps(original, current, schema, {}), schema) };
}

function diffMaps(original: JsonObject, modified: JsonObject, schema: PatchSchema, options: Options): JsonObject {
  const patch: Patch = {};
  for (const [name, value] of Object.entries(modified)) {
    const before = Object.hasOwn(original, name) ? original[name] : undefined;
    if (isObject(value) && isObject(before)) diffMember(patch, name, before, value, schema.field(name), options);
    else if (Array.isArray(value) && Array.isArray(before)) diffList(patch, name, before, value, schema.field(name), options);
    else if (options.ignoreChanges !== true && (before === undefined || !equal(before, value))) patch[name] = value;
  }
  if (options.ignoreDeletions !== true) for (const name of Object.keys(original)) if (!Object.hasOwn(modified, name)) patch[name] = null;
  const kept = Object.keys(modified).filter((name) => modified[name] !== null);
  const clears = Object.keys(original).some((name) => !Object.hasOwn(modified, name));
  if (options.retainsKeys === true && kept.length > 0 && (Object.keys(patch).length > 0 || clears)) patch[RETAIN_KEYS] = kept.sort();
  return patch;
}

function diffMember(patch: Patch, name: string, before: JsonObject, value: JsonObject, rule: FieldRule, options: Options): void {
  if (rule.strategies.includes('replace')) {
    if (options.ignoreChanges !== true) patch[name] = value;
    return;
  }
  const inner = diffMaps(before, value, rule.schema, { ...options, retainsKeys: rule.strategies.includes('retainKeys') });
  if (Object.keys(inner).length > 0) patch[name] = inner;
}

function diffList(patch: Patch, name: string, before: List, value: List, rule: FieldRule, options: Options): void {
  if (!rule.strategies.includes('merge')) {
    if (options.ignoreChanges !== true && !equal(before, value)) patch[name] = value;
    return;
  }
  if (before.length === 0) {
    if (value.length > 0 && options.ignoreChanges !== true) patch[name] = value;
    return;
  }
  if (isObject(value[0] ?? before[0])) diffItems(patch, name, before, value, rule, options);
  else diffValues(patch, name, before, value, options);
}

function diffItems(patch: Patch, name: string, before: List, value: List, rule: FieldRule, options: Options): void {
  const { mergeKey } = rule;
  const inner = { ...options, retainsKeys: rule.strategies.includes('retainKeys') };
  const old = new Map(before.map((item) => [keyOfItem(item, mergeKey), item as JsonObject]));
  const changed = value.flatMap((item) => {
    const key = keyOfItem(item, mergeKey);
    const other = old.get(key);
    if (other === undefined) return options.ignoreChanges === true ? [] : [item];
    const change = diffMaps(other, item as JsonObject, rule.schema, inner);
    return Object.keys(change).length === 0 ? [] : [{ ...change, [mergeKey]: key }];
  });
  const left = new Set(value.map((item) => keyOfItem(item, mergeKey)));
  const gone = options.ignoreDeletions === true ? [] : [...old.keys()].filter((key) => !left.has(key)).sort(byText);
  const list = [...changed, ...gone.map((key) => ({ [mergeKey]: key, [DIRECTIVE]: 'delete' }))];
  if (list.length > 0) patch[name] = list;
  const sameOrder =
    before.length === value.length && value.every((item, index) => identity(item, mergeKey) === identity(before[index], mergeKey));
  const reorders = options.ignoreChanges !== true && (list.length > 0 || !sameOrder);
  if (options.ordersItems === true && value.length > 0 && (reorders || (options.ignoreDeletions !== true && list.length > 0)))
    patch[SET_ORDER + name] = value.map((item) => ({ [mergeKey]: keyOfItem(item, mergeKey) }));
}

function diffValues(patch: Patch, name: string, before: List, value: List, options: Options): void {
  const added = options.ignoreChanges === true ? [] : withoutEach(value, before);
  const gone = options.ignoreDeletions === true ? [] : [...new Set(withoutEach(before, value))].sort(byText);
  if (added.length > 0) patch[name] = added;
  if (gone.length > 0) patch[DELETE_ITEMS + name] = gone;
  const reorders = options.ignoreChanges !== true && !equal(before, value);
  if (options.ordersItems === true && value.length > 0 && (gone.length > 0 || reorders)) patch[SET_ORDER + name] = value;
}

/** What is left of a list when each value of the other takes one of its kind away. */
function withoutEach(list: List, other: List): List {
  const taken = [...other];
  return list.filter((value) => {
    const index = taken.indexOf(value);
    if (index >= 0) taken.splice(index, 1);
    return index < 0;
  });
}

function byText(a: JsonValue, b: JsonValue): number {
  return String(a) < String(b) ? -1 : 1;
}

function keyOfItem(item: JsonValue, key: string): JsonValue {
  const value = identity(item, key);
  if (value !== undefined) return value;
  throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
}
