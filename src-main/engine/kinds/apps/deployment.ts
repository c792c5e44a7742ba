// Deployment: its type and all of its API rules. upstream: pkg/registry/apps/deployment/strategy.go, pkg/apis/apps/v1/defaults.go
import type { Deployment as OpenApiDeployment } from 'kubernetes-types/apps/v1.d.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { requirementsOf } from '../../meta/label-selector.ts';
import { printRequirements } from '../../meta/labels.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn, templateColumns } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import { goIntOrString, goLabelSelector, goStrategy } from '../go-syntax.ts';
import { immutable, notNegative } from '../rules.ts';
import { keptCollisions, notNegativeCounts, partsOf } from '../status-counts.ts';
import { amountOf, notMoreThanAll, numberOrPercent } from './number-or-percent.ts';
import { defaultTemplate, validateSelectorAndTemplate } from './workload.ts';

export type Deployment = StoredInNamespace<OpenApiDeployment, 'spec' | 'status'>;
type Strategy = NonNullable<Deployment['spec']['strategy']>;

const specPath = new FieldPath('spec');

export const deploymentKind = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  defaults,
  prepareForCreate: (deployment) => ({ ...deployment, status: {} }),
  validate: validateDeployment,
  validateUpdate: (next, previous) =>
    immutable(specPath.child('selector'), next.spec.selector, previous.spec.selector, goLabelSelector(next.spec.selector)),
  validateStatus: ({ status }, previous) => [...validateStatus(status), ...keptCollisions(status, previous.status)],
  columns: [
    nameColumn,
    { name: 'Ready', type: 'string', value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    { name: 'Up-to-date', type: 'integer', value: ({ status }) => status?.updatedReplicas ?? 0 },
    { name: 'Available', type: 'integer', value: ({ status }) => status?.availableReplicas ?? 0 },
    ageColumn,
    ...templateColumns,
    { name: 'Selector', type: 'string', priority: 1, value: selectorText },
  ],
});

/** Unlike other workloads', an empty one is shown as nothing. upstream: printDeployment */
function selectorText({ spec }: Deployment): string {
  const { value } = requirementsOf(spec.selector ?? {});
  return value === undefined ? '<invalid>' : printRequirements(value);
}

/** upstream: SetDefaults_Deployment */
function defaults(deployment: Deployment): Deployment {
  const given = deployment.spec ?? { selector: {}, template: {} };
  const spec = {
    ...given,
    replicas: given.replicas ?? 1,
    revisionHistoryLimit: given.revisionHistoryLimit ?? 10,
    progressDeadlineSeconds: given.progressDeadlineSeconds ?? 600,
    strategy: defaultStrategy(given.strategy),
    ...(given.template && { template: defaultTemplate(given.template) }),
  };
  return sameMembers(spec, given) ? deployment : { ...deployment, spec };
}

function defaultStrategy(strategy: Strategy = {}): Strategy {
  const type = (strategy.type ?? '') === '' ? 'RollingUpdate' : strategy.type;
  if (type !== 'RollingUpdate') return strategy;
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
  if (strategy.type === type && maxSurge !== undefined && maxUnavailable !== undefined) return strategy;
  return { ...strategy, type, rollingUpdate: { maxSurge: maxSurge ?? '25%', maxUnavailable: maxUnavailable ?? '25%' } };
}

/** upstream: ValidateDeploymentSpec */
function validateDeployment({ spec }: Deployment): readonly FieldError[] {
  const errors = [
    ...notNegative(specPath.child('replicas'), spec.replicas),
    ...validateSelectorAndTemplate(spec, specPath),
    ...validateStrategy(spec.strategy ?? {}, specPath.child('strategy')),
    ...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds),
    ...notNegative(specPath.child('revisionHistoryLimit'), spec.revisionHistoryLimit),
  ];
  const deadline = spec.progressDeadlineSeconds;
  if (deadline === undefined) return errors;
  errors.push(...notNegative(specPath.child('progressDeadlineSeconds'), deadline));
  if (deadline <= (spec.minReadySeconds ?? 0))
    errors.push(fieldInvalid(specPath.child('progressDeadlineSeconds'), deadline, 'must be greater than minReadySeconds'));
  return errors;
}

/** upstream: ValidateDeploymentStatus */
function validateStatus(status: Deployment['status']): readonly FieldError[] {
  return [
    ...notNegativeCounts(status, ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas']),
    ...notNegativeCounts(status, ['unavailableReplicas', 'collisionCount']),
    ...partsOf(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], 'replicas'),
    ...partsOf(status, ['availableReplicas'], 'readyReplicas', 'readyReplicas'),
  ];
}

const shownStrategy = (strategy: Strategy) => goStrategy('DeploymentStrategy', 'RollingUpdateDeployment', strategy);

/** upstream: ValidateDeploymentStrategy */
function validateStrategy(strategy: Strategy, path: FieldPath): readonly FieldError[] {
  const { type = '', rollingUpdate } = strategy;
  const at = path.child('rollingUpdate');
  if (type === 'Recreate')
    return rollingUpdate === undefined ? [] : [fieldForbidden(at, "may not be specified when strategy `type` is 'Recreate'")];
  if (type !== 'RollingUpdate') return [fieldNotSupported(path, shownStrategy(strategy), ['Recreate', 'RollingUpdate'])];
  if (rollingUpdate === undefined) return [fieldRequired(at, 'this should be defaulted and never be nil')];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const unavailablePath = at.child('maxUnavailable');
  const errors = [...numberOrPercent(unavailablePath, maxUnavailable), ...numberOrPercent(at.child('maxSurge'), maxSurge)];
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0)
    errors.push(fieldInvalid(unavailablePath, goIntOrString(maxUnavailable), 'may not be 0 when `maxSurge` is 0'));
  return [...errors, ...notMoreThanAll(unavailablePath, maxUnavailable)];
}
