// PodDisruptionBudget: its type and all of its API rules. upstream: pkg/registry/policy/poddisruptionbudget/strategy.go, pkg/apis/policy/validation (release 1.33)
import type { PodDisruptionBudget as OpenApiPodDisruptionBudget } from 'kubernetes-types/policy/v1.d.ts';
import { type FieldError, FieldPath, fieldInvalid, type GoSyntax } from '../../meta/field-error.ts';
import type { IntOrString } from '../../meta/int-or-string.ts';
import { validateLabelSelector } from '../../meta/label-selector.ts';
import { percent } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { goIntOrString, goPointer, goStruct } from '../go-syntax.ts';
import { invalidBy, notNegative, oneOf } from '../rules.ts';
import { validateConditions } from '../status-conditions.ts';
import { notNegativeCounts } from '../status-counts.ts';

export type PodDisruptionBudget = StoredInNamespace<OpenApiPodDisruptionBudget, 'spec' | 'status'>;

const specPath = new FieldPath('spec');

export const podDisruptionBudgetKind = defineKind<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  defaults: (budget) => (budget.spec === undefined ? { ...budget, spec: {} } : budget),
  prepareForCreate: (budget) => ({
    ...budget,
    status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  }),
  validate: ({ spec }) => validateSpec(spec),
  validateStatus: ({ status }) => [
    ...validateConditions(status.conditions, new FieldPath('status', 'conditions')),
    ...notNegativeCounts(status, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods']),
  ],
  columns: [
    nameColumn,
    { name: 'Min Available', type: 'string', value: ({ spec }) => orNotAvailable(spec.minAvailable) },
    { name: 'Max Unavailable', type: 'string', value: ({ spec }) => orNotAvailable(spec.maxUnavailable) },
    { name: 'Allowed Disruptions', type: 'integer', value: ({ status }) => status?.disruptionsAllowed ?? 0 },
    ageColumn,
  ],
});

/** upstream: ValidatePodDisruptionBudgetSpec */
function validateSpec(spec: PodDisruptionBudget['spec']): readonly FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const both = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(both ? [fieldInvalid(specPath, goSpec(spec), 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...validateAmount(minAvailable, specPath.child('minAvailable')),
    ...validateAmount(maxUnavailable, specPath.child('maxUnavailable')),
    ...validateLabelSelector(selector, specPath.child('selector')),
    ...oneOf(specPath.child('unhealthyPodEvictionPolicy'), unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget']),
  ];
}

function goSpec({ minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy }: PodDisruptionBudget['spec']): GoSyntax {
  return goStruct('policy.PodDisruptionBudgetSpec', {
    MinAvailable: goPointer('intstr.IntOrString', minAvailable),
    Selector: goPointer('v1.LabelSelector', selector),
    MaxUnavailable: goPointer('intstr.IntOrString', maxUnavailable),
    UnhealthyPodEvictionPolicy: goPointer('policy.UnhealthyPodEvictionPolicyType', unhealthyPodEvictionPolicy),
  });
}

/** upstream: ValidatePositiveIntOrPercent, IsNotMoreThan100Percent */
function validateAmount(amount: IntOrString | undefined, path: FieldPath): readonly FieldError[] {
  if (typeof amount !== 'string') return notNegative(path, amount);
  const faults = invalidBy(path, goIntOrString(amount), percent(amount));
  if (faults.length > 0 || Number(amount.slice(0, -1)) <= 100) return faults;
  return [fieldInvalid(path, goIntOrString(amount), 'must not be greater than 100%')];
}

function orNotAvailable(amount: IntOrString | undefined): string {
  return amount === undefined ? 'N/A' : String(amount);
}
