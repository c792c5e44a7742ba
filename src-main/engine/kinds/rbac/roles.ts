// Role and ClusterRole: their types and all of their API rules. upstream: pkg/registry/rbac/role/strategy.go, pkg/registry/rbac/clusterrole/strategy.go
import type { ClusterRole as OpenApiClusterRole, Role as OpenApiRole } from 'kubernetes-types/rbac/v1.d.ts';
import { type FieldError, FieldPath, fieldRequired } from '../../meta/field-error.ts';
import { validateLabelSelector } from '../../meta/label-selector.ts';
import { pathSegmentName } from '../../meta/names.ts';
import type { Stored, StoredInNamespace } from '../../meta/object.ts';
import { createdAtColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { each } from '../rules.ts';
import { RBAC_GROUP, validateRules } from './rbac-validation.ts';

export type Role = StoredInNamespace<OpenApiRole>;
export type ClusterRole = Stored<OpenApiClusterRole>;

const shared = { group: RBAC_GROUP, version: 'v1', validateName: pathSegmentName, columns: [nameColumn, createdAtColumn] } as const;

export const roleKind = defineKind<Role>({
  ...shared,
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  validate: ({ rules }) => validateRules(rules, true),
});

export const clusterRoleKind = defineKind<ClusterRole>({
  ...shared,
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  validate: ({ rules, aggregationRule }) => [...validateRules(rules, false), ...validateAggregation(aggregationRule)],
});

function validateAggregation(rule: ClusterRole['aggregationRule']): readonly FieldError[] {
  if (rule === undefined) return [];
  const path = new FieldPath('aggregationRule', 'clusterRoleSelectors');
  const { clusterRoleSelectors = [] } = rule;
  if (clusterRoleSelectors.length > 0) return each(path, clusterRoleSelectors, validateLabelSelector);
  return [fieldRequired(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
}
