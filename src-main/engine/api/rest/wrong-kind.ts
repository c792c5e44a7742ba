// What a client hears who sends an object of another kind or version than the address is for.
// upstream: apiserver pkg/endpoints/handlers/create.go, apimachinery pkg/runtime/serializer/versioning Decode, apiextensions-apiserver pkg/registry/customresource/validator.go ValidateTypeMeta
import { apiVersionOf, type Kind, splitApiVersion } from '../../kinds/kind.ts';
import { typeOfKind } from '../../kinds/kind-fields.ts';
import { servedVersions } from '../../kinds/stored-kind.ts';
import { FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest, invalid } from '../../meta/status-error.ts';
import { isObject } from '../patch/merge-patch.ts';

/** The body's apiVersion and kind; what it leaves out is as the address says. */
export function typeIn(kind: Kind, object: JsonObject): { readonly apiVersion: JsonValue; readonly kind: JsonValue } {
  const { apiVersion, kind: given } = object;
  return { apiVersion: isLeftOut(apiVersion) ? apiVersionOf(kind) : apiVersion, kind: isLeftOut(given) ? kind.kind : given };
}

const isLeftOut = (value: JsonValue | undefined): value is undefined | null | '' => value === undefined || value === null || value === '';

/** Throws StatusError: 400, or 422 for a custom resource, whose kind is looked at when the object is validated. */
export function requireType(kind: Kind, object: JsonObject): void {
  const { apiVersion, kind: given } = typeIn(kind, object);
  const expected = apiVersionOf(kind);
  const isOtherVersion = apiVersion !== expected;
  const isCustom = kind.schema !== undefined;
  if (isOtherVersion && (isCustom || (given === kind.kind && isRegistered(apiVersion, given))))
    throw badRequest(`the API version in the data (${wordOf(apiVersion)}) does not match the expected API version (${expected})`);
  if (isCustom) requireCustomKind(kind, object);
  else if (isOtherVersion || given !== kind.kind) {
    const { version } = typeof apiVersion === 'string' ? splitApiVersion(apiVersion) : kind;
    const why = isRegistered(apiVersion, given) ? notConverted(kind, version, given) : notRegistered(apiVersion, given);
    throw badRequest(`${wordOf(given)} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${why}`);
  }
}

/** Throws StatusError (422). */
export function requireCustomKind(kind: Kind, object: JsonObject): void {
  const { kind: given } = typeIn(kind, object);
  if (given === kind.kind) return;
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  throw invalid(kind, wordOf(metadata['name'] ?? ''), [fieldInvalid(new FieldPath('kind'), given, `must be ${kind.kind}`)]);
}

/** Is it one of Kubernetes' own kinds, or a list of them? */
function isRegistered(apiVersion: JsonValue, given: JsonValue): boolean {
  if (typeof apiVersion !== 'string' || typeof given !== 'string') return false;
  const { group, version } = splitApiVersion(apiVersion);
  return [given, given.replace(/List$/, '')].some(
    (kind) => typeOfKind(group, version, kind) !== undefined || servedVersions(group, kind).includes(version),
  );
}

export function notRegistered(apiVersion: JsonValue, given: JsonValue): string {
  return `no kind "${wordOf(given)}" is registered for version "${wordOf(apiVersion)}" in scheme "pkg/api/legacyscheme/scheme.go:30"`;
}

/** Go's packages are named by the first part of the group. */
export function notConverted({ group, kind }: Kind, version: string, given: JsonValue): string {
  return `converting (${version}.${wordOf(given)}) to (${group === '' ? 'core' : group.split('.')[0]}.${kind}): unknown conversion`;
}

/** A name as it is, and what is no text as JSON. */
export function wordOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
