// Suites of authorization: rules, bindings, and who may grant what.
import {
  appliesTo,
  type BindingObject,
  isAllowed,
  type Policy,
  type RoleObject,
  rulesFor,
  type Subject,
} from '../../../engine/api/authorization/authorizer.ts';
import { type Attributes, type PolicyRule, ruleAllows, uncoveredRules } from '../../../engine/api/authorization/policy-rule.ts';
import type { Comparator } from './compare.ts';
import type { SuiteRunner } from './run-conformance.ts';

interface Given {
  readonly roles?: readonly RoleObject[];
  readonly clusterRoles?: readonly RoleObject[];
  readonly roleBindings?: readonly BindingObject[];
  readonly clusterRoleBindings?: readonly BindingObject[];
}

interface Request extends Omit<Attributes, 'group'> {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly apiGroup: string;
}

export const accessSuites: Readonly<Record<string, SuiteRunner>> = {
  'rbac.rule-match': ({ rule, request }: { rule: PolicyRule; request: Request }) => ({ allowed: ruleAllows(rule, attributesOf(request)) }),
  'rbac.rules': ({ request, ...given }: Given & { request: Request }) => {
    const user = { name: request.user, groups: request.groups ?? [] };
    return { allowed: isAllowed(policyOf(given), user, attributesOf(request)) };
  },
  'rbac.effective': {
    run: ({ user, groups = [], namespace = '', ...given }: Given & { user: string; groups?: readonly string[]; namespace?: string }) => ({
      rules: rulesFor(policyOf(given), { name: user, groups }, namespace),
    }),
    compare: inAnyOrder('rules'),
  },
  'rbac.escalation': {
    run: ({ ownerRules = [], requestedRules = [] }: { ownerRules?: readonly PolicyRule[]; requestedRules?: readonly PolicyRule[] }) => {
      const uncovered = uncoveredRules(ownerRules, requestedRules);
      return { covered: uncovered.length === 0, uncovered };
    },
    compare: inAnyOrder('uncovered'),
  },
  'rbac.subjects': ({
    subjects = [],
    bindingNamespace = '',
    user,
    groups = [],
  }: {
    subjects?: readonly Subject[];
    bindingNamespace?: string;
    user: string;
    groups?: readonly string[];
  }) => ({ applies: appliesTo(subjects, bindingNamespace, { name: user, groups }) }),
};

function attributesOf({ apiGroup, verb, resource, subresource, name, namespace, path }: Request): Attributes {
  return { verb, group: apiGroup, resource, subresource, name, namespace, path };
}

function policyOf({ roles = [], clusterRoles = [], roleBindings = [], clusterRoleBindings = [] }: Given): Policy {
  return {
    role: (namespace, name) => roles.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
    clusterRole: (name) => clusterRoles.find(({ metadata }) => metadata.name === name),
    roleBindings: (namespace) => roleBindings.filter(({ metadata }) => metadata.namespace === namespace),
    clusterRoleBindings: () => clusterRoleBindings,
  };
}

/** The lists of rules under `member` hold the same rules, whose own members and their items may stand in any order too. */
function inAnyOrder(member: string): Comparator {
  const text = (rule: object): string =>
    JSON.stringify(
      Object.entries(rule)
        .filter(([, value]) => (value as readonly string[] | null)?.length)
        .map(([name, value]) => [name, [...(value as readonly string[])].sort()])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
  return (actual, expected) => {
    const [found, wanted] = [actual, expected].map((side) =>
      JSON.stringify(((side as Record<string, object[]>)[member] ?? []).map(text).sort()),
    );
    return found === wanted ? [] : [`${member}: expected ${wanted}, got ${found}`];
  };
}
