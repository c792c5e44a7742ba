// StatefulSet: its type and all of its API rules. upstream: pkg/registry/apps/statefulset/strategy.go, pkg/apis/apps/v1/defaults.go
import type { StatefulSet as OpenApiStatefulSet } from 'kubernetes-types/apps/v1.d.ts';
import { equal } from '../../base/equal.ts';
import {
  type FieldError,
  FieldPath,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  GoSyntax,
} from '../../meta/field-error.ts';
import { requirementsOf, selectorFor, validateLabelSelector } from '../../meta/label-selector.ts';
import { validateLabels } from '../../meta/labels.ts';
import { dns1123Label } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn, templateColumns } from '../columns.ts';
import { validatePodAnnotations } from '../core/pod-annotation-validation.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { mapShared } from '../core/pod-spec.ts';
import { defineKind } from '../define-kind.ts';
import { goIntOrString, goLabelSelector, goPointer, goStrategy, goStringMap } from '../go-syntax.ts';
import { validateAnnotations } from '../object-meta.ts';
import { invalidBy, notNegative, oneOf } from '../rules.ts';
import { keptCollisions, notNegativeCounts, partsOf } from '../status-counts.ts';
import { amountOf, notMoreThanAll, numberOrPercent } from './number-or-percent.ts';
import { defaultTemplate } from './workload.ts';

export type StatefulSet = StoredInNamespace<OpenApiStatefulSet, 'spec' | 'status'>;
type Spec = StatefulSet['spec'];
type Strategy = NonNullable<Spec['updateStrategy']>;
export type ClaimTemplate = NonNullable<Spec['volumeClaimTemplates']>[number];

const specPath = new FieldPath('spec');
const RETENTIONS = ['Retain', 'Delete'];
const CHANGEABLE = [
  ...(['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit'] as const),
  ...(['persistentVolumeClaimRetentionPolicy', 'minReadySeconds'] as const),
];

export const statefulSetKind = defineKind<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  // Its pods are named after it, and a pod's name is its host name.
  validateName: dns1123Label,
  defaults,
  prepareForCreate: (set) => ({ ...withoutDisabled(set), status: { replicas: 0, availableReplicas: 0 } }),
  prepareForUpdate: withoutDisabled,
  validate: ({ spec }) => validateSpec(spec),
  validateUpdate: (next, previous) => (equal(fixedPart(next.spec), fixedPart(previous.spec)) ? [] : [fieldForbidden(specPath, FIXED)]),
  validateStatus: ({ status }, previous) => [...validateStatus(status), ...keptCollisions(status, previous.status)],
  columns: [
    nameColumn,
    { name: 'Ready', type: 'string', value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    ageColumn,
    ...templateColumns,
  ],
});

const FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

function fixedPart(spec: Spec): Partial<Spec> {
  const rest: Record<string, unknown> = { ...spec };
  for (const field of CHANGEABLE) delete rest[field];
  return rest as Partial<Spec>;
}

/** upstream: SetDefaults_StatefulSet */
function defaults(set: StatefulSet): StatefulSet {
  const given: Partial<Spec> = set.spec ?? {};
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } = given.persistentVolumeClaimRetentionPolicy ?? {};
  const template = given.template ?? {};
  const spec = {
    ...given,
    podManagementPolicy: given.podManagementPolicy || 'OrderedReady',
    updateStrategy: defaultStrategy(given.updateStrategy),
    persistentVolumeClaimRetentionPolicy: sharing(given.persistentVolumeClaimRetentionPolicy, { whenDeleted, whenScaled }),
    replicas: given.replicas ?? 1,
    revisionHistoryLimit: given.revisionHistoryLimit ?? 10,
    template: defaultTemplate(template.spec === undefined ? { ...template, spec: { containers: [] } } : template),
    ...(given.volumeClaimTemplates && { volumeClaimTemplates: mapShared(given.volumeClaimTemplates, defaultClaim) }),
  } as Spec;
  return sameMembers(spec, given) ? set : { ...set, spec };
}

function sharing<T extends object>(given: T | undefined, filled: T): T {
  return given !== undefined && sameMembers(given, filled) ? given : filled;
}

function defaultStrategy(strategy: Strategy = {}): Strategy {
  const absent = (strategy.type ?? '') === '';
  const type = absent ? 'RollingUpdate' : strategy.type;
  const rolling = strategy.rollingUpdate ?? (absent ? {} : undefined);
  if (type !== 'RollingUpdate' || rolling === undefined) return strategy;
  if (!absent && rolling.partition !== undefined) return strategy;
  return { ...strategy, type, rollingUpdate: { ...rolling, partition: rolling.partition ?? 0 } };
}

/** A claim template is stored as the claim it stands for. upstream: Convert_apps_StatefulSetSpec_To_v1_StatefulSetSpec, SetDefaults_PersistentVolumeClaim */
function defaultClaim(template: ClaimTemplate): ClaimTemplate {
  const given = template.spec ?? {};
  const spec = given.volumeMode === undefined ? { ...given, volumeMode: 'Filesystem' } : given;
  const filled = { ...template, apiVersion: 'v1' as const, kind: 'PersistentVolumeClaim' as const, spec };
  const status = template.status?.phase === undefined ? { ...template.status, phase: 'Pending' } : template.status;
  return sameMembers({ ...filled, status }, template) ? template : { ...filled, status };
}

/** Pod templates are not looked into: a faulty one shows when its pods are refused. upstream: ValidateStatefulSetSpec */
function validateSpec(spec: Spec): readonly FieldError[] {
  const { podManagementPolicy = '', persistentVolumeClaimRetentionPolicy: retention, ordinals, serviceName = '' } = spec;
  const errors: FieldError[] = [];
  const policyPath = specPath.child('podManagementPolicy');
  if (podManagementPolicy === '') errors.push(fieldRequired(policyPath, ''));
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel')
    errors.push(fieldInvalid(policyPath, podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
  errors.push(...validateStrategy(spec.updateStrategy ?? {}, specPath.child('updateStrategy')));
  if (retention !== undefined) {
    const at = specPath.child('persistentVolumeClaimRetentionPolicy');
    for (const when of ['whenDeleted', 'whenScaled'] as const)
      if (!RETENTIONS.includes(retention[when] ?? '')) errors.push(fieldNotSupported(at.child(when), retention[when] ?? '', RETENTIONS));
  }
  errors.push(...notNegative(specPath.child('replicas'), spec.replicas));
  errors.push(...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds));
  if (ordinals !== undefined) errors.push(...notNegative(specPath.child('ordinals.start'), ordinals.start));
  if (serviceName !== '') errors.push(...invalidBy(specPath.child('serviceName'), serviceName, dns1123Label(serviceName)));
  return [...errors, ...validateSelectorAndTemplate(spec)];
}

function validateSelectorAndTemplate({ selector, template }: Spec): readonly FieldError[] {
  const at = specPath.child('selector');
  const errors: FieldError[] = [];
  if (selector === undefined) errors.push(fieldRequired(at, ''));
  else errors.push(...validateLabelSelector(selector, at));
  if (selector !== undefined && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0)
    errors.push(fieldInvalid(at, goLabelSelector(selector), 'empty selector is invalid for statefulset'));
  const path = specPath.child('template');
  const labels = template.metadata?.labels;
  if (selector !== undefined && requirementsOf(selector).value === undefined) errors.push(fieldInvalid(at, goLabelSelector(selector), ''));
  else {
    if (!selectorFor(selector)(labels))
      errors.push(fieldInvalid(path.child('metadata', 'labels'), goStringMap(labels), '`selector` does not match template `labels`'));
    errors.push(...validateLabels(labels ?? {}, path.child('labels')));
    const { annotations } = template.metadata ?? {};
    errors.push(...validateAnnotations(annotations, path.child('annotations')));
    errors.push(...validatePodAnnotations(annotations, template.spec ?? { containers: [] }, path.child('annotations')));
  }
  errors.push(...oneOf(path.child('spec', 'restartPolicy'), template.spec?.restartPolicy ?? '', ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined)
    errors.push(fieldForbidden(path.child('spec', 'activeDeadlineSeconds'), 'activeDeadlineSeconds in StatefulSet is not Supported'));
  return errors;
}

/** upstream: ValidateStatefulSetStatus */
function validateStatus(status: StatefulSet['status']): readonly FieldError[] {
  return [
    ...notNegativeCounts(status, ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']),
    ...notNegativeCounts(status, ['observedGeneration', 'collisionCount']),
    ...partsOf(status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'], 'replicas'),
    ...partsOf(status, ['availableReplicas'], 'readyReplicas'),
  ];
}

const shownStrategy = (strategy: Strategy) => goStrategy('StatefulSetUpdateStrategy', 'RollingUpdateStatefulSetStrategy', strategy);

function shownRolling({ partition = 0, maxUnavailable }: NonNullable<Strategy['rollingUpdate']>): GoSyntax {
  return new GoSyntax(
    `apps.RollingUpdateStatefulSetStrategy{Partition:${partition}, MaxUnavailable:${goPointer('intstr.IntOrString', maxUnavailable)}}`,
  );
}

/** upstream: validateRollingUpdateStatefulSet */
function validateStrategy(strategy: Strategy, path: FieldPath): readonly FieldError[] {
  const { type = '', rollingUpdate } = strategy;
  const at = path.child('rollingUpdate');
  if (type === '') return [fieldRequired(path, '')];
  if (type === 'OnDelete')
    return rollingUpdate === undefined
      ? []
      : [fieldInvalid(at, shownRolling(rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'")];
  if (type !== 'RollingUpdate') return [fieldInvalid(path, shownStrategy(strategy), "must be 'RollingUpdate' or 'OnDelete'")];
  const errors = [...notNegative(at.child('partition'), rollingUpdate?.partition)];
  const unavailable = rollingUpdate?.maxUnavailable;
  if (unavailable === undefined) return errors;
  const place = at.child('maxUnavailable');
  errors.push(...numberOrPercent(place, unavailable));
  if (amountOf(unavailable) === 0) errors.push(fieldInvalid(place, goIntOrString(unavailable), 'cannot be 0'));
  return [...errors, ...notMoreThanAll(place, unavailable)];
}

/** maxUnavailable belongs to a feature that is off. upstream: dropStatefulSetDisabledFields */
function withoutDisabled(set: StatefulSet): StatefulSet {
  const { rollingUpdate } = set.spec.updateStrategy ?? {};
  if (rollingUpdate?.maxUnavailable === undefined) return set;
  const { maxUnavailable: _off, ...rest } = rollingUpdate;
  return { ...set, spec: { ...set.spec, updateStrategy: { ...set.spec.updateStrategy, rollingUpdate: rest } } };
}
