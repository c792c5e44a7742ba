// What a client hears whose patch makes an object that its kind cannot be: the patch is told back, as Go prints it, with what is wrong.
// upstream: apiserver pkg/endpoints/handlers/patch.go, apimachinery pkg/runtime/converter.go fromUnstructured
import { compareText } from '../../base/compare-text.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest, StatusError } from '../../meta/status-error.ts';
import { isObject } from '../patch/merge-patch.ts';
import type { RestRequest } from './rest-request.ts';

/** Of fields that the kind does not have. */
export function notStrictPatch(request: RestRequest, patched: JsonObject, faults: readonly string[]): StatusError {
  return invalidPatch(request, patched, `strict decoding error: ${faults.join(', ')}`);
}

/** The patch that the request carries. Throws StatusError (400) when it could not be read. */
export function patchValue(request: RestRequest): JsonValue {
  const { body, bodyFault } = request;
  if (body !== undefined) return body;
  throw notAPatch(request, bodyFault ?? 'unexpected end of JSON input');
}

export function notAPatch(request: RestRequest, fault: string): StatusError {
  return badRequest(isStrategic(request) ? fault : `error decoding patch: ${fault}`);
}

/** upstream: encoding/json UnmarshalTypeError.Value */
export function goValueName(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Of a value of a wrong type; `fault` is how a whole object would be refused. */
export function wrongPatch(request: RestRequest, patched: JsonObject, fault: string): StatusError {
  return invalidPatch(request, patched, isStrategic(request) ? conversionFault(fault) : fault);
}

/** Strategic merge patches are told themselves, the others by what they made of the object. */
function invalidPatch(request: RestRequest, patched: JsonObject, why: string): StatusError {
  const value = isStrategic(request) ? goText(request.body ?? null) : JSON.stringify(patched);
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`;
  return new StatusError('Invalid', 422, ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  });
}

export function isStrategic({ contentType }: RestRequest): boolean {
  return contentType === 'application/strategic-merge-patch+json';
}

/** The patched object is converted, not decoded, and says so in other words. */
function conversionFault(fault: string): string {
  const [, value = '', type = ''] = /^json: cannot unmarshal (\S+) into Go struct field \S+ of type (.*)$/.exec(fault) ?? [];
  if (type === '') return fault;
  const from = { object: 'map', array: 'slice', number: 'int64' }[value] ?? value;
  if (type.startsWith('[]')) return `cannot restore slice from ${from}`;
  if (type.startsWith('map[')) return `cannot restore map from ${from}`;
  return /^(u?int\d*|float\d+|bool|string)$/.test(type) ? `unrecognized type: ${type}` : `cannot restore struct from: ${from}`;
}

/** fmt's `%+v`. */
function goText(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const members = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return `map[${members.map(([name, member]) => `${name}:${goText(member)}`).join(' ')}]`;
}
