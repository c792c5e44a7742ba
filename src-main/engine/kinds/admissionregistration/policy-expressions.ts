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
const object = (properties: Readonly<Record<string, CelShape>>): CelShape => ({ type: 'object', hasPlainNames: true, properties });
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

/** What every policy may read, by whether it has parameters; messages may not ask authorization. */
const scopes = new Map<string, CelScope>();

function baseScope(hasParams: boolean, hasAuthorizer: boolean): CelScope {
  const key = `${hasParams} ${hasAuthorizer}`;
  let scope = scopes.get(key);
  if (scope === undefined) {
    const variables: Record<string, CelShape> = {
      object: { type: 'dyn' },
      oldObject: { type: 'dyn' },
      request: requestShape,
      namespaceObject: namespaceShape,
      ...(hasParams ? { params: { type: 'dyn' } } : {}),
      ...(hasAuthorizer ? { authorizer: { celType: 'kubernetes.authorization.Authorizer' } } : {}),
    };
    scope = new CelScope(variables);
    scopes.set(key, scope);
  }
  return scope;
}

/** The scope with the variables that a policy makes itself; each may read those before it. */
export function withVariables(
  scope: CelScope,
  definitions: ValidatingAdmissionPolicy['spec']['variables'] = [],
): { readonly variables: PolicyExpressions['variables']; readonly types: Readonly<Record<string, CelShape>> } {
  const types: Record<string, CelShape> = {};
  const variables: { readonly name: string; readonly compiled: Compiled }[] = [];
  for (const { name = '', expression = '' } of definitions) {
    const result = composedScope(scope, types).compile(expression);
    variables.push({ name, compiled: result });
    types[name] = { celType: 'expression' in result ? result.expression.declaredType : 'dyn' };
  }
  return { variables, types };
}

export function composedScope(scope: CelScope, types: Readonly<Record<string, CelShape>>): CelScope {
  return Object.keys(types).length === 0 ? scope : new CelScope({ variables: object({ ...types }) }, scope);
}

function compile(spec: ValidatingAdmissionPolicy['spec']): PolicyExpressions {
  const hasParams = spec.paramKind !== undefined;
  const plain = baseScope(hasParams, true);
  const { variables, types } = withVariables(plain, spec.variables);
  const [composed, messages] = [composedScope(plain, types), composedScope(baseScope(hasParams, false), types)];
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
