// Validation of what decides a Job's end: the rules for failed pods and those for enough successes.
// upstream: pkg/apis/batch/validation/validation.go validatePodFailurePolicy, validateSuccessPolicy
import {
  type FieldError,
  type FieldPath,
  fieldDuplicate,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
  fieldTooMany,
  omittedValue,
} from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { qualifiedName } from '../../meta/names.ts';
import { goList } from '../go-syntax.ts';
import { each, invalidBy, notNegative } from '../rules.ts';
import { checkIntervals } from './index-intervals.ts';
import type { JobSpec } from './job.ts';

type FailureRule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number];
type SuccessRule = NonNullable<NonNullable<JobSpec['successPolicy']>['rules']>[number];

const RULES_MAX = 20;
const EXIT_CODES_MAX = 255;
const PATTERNS_MAX = 20;
const INDEXES_LENGTH_MAX = 64 * 1024;
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const OPERATORS = ['In', 'NotIn'];
const STATUSES = ['False', 'True', 'Unknown'];

const valid = (values: readonly string[]): string => `valid values: [${values.map(goQuote).join(' ')}]`;

export function validateFailurePolicy(spec: JobSpec, path: FieldPath): readonly FieldError[] {
  const at = path.child('rules');
  const rules = spec.podFailurePolicy?.rules ?? [];
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  return [
    ...(rules.length > RULES_MAX ? [fieldTooMany(at, rules.length, RULES_MAX)] : []),
    ...each(at, rules, (rule, rulePath) => validateFailureRule(spec, rule, rulePath, names)),
  ];
}

export function validateSuccessPolicy({ successPolicy, completions = 0 }: JobSpec, path: FieldPath): readonly FieldError[] {
  const at = path.child('rules');
  const rules = successPolicy?.rules ?? [];
  const none = 'at least one rules must be specified when the successPolicy is specified';
  return [
    ...(rules.length === 0 ? [fieldRequired(at, none)] : []),
    ...(rules.length > RULES_MAX ? [fieldTooMany(at, rules.length, RULES_MAX)] : []),
    ...each(at, rules, (rule, rulePath) => validateSuccessRule(rule, completions, rulePath)),
  ];
}

function validateFailureRule(spec: JobSpec, rule: FailureRule, path: FieldPath, names: ReadonlySet<string>): readonly FieldError[] {
  const { action = '', onExitCodes, onPodConditions = [] } = rule;
  const at = path.child('action');
  const errors: FieldError[] = [];
  if (action === '') errors.push(fieldRequired(at, valid(ACTIONS)));
  else if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined) errors.push(fieldInvalid(at, action, 'requires the backoffLimitPerIndex to be set'));
  } else if (!ACTIONS.includes(action)) errors.push(fieldNotSupported(at, action, ACTIONS));
  if (onExitCodes !== undefined) errors.push(...validateExitCodes(onExitCodes, path.child('onExitCodes'), names));
  if (onPodConditions.length > 0) errors.push(...validatePatterns(onPodConditions, path.child('onPodConditions')));
  const both = onExitCodes !== undefined && onPodConditions.length > 0;
  const neither = onExitCodes === undefined && onPodConditions.length === 0;
  if (both) errors.push(fieldInvalid(path, omittedValue, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (neither) errors.push(fieldInvalid(path, omittedValue, 'specifying one of OnExitCodes and OnPodConditions is required'));
  return errors;
}

function validatePatterns(patterns: NonNullable<FailureRule['onPodConditions']>, path: FieldPath): readonly FieldError[] {
  return [
    ...(patterns.length > PATTERNS_MAX ? [fieldTooMany(path, patterns.length, PATTERNS_MAX)] : []),
    ...each(path, patterns, ({ type = '', status = '' }, at) => [
      ...invalidBy(at.child('type'), type, qualifiedName(type)),
      ...(status === '' ? [fieldRequired(at.child('status'), valid(STATUSES))] : []),
      ...(status === '' || STATUSES.includes(status) ? [] : [fieldNotSupported(at.child('status'), status, STATUSES)]),
    ]),
  ];
}

function validateExitCodes(
  { operator = '', containerName, values = [] }: NonNullable<FailureRule['onExitCodes']>,
  path: FieldPath,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const atOperator = path.child('operator');
  if (operator === '') errors.push(fieldRequired(atOperator, valid(OPERATORS)));
  else if (!OPERATORS.includes(operator)) errors.push(fieldNotSupported(atOperator, operator, OPERATORS));
  if (containerName !== undefined && !names.has(containerName)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    errors.push(fieldInvalid(path.child('containerName'), containerName, detail));
  }
  const at = path.child('values');
  if (values.length === 0) errors.push(fieldInvalid(at, goList('int32', values.map(String)), 'at least one value is required'));
  else if (values.length > EXIT_CODES_MAX) errors.push(fieldTooMany(at, values.length, EXIT_CODES_MAX));
  const seen = new Set<number>();
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) errors.push(fieldInvalid(at.index(index), value, 'must not be 0 for the In operator'));
    if (seen.has(value)) errors.push(fieldDuplicate(at.index(index), value));
    seen.add(value);
  }
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value))
    errors.push(fieldInvalid(at, goList('int32', values.map(String)), 'must be ordered'));
  return errors;
}

function validateSuccessRule({ succeededCount, succeededIndexes }: SuccessRule, completions: number, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(fieldRequired(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  let total = 0;
  if (succeededIndexes !== undefined) {
    const at = path.child('succeededIndexes');
    if (succeededIndexes.length > INDEXES_LENGTH_MAX) errors.push(fieldTooLong(at, INDEXES_LENGTH_MAX));
    const { value, error } = checkIntervals(succeededIndexes, completions);
    if (error !== undefined) errors.push(fieldInvalid(at, succeededIndexes, `error parsing succeededIndexes: ${error}`));
    total = value ?? 0;
  }
  if (succeededCount === undefined) return errors;
  const at = path.child('succeededCount');
  const tooMany = (count: number, of: string): FieldError =>
    fieldInvalid(at, succeededCount, `must be less than or equal to ${count} (${of})`);
  errors.push(...notNegative(at, succeededCount));
  if (succeededCount > completions) errors.push(tooMany(completions, 'the number of specified completions'));
  if (succeededIndexes !== undefined && succeededCount > total)
    errors.push(tooMany(total, 'the number of indexes in the specified succeededIndexes field'));
  return errors;
}
