// ReplicationController: its type and all of its API rules. upstream: pkg/registry/core/replicationcontroller/strategy.go
import type { ReplicationController as OpenApiReplicationController } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldRequired } from '../../meta/field-error.ts';
import { selectorForMap } from '../../meta/label-selector.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defaultTemplate } from '../apps/workload.ts';
import { ageColumn, mapText, nameColumn, templateColumns } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { notNegative } from '../rules.ts';
import { validateReplicatedStatus } from '../status-counts.ts';
import { sameMembers } from './pod-defaults.ts';
import { validateRunningTemplate } from './pod-validation.ts';

export type ReplicationController = StoredInNamespace<OpenApiReplicationController, 'spec' | 'status'>;

const specPath = new FieldPath('spec');

export const replicationControllerKind = defineKind<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  orphansDependents: true,
  tracksGeneration: true,
  defaults,
  prepareForCreate: (controller) => ({ ...controller, status: { replicas: 0 } }),
  validate: validateController,
  validateStatus: ({ status }) => validateReplicatedStatus(status),
  selectableFields: ({ status }) => ({ 'status.replicas': String(status.replicas ?? 0) }),
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', value: ({ spec }) => spec.replicas ?? 0 },
    { name: 'Current', type: 'integer', value: ({ status }) => status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', value: ({ status }) => status?.readyReplicas ?? 0 },
    ageColumn,
    ...templateColumns,
    { name: 'Selector', type: 'string', priority: 1, value: ({ spec }) => mapText(spec.selector) },
  ],
});

/** Labels of the template serve as selector and as labels where those are absent. upstream: SetDefaults_ReplicationController */
function defaults(controller: ReplicationController): ReplicationController {
  const given = controller.spec ?? {};
  const labels = given.template?.metadata?.labels;
  const isEmpty = (map: object | undefined) => map === undefined || Object.keys(map).length === 0;
  const spec = {
    ...given,
    replicas: given.replicas ?? 1,
    ...(given.template && { template: defaultTemplate(given.template) }),
    ...(labels !== undefined && isEmpty(given.selector) ? { selector: labels } : {}),
  };
  const { metadata } = controller;
  const labelled = labels !== undefined && isEmpty(metadata.labels) ? { ...metadata, labels } : metadata;
  return labelled === metadata && sameMembers(spec, given) ? controller : { ...controller, metadata: labelled, spec };
}

/** upstream: ValidateReplicationControllerSpec */
function validateController({ spec }: ReplicationController): readonly FieldError[] {
  const empty = Object.keys(spec.selector ?? {}).length === 0;
  return [
    ...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds),
    ...(empty ? [fieldRequired(specPath.child('selector'), '')] : []),
    ...notNegative(specPath.child('replicas'), spec.replicas),
    ...validateRunningTemplate(
      spec.template,
      empty ? undefined : selectorForMap(spec.selector),
      'ReplicationController',
      specPath.child('template'),
    ),
  ];
}
