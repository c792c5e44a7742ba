// The expressions of a policy, read and checked once for each version of it: which variables each of them may use, and what it has to yield.
// upstream: apiserver pkg/admission/plugin/cel/{compile,composition}.go, pkg/admission/plugin/policy/validating/{accessor,plugin}.go
import { CelScope, type Compiled } from '../cel/expression.ts';
import type { CelShape } from '../cel/values.ts';
import type { ValidatingAdmissionPolicy } from './validating-admission-policy.ts';

export interface PolicyExpressions {
  readonly matchConditions: readonly Compiled[];
  readonly variables: readonly { readonly name: string; readonly compiled: Compiled }[];
  readonly validations: readonly { readonly expression: Compiled; readonly message: Compiled | undefined }[];
  readonly auditAnnotations: readonly Compiled[];
}

const text: CelShape = { type: 'string' };
const texts: CelShape = { type: 'array', items: text };
const time: CelShape = { type: 'string', format: 'date-time' };
const object = (properties: Readonly<Record<string, CelShape>>): CelShape => ({ type: 'object', properties });
const map = (additionalProperties: CelShape): CelShape => ({ type: 'object', additionalProperties });
const kindOf = object({ group: text, version: text, kind: text });
const resourceOf = object({ group: text, version: text, resource: text });

/** upstream: BuildRequestType */
export const requestShape: CelShape = object({
  kind: kindOf,
  resource: resourceOf,
  subResource: text,
  requestKind: kindOf,
  requestResource: resourceOf,
  requestSubResource: text,
  name: text,
  namespace: text,
  operation: text,
  userInfo: object({ username: text, uid: text, groups: texts, extra: map(texts) }),
  dryRun: { type: 'boolean' },
  options: { type: 'dyn' },
});

/** upstream: BuildNamespaceType */
export const namespaceShape: CelShape = object({
  metadata: object({
    ...{ name: text, generateName: text, namespace: text, labels: map(text), annotations: map(text), UID: text },
    ...{ creationTimestamp: time, deletionGracePeriodSeconds: { type: 'integer' }, deletionTimestamp: time },
    ...{ generation: { type: 'integer' }, resourceVersion: text, finalizers: texts },
  }),
  spec: object({ finalizers: texts }),
  status: object({
    phase: text,
    conditions: { type: 'array', items: object({ status: text, type: text, lastTransitionTime: time, message: text, reason: text }) },
  }),
});

/** Compiled once for each spec, which works because API objects are immutable values. */
export function policyExpressions(spec: ValidatingAdmissionPolicy['spec']): PolicyExpressions {
  let found = compiled.get(spec);
  if (found === undefined) {
    found = compile(spec);
    compiled.set(spec, found);
  }
  return found;
}

const compiled = new WeakMap<ValidatingAdmissionPolicy['spec'], PolicyExpressions>();

function compile(spec: ValidatingAdmissionPolicy['spec']): PolicyExpressions {
  const base: Readonly<Record<string, CelShape>> = {
    object: { type: 'dyn' },
    oldObject: { type: 'dyn' },
    request: requestShape,
    namespaceObject: namespaceShape,
    ...(spec.paramKind === undefined ? {} : { params: { type: 'dyn' } }),
  };
  const authorized = { ...base, authorizer: { celType: 'kubernetes.authorization.Authorizer' } };
  const plain = new CelScope(authorized);
  const types: Record<string, CelShape> = {};
  const variables: { readonly name: string; readonly compiled: Compiled }[] = [];
  const scope = (known: Readonly<Record<string, CelShape>>): CelScope =>
    (spec.variables ?? []).length === 0 ? new CelScope(known) : new CelScope({ ...known, variables: object({ ...types }) });
  for (const { name = '', expression = '' } of spec.variables ?? []) {
    const result = scope(authorized).compile(expression);
    variables.push({ name, compiled: result });
    types[name] = { celType: 'expression' in result ? result.expression.declaredType : 'dyn' };
  }
  const [composed, messages] = [scope(authorized), scope(base)];
  return {
    matchConditions: (spec.matchConditions ?? []).map(({ expression = '' }) => plain.compile(expression.trim())),
    variables,
    validations: (spec.validations ?? []).map(({ expression = '', messageExpression = '' }) => ({
      expression: composed.compile(expression),
      message: messageExpression.trim() === '' ? undefined : messages.compile(messageExpression),
    })),
    auditAnnotations: (spec.auditAnnotations ?? []).map(({ valueExpression = '' }) => composed.compile(valueExpression.trim())),
  };
}
