// RoleBinding and ClusterRoleBinding: their types and all of their API rules. upstream: pkg/registry/rbac/rolebinding/strategy.go, printers.go printRoleBinding
import type { ClusterRoleBinding as OpenApiClusterRoleBinding, RoleBinding as OpenApiRoleBinding } from 'kubernetes-types/rbac/v1.d.ts';
import { pathSegmentName } from '../../meta/names.ts';
import type { Stored, StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { defaultBinding, RBAC_GROUP, type RoleRef, type Subject, validateBinding, validateRoleRefUpdate } from './rbac-validation.ts';

export type RoleBinding = StoredInNamespace<OpenApiRoleBinding>;
export type ClusterRoleBinding = Stored<OpenApiClusterRoleBinding>;

interface Binding {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[];
}

const columns = [
  nameColumn,
  { name: 'Role', type: 'string', value: ({ roleRef }: Binding) => `${roleRef.kind}/${roleRef.name}` },
  ageColumn,
  { name: 'Users', type: 'string', priority: 1, value: (binding: Binding) => subjectsText(binding, 'User') },
  { name: 'Groups', type: 'string', priority: 1, value: (binding: Binding) => subjectsText(binding, 'Group') },
  { name: 'ServiceAccounts', type: 'string', priority: 1, value: (binding: Binding) => subjectsText(binding, 'ServiceAccount') },
] as const;

const shared = { group: RBAC_GROUP, version: 'v1', validateName: pathSegmentName } as const;

export const roleBindingKind = defineKind<RoleBinding>({
  ...shared,
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, ['Role', 'ClusterRole']),
  validateUpdate: (next, previous) => validateRoleRefUpdate(next.roleRef, previous.roleRef),
  columns: columns as readonly PrinterColumn<RoleBinding>[],
});

export const clusterRoleBindingKind = defineKind<ClusterRoleBinding>({
  ...shared,
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, ['ClusterRole']),
  validateUpdate: (next, previous) => validateRoleRefUpdate(next.roleRef, previous.roleRef),
  columns: columns as readonly PrinterColumn<ClusterRoleBinding>[],
});

function subjectsText({ subjects = [] }: Binding, kind: string): string {
  return subjects
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace = '' }) => (kind !== 'ServiceAccount' ? name : namespace === '' ? name : `${namespace}/${name}`))
    .join(', ');
}
