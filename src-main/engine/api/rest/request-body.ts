// The object that a request carries, read as its kind: what the address says is filled in, what contradicts it is refused, unknown fields are dropped and told.
// upstream: apiserver pkg/endpoints/handlers/{create,update}.go, rest.go
import { decodeObject } from '../../kinds/decode-object.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest, StatusError } from '../../meta/status-error.ts';
import { isObject } from '../patch/merge-patch.ts';
import { asStored, type Call, unsupported } from './call.ts';
import { goValueName, isStrategic, notStrictPatch, wrongPatch } from './patch-faults.ts';
import { parameter, type RestRequest } from './rest-request.ts';
import { bodyFaults, isYaml, patchFaults, yamlFault } from './strict-faults.ts';

export interface ReadBody {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

/** Throws StatusError (400) when the body is no such object. */
export function readBody(call: Call): ReadBody {
  const { request } = call;
  const { kind } = call.resource;
  const body = bodyObject(request, kind.kind);
  const apiVersion = body['apiVersion'] ?? '';
  const expected = apiVersionOf(kind);
  if (apiVersion !== '' && apiVersion !== expected)
    throw badRequest(`the API version in the data (${wordOf(apiVersion)}) does not match the expected API version (${expected})`);
  const given = body['kind'] ?? '';
  if (given !== '' && given !== kind.kind)
    throw badRequest(
      `${wordOf(given)} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${notConverted(kind, given)}`,
    );
  return checkFields(call, inPlace(call, { ...body, apiVersion: expected, kind: kind.kind }), 'body');
}

/** Reads an object as the kind; what to do about unknown fields is the query's to say. */
export function checkFields(call: Call, object: JsonObject, from: 'body' | 'patch'): ReadBody {
  const { request } = call;
  const { kind } = call.resource;
  const validation = parameter(request, 'fieldValidation') ?? '';
  if (!['', 'Ignore', 'Warn', 'Strict'].includes(validation))
    throw unsupported(request.method, 'fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']);
  const { object: decoded, warnings: unknown } = from === 'body' ? decodeObject(kind, object) : decodePatched(request, kind, object);
  if (validation === 'Ignore') return { object: asStored(call, decoded), warnings: [] };
  const warnings = from === 'body' ? bodyFaults(request, kind, unknown) : patchFaults(request, unknown);
  if (validation === 'Strict' && warnings.length > 0)
    throw from === 'body' ? notStrict(request, kind, warnings) : notStrictPatch(request, object, warnings);
  return { object: asStored(call, decoded), warnings };
}

/** A patch may not make another kind of it. upstream: apiserver pkg/endpoints/handlers/patch.go applyPatchToCurrentObject */
function decodePatched(request: RestRequest, kind: Kind, object: JsonObject): ReturnType<typeof decodeObject> {
  const itself = { apiVersion: apiVersionOf(kind), kind: kind.kind };
  const { apiVersion, kind: given } = { ...itself, ...object };
  // A strategic merge patch is converted into the Go type, which is of one kind whatever it says.
  if (!isStrategic(request) && kind.schema === undefined) {
    if (apiVersion !== itself.apiVersion)
      throw wrongPatch(
        request,
        object,
        `no kind "${wordOf(given)}" is registered for version "${wordOf(apiVersion)}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
      );
    if (given !== itself.kind) throw wrongPatch(request, object, notConverted(kind, given));
  }
  try {
    return decodeObject(kind, { ...object, ...itself });
  } catch (error) {
    const start = ` cannot be handled as a ${kind.kind}: `;
    if (!(error instanceof StatusError) || !error.message.includes(start)) throw error;
    throw wrongPatch(request, object, error.message.slice(error.message.indexOf(start) + start.length));
  }
}

function notConverted({ group, version, kind }: Kind, given: JsonValue): string {
  return `converting (${version}.${wordOf(given)}) to (${group === '' ? 'core' : group}.${kind}): unknown conversion`;
}

/** Throws StatusError (400) when the request carries none that a `kind` could be read from. upstream: apiserver pkg/endpoints/handlers/rest.go transformDecodeError */
export function bodyObject({ body, bodyFault }: RestRequest, kind: string): JsonObject {
  if (body === null) return {};
  if (body !== undefined && isObject(body)) return body;
  const why = body === undefined ? 'unexpected end of JSON input (<empty>)' : `json: cannot unmarshal ${goValueName(body)}`;
  const fault = bodyFault ?? `couldn't get version/kind; json parse error: ${why}`;
  throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${fault}`);
}

/** Name and namespace of the address, which those of the body must not contradict. upstream: EnsureObjectNamespaceMatchesRequestNamespace */
function inPlace({ kind, namespace, name }: Call, object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const givenNamespace = metadata['namespace'] ?? '';
  if (kind.namespaced && givenNamespace !== '' && givenNamespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const givenName = metadata['name'] ?? '';
  if (name !== '' && givenName !== '' && givenName !== name)
    throw badRequest(`the name of the object (${wordOf(givenName)}) does not match the name on the URL (${name})`);
  const place = { ...(kind.namespaced ? { namespace } : {}), ...(name === '' ? {} : { name }) };
  return { ...object, metadata: { ...metadata, ...place } };
}

/** A name as it is, and what is no text as JSON. */
function wordOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function notStrict({ contentType, duplicates = [] }: RestRequest, kind: Kind, faults: readonly string[]): StatusError {
  const again = isYaml(contentType) ? duplicates.length : 0;
  if (again > 0 && contentType.startsWith('application/apply-patch'))
    return badRequest(`error strict decoding YAML: error converting YAML to JSON: ${yamlFault(duplicates)}`);
  const told = again > 0 ? [yamlFault(duplicates), ...faults.slice(again)] : faults;
  return badRequest(
    `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: strict decoding error: ${told.join(', ')}`,
  );
}
