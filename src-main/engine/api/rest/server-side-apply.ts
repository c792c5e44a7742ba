// PATCH with an apply body: the object is made, or the live one takes what the body says, each field with its owner.
// upstream: apiserver pkg/endpoints/handlers/patch.go applyPatcher
import { FieldPath, fieldRequired } from '../../meta/field-error.ts';
import type { ApiObject, JsonObject } from '../../meta/object.ts';
import { badRequest, conflict } from '../../meta/status-error.ts';
import { applyConfiguration } from '../managed-fields/field-owners.ts';
import { isObject } from '../patch/merge-patch.ts';
import { type Call, keyOfCall, optionFault, writerOf } from './call.ts';
import { goValueName } from './patch-faults.ts';
import { readBody } from './request-body.ts';
import { isSet, parameter } from './rest-request.ts';
import { maybeDry, onlyStored, requireGrant, type Written } from './write.ts';

export const APPLY_TYPES: ReadonlySet<string> = new Set(['application/apply-patch+yaml', 'application/apply-patch+json']);

export function applyObject(call: Call): Written & { readonly created: boolean } {
  const { kind, server, request } = call;
  requireManager(call);
  requireObject(call);
  const { object: config, warnings } = readBody(call);
  const metadata = (config['metadata'] ?? {}) as JsonObject;
  if ((metadata['managedFields'] ?? null) !== null) throw badRequest('metadata.managedFields must be nil');
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
function requireObject({ request }: Call): void {
  const { body = null, bodyFault } = request;
  if (bodyFault !== undefined) throw badRequest(`error decoding YAML: ${bodyFault}`);
  if (body === null || isObject(body)) return;
  const fault = `json: cannot unmarshal ${goValueName(body)} into Go value of type map[string]interface {}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${fault}`);
}

/** upstream: apimachinery pkg/apis/meta/v1/validation ValidatePatchOptions */
function requireManager({ request }: Call): void {
  if ((parameter(request, 'fieldManager') ?? '') !== '') return;
  throw optionFault('PatchOptions', fieldRequired(new FieldPath('fieldManager'), 'is required for apply patch'));
}
