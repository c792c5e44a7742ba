// Validation of a Job and of the spec that a CronJob's template shares with it. upstream: pkg/apis/batch/validation/validation.go (release 1.33)
import { type FieldError, FieldPath, fieldInvalid, fieldNotSupported, fieldRequired, fieldTooLong } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { requirementsOf, selectorFor, validateLabelSelector } from '../../meta/label-selector.ts';
import { dns1123Label, domainPrefixedPath } from '../../meta/names.ts';
import { validatePodTemplate } from '../core/pod-validation.ts';
import { goLabelSelector, goStringMap } from '../go-syntax.ts';
import { notNegative } from '../rules.ts';
import type { Job, JobSpec } from './job.ts';
import { NAME_LABEL, UID_LABEL } from './job-labels.ts';
import { validateFailurePolicy, validateSuccessPolicy } from './job-policies.ts';

const PARALLELISM_MAX_INDEXED = 100_000;
const FAILED_INDEXES_MAX = 100_000;
const COMPLETIONS_MANY = 100_000;
const LIMIT_FOR_MANY = 10_000;
const MANAGED_BY_LENGTH_MAX = 63;

const specPath = new FieldPath('spec');

export function validateJob(job: Job): readonly FieldError[] {
  const { spec, metadata } = job;
  const errors = [...validateGeneratedSelector(job), ...validateJobSpec(spec, specPath), ...validateSelector(spec)];
  if (spec.completionMode !== 'Indexed' || (spec.completions ?? 0) <= 0) return errors;
  const hostname = `${metadata.name}-${(spec.completions ?? 0) - 1}`;
  if (dns1123Label(hostname).length > 0)
    errors.push(
      fieldInvalid(new FieldPath('metadata', 'name'), metadata.name, `will not able to create pod with invalid DNS label: ${hostname}`),
    );
  return errors;
}

/** What a Job and the template of a CronJob have in common. upstream: validateJobSpec */
export function validateJobSpec(spec: JobSpec, path: FieldPath): FieldError[] {
  const errors = [
    ...notNegative(path.child('parallelism'), spec.parallelism),
    ...notNegative(path.child('completions'), spec.completions),
    ...notNegative(path.child('activeDeadlineSeconds'), spec.activeDeadlineSeconds),
    ...notNegative(path.child('backoffLimit'), spec.backoffLimit),
    ...notNegative(path.child('ttlSecondsAfterFinished'), spec.ttlSecondsAfterFinished),
    ...notNegative(path.child('backoffLimitPerIndex'), spec.backoffLimitPerIndex),
    ...notNegative(path.child('maxFailedIndexes'), spec.maxFailedIndexes),
  ];
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(fieldRequired(path.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'));
  errors.push(...validateManagedBy(spec.managedBy, path.child('managedBy')), ...validateMode(spec, path));
  if (spec.podFailurePolicy !== undefined) errors.push(...validateFailurePolicy(spec, path.child('podFailurePolicy')));
  if (spec.successPolicy !== undefined) {
    const at = path.child('successPolicy');
    if (spec.completionMode === 'Indexed') errors.push(...validateSuccessPolicy(spec, at));
    else errors.push(fieldInvalid(at, spec.successPolicy, 'requires indexed completion mode'));
  }
  errors.push(...validateReplacement(spec, path.child('podReplacementPolicy')));
  errors.push(...validatePodTemplate(spec.template ?? {}, path.child('template')));
  errors.push(...validateRestartPolicy(spec, path.child('template', 'spec', 'restartPolicy')));
  return errors;
}

function validateManagedBy(name: string | undefined, path: FieldPath): readonly FieldError[] {
  if (name === undefined) return [];
  const errors = [...domainPrefixedPath(path, name)];
  if (name.length > MANAGED_BY_LENGTH_MAX) errors.push(fieldTooLong(path, MANAGED_BY_LENGTH_MAX));
  return errors;
}

function validateMode(spec: JobSpec, path: FieldPath): readonly FieldError[] {
  const { completionMode: mode, backoffLimitPerIndex, maxFailedIndexes } = spec;
  const errors: FieldError[] = [];
  if (mode !== undefined && mode !== 'NonIndexed' && mode !== 'Indexed')
    errors.push(fieldNotSupported(path.child('completionMode'), mode, ['NonIndexed', 'Indexed']));
  if (mode === 'Indexed') errors.push(...validateIndexed(spec, path));
  if (mode !== undefined && mode !== 'NonIndexed') return errors;
  const detail = 'requires indexed completion mode';
  if (backoffLimitPerIndex !== undefined) errors.push(fieldInvalid(path.child('backoffLimitPerIndex'), backoffLimitPerIndex, detail));
  if (maxFailedIndexes !== undefined) errors.push(fieldInvalid(path.child('maxFailedIndexes'), maxFailedIndexes, detail));
  return errors;
}

function validateIndexed({ completions, parallelism, maxFailedIndexes, backoffLimitPerIndex }: JobSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const atParallelism = path.child('parallelism');
  const atFailed = path.child('maxFailedIndexes');
  const above = (value: number | undefined, max: number): value is number => value !== undefined && value > max;
  if (completions === undefined) errors.push(fieldRequired(path.child('completions'), 'when completion mode is Indexed'));
  if (above(parallelism, PARALLELISM_MAX_INDEXED))
    errors.push(
      fieldInvalid(atParallelism, parallelism, `must be less than or equal to ${PARALLELISM_MAX_INDEXED} when completion mode is Indexed`),
    );
  if (completions !== undefined && above(maxFailedIndexes, completions))
    errors.push(fieldInvalid(atFailed, maxFailedIndexes, 'must be less than or equal to completions'));
  if (above(maxFailedIndexes, FAILED_INDEXES_MAX))
    errors.push(fieldInvalid(atFailed, maxFailedIndexes, `must be less than or equal to ${FAILED_INDEXES_MAX}`));
  if (!above(completions, COMPLETIONS_MANY) || backoffLimitPerIndex === undefined) return errors;
  const detail = `must be less than or equal to ${LIMIT_FOR_MANY} when completions are above ${COMPLETIONS_MANY} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined)
    errors.push(fieldRequired(atFailed, `must be specified when completions is above ${COMPLETIONS_MANY}`));
  if (above(parallelism, LIMIT_FOR_MANY)) errors.push(fieldInvalid(atParallelism, parallelism, detail));
  if (above(maxFailedIndexes, LIMIT_FOR_MANY)) errors.push(fieldInvalid(atFailed, maxFailedIndexes, detail));
  return errors;
}

function validateReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec, path: FieldPath): readonly FieldError[] {
  if (podReplacementPolicy === undefined) return [];
  const supported = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  return supported.includes(podReplacementPolicy) ? [] : [fieldNotSupported(path, podReplacementPolicy, supported)];
}

/** Always is what defaulting makes of nothing. */
function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: FieldPath): readonly FieldError[] {
  const policy = template?.spec?.restartPolicy ?? '';
  if (policy === 'Always' || policy === '') return [fieldRequired(path, `valid values: ${goQuote('OnFailure')}, ${goQuote('Never')}`)];
  if (policy !== 'OnFailure' && policy !== 'Never') return [fieldNotSupported(path, policy, ['OnFailure', 'Never'])];
  if (podFailurePolicy === undefined || policy === 'Never') return [];
  return [fieldInvalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}

/** upstream: validateGeneratedSelector */
function validateGeneratedSelector({ metadata, spec }: Job): readonly FieldError[] {
  if (spec.manualSelector === true || spec.selector === undefined) return [];
  const expected = { 'controller-uid': metadata.uid, 'job-name': metadata.name, [UID_LABEL]: metadata.uid, [NAME_LABEL]: metadata.name };
  const labels = spec.template?.metadata?.labels;
  const errors = Object.entries(expected).flatMap(([name, value]) => {
    const at = new FieldPath('spec', 'template', 'metadata', 'labels').key(name);
    const found = labels?.[name];
    if (found === undefined) return [fieldRequired(at, `must be '${value}'`)];
    return found === value ? [] : [fieldInvalid(at, goStringMap(labels), `must be '${value}'`)];
  });
  if (requirementsOf(spec.selector).value !== undefined && !selectorFor(spec.selector)(expected))
    errors.push(fieldInvalid(specPath.child('selector'), goLabelSelector(spec.selector), '`selector` not auto-generated'));
  return errors;
}

function validateSelector({ selector, template }: JobSpec): readonly FieldError[] {
  const at = specPath.child('selector');
  const errors = selector === undefined ? [fieldRequired(at, '')] : [...validateLabelSelector(selector, at)];
  const labels = template?.metadata?.labels;
  const readable = selector === undefined || requirementsOf(selector).value !== undefined;
  if (readable && !selectorFor(selector)(labels))
    errors.push(
      fieldInvalid(specPath.child('template', 'metadata', 'labels'), goStringMap(labels), '`selector` does not match template `labels`'),
    );
  return errors;
}
