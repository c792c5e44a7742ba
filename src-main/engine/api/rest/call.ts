// One request on one resource, as far as it is understood: what every verb needs to know of it.
import { formatTimestamp } from '../../base/timestamp.ts';
import { goStrings } from '../../kinds/go-syntax.ts';
import { apiVersionOf, type Kind, type KindVersion } from '../../kinds/kind.ts';
import { typeOfKind } from '../../kinds/kind-fields.ts';
import { withZeroFields } from '../../kinds/zero-fields.ts';
import { type FieldError, FieldPath, fieldNotSupported } from '../../meta/field-error.ts';
import { type ApiObject, type JsonObject, keyOf, type ObjectMeta } from '../../meta/object.ts';
import { invalid, type StatusError } from '../../meta/status-error.ts';
import type { Writer } from '../managed-fields/manager-entry.ts';
import { withOwners } from '../managed-fields/owners-of.ts';
import type { ApiServer, Part } from '../server.ts';
import type { Resource } from './resource-catalogue.ts';
import { parameter, parameters, type RestRequest } from './rest-request.ts';

export interface Call {
  readonly request: RestRequest;
  readonly resource: Resource;
  /** As it is stored; `resource.kind` is the version that the client speaks of. */
  readonly kind: Kind;
  /** '' for cluster-scoped objects and lists over all namespaces. */
  readonly namespace: string;
  /** '' for the collection. */
  readonly name: string;
  readonly subresource: string;
  readonly server: ApiServer;
  readonly unixMs: number;
}

/** The object as clients of the call's version see it. */
export function asShown({ kind, resource }: Pick<Call, 'kind' | 'resource'>, object: ApiObject): ApiObject {
  const whole = withOwners(kind, object);
  return versionOf({ kind, resource })?.fromStored(whole) ?? whole;
}

/** The object as clients get it: with what Go's encoder never leaves out. */
export function asEncoded(call: Pick<Call, 'kind' | 'resource'>, object: ApiObject): ApiObject {
  const shown = asShown(call, object);
  if (encoded?.from === shown) return encoded.object;
  const { group, version, kind, schema } = call.resource.kind;
  const type = schema === undefined ? typeOfKind(group, version, kind) : undefined;
  if (type === undefined) return shown;
  encoded = { from: shown, object: withZeroFields(type, shown as unknown as JsonObject) as unknown as ApiObject };
  return encoded.object;
}

/** Many watchers are told of the same object, one after the other, and share its text. */
let encoded: { readonly from: ApiObject; readonly object: ApiObject } | undefined;

/** Undefined when it is the version that is stored. */
export function versionOf({ kind, resource }: Pick<Call, 'kind' | 'resource'>): KindVersion | undefined {
  const { group, version } = resource.kind;
  return kind.otherVersions?.find((other) => other.version === version && (other.group ?? kind.group) === group);
}

/** The way back. */
export function asStored({ kind, resource }: Pick<Call, 'kind' | 'resource'>, object: JsonObject): JsonObject {
  const other = versionOf({ kind, resource });
  return other === undefined ? object : (other.toStored(object as unknown as ApiObject) as unknown as JsonObject);
}

/** The store's key of the object that the path names. */
export function keyOfCall({ kind, namespace, name }: Pick<Call, 'kind' | 'namespace' | 'name'>): string {
  return keyOf({ metadata: { name, ...(kind.namespaced ? { namespace } : {}) } as ObjectMeta });
}

export function partOf({ subresource }: Call): Part {
  return subresource === 'status' || subresource === 'finalize' ? subresource : 'spec';
}

/** upstream: apimachinery pkg/apis/meta/v1/validation ValidateDryRun */
export function isDryRun({ request }: Call, body: readonly unknown[] = []): boolean {
  const faults = dryRunFaults(request, body);
  if (faults.length > 0) throw optionFaults(request.method, faults);
  return dryRuns(request, body).length > 0;
}

export function dryRunFaults(request: RestRequest, body: readonly unknown[] = []): readonly FieldError[] {
  const values = dryRuns(request, body);
  if (values.every((value) => value === 'All')) return [];
  return [fieldNotSupported(new FieldPath('dryRun'), goStrings(values), ['All'])];
}

const dryRuns = (request: RestRequest, body: readonly unknown[]): readonly string[] =>
  [...parameters(request, 'dryRun'), ...body].filter((value) => value !== '').map(String);

/** What is wrong with how a request of the method is to be done. */
export function optionFaults(method: string, faults: readonly FieldError[]): StatusError {
  const kind = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions' }[method] ?? 'DeleteOptions';
  return invalid({ group: 'meta.k8s.io', kind }, '', faults);
}

/** Who writes, for managedFields. upstream: apiserver pkg/endpoints/handlers/create.go managerOrUserAgent */
export function writerOf({ request, subresource, unixMs }: Call): Writer {
  const given = parameter(request, 'fieldManager') ?? '';
  const own = request.agent.split('/')[0]?.replace(/[^\x20-\x7e]/g, '') ?? '';
  const manager = given === '' ? own.slice(0, OWN_NAME_LENGTH_MAX) : given;
  return { manager: manager === '' ? 'unknown' : manager, subresource, time: formatTimestamp(unixMs) };
}

/** upstream: prefixFromUserAgent, which cuts what ValidateFieldManager would refuse */
const OWN_NAME_LENGTH_MAX = 128;

/** The kind's identity, as documents carry it. */
export function typeMeta(kind: Kind): { readonly kind: string; readonly apiVersion: string } {
  return { kind: kind.kind, apiVersion: apiVersionOf(kind) };
}
