// The Scale of a workload: how many replicas it should have, has, and by which selector they are found.
// upstream: pkg/registry/apps/deployment/storage/storage.go ScaleREST

import { ageColumn, nameColumn } from '../../../kinds/columns.ts';
import { defineKind } from '../../../kinds/define-kind.ts';
import type { Kind } from '../../../kinds/kind.ts';
import { FieldPath, fieldInvalid } from '../../../meta/field-error.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../../meta/object.ts';
import { badRequest, conflict, invalid, StatusError } from '../../../meta/status-error.ts';
import { updateOwners } from '../../managed-fields/field-owners.ts';
import { applyJsonPatch } from '../../patch/json-patch.ts';
import { applyMergePatch, isObject } from '../../patch/merge-patch.ts';
import { scaleOf } from '../../scale-of.ts';
import { type Call, keyOfCall, writerOf } from '../call.ts';
import { negotiate } from '../negotiate.ts';
import { patchValue } from '../patch-faults.ts';
import { bodyObject } from '../request-body.ts';
import { jsonAnswer, parameter, type RestAnswer } from '../rest-request.ts';
import { includeObject, tableOf } from '../table.ts';
import { maybeDry } from '../write.ts';
import { withReplicas } from './custom-scale.ts';
import type { SubresourceHandler } from './subresource.ts';

export const scale: SubresourceHandler = {
  name: 'scale',
  methods: ['GET', 'PUT', 'PATCH'],
  answer: (call, { unixMs }) => {
    const current = call.server.get(call.kind, keyOfCall(call));
    if (call.request.method === 'GET') return shown(call, scaleOf(call.kind, current), unixMs);
    const wanted = call.request.method === 'PUT' ? bodyObject(call.request, 'Scale') : patchedScale(call, scaleOf(call.kind, current));
    return jsonAnswer(200, scaleOf(call.kind, scaled(call, current, wanted)), call.server.takeWarnings());
  },
};

interface Scale extends ApiObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number };
}

/** upstream: pkg/printers/internalversion printScale */
const table = defineKind<Scale>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
  namespaced: true,
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', value: ({ spec }) => spec?.replicas ?? 0 },
    { name: 'Available', type: 'integer', value: ({ status }) => status?.replicas ?? 0 },
    ageColumn,
  ],
}) as unknown as Kind;

function shown({ request }: Call, scale: JsonObject, nowMs: number): RestAnswer {
  const { form, contentType } = negotiate(request.accept, ['table']);
  if (form !== 'table') return jsonAnswer(200, scale);
  const object = scale as unknown as ApiObject;
  const { resourceVersion } = object.metadata;
  const include = includeObject(parameter(request, 'includeObject'));
  return { ...jsonAnswer(200, tableOf(table, [object], { resourceVersion }, { nowMs, include })), contentType };
}

function patchedScale({ request }: Call, current: JsonObject): JsonObject {
  const patch = patchValue(request);
  if (request.contentType === 'application/json-patch+json') return applyJsonPatch(current, patch);
  const merges = ['application/merge-patch+json', 'application/strategic-merge-patch+json'];
  if (merges.includes(request.contentType) && isObject(patch)) return applyMergePatch(current, patch) as JsonObject;
  throw new StatusError('UnsupportedMediaType', 415, 'the body of the request was in an unknown format', {});
}

function scaled(call: Call, current: ApiObject, wanted: JsonObject): ApiObject {
  const { kind, name, server, request } = call;
  const { resourceVersion = '', uid = '' } = (wanted['metadata'] ?? {}) as { resourceVersion?: string; uid?: string };
  const resource = { group: kind.group, resource: kind.plural };
  if (resourceVersion !== '' && resourceVersion !== current.metadata.resourceVersion) throw conflict(resource, name);
  if (uid !== '' && uid !== current.metadata.uid)
    throw conflict(resource, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`);
  const replicas = replicasOf(wanted['spec'], name);
  const change = (object: ApiObject): ApiObject => {
    const next =
      kind.scalePaths === undefined
        ? { ...object, spec: { ...(object as ApiObject & { spec?: object }).spec, replicas } }
        : (withReplicas(object as unknown as JsonObject, kind.scalePaths, replicas) as unknown as ApiObject);
    return updateOwners(kind, object as unknown as JsonObject, next as unknown as JsonObject, writerOf(call)) as unknown as ApiObject;
  };
  return maybeDry(call, () => server.patch(kind, keyOfCall(call), change, request.user.name, 'scale'));
}

/** upstream: ValidateScale */
function replicasOf(spec: JsonValue | undefined, name: string): number {
  const replicas = spec !== undefined && isObject(spec) ? (spec['replicas'] ?? 0) : 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(`json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`);
  if (replicas >= 0) return replicas;
  const errors = [fieldInvalid(new FieldPath('spec', 'replicas'), replicas, 'must be greater than or equal to 0')];
  throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, errors);
}
