// The verbs that change objects: create, update, patch and delete, each with everything a client may say about how.
// upstream: apiserver pkg/endpoints/handlers/{create,update,patch,delete}.go
import { kindKey } from '../../kinds/kind.ts';
import { typeOfKind } from '../../kinds/kind-fields.ts';
import { RBAC_GROUP } from '../../kinds/rbac/rbac-validation.ts';
import { withoutZeroFields } from '../../kinds/zero-fields.ts';
import { FieldPath, fieldInvalid, fieldNotSupported } from '../../meta/field-error.ts';
import { type ApiObject, type JsonObject, keyOf } from '../../meta/object.ts';
import { badRequest, StatusError } from '../../meta/status-error.ts';
import { confirmNoEscalation } from '../authorization/escalation.ts';
import { storedPolicy } from '../authorization/stored-policy.ts';
import { updateOwners } from '../managed-fields/field-owners.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch, isObject } from '../patch/merge-patch.ts';
import { schemaOfKind } from '../patch/merge-rules.ts';
import { applyStrategicMerge } from '../patch/strategic-merge.ts';
import type { DeleteCall } from '../server.ts';
import { asEncoded, type Call, isDryRun, keyOfCall, optionFaults, partOf, writerOf } from './call.ts';
import { goValueName, notAPatch, patchValue } from './patch-faults.ts';
import { bodyObject, checkFields, nameMissing, readBody } from './request-body.ts';
import { numberParameter, parameter } from './rest-request.ts';
import { requireWriteOptions } from './write-options.ts';

export interface Written {
  readonly object: ApiObject;
  readonly warnings: readonly string[];
}

export function createObject(call: Call): Written {
  requireWriteOptions(call);
  const { object, warnings } = readBody(call);
  const { kind, server, request } = call;
  const given = kind.requestedBy?.(object as unknown as ApiObject, request.user) ?? (object as unknown as ApiObject);
  const owned = updateOwners(kind, undefined, asJson(kind.defaults(given)), writerOf(call));
  requireGrant(call, owned as unknown as ApiObject, undefined);
  const stored = maybeDry(call, () => server.create(kind, owned, request.user.name));
  return { object: stored, warnings: [...warnings, ...onlyStored(call)] };
}

export function updateObject(call: Call): Written {
  requireWriteOptions(call);
  const { object, warnings } = readBody(call);
  const current = call.server.get(call.kind, keyOfCall(call));
  return { object: replaceObject(call, current, object), warnings };
}

export function patchObject(call: Call): Written {
  const { kind, server, name } = call;
  requireWriteOptions(call);
  const current = server.get(kind, keyOfCall(call));
  const patched = patchedObject(call, asJson(asEncoded(call, current)));
  const { object, warnings } = checkFields(call, patched, 'patch');
  const { name: newName, namespace } = (object['metadata'] ?? {}) as { name?: string; namespace?: string };
  if ((newName ?? '') === '') throw nameMissing(name);
  if (newName !== name) throw badRequest(`the name of the object (${newName}) does not match the name on the URL (${name})`);
  const place = kind.namespaced ? call.namespace : '';
  if ((namespace ?? place) !== place)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const located = kind.namespaced ? { ...object, metadata: { ...(object['metadata'] as JsonObject), namespace: place } } : object;
  return { object: replaceObject(call, current, located), warnings };
}

/** Stores the wanted version, with the writer as owner of what it changes. */
function replaceObject(call: Call, current: ApiObject, wanted: JsonObject): ApiObject {
  const { kind, server, request } = call;
  const part = partOf(call);
  const type = kind.schema === undefined ? typeOfKind(kind.group, kind.version, kind.kind) : undefined;
  const sent = type === undefined ? wanted : (withoutZeroFields(type, wanted, asJson(current)) as JsonObject);
  const given = sent as unknown as ApiObject;
  const writes = (next: ApiObject): JsonObject => updateOwners(kind, asJson(current), asJson(next), writerOf(call));
  const next =
    part === 'status' ? ownedBy(sent, writes(withStatusOf(current, given))) : writes(withStatusOf(kind.defaults(given), current));
  requireGrant(call, next as unknown as ApiObject, current);
  return maybeDry(call, () => server.update(kind, next as unknown as ApiObject, request.user.name, part));
}

/** Roles and bindings hand out what their writer has to hold. */
export function requireGrant(call: Call, object: ApiObject, previous: ApiObject | undefined): void {
  const { kind, request, namespace, server } = call;
  if (kind.group !== RBAC_GROUP) return;
  confirmNoEscalation(storedPolicy(server.store), request.user, { plural: kind.plural, namespace, object, previous });
}

/** The object, with the owners of another version of it. */
function ownedBy(object: JsonObject, { metadata }: JsonObject): JsonObject {
  const { managedFields = [] } = metadata as JsonObject;
  return { ...object, metadata: { ...(object['metadata'] as JsonObject), managedFields } };
}

function withStatusOf(object: ApiObject, current: ApiObject): ApiObject {
  const { status } = current as ApiObject & { status?: unknown };
  return status === undefined ? object : ({ ...object, status } as ApiObject);
}

const asJson = (object: ApiObject): JsonObject => object as unknown as JsonObject;

/** What a client hears who deletes a Job and does not say what becomes of its pods. upstream: pkg/registry/batch/job/storage/storage.go */
export function deletionWarnings(call: Call): readonly string[] {
  if (kindKey(call.kind) !== 'Job.batch' || deleteOptions(call).propagationPolicy !== undefined) return [];
  return [CHILD_PODS];
}

const CHILD_PODS =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** The object, or the Status of a deletion that left nothing. */
export function deleteObject(call: Call): object {
  const { kind, server, request } = call;
  const key = keyOfCall(call);
  const before = server.get(kind, key);
  const options = deleteOptions(call);
  const left = maybeDry(call, () => server.delete(kind, key, options, request.user.name), dryRunsOf(call));
  if (left !== null) return asEncoded(call, left);
  return returnsObject.has(kindKey(kind)) ? asEncoded(call, before) : deletedStatus(call, before);
}

/** Deletes one after the other what the list shows; the objects as they were. */
export function deleteAll(call: Call, objects: readonly ApiObject[]): readonly ApiObject[] {
  const options = deleteOptions(call);
  const dryRuns = dryRunsOf(call);
  for (const object of objects)
    maybeDry(call, () => call.server.delete(call.kind, keyOf(object), options, call.request.user.name), dryRuns);
  return objects;
}

/** Options of the body, over those of the query. upstream: metav1.DeleteOptions */
export function deleteOptions({ request }: Call): DeleteCall {
  // A body that cannot be read may have asked for less than a deletion.
  const body = request.body === undefined && request.bodyFault === undefined ? {} : bodyObject(request, 'DeleteOptions');
  const { gracePeriodSeconds = numberParameter(request, 'gracePeriodSeconds'), preconditions } = body as {
    gracePeriodSeconds?: number;
    preconditions?: DeleteCall['preconditions'];
  };
  const orphans = body['orphanDependents'] ?? null;
  const policy = String(body['propagationPolicy'] ?? parameter(request, 'propagationPolicy') ?? legacyPolicy(orphans));
  if (orphans !== null && (body['propagationPolicy'] ?? null) !== null)
    throw optionFaults(request.method, [fieldInvalid(new FieldPath('propagationPolicy'), policy, BOTH_POLICIES)]);
  if (policy !== '' && !isPolicy(policy))
    throw optionFaults(request.method, [fieldNotSupported(new FieldPath('propagationPolicy'), policy, POLICIES)]);
  return {
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(isPolicy(policy) ? { propagationPolicy: policy } : {}),
    ...(preconditions === undefined || preconditions === null ? {} : { preconditions }),
  };
}

/** upstream: apimachinery pkg/apis/meta/v1/validation ValidateDeleteOptions */
const POLICIES = ['Foreground', 'Background', 'Orphan', 'nil'];
const BOTH_POLICIES = 'orphanDependents and deletionPropagation cannot be both set';

/** Runs the write for good, or only to see whether it would do. */
export function maybeDry<T>(call: Call, write: () => T, fromBody: readonly unknown[] = []): T {
  const { server, request } = call;
  const known = (): T => server.onBehalfOf(request.user.groups, write);
  return isDryRun(call, fromBody) ? server.dryRun(known) : known();
}

/** Kinds whose deletion answers with the object instead of a Status. upstream: ReturnDeletedObject */
const returnsObject: ReadonlySet<string> = new Set(
  ['Pod', 'ServiceAccount', 'PersistentVolumeClaim', 'PersistentVolume', 'ResourceQuota', 'PodTemplate'].concat(
    ['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment'].map((kind) => `${kind}.storage.k8s.io`),
  ),
);

function dryRunsOf({ request }: Call): readonly unknown[] {
  const body = request.body !== undefined && isObject(request.body) ? request.body['dryRun'] : undefined;
  return Array.isArray(body) ? body : [];
}

function isPolicy(text: string): text is NonNullable<DeleteCall['propagationPolicy']> {
  return text === 'Background' || text === 'Foreground' || text === 'Orphan';
}

function legacyPolicy(orphans: unknown): string {
  return orphans === true ? 'Orphan' : orphans === false ? 'Background' : '';
}

function deletedStatus({ kind }: Call, { metadata }: ApiObject): object {
  const group = kind.group === '' ? {} : { group: kind.group };
  const details = { name: metadata.name, ...group, kind: kind.plural, uid: metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

export function patchedObject(call: Call, current: JsonObject): JsonObject {
  const { kind, request } = call;
  const patch = patchValue(request);
  if (request.contentType === 'application/json-patch+json') return applyJsonPatch(current, patch);
  if (!isObject(patch))
    throw notAPatch(request, `json: cannot unmarshal ${goValueName(patch)} into Go value of type map[string]interface {}`);
  if (request.contentType === 'application/merge-patch+json') return applyMergePatch(current, patch) as JsonObject;
  // upstream: custom resources have no Go types to take merge rules from
  if (request.contentType === 'application/strategic-merge-patch+json' && kind.schema === undefined)
    return applyStrategicMerge(current, patch, schemaOfKind(call.resource.kind));
  throw new StatusError(
    'UnsupportedMediaType',
    415,
    `the body of the request was in an unknown format - accepted media types include: ${patchTypes(kind).join(', ')}`,
    {},
  );
}

const patchTypes = ({ schema }: Call['kind']): readonly string[] =>
  schema === undefined ? PATCH_TYPES : PATCH_TYPES.filter((type) => !type.includes('strategic'));

const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** A person should know when nothing in the lab will act on what they made. */
export function onlyStored({ kind }: Call): readonly string[] {
  return kind.simulated ? [] : [`the lab keeps ${kind.plural} but does not simulate them: nothing will act on this object`];
}
