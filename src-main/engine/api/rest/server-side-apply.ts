// PATCH with an apply body: the object is made, or the live one takes what the body says, each field with its owner.
// upstream: apiserver pkg/endpoints/handlers/patch.go applyPatcher
import { apiVersionOf } from '../../kinds/kind.ts';
import { typeOfKind } from '../../kinds/kind-fields.ts';
import type { ApiObject, JsonObject } from '../../meta/object.ts';
import { badRequest, conflict, StatusError } from '../../meta/status-error.ts';
import { applyConfiguration } from '../managed-fields/field-owners.ts';
import { faultsText, typedFaults } from '../managed-fields/typed-faults.ts';
import { isObject } from '../patch/merge-patch.ts';
import { type Call, keyOfCall, writerOf } from './call.ts';
import { goValueName } from './patch-faults.ts';
import { readBody } from './request-body.ts';
import { isSet } from './rest-request.ts';
import { maybeDry, onlyStored, requireGrant, type Written } from './write.ts';
import { requireWriteOptions } from './write-options.ts';

export function applyObject(call: Call): Written & { readonly created: boolean } {
  const { kind, server, request } = call;
  requireWriteOptions(call);
  const sent = requireObject(call);
  requireVersion(call, sent);
  requireNoOwners(sent);
  requireTyped(call, sent);
  const { object: config, warnings } = readBody(call);
  const metadata = (config['metadata'] ?? {}) as JsonObject;
  const live = server.find(kind, keyOfCall(call));
  const force = isSet(request, 'force');
  if (live === undefined) {
    const { uid = '' } = metadata as { uid?: string };
    if (uid !== '')
      throw conflict(
        { group: kind.group, resource: kind.plural },
        call.name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      );
    const made = applyConfiguration(kind, undefined, config, writerOf(call), force);
    requireGrant(call, made as unknown as ApiObject, undefined);
    const object = maybeDry(call, () => server.create(kind, made, request.user.name));
    return { object, warnings: [...warnings, ...onlyStored(call)], created: true };
  }
  const next = applyConfiguration(kind, live as unknown as JsonObject, config, writerOf(call), force);
  requireGrant(call, next as unknown as ApiObject, live);
  const object = maybeDry(call, () => server.update(kind, next as unknown as ApiObject, request.user.name));
  return { object, warnings, created: false };
}

/** upstream: sigs.k8s.io/yaml Unmarshal */
function requireObject({ request }: Call): JsonObject {
  const { body = null, bodyFault } = request;
  if (bodyFault !== undefined) throw badRequest(`error decoding YAML: ${bodyFault}`);
  if (body === null) return {};
  if (isObject(body)) return body;
  const fault = `json: cannot unmarshal ${goValueName(body)} into Go value of type map[string]interface {}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${fault}`);
}

/** What is applied says itself of which version it is. upstream: apimachinery pkg/util/managedfields/internal/structuredmerge.go Apply */
function requireVersion({ resource }: Call, { apiVersion }: JsonObject): void {
  const expected = apiVersionOf(resource.kind);
  if (apiVersion === expected) return;
  const given = typeof apiVersion === 'string' ? apiVersion : '';
  throw badRequest(`Incorrect version specified in apply patch. Specified patch version: ${given}, expected: ${expected}`);
}

function requireNoOwners({ metadata }: JsonObject): void {
  if (isObject(metadata) && (metadata['managedFields'] ?? null) !== null) throw badRequest('metadata.managedFields must be nil');
}

/** It is read by the schema of the kind that it says it is; what does not fit reaches the client as it is. upstream: structuredmerge.go Apply, ObjectToTyped */
function requireTyped({ resource: { kind } }: Call, sent: JsonObject): void {
  const given = typeof sent['kind'] === 'string' ? sent['kind'] : '';
  const type = typeOfKind(kind.group, kind.version, given);
  // Definitions and kinds that are only kept have no type here.
  if (given === kind.kind && (kind.schema !== undefined || type === undefined)) return;
  const faults = type === undefined ? [`no corresponding type for ${kind.group}/${kind.version}, Kind=${given}`] : typedFaults(sent, type);
  if (faults.length === 0) return;
  const { namespace, name } = (isObject(sent['metadata']) ? sent['metadata'] : {}) as { namespace?: string; name?: string };
  const whose = `${namespace ?? ''}/${name ?? ''}; ${kind.group}/${kind.version}, Kind=${given}`;
  throw new StatusError(undefined, 500, `failed to create typed patch object (${whose}): ${faultsText(faults)}`);
}
