// Holds every write against the ValidatingAdmissionPolicies that are bound: refuses what breaks them, or warns of it.
// Policies count from the moment they are written; a real API server hears of them within about a second.
// upstream: apiserver pkg/admission/plugin/policy/validating/{plugin,dispatcher}.go

import { namespaceShape } from '../../kinds/admissionregistration/policy-expressions.ts';
import {
  type ValidatingAdmissionPolicy,
  validatingAdmissionPolicyKind,
} from '../../kinds/admissionregistration/validating-admission-policy.ts';
import {
  type ValidatingAdmissionPolicyBinding,
  validatingAdmissionPolicyBindingKind,
} from '../../kinds/admissionregistration/validating-admission-policy-binding.ts';
import { AuthorizerValue } from '../../kinds/cel/authorizer-library.ts';
import { textReaders } from '../../kinds/cel/environment.ts';
import { celValue } from '../../kinds/cel/values.ts';
import { namespaceKind } from '../../kinds/core/namespace.ts';
import type { ApiObject, JsonValue } from '../../meta/object.ts';
import { forbidden, RefusedByPolicy, StatusError, type StatusReason } from '../../meta/status-error.ts';
import { isAllowed } from '../authorization/authorizer.ts';
import { groupsOf } from '../authorization/groups-of.ts';
import { storedPolicy } from '../authorization/stored-policy.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionServer, isAbout, nameOfRequest } from './admission-plugin.ts';
import { type Denial, denialsOf } from './policy-evaluation.ts';
import { matchedVersion, type Version } from './policy-matching.ts';
import { collectParams, paramKindOf } from './policy-params.ts';

export const validatingAdmissionPolicy: AdmissionPlugin = { name: 'ValidatingAdmissionPolicy', subresources: 'all', validate };

/** What is asked of access rather than stored is not held against policies. upstream: exclusion.Excluded */
const excluded: ReadonlySet<string> = new Set(['admissionregistration.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io']);

interface Refusal extends Denial {
  readonly policy: string;
  readonly binding: string | undefined;
}

function validate(request: AdmissionRequest, server: AdmissionServer): void {
  if (excluded.has(request.kind.group)) return;
  const policies = server.list(validatingAdmissionPolicyKind);
  if (policies.length === 0) return;
  const bindings = server.list(validatingAdmissionPolicyBindingKind);
  const asked = new Asked(request, server);
  const refusals = policies.flatMap((policy) => {
    const bound = bindings.filter(({ spec }) => spec.policyName === policy.metadata.name);
    return bound.length === 0 ? [] : refusalsOf(policy, bound, asked);
  });
  const [first] = refusals;
  if (first !== undefined) throw refusalError(first, request);
}

function refusalsOf(
  policy: ValidatingAdmissionPolicy,
  bindings: readonly ValidatingAdmissionPolicyBinding[],
  asked: Asked,
): readonly Refusal[] {
  const { request, server } = asked;
  const { spec, metadata } = policy;
  const broken = (binding: string | undefined, why: string): readonly Refusal[] => {
    const message = `failed to configure ${binding === undefined ? 'policy' : 'binding'}: ${why}`;
    return spec.failurePolicy === 'Ignore' ? [] : [{ policy: metadata.name, binding, message, reason: '' }];
  };
  const version = trying(() => matchedVersion(spec.matchConstraints, request, server));
  if (typeof version === 'string') return broken(undefined, version);
  if (version === undefined) return [];
  const paramKind = spec.paramKind === undefined ? undefined : paramKindOf(spec.paramKind, server);
  if (spec.paramKind !== undefined && paramKind === undefined) {
    const { apiVersion = '', kind = '' } = spec.paramKind;
    return broken(undefined, `failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`);
  }
  return bindings.flatMap((binding) => {
    const { name } = binding.metadata;
    const isBound = trying(() => matchedVersion(binding.spec.matchResources, request, server));
    if (typeof isBound === 'string') return broken(name, isBound);
    if (isBound === undefined) return [];
    const params = collectParams(paramKind, binding.spec.paramRef, request.namespace, server);
    if (typeof params === 'string') return broken(name, params);
    const denials = params.flatMap((param) => denialsOf(policy, asked.variables(version, param)));
    return enforced(policy, binding, denials, server);
  });
}

/** What a lookup yields, or the text of its failure. */
function trying<T>(look: () => T): T | string {
  try {
    return look();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

/** Denials that refuse; the others warn, or are for the audit log alone, which the lab does not keep. */
function enforced(
  { metadata: { name: policy } }: ValidatingAdmissionPolicy,
  { metadata: { name: binding }, spec: { validationActions = [] } }: ValidatingAdmissionPolicyBinding,
  denials: readonly Denial[],
  server: AdmissionServer,
): readonly Refusal[] {
  // A header holds no line breaks: such a warning is lost. upstream: apimachinery pkg/util/net NewWarningHeader
  const told = denials.filter(({ message }) => validationActions.includes('Warn') && !/\p{Cc}/u.test(message));
  for (const { message } of told)
    server.warn(`Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${message}`);
  return validationActions.includes('Deny') ? denials.map((denial) => ({ ...denial, policy, binding })) : [];
}

const codes: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413, Invalid: 422 };

function refusalError({ policy, binding, message, reason: given }: Refusal, request: AdmissionRequest): StatusError {
  const { kind, object, sent } = request;
  const where = binding === undefined ? '' : ` with binding '${binding}'`;
  const text = `ValidatingAdmissionPolicy '${policy}'${where} denied request: ${message}`;
  const { status } = forbidden({ group: kind.group, resource: kind.plural }, sent?.name ?? object.metadata.name, text);
  const reason = (given === '' ? 'Invalid' : given) as StatusReason;
  return new RefusedByPolicy(reason, codes[reason] ?? 422, status.message, { ...status.details, causes: [{ message: text }] });
}

/** The request as expressions see it; each part is made when the first policy that is about the request needs it. */
class Asked {
  readonly request: AdmissionRequest;
  readonly server: AdmissionServer;
  #made: Readonly<Record<string, unknown>> | undefined;

  constructor(request: AdmissionRequest, server: AdmissionServer) {
    this.request = request;
    this.server = server;
  }

  variables(version: Version, param: ApiObject | null): Readonly<Record<string, unknown>> {
    this.#made ??= this.#make();
    return { ...this.#made, request: value(requestOf(this.request, version)), params: seen(param) };
  }

  #make(): Readonly<Record<string, unknown>> {
    const { request, server } = this;
    const { operation, object, previous, namespace } = request;
    const found = isAbout(request, namespaceKind) || namespace === '' ? undefined : server.find(namespaceKind, namespace);
    return {
      object: operation === 'DELETE' ? null : seen(object),
      oldObject: seen(previous),
      namespaceObject: celValue((found ?? null) as unknown as JsonValue, namespaceShape, textReaders()),
      authorizer: authorizerOf(request, server),
    };
  }
}

const value = (json: JsonValue): unknown => celValue(json, undefined, textReaders());
const seen = (object: ApiObject | null): unknown => value(object as unknown as JsonValue);

/** upstream: CreateAdmissionRequest */
function requestOf(request: AdmissionRequest, matched: Version): JsonValue {
  const { operation, kind, object, namespace, user, groups, isDryRun, subresource = '', sent } = request;
  const sentKind = sent && { group: sent.group, version: sent.version, kind: sent.kind };
  return {
    kind: sentKind ?? { ...matched, kind: kind.kind },
    resource: { ...matched, resource: kind.plural },
    subResource: subresource,
    requestKind: sentKind ?? { group: kind.group, version: kind.version, kind: kind.kind },
    requestResource: { group: kind.group, version: kind.version, resource: kind.plural },
    requestSubResource: subresource,
    name: nameOf(request),
    namespace: kind.kind === 'Namespace' && kind.group === '' ? object.metadata.name : namespace,
    operation,
    userInfo: { username: user, groups: groups ?? groupsOf(user), extra: {} },
    dryRun: isDryRun === true,
    options: null,
  };
}

/** A name that the server makes up is not in the request. */
function nameOf(request: AdmissionRequest): string {
  const name = nameOfRequest(request);
  return request.sent !== undefined || name === request.object.metadata.name ? name : '';
}

function authorizerOf(request: AdmissionRequest, { store }: AdmissionServer): AuthorizerValue {
  const { user, groups, kind, object, namespace, operation, subresource = '', sent } = request;
  const verb = operation.toLowerCase();
  const name = sent?.name ?? object.metadata.name;
  const requested = { verb, group: kind.group, resource: kind.plural, subresource, namespace, name };
  return new AuthorizerValue(({ serviceAccount, ...wanted }) => {
    const account = serviceAccount && `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`;
    const asks = account === undefined ? { name: user, groups: groups ?? groupsOf(user) } : { name: account, groups: groupsOf(account) };
    return isAllowed(storedPolicy(store), asks, wanted);
  }, requested);
}
