// `kubectl apply` as the client does it: create, or a three-way merge of last applied, wanted and live. upstream: kubectl pkg/cmd/apply
import { equal } from '../base/equal.ts';
import { decodeObject } from '../kinds/decode-object.ts';
import { type Kind, splitApiVersion } from '../kinds/kind.ts';
import { type ApiObject, type JsonObject, type JsonValue, keyOf } from '../meta/object.ts';
import { mergeKeysOf } from './merge-keys.ts';
import type { ApiServer } from './server.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export type ApplyOutcome = 'created' | 'configured' | 'unchanged';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `live` with what `wanted` says, less what `last` said and `wanted` no longer does. Lists without a merge key are replaced whole. */
export function mergeThreeWay(last: JsonValue | undefined, wanted: JsonValue, live: JsonValue | undefined, field = ''): JsonValue {
  if (Array.isArray(wanted) && Array.isArray(live)) return mergeLists(Array.isArray(last) ? last : [], wanted, live, field);
  if (!isObject(wanted) || !isObject(live)) return wanted;
  const before: JsonObject = isObject(last) ? last : {};
  const merged: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(live)) if (Object.hasOwn(wanted, key) || !Object.hasOwn(before, key)) merged[key] = value;
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeThreeWay(before[key], value, live[key], key);
  }
  return merged;
}

type List = readonly JsonValue[];

/** Items in the wanted order, each merged with the live one of the same key; then those that others added. */
function mergeLists(last: List, wanted: List, live: List, field: string): List {
  const key = mergeKeysOf(field).find((candidate) => isKeyedBy(wanted, candidate) && isKeyedBy(live, candidate));
  if (key === undefined) return wanted;
  const identity = (item: JsonValue): JsonValue | undefined => (item as JsonObject)[key];
  const find = (items: List, item: JsonValue) => items.find((other) => isObject(other) && other[key] === identity(item));
  const merged = wanted.map((item) => mergeThreeWay(find(last, item), item, find(live, item)));
  const added = live.filter((item) => find(wanted, item) === undefined && find(last, item) === undefined);
  return [...merged, ...added];
}

/** Do all items have the key, each another one? */
function isKeyedBy(items: List, key: string): boolean {
  const found = new Set(items.map((item) => (isObject(item) ? item[key] : undefined)));
  return found.size === items.length && !found.has(undefined);
}

/** What is written in another version of the kind, in the one that is stored, and the rules that it is held against. */
function inStoredVersion(kind: Kind, object: JsonObject): { readonly object: JsonObject; readonly rules: Kind } {
  const { group, version } = splitApiVersion(String(object['apiVersion'] ?? ''));
  const other = kind.otherVersions?.find((one) => one.version === version && (one.group ?? kind.group) === group);
  if (other === undefined) return { object, rules: kind };
  const decoded = decodeObject({ ...(other.rules ?? kind), group, version }, object).object as unknown as ApiObject;
  return { object: other.toStored(decoded) as unknown as JsonObject, rules: other.rules ?? kind };
}

function annotated(object: JsonObject, text: string): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const annotations = isObject(metadata['annotations']) ? metadata['annotations'] : {};
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

function lastApplied(live: ApiObject): JsonValue | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // A hand-edited annotation: as if there were none, nothing is taken away.
    return undefined;
  }
}

/** Creates the object, or makes the live one agree with it. An object with generateName is always created. */
export function applyObject(
  server: ApiServer,
  kind: Kind,
  given: JsonObject,
  user: string,
): { readonly outcome: ApplyOutcome; readonly object: ApiObject; readonly warnings: readonly string[] } {
  const { object, rules } = inStoredVersion(kind, given);
  const { namespace, ...metadata } = (isObject(object['metadata']) ? object['metadata'] : {}) as { name?: string; namespace?: string };
  // The namespace of what has none is cleared. upstream: apiserver pkg/registry/rest EnsureObjectNamespaceMatchesRequestNamespace
  const place = kind.namespaced ? { namespace: (namespace ?? '') === '' ? 'default' : (namespace as string) } : {};
  const located = { ...object, metadata: { ...metadata, ...place } } as JsonObject;
  const marked = annotated(located, `${JSON.stringify(located)}\n`);
  const live = metadata.name === undefined ? undefined : server.find(kind, keyOf({ metadata: { name: metadata.name, ...place } }));
  if (live === undefined) {
    const { object: wanted, warnings } = decodeObject(rules, marked);
    const made = server.create(rules, wanted, user);
    return { outcome: 'created', object: made, warnings: [...warnings, ...server.takeWarnings()] };
  }
  const merged = mergeThreeWay(lastApplied(live), marked, live as unknown as JsonObject) as JsonObject;
  const { object: wanted, warnings } = decodeObject(rules, merged);
  if (equal(wanted, live)) return { outcome: 'unchanged', object: live, warnings };
  const stored = server.update(rules, wanted as unknown as ApiObject, user);
  const all = [...warnings, ...server.takeWarnings()];
  return { outcome: stored === live ? 'unchanged' : 'configured', object: stored, warnings: all };
}
