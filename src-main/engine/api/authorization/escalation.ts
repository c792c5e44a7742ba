// Nobody grants what they do not hold: the check of who writes roles and bindings.
// upstream: pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased/storage.go, pkg/registry/rbac/validation/rule.go ConfirmNoEscalation
import { equal } from '../../base/equal.ts';
import { RBAC_GROUP, type RoleRef } from '../../kinds/rbac/rbac-validation.ts';
import type { ApiObject } from '../../meta/object.ts';
import { forbidden, notFound } from '../../meta/status-error.ts';
import type { Identity } from '../rest/rest-request.ts';
import { isAllowed, type Policy, type RoleObject, rulesFor } from './authorizer.ts';
import { type PolicyRule, uncoveredRules } from './policy-rule.ts';

/** The write of a role or binding, as far as the check looks at it. */
export interface GrantingWrite {
  readonly plural: string;
  /** '' for the cluster's scope. */
  readonly namespace: string;
  readonly object: ApiObject;
  readonly previous: ApiObject | undefined;
}

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

type Granting = RoleObject & { readonly aggregationRule?: unknown; readonly roleRef?: RoleRef; readonly subjects?: unknown };

/** Throws StatusError (403) when the user would hand on what they do not have. */
export function confirmNoEscalation(policy: Policy, user: Identity, write: GrantingWrite): void {
  if (user.groups.includes('system:masters')) return;
  const { plural } = write;
  if (plural === 'roles' || plural === 'clusterroles') confirmRole(policy, user, write);
  else if (plural === 'rolebindings' || plural === 'clusterrolebindings') confirmBinding(policy, user, write);
}

function confirmRole(policy: Policy, user: Identity, { plural, namespace, object, previous }: GrantingWrite): void {
  const role = object as Granting;
  const before = previous as Granting | undefined;
  const { name } = object.metadata;
  if (before !== undefined && equal(before.rules ?? [], role.rules ?? []) && equal(before.aggregationRule, role.aggregationRule)) return;
  if (may(policy, user, 'escalate', plural, namespace, name)) return;
  confirmHeld(policy, user, { plural, namespace, name }, role.rules ?? []);
  if (role.aggregationRule === undefined || uncoveredRules(rulesFor(policy, user, namespace), everything).length === 0) return;
  throw forbidden({ group: RBAC_GROUP, resource: plural }, name, 'must have cluster-admin privileges to use an aggregationRule');
}

function confirmBinding(policy: Policy, user: Identity, { plural, namespace, object, previous }: GrantingWrite): void {
  const binding = object as Granting;
  const before = previous as Granting | undefined;
  const { name } = object.metadata;
  if (before !== undefined && equal(before.roleRef, binding.roleRef) && equal(before.subjects, binding.subjects)) return;
  const { kind = '', name: role = '' } = binding.roleRef ?? {};
  const isLocal = kind === 'Role';
  if (may(policy, user, 'bind', isLocal ? 'roles' : 'clusterroles', namespace, role)) return;
  const found = isLocal ? policy.role(namespace, role) : policy.clusterRole(role);
  if (found === undefined) throw notFound({ group: RBAC_GROUP, resource: isLocal ? 'role' : 'clusterrole' }, role);
  confirmHeld(policy, user, { plural, namespace, name }, found.rules ?? []);
}

function may(policy: Policy, user: Identity, verb: string, resource: string, namespace: string, name: string): boolean {
  return isAllowed(policy, user, { verb, group: RBAC_GROUP, resource, subresource: '', name, namespace, path: '' });
}

interface Target {
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
}

function confirmHeld(policy: Policy, user: Identity, { plural, namespace, name }: Target, rules: readonly PolicyRule[]): void {
  const missing = uncoveredRules(rulesFor(policy, user, namespace), rules);
  if (missing.length === 0) return;
  const descriptions = [...new Set(compacted(missing).map(compactText))].sort();
  const who = `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${descriptions.join('\n')}`;
  throw forbidden({ group: RBAC_GROUP, resource: plural }, name, why);
}

/** Rules of one group and resource told as one. upstream: CompactRules */
function compacted(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const simple = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    if (apiGroups.length !== 1 || resources.length !== 1 || resourceNames.length > 1 || nonResourceURLs.length > 0) {
      others.push(rule);
      continue;
    }
    const key = `${apiGroups[0]} ${resources[0]} ${resourceNames[0] ?? ''}`;
    const known = simple.get(key);
    simple.set(key, known === undefined ? rule : { ...known, verbs: [...known.verbs, ...rule.verbs] });
  }
  return [...others, ...simple.values()];
}

/** upstream: rbacv1helpers CompactString */
function compactText(rule: PolicyRule): string {
  const parts = (
    [
      ['APIGroups', rule.apiGroups],
      ['Resources', rule.resources],
      ['NonResourceURLs', rule.nonResourceURLs],
      ['ResourceNames', rule.resourceNames],
      ['Verbs', rule.verbs],
    ] as const
  ).flatMap(([name, values = []]) => (values.length === 0 ? [] : [`${name}:${quoted(values)}`]));
  return `{${parts.join(', ')}}`;
}

/** A list of texts as Go's %q prints it. */
function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;
}
