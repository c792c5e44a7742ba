// JSON patch: a list of operations, all of them or none. RFC 6902; upstream: evanphx/json-patch as the API server uses it
import { applyPatch, type Operation } from 'rfc6902';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest, StatusError } from '../../meta/status-error.ts';

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
  const patched = thawed(target) as JsonObject;
  const faults = applyPatch(patched, thawed(patch) as unknown as Operation[]);
  if (faults.some((fault) => fault !== null)) throw doesNotFit();
  return patched;
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

function doesNotFit(): StatusError {
  return new StatusError('Invalid', 422, 'the server rejected our request due to an error in our request', {});
}

/** A copy that may be written to, whatever is frozen in the original. */
function thawed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(thawed);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, thawed(part)]));
}
