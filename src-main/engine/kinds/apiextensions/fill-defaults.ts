// Fills in what a structural schema says of absent fields. upstream: apiextensions-apiserver pkg/apiserver/schema/defaulting/algorithm.go
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { isJsonObject, type JsonSchema, memberSchema } from './json-schema.ts';

/** The very same value when nothing is absent. */
export function fillDefaults(value: JsonValue, schema: JsonSchema): JsonValue {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const list = value as readonly JsonValue[];
    const next = list.map((item) => fillDefaults(item === null && items.nullable !== true ? (items.default ?? item) : item, items));
    return next.every((item, index) => item === list[index]) ? value : next;
  }
  return isJsonObject(value) ? filledObject(value, schema) : value;
}

function filledObject(object: JsonObject, schema: JsonSchema): JsonObject {
  const made: Record<string, JsonValue> = {};
  let changed = false;
  for (const [name, member] of Object.entries(schema.properties ?? {}))
    if (member.default !== undefined && object[name] === undefined) {
      made[name] = member.default;
      changed = true;
    }
  for (const [name, value] of Object.entries({ ...object, ...made })) {
    const member = memberSchema(schema, name);
    const next = member === undefined ? value : fillDefaults(value, member);
    if (next !== value) changed = true;
    made[name] = next;
  }
  return changed ? { ...object, ...made } : object;
}
