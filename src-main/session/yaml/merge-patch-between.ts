// What turns one object into another, as a JSON merge patch (RFC 7386): only what a person changed is sent, as `kubectl edit` does.
import { equal } from '../../engine/base/equal.ts';
import type { JsonObject, JsonValue } from '../../engine/meta/object.ts';

/** Empty when nothing differs. Lists are one value. */
export function mergePatchBetween(from: JsonObject, to: JsonObject): JsonObject {
  const patch: Record<string, JsonValue> = {};
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const before = from[name];
    if (before !== undefined && equal(before, value)) continue;
    patch[name] = isObject(before) && isObject(value) ? mergePatchBetween(before, value) : value;
  }
  return patch;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
