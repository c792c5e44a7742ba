// Decides who may do what, by the Roles and bindings that the cluster holds. upstream: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go
import type { ApiObject } from '../../meta/object.ts';
import type { Identity } from '../rest/rest-request.ts';
import { type Attributes, type PolicyRule, ruleAllows } from './policy-rule.ts';

export interface RoleObject extends ApiObject {
  readonly rules?: readonly PolicyRule[] | null;
}

export interface BindingObject extends ApiObject {
  readonly subjects?: readonly Subject[] | null;
  readonly roleRef: { readonly kind: string; readonly name: string };
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The cluster's RBAC objects. */
export interface Policy {
  readonly role: (namespace: string, name: string) => RoleObject | undefined;
  readonly clusterRole: (name: string) => RoleObject | undefined;
  readonly roleBindings: (namespace: string) => readonly BindingObject[];
  readonly clusterRoleBindings: () => readonly BindingObject[];
}

/** Who is never asked. upstream: apiserver pkg/authentication/user SystemPrivilegedGroup */
const MASTERS = 'system:masters';

/** May the user do this? */
export function isAllowed(policy: Policy, user: Identity, wanted: Attributes): boolean {
  if (user.groups.includes(MASTERS)) return true;
  return rulesFor(policy, user, wanted.namespace).some((rule) => ruleAllows(rule, wanted));
}

/** All rules that hold for a user in a namespace; only those of the cluster's scope when it is ''. */
export function rulesFor(policy: Policy, user: Identity, namespace: string): readonly PolicyRule[] {
  const clusterWide = policy
    .clusterRoleBindings()
    .filter((binding) => appliesTo(binding.subjects ?? [], '', user))
    .flatMap(({ roleRef }) => policy.clusterRole(roleRef.name)?.rules ?? []);
  const local =
    namespace === '' ? [] : policy.roleBindings(namespace).filter((binding) => appliesTo(binding.subjects ?? [], namespace, user));
  const localRules = local.flatMap(({ roleRef }) => {
    const role = roleRef.kind === 'Role' ? policy.role(namespace, roleRef.name) : policy.clusterRole(roleRef.name);
    return role?.rules ?? [];
  });
  return [...clusterWide, ...localRules];
}

/** Does a binding with these subjects hold for the user? `namespace` is the binding's own, '' for a ClusterRoleBinding. */
export function appliesTo(subjects: readonly Subject[], namespace: string, user: Identity): boolean {
  return subjects.some((subject) => {
    if (subject.kind === 'User') return subject.name === user.name;
    if (subject.kind === 'Group') return user.groups.includes(subject.name);
    const of = subject.namespace ?? namespace;
    return subject.kind === 'ServiceAccount' && of !== '' && user.name === `system:serviceaccount:${of}:${subject.name}`;
  });
}
