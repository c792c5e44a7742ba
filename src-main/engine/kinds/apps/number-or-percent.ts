// What a rollout's maxSurge and maxUnavailable may be: a number that is not negative, or a percentage; the same for all workloads that roll out.
// upstream: pkg/apis/apps/validation/validation.go ValidatePositiveIntOrPercent, getIntOrPercentValue, IsNotMoreThan100Percent
import { type FieldError, type FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { IntOrString } from '../../meta/int-or-string.ts';
import { percent } from '../../meta/names.ts';
import { goIntOrString } from '../go-syntax.ts';
import { invalidBy, notNegative } from '../rules.ts';

export function numberOrPercent(path: FieldPath, value: IntOrString | undefined): readonly FieldError[] {
  return typeof value === 'string' ? invalidBy(path, goIntOrString(value), percent(value)) : notNegative(path, value);
}

/** The number, or the number of percent. */
export function amountOf(value: IntOrString | undefined): number {
  if (typeof value !== 'string') return value ?? 0;
  return /^[0-9]+%$/.test(value) ? Number(value.slice(0, -1)) : 0;
}

export function notMoreThanAll(path: FieldPath, value: IntOrString | undefined): readonly FieldError[] {
  if (typeof value !== 'string' || amountOf(value) <= 100) return [];
  return [fieldInvalid(path, goIntOrString(value), 'must not be greater than 100%')];
}
