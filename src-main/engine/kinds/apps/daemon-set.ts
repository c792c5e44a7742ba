// DaemonSet: its type and all of its API rules. upstream: pkg/registry/apps/daemonset/strategy.go, pkg/apis/apps/v1/defaults.go
import type { DaemonSet as OpenApiDaemonSet } from 'kubernetes-types/apps/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { formatLabelSelector, requirementsOf, selectorFor, validateLabelSelector } from '../../meta/label-selector.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, mapText, nameColumn, templateColumns } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { validatePodTemplate } from '../core/pod-validation.ts';
import { defineKind } from '../define-kind.ts';
import { goIntOrString, goLabelSelector, goStrategy, goStringMap } from '../go-syntax.ts';
import { immutable, notNegative, oneOf } from '../rules.ts';
import { keptCollisions, notNegativeCounts } from '../status-counts.ts';
import { amountOf, notMoreThanAll, numberOrPercent } from './number-or-percent.ts';
import { defaultTemplate } from './workload.ts';

export type DaemonSet = StoredInNamespace<OpenApiDaemonSet, 'spec' | 'status'>;
type Strategy = NonNullable<DaemonSet['spec']['updateStrategy']>;

/** Counts the changes of the template; what is left of a field of older API versions. */
export const templateGenerationAnnotation = 'deprecated.daemonset.template.generation';

const specPath = new FieldPath('spec');
const COUNTS = [
  ...(['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady', 'observedGeneration'] as const),
  ...(['updatedNumberScheduled', 'numberAvailable', 'numberUnavailable', 'collisionCount'] as const),
];

export const daemonSetKind = defineKind<DaemonSet>({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  defaults,
  prepareForCreate: (set) => ({
    ...withTemplateGeneration(set, Math.max(templateGenerationOf(set) ?? 0, 1)),
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  }),
  prepareForUpdate: (next, previous) => {
    const before = templateGenerationOf(previous) ?? 0;
    return withTemplateGeneration(next, equal(next.spec.template, previous.spec.template) ? before : before + 1);
  },
  validate: validateDaemonSet,
  validateUpdate: (next, previous) =>
    immutable(specPath.child('selector'), next.spec.selector, previous.spec.selector, goLabelSelector(next.spec.selector)),
  validateStatus: ({ status }, previous) => [...notNegativeCounts(status, COUNTS), ...keptCollisions(status, previous.status)],
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', value: ({ status }) => status?.desiredNumberScheduled ?? 0 },
    { name: 'Current', type: 'integer', value: ({ status }) => status?.currentNumberScheduled ?? 0 },
    { name: 'Ready', type: 'integer', value: ({ status }) => status?.numberReady ?? 0 },
    { name: 'Up-to-date', type: 'integer', value: ({ status }) => status?.updatedNumberScheduled ?? 0 },
    { name: 'Available', type: 'integer', value: ({ status }) => status?.numberAvailable ?? 0 },
    { name: 'Node Selector', type: 'string', value: ({ spec }) => mapText(spec.template?.spec?.nodeSelector) },
    ageColumn,
    ...templateColumns,
    { name: 'Selector', type: 'string', priority: 1, value: ({ spec }) => formatLabelSelector(spec.selector) },
  ],
});

/** Undefined when the annotation is absent or no number. upstream: pkg/controller/daemon/util GetTemplateGeneration */
export function templateGenerationOf({ metadata }: DaemonSet): number | undefined {
  const text = metadata.annotations?.[templateGenerationAnnotation];
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  const { annotations } = set.metadata;
  if (annotations?.[templateGenerationAnnotation] === String(generation)) return set;
  return { ...set, metadata: { ...set.metadata, annotations: { ...annotations, [templateGenerationAnnotation]: String(generation) } } };
}

/** upstream: SetDefaults_DaemonSet */
function defaults(set: DaemonSet): DaemonSet {
  const given = set.spec ?? { selector: {}, template: {} };
  const spec = {
    ...given,
    updateStrategy: defaultStrategy(given.updateStrategy),
    revisionHistoryLimit: given.revisionHistoryLimit ?? 10,
    ...(given.template && { template: defaultTemplate(given.template) }),
  };
  return sameMembers(spec, given) ? set : { ...set, spec };
}

function defaultStrategy(strategy: Strategy = {}): Strategy {
  const type = (strategy.type ?? '') === '' ? 'RollingUpdate' : strategy.type;
  if (type !== 'RollingUpdate') return strategy;
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
  if (strategy.type === type && maxSurge !== undefined && maxUnavailable !== undefined) return strategy;
  return { ...strategy, type, rollingUpdate: { maxSurge: maxSurge ?? 0, maxUnavailable: maxUnavailable ?? 1 } };
}

/** upstream: ValidateDaemonSetSpec */
function validateDaemonSet({ spec }: DaemonSet): readonly FieldError[] {
  const { selector, template } = spec;
  const templatePath = specPath.child('template');
  const errors: FieldError[] = [...validateLabelSelector(selector, specPath.child('selector'))];
  const labels = template?.metadata?.labels;
  const convertible = selector === undefined || requirementsOf(selector).value !== undefined;
  if (convertible && !selectorFor(selector)(labels))
    errors.push(fieldInvalid(templatePath.child('metadata', 'labels'), goStringMap(labels), '`selector` does not match template `labels`'));
  const size = Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length;
  if (selector !== undefined && size === 0)
    errors.push(fieldInvalid(specPath.child('selector'), goLabelSelector(selector), 'empty selector is invalid for daemonset'));
  errors.push(...validatePodTemplate(template ?? {}, templatePath));
  errors.push(...oneOf(templatePath.child('spec', 'restartPolicy'), template?.spec?.restartPolicy, ['Always']));
  if (template?.spec?.activeDeadlineSeconds !== undefined)
    errors.push(fieldForbidden(templatePath.child('spec', 'activeDeadlineSeconds'), 'activeDeadlineSeconds in DaemonSet is not Supported'));
  return [
    ...errors,
    ...notNegative(specPath.child('minReadySeconds'), spec.minReadySeconds),
    ...validateStrategy(spec.updateStrategy ?? {}, specPath.child('updateStrategy')),
    ...notNegative(specPath.child('revisionHistoryLimit'), spec.revisionHistoryLimit),
  ];
}

const shownStrategy = (strategy: Strategy) => goStrategy('DaemonSetUpdateStrategy', 'RollingUpdateDaemonSet', strategy);

/** upstream: ValidateDaemonSetUpdateStrategy */
function validateStrategy(strategy: Strategy, path: FieldPath): readonly FieldError[] {
  const { type = '', rollingUpdate } = strategy;
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') return [fieldNotSupported(path, shownStrategy(strategy), ['RollingUpdate', 'OnDelete'])];
  const at = path.child('rollingUpdate');
  if (rollingUpdate === undefined) return [fieldRequired(at, '')];
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const [unavailablePath, surgePath] = [at.child('maxUnavailable'), at.child('maxSurge')];
  const errors = [
    ...numberOrPercent(unavailablePath, maxUnavailable),
    ...numberOrPercent(surgePath, maxSurge),
    ...notMoreThanAll(unavailablePath, maxUnavailable),
    ...notMoreThanAll(surgePath, maxSurge),
  ];
  if (amountOf(maxUnavailable) !== 0 && amountOf(maxSurge) !== 0)
    errors.push(fieldInvalid(surgePath, goIntOrString(maxSurge), 'may not be set when maxUnavailable is non-zero'));
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0)
    errors.push(fieldRequired(unavailablePath, 'cannot be 0 when maxSurge is 0'));
  return errors;
}
