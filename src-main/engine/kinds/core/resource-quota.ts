// ResourceQuota: its type and all of its API rules. upstream: pkg/registry/core/resourcequota/strategy.go, pkg/apis/core/validation ValidateResourceQuota
import type { ResourceQuota as OpenApiResourceQuota } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldRequired, type GoSyntax } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { canonicalQuantity } from '../../meta/quantity.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { goList, goStrings, goStruct, goTexts } from '../go-syntax.ts';
import { resourceAmount, resourceName } from './resource-validation.ts';

export type ResourceQuota = StoredInNamespace<OpenApiResourceQuota, 'spec' | 'status'>;
export type ScopeRequirement = NonNullable<NonNullable<ResourceQuota['spec']['scopeSelector']>['matchExpressions']>[number];

const specPath = new FieldPath('spec');
const podScopes = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'CrossNamespacePodAffinity'];
const scopes: ReadonlySet<string> = new Set([...podScopes, 'PriorityClass']);
const conflicting = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;
const computed: ReadonlySet<string> = new Set(['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']);
const standard: ReadonlySet<string> = new Set([
  ...[...computed, 'ephemeral-storage', 'requests.storage', 'requests.ephemeral-storage', 'limits.ephemeral-storage', 'pods'],
  ...['resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims'],
  ...['services.nodeports', 'services.loadbalancers'],
]);

export const resourceQuotaKind = defineKind<ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  hasStatus: true,
  defaults: (quota) => (quota.spec === undefined ? { ...quota, spec: {} } : quota),
  prepareForCreate: (quota) => ({ ...quota, status: {} }),
  validate: ({ spec }) => [
    ...Object.entries(spec.hard ?? {}).flatMap(([name, amount]) => validateHard(name, amount, specPath.child('hard').key(name))),
    ...validateScopes(spec),
    ...validateSelector(spec),
  ],
  validateUpdate: ({ spec }, previous) => {
    const [next, before] = [spec.scopes ?? [], previous.spec.scopes ?? []].map((list) => [...new Set(list)].sort().join(','));
    return next === before ? [] : [fieldInvalid(specPath.child('scopes'), goTexts(SCOPE, spec.scopes), 'field is immutable')];
  },
  columns: [
    nameColumn,
    { name: 'Request', type: 'string', value: (quota) => usageText(quota, (name) => !name.startsWith('limits.')) },
    { name: 'Limit', type: 'string', value: (quota) => usageText(quota, (name) => name.startsWith('limits.')) },
    ageColumn,
  ],
});

/** Quota scopes and what they may apply to. upstream: IsResourceQuotaScopeValidForResource */
export function isScopeValidFor(scope: string, resource: string): boolean {
  return resource === 'pods' || (scope !== 'BestEffort' && computed.has(resource));
}

/** upstream: IsStandardQuotaResourceName */
export function isStandardQuotaResource(name: string): boolean {
  return standard.has(name) || name.startsWith('hugepages-') || name.startsWith('requests.hugepages-');
}

function validateHard(name: string, amount: string, path: FieldPath): readonly FieldError[] {
  const named = [...resourceName(name, path)];
  if (!name.includes('/') && !isStandardQuotaResource(name)) named.push(fieldInvalid(path, name, 'must be a standard resource for quota'));
  return [...named, ...resourceAmount(name, amount, path)];
}

function isMisapplied(scope: string, { hard = {} }: ResourceQuota['spec']): boolean {
  return Object.keys(hard).some((name) => isStandardQuotaResource(name) && !isScopeValidFor(scope, name));
}

function validateScopes(spec: ResourceQuota['spec']): readonly FieldError[] {
  const path = specPath.child('scopes');
  const given = spec.scopes ?? [];
  const fault = (detail: string): FieldError => fieldInvalid(path, goTexts(SCOPE, spec.scopes), detail);
  return [
    ...given.flatMap((scope) => [
      ...(scopes.has(scope) ? [] : [fault('unsupported scope')]),
      ...(isMisapplied(scope, spec) ? [fault('unsupported scope applied to resource')] : []),
    ]),
    ...conflicting.filter((pair) => pair.every((scope) => given.includes(scope))).map(() => fault('conflicting scopes')),
  ];
}

/** upstream: validateScopedResourceSelectorRequirement */
function validateSelector(spec: ResourceQuota['spec']): readonly FieldError[] {
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  const path = specPath.child('scopeSelector', 'matchExpressions');
  const given = requirements.map(({ scopeName }) => scopeName);
  return [
    ...requirements.flatMap((requirement) => validateRequirement(requirement, spec, path)),
    ...conflicting
      .filter((pair) => pair.every((scope) => given.includes(scope)))
      .map(() => fieldInvalid(path, goScopeSelector(requirements), 'conflicting scopes')),
  ];
}

const SCOPE = 'core.ResourceQuotaScope';

function goScopeSelector(requirements: readonly ScopeRequirement[] | undefined): GoSyntax {
  const type = 'core.ScopedResourceSelectorRequirement';
  const texts = requirements?.map(
    ({ scopeName, operator, values }) =>
      goStruct(type, { ScopeName: goQuote(scopeName), Operator: goQuote(operator), Values: goStrings(values).text }).text,
  );
  return goStruct('core.ScopeSelector', { MatchExpressions: goList(type, texts).text });
}

const EXISTS_ONLY =
  "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

function validateRequirement({ scopeName, operator, values = [] }: ScopeRequirement, spec: ResourceQuota['spec'], path: FieldPath) {
  const errors: FieldError[] = [];
  if (!scopes.has(scopeName)) errors.push(fieldInvalid(path.child('scopeName'), scopeName, 'unsupported scope'));
  if (isMisapplied(scopeName, spec))
    errors.push(fieldInvalid(path, goScopeSelector(spec.scopeSelector?.matchExpressions), 'unsupported scope applied to resource'));
  if (podScopes.includes(scopeName) && operator !== 'Exists') errors.push(fieldInvalid(path.child('operator'), operator, EXISTS_ONLY));
  const at = path.child('values');
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(fieldRequired(at, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (values.length > 0) errors.push(fieldInvalid(at, goStrings(values), detail));
  } else errors.push(fieldInvalid(path.child('operator'), operator, 'not a valid selector operator'));
  return errors;
}

/** upstream: printResourceQuota */
function usageText({ status }: ResourceQuota, isShown: (name: string) => boolean): string {
  const text = (amounts: Readonly<Record<string, string>> | undefined, name: string): string => canonicalQuantity(amounts?.[name] ?? '0');
  return Object.keys(status?.hard ?? {})
    .filter(isShown)
    .sort()
    .map((name) => `${name}: ${text(status?.used, name)}/${text(status?.hard, name)}`)
    .join(', ');
}
