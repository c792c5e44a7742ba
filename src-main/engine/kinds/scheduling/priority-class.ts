// PriorityClass: its type and all of its API rules. upstream: pkg/registry/scheduling/priorityclass/strategy.go, pkg/apis/scheduling/validation
import type { PriorityClass as OpenApiPriorityClass } from 'kubernetes-types/scheduling/v1.d.ts';
import { type FieldError, FieldPath, fieldForbidden } from '../../meta/field-error.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, oneOf } from '../rules.ts';

export type PriorityClass = Stored<OpenApiPriorityClass>;

const USER_PRIORITY_MAX = 1_000_000_000;
const systemClasses: Readonly<Record<string, number>> = { 'system-node-critical': 2_000_001_000, 'system-cluster-critical': 2_000_000_000 };

export const priorityClassKind = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  tracksGeneration: true,
  defaults: (given) => (given.preemptionPolicy === undefined ? { ...given, preemptionPolicy: 'PreemptLowerPriority' } : given),
  validate: validateClass,
  validateUpdate: (next, previous) => [
    ...(next.value === previous.value ? [] : [fieldForbidden(new FieldPath('value'), 'may not be changed in an update.')]),
    ...immutable(new FieldPath('preemptionPolicy'), next.preemptionPolicy, previous.preemptionPolicy),
  ],
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', value: ({ value }) => value },
    { name: 'Global-Default', type: 'boolean', value: ({ globalDefault }) => globalDefault ?? false },
    ageColumn,
    { name: 'PreemptionPolicy', type: 'string', value: ({ preemptionPolicy }) => preemptionPolicy ?? '' },
  ],
});

function validateClass({ metadata, value, preemptionPolicy }: PriorityClass): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name } = metadata;
  if (name.startsWith('system-')) {
    const reserved = "priority class names with 'system-' prefix are reserved for system use only. error: ";
    const known = systemClasses[name];
    if (known === undefined)
      errors.push(fieldForbidden(new FieldPath('metadata', 'name'), `${reserved}${name} is not a known system priority class`));
    else if (known !== value)
      errors.push(fieldForbidden(new FieldPath('metadata', 'name'), `${reserved}value of ${name} PriorityClass must be ${known}`));
  } else if (value > USER_PRIORITY_MAX) {
    const detail = `maximum allowed value of a user defined priority is ${USER_PRIORITY_MAX}`;
    errors.push(fieldForbidden(new FieldPath('value'), detail));
  }
  return [...errors, ...oneOf(new FieldPath('preemptionPolicy'), preemptionPolicy, ['Never', 'PreemptLowerPriority'])];
}
