// Which objects a ResourceQuota is about: those that match all of its scopes. upstream: pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc, generic.Matches
import { compileRequirement, type LabelOperator } from '../../meta/labels.ts';
import type { ApiObject } from '../../meta/object.ts';
import type { Kind } from '../kind.ts';
import type { Pod } from './pod.ts';
import type { PodSpec } from './pod-spec.ts';
import { qosClass } from './qos.ts';
import { countsFor } from './quota-usage.ts';
import type { ResourceQuota, ScopeRequirement } from './resource-quota.ts';

type Scoped = Pick<ResourceQuota['spec'], 'scopes' | 'scopeSelector'>;

/** Does the quota, with these limits, count this object? */
export function quotaCovers(
  kind: Pick<Kind, 'group' | 'kind' | 'plural'>,
  object: ApiObject,
  spec: Scoped,
  hard: ResourceQuota['spec']['hard'],
): boolean {
  if (!Object.keys(hard ?? {}).some((name) => countsFor(kind, name))) return false;
  return isInScopes(kind, object, spec);
}

export function isInScopes(kind: Pick<Kind, 'group' | 'plural'>, object: ApiObject, spec: Scoped): boolean {
  const requirements = scopesOf(spec);
  if (requirements.length === 0) return true;
  return kind.group === '' && kind.plural === 'pods' && requirements.every((scope) => podMatchesScope(object as Pod, scope));
}

/** upstream: getScopeSelectorsFromQuota */
export function scopesOf({ scopes = [], scopeSelector }: Scoped): readonly ScopeRequirement[] {
  return [...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })), ...(scopeSelector?.matchExpressions ?? [])];
}

export function podMatchesScope({ spec }: Pick<Pod, 'spec'>, requirement: ScopeRequirement): boolean {
  switch (requirement.scopeName) {
    case 'Terminating':
      return (spec.activeDeadlineSeconds ?? -1) >= 0;
    case 'NotTerminating':
      return (spec.activeDeadlineSeconds ?? -1) < 0;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass':
      return matchesPriority(spec, requirement);
    case 'CrossNamespacePodAffinity':
      return looksAcrossNamespaces(spec);
    default:
      return false;
  }
}

const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

function matchesPriority({ priorityClassName = '' }: PodSpec, { operator: name, values = [] }: ScopeRequirement): boolean {
  const operator = operators.get(name);
  if (operator === undefined) return false;
  const labels = priorityClassName === '' ? {} : { PriorityClass: priorityClassName };
  return compileRequirement({ key: 'PriorityClass', operator, values })(labels);
}

type Affinity = NonNullable<NonNullable<PodSpec['affinity']>['podAffinity']>;

function looksAcrossNamespaces({ affinity }: PodSpec): boolean {
  const across = (side: Affinity | undefined): boolean => {
    const preferred = (side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm);
    const terms = [...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...preferred];
    return terms.some(({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined);
  };
  return across(affinity?.podAffinity) || across(affinity?.podAntiAffinity);
}
