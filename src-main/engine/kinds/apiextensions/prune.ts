// Takes away what a structural schema does not know, and says where it was; nulls that may not be null go too.
// upstream: apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go, schema/defaulting/prune.go
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { isJsonObject, type JsonSchema, memberSchema } from './json-schema.ts';

/** The very same value when everything in it is known. `unknown` gets the path of each field that is dropped. */
export function prune(value: JsonValue, schema: JsonSchema, unknown: string[]): JsonValue {
  return pruned(value, schema, '', schema['x-kubernetes-preserve-unknown-fields'] === true, true, unknown);
}

const ANYTHING: JsonSchema = { 'x-kubernetes-preserve-unknown-fields': true };
/** Every resource has these, whatever its schema says. */
const envelope: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function pruned(value: JsonValue, schema: JsonSchema, path: string, keeps: boolean, isResource: boolean, unknown: string[]): JsonValue {
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    const item = schema.items ?? (keeps ? ANYTHING : undefined);
    if (item === undefined) return value;
    const next = items.map((one, index) => inner(one, item, `${path}[${index}]`, unknown));
    return next.every((one, index) => one === items[index]) ? value : next;
  }
  return isJsonObject(value) ? prunedObject(value, schema, path, keeps, isResource, unknown) : value;
}

function inner(value: JsonValue, schema: JsonSchema, path: string, unknown: string[]): JsonValue {
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return pruned(value, schema, path, keeps, schema['x-kubernetes-embedded-resource'] === true, unknown);
}

function prunedObject(
  object: JsonObject,
  schema: JsonSchema,
  path: string,
  keeps: boolean,
  isResource: boolean,
  unknown: string[],
): JsonObject {
  let changed = false;
  const members: [string, JsonValue][] = [];
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const keepsAll = keeps || schema.additionalProperties === true;
  for (const [name, value] of Object.entries(object)) {
    const member = memberSchema(schema, name);
    if (isResource && envelope.has(name)) members.push([name, value]);
    else if (member !== undefined) {
      // A null where null is not allowed counts as absent when a default can take its place.
      if (value === null && member.nullable !== true && member.default !== undefined) changed = true;
      else {
        const next = inner(value, member, at(name), unknown);
        if (next !== value) changed = true;
        members.push([name, next]);
      }
    } else if (keepsAll) members.push([name, value]);
    else {
      changed = true;
      unknown.push(at(name));
    }
  }
  return changed ? Object.fromEntries(members) : object;
}
