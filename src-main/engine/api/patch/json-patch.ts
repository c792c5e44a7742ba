// JSON patch: a list of operations, all of them or none. upstream: evanphx/json-patch v4, as the API server uses it
// By hand, for the libraries to be had follow RFC 6902, from which upstream's differs, and pass over members that are named `constructor`.
import { equal } from '../../base/equal.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest, StatusError } from '../../meta/status-error.ts';
import { isObject } from './merge-patch.ts';

/** upstream: apiserver pkg/endpoints/handlers/patch.go maxJSONPatchOperations */
const OPERATIONS_MAX = 10_000;
const members: Readonly<Record<string, readonly string[]>> = {
  add: ['path', 'value'],
  remove: ['path'],
  replace: ['path', 'value'],
  move: ['path', 'from'],
  copy: ['path', 'from'],
  test: ['path', 'value'],
};

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: JsonValue;
}

type Container = Record<string, JsonValue> | JsonValue[];

/** Throws StatusError: 400 for what is no patch, 422 for one that does not fit the object. */
export function applyJsonPatch(target: JsonObject, patch: JsonValue): JsonObject {
  if (!Array.isArray(patch)) {
    const given = typeof patch === 'boolean' ? 'bool' : typeof patch;
    throw badRequest(`error decoding patch: json: cannot unmarshal ${given} into Go value of type []handlers.jsonPatchOp`);
  }
  if (patch.length > OPERATIONS_MAX)
    throw new StatusError(
      'RequestEntityTooLarge',
      413,
      `Request entity too large: The allowed maximum operations in a JSON patch is ${OPERATIONS_MAX}, got ${patch.length}`,
    );
  if (!patch.every(isOperation)) throw doesNotFit();
  const root = { '': thawed(target) };
  for (const operation of patch as unknown as readonly Operation[]) if (!isApplied(root, operation)) throw doesNotFit();
  if (!isObject(root[''])) throw doesNotFit();
  return root[''];
}

function isOperation(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const operation = value as JsonObject;
  const needed = Object.hasOwn(members, String(operation['op'])) ? members[String(operation['op'])] : undefined;
  // A pointer that begins with no slash, or that names an object's prototype, is none.
  const isPointer = (text: JsonValue | undefined) =>
    typeof text === 'string' && (text === '' || text.startsWith('/')) && !text.includes('__proto__');
  return needed?.every((name) => (name === 'value' ? operation[name] !== undefined : isPointer(operation[name]))) === true;
}

/** Carries out one operation; false when there is no place for it. The root holds the document as its member ''. */
function isApplied(root: JsonObject, { op, path, from = '', value = null }: Operation): boolean {
  if (op === 'test') return equal(valueAt(root, path), value);
  if (op === 'replace') return valueAt(root, path) !== undefined && isPut(root, path, thawed(value), true);
  if (path === '') return false;
  if (op === 'add') return isPut(root, path, thawed(value), false);
  if (op === 'remove') return taken(root, path) !== undefined;
  const moved = from === '' ? undefined : op === 'move' ? taken(root, from) : valueAt(root, from);
  return moved !== undefined && isPut(root, path, thawed(moved), false);
}

function isPut(root: JsonObject, path: string, value: JsonValue, replaces: boolean): boolean {
  const { container, key } = placeOf(root, path);
  if (!Array.isArray(container)) {
    if (container !== undefined) container[key] = value;
    return container !== undefined;
  }
  const at = key === '-' ? container.length : indexOf(key, container.length + (replaces ? 0 : 1));
  if (at === undefined) return false;
  container.splice(at, replaces ? 1 : 0, value);
  return true;
}

/** Removes what is there, and tells what it was. */
function taken(root: JsonObject, path: string): JsonValue | undefined {
  const { container, key } = placeOf(root, path);
  if (Array.isArray(container)) {
    const at = indexOf(key, container.length);
    return at === undefined ? undefined : container.splice(at, 1)[0];
  }
  if (container === undefined || !Object.hasOwn(container, key)) return undefined;
  const value = container[key];
  delete container[key];
  return value;
}

function valueAt(root: JsonObject, path: string): JsonValue | undefined {
  return keysOf(path).reduce<JsonValue | undefined>(memberOf, root);
}

/** The map or list that holds, or would hold, what the path names. */
function placeOf(root: JsonObject, path: string): { readonly container: Container | undefined; readonly key: string } {
  const keys = keysOf(path);
  const found = keys.slice(0, -1).reduce<JsonValue | undefined>(memberOf, root);
  const container = typeof found === 'object' && found !== null ? (found as Container) : undefined;
  return { container, key: keys.at(-1) ?? '' };
}

/** What a map lacks is null to it: it may be replaced, and tested for. upstream: evanphx/json-patch patch.go partialDoc.get */
function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[indexOf(key, value.length) ?? -1];
  if (typeof value !== 'object' || value === null) return undefined;
  // hasOwn: a label may be named `constructor`, which every object inherits.
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : null;
}

/** A place in a list of so many; a negative one counts from the end. upstream: evanphx/json-patch patch.go partialArray */
function indexOf(key: string, length: number): number | undefined {
  if (!/^[+-]?\d+$/.test(key)) return undefined;
  const index = Number(key) < 0 ? length + Number(key) : Number(key);
  return index >= 0 && index < length ? index : undefined;
}

function keysOf(path: string): readonly string[] {
  return path.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function doesNotFit(): StatusError {
  return new StatusError('Invalid', 422, 'the server rejected our request due to an error in our request', {});
}

/** A copy that may be written to, whatever is frozen in the original. */
function thawed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(thawed);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, thawed(part)]));
}
