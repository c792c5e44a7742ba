// JSON merge patch: members that are null go, objects merge, everything else is replaced. RFC 7386; upstream: apimachinery pkg/util/jsonmergepatch
import { equal } from '../../base/equal.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';

export function applyMergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const merged: Record<string, JsonValue> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = applyMergePatch(merged[name], value);
  }
  return merged;
}

/** The patch that makes `modified` of `original`. */
export function createMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(modified)) {
    const before = Object.hasOwn(original, name) ? original[name] : undefined;
    if (isObject(before) && isObject(value)) {
      const inner = createMergePatch(before, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (!equal(before, value) || before === undefined) patch[name] = value;
  }
  for (const name of Object.keys(original)) if (!Object.hasOwn(modified, name)) patch[name] = null;
  return patch;
}

/** Additions and changes from current to modified, and deletions from original to modified, as `kubectl apply` sends for custom resources. */
export function createThreeWayMergePatch(original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject {
  const changes = splitNulls(createMergePatch(current, modified)).withoutNulls;
  const deletions = splitNulls(createMergePatch(original, modified)).onlyNulls;
  return joined(deletions, changes);
}

/** The members that a patch deletes, and the rest. Lists are whole values. upstream: keepOrDeleteNullInJsonPatch */
export function splitNulls(patch: JsonObject): { readonly onlyNulls: JsonObject; readonly withoutNulls: JsonObject } {
  const onlyNulls: Record<string, JsonValue> = {};
  const withoutNulls: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) onlyNulls[name] = null;
    else if (isObject(value) && Object.keys(value).length > 0) {
      const inner = splitNulls(value);
      if (Object.keys(inner.onlyNulls).length > 0) onlyNulls[name] = inner.onlyNulls;
      if (Object.keys(inner.withoutNulls).length > 0) withoutNulls[name] = inner.withoutNulls;
    } else withoutNulls[name] = value;
  }
  return { onlyNulls, withoutNulls };
}

/** Both patches in one; nulls stay. */
function joined(first: JsonObject, second: JsonObject): JsonObject {
  const all: Record<string, JsonValue> = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const before = all[name];
    all[name] = isObject(before) && isObject(value) ? joined(before, value) : value;
  }
  return all;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
