// ReplicaSet: its type and all of its API rules. upstream: pkg/registry/apps/replicaset/strategy.go
import type { ReplicaSet as OpenApiReplicaSet } from 'kubernetes-types/apps/v1.d.ts';
import { FieldPath } from '../../meta/field-error.ts';
import { formatLabelSelector } from '../../meta/label-selector.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn, templateColumns } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import { goLabelSelector } from '../go-syntax.ts';
import { immutable, notNegative } from '../rules.ts';
import { validateReplicatedStatus } from '../status-counts.ts';
import { defaultTemplate, validateSelectorAndTemplate } from './workload.ts';

export type ReplicaSet = StoredInNamespace<OpenApiReplicaSet, 'spec' | 'status'>;

const specPath = new FieldPath('spec');

export const replicaSetKind = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  defaults: (set) => {
    const given = set.spec ?? {};
    const spec = { ...given, replicas: given.replicas ?? 1, ...(given.template && { template: defaultTemplate(given.template) }) };
    return sameMembers(spec, given) ? set : { ...set, spec };
  },
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0 } }),
  validate: ({ spec }) => [
    ...notNegative(specPath.child('replicas'), spec.replicas),
    ...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds),
    ...validateSelectorAndTemplate(spec, specPath),
  ],
  validateUpdate: (next, previous) =>
    immutable(specPath.child('selector'), next.spec.selector, previous.spec.selector, goLabelSelector(next.spec.selector)),
  validateStatus: ({ status }) => validateReplicatedStatus(status),
  selectableFields: ({ status }) => ({ 'status.replicas': String(status.replicas ?? 0) }),
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', value: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', value: ({ status }) => status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', value: ({ status }) => status?.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns,
    { name: 'Selector', type: 'string', priority: 1, value: ({ spec }) => formatLabelSelector(spec.selector) },
  ],
});
