// The object that a request carries, read as its kind: what the address says is filled in, what contradicts it is refused, unknown fields are dropped and told.
// upstream: apiserver pkg/endpoints/handlers/{create,update}.go, rest.go
import { decodeObject } from '../../kinds/decode-object.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { JsonObject } from '../../meta/object.ts';
import { badRequest, StatusError } from '../../meta/status-error.ts';
import { isObject } from '../patch/merge-patch.ts';
import { asStored, type Call } from './call.ts';
import { goValueName, isStrategic, notStrictPatch, wrongPatch } from './patch-faults.ts';
import { parameter, type RestRequest } from './rest-request.ts';
import { bodyFaults, isYaml, patchFaults, yamlFault } from './strict-faults.ts';
import { notConverted, notRegistered, requireCustomKind, requireType, wordOf } from './wrong-kind.ts';

export interface ReadBody {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
}

/** Throws StatusError (400) when the body is no such object. */
export function readBody(call: Call): ReadBody {
  const { request } = call;
  const { kind } = call.resource;
  const body = bodyObject(request, kind.kind);
  requireType(kind, body);
  return checkFields(call, inPlace(call, { ...body, apiVersion: apiVersionOf(kind), kind: kind.kind }), 'body');
}

/** Reads an object as the kind; what to do about unknown fields is the query's to say. */
export function checkFields(call: Call, object: JsonObject, from: 'body' | 'patch'): ReadBody {
  const { request } = call;
  const { kind } = call.resource;
  const validation = parameter(request, 'fieldValidation') ?? '';
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
  if (kind.schema !== undefined) requireCustomKind(kind, object);
  // A strategic merge patch is converted into the Go type, which is of one kind whatever it says.
  else if (!isStrategic(request)) {
    if (apiVersion !== itself.apiVersion) throw wrongPatch(request, object, notRegistered(apiVersion, given));
    if (given !== itself.kind) throw wrongPatch(request, object, notConverted(kind, kind.version, given));
  }
  try {
    return decodeObject(kind, { ...object, ...itself });
  } catch (error) {
    const start = ` cannot be handled as a ${kind.kind}: `;
    if (!(error instanceof StatusError) || !error.message.includes(start)) throw error;
    throw wrongPatch(request, object, error.message.slice(error.message.indexOf(start) + start.length));
  }
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
function inPlace({ request, kind, namespace, name }: Call, object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const givenNamespace = metadata['namespace'] ?? '';
  if (kind.namespaced && givenNamespace !== '' && givenNamespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const givenName = metadata['name'] ?? '';
  if (request.method === 'PUT' && givenName === '') throw nameMissing(name);
  if (name !== '' && givenName !== '' && givenName !== name)
    throw badRequest(`the name of the object (${wordOf(givenName)}) does not match the name on the URL (${name})`);
  const place = { ...(kind.namespaced ? { namespace } : {}), ...(name === '' ? {} : { name }) };
  return { ...object, metadata: { ...metadata, ...place } };
}

/** upstream: apiserver pkg/endpoints/handlers/rest.go checkName */
export function nameMissing(name: string): StatusError {
  return badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
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
