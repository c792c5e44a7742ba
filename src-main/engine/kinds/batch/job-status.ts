// What may be written into a Job's status, by its controller or by one of somebody else: a job that has ended stays ended, counts of what has
// ended only grow, and conditions agree with each other. Most rules look only at what a write changes.
// upstream: pkg/apis/batch/validation/validation.go ValidateJobStatusUpdate, pkg/registry/batch/job/strategy.go getStatusValidationOptions (release 1.33)
import { equal } from '../../base/equal.ts';
import { parseTimestamp } from '../../base/timestamp.ts';
import { findCondition, isConditionTrue } from '../../meta/conditions.ts';
import { type FieldError, FieldPath, fieldDuplicate, fieldInvalid, fieldRequired, GoSyntax, omittedValue } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { goTime } from '../go-syntax.ts';
import { notNegativeCounts } from '../status-counts.ts';
import { checkIntervals, firstShared, parseIntervals } from './index-intervals.ts';
import type { Job, JobStatus } from './job.ts';

type Uncounted = NonNullable<JobStatus['uncountedTerminatedPods']>;

const path = new FieldPath('status');

export function validateJobStatus(next: Job, previous: Job): readonly FieldError[] {
  return [
    ...notNegativeCounts(next.status, ['active', 'succeeded', 'failed', 'ready', 'terminating']),
    ...validateUncounted(next.status.uncountedTerminatedPods),
    ...validateConditions(next, previous),
    ...validateEnd(next, previous),
    ...validateIndexes(next, previous),
    ...validatePods(next.status, previous.status),
    ...validateSuccess(next),
    ...validateChange(next, previous),
  ];
}

/** No pod twice. */
function validateUncounted(uncounted: Uncounted | undefined): readonly FieldError[] {
  const seen = new Set<string>();
  const check = (uids: readonly string[] | undefined, at: FieldPath): readonly FieldError[] =>
    (uids ?? []).flatMap((uid, index) => {
      if (uid === '') return [fieldInvalid(at.index(index), uid, 'must not be empty')];
      if (seen.has(uid)) return [fieldDuplicate(at.index(index), uid)];
      seen.add(uid);
      return [];
    });
  const at = path.child('uncountedTerminatedPods');
  return [...check(uncounted?.succeeded, at.child('succeeded')), ...check(uncounted?.failed, at.child('failed'))];
}

type Type = 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet';

function has({ conditions }: JobStatus, type: Type): boolean {
  return isConditionTrue(conditions, type);
}

function isFinished(status: JobStatus): boolean {
  return has(status, 'Complete') || has(status, 'Failed');
}

function wrongConditions(message: string): FieldError {
  return fieldInvalid(path.child('conditions'), omittedValue, message);
}

function validateConditions({ status }: Job, { status: before }: Job): readonly FieldError[] {
  const changes = (type: Type): boolean => has(status, type) !== has(before, type);
  const errors: FieldError[] = [];
  const both = (type: Type): boolean => has(status, 'Complete') && has(status, type) && (changes('Complete') || changes(type));
  if (both('Failed')) errors.push(wrongConditions('cannot set Complete=True and Failed=true conditions'));
  if (both('FailureTarget')) errors.push(wrongConditions('cannot set Complete=True and FailureTarget=true conditions'));
  return errors;
}

function validateEnd({ spec, status }: Job, { status: before }: Job): readonly FieldError[] {
  const { startTime, completionTime } = status;
  const at = path.child('completionTime');
  const changes = (type: Type): boolean => has(status, type) !== has(before, type);
  const endChanges = completionTime !== before.completionTime;
  const complete = has(status, 'Complete');
  const errors: FieldError[] = [];
  if (changes('Complete') || endChanges) {
    if (completionTime !== undefined && !complete)
      errors.push(fieldInvalid(at, goTime(completionTime), 'cannot set completionTime when there is no Complete=True condition'));
    if (completionTime === undefined && complete) errors.push(fieldRequired(at, 'completionTime is required for Complete jobs'));
  }
  if (startTime !== undefined && completionTime !== undefined && (endChanges || startTime !== before.startTime))
    if ((parseTimestamp(completionTime) ?? 0) < (parseTimestamp(startTime) ?? 0))
      errors.push(fieldInvalid(at, goTime(completionTime), 'completionTime cannot be set before startTime'));
  if ((changes('Failed') || changes('FailureTarget')) && has(status, 'Failed') && !has(status, 'FailureTarget'))
    errors.push(wrongConditions('cannot set Failed=True condition without the FailureTarget=true condition'));
  if ((changes('Complete') || changes('SuccessCriteriaMet')) && complete && !has(status, 'SuccessCriteriaMet'))
    errors.push(wrongConditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  if (!isFinished(status)) return errors;
  const ends = !isFinished(before);
  if ((status.active ?? 0) > 0 && (ends || status.active !== before.active))
    errors.push(fieldInvalid(path.child('active'), status.active, 'active>0 is invalid for finished job'));
  // One that wants nothing ends without having begun.
  const neverBegins = spec.suspend === true && spec.completions === 0;
  if (startTime === undefined && !neverBegins && (ends || before.startTime !== undefined))
    errors.push(fieldRequired(path.child('startTime'), 'startTime is required for finished job'));
  const { uncountedTerminatedPods: uncounted } = status;
  const left = (uncounted?.failed ?? []).length + (uncounted?.succeeded ?? []).length;
  if (uncounted !== undefined && left > 0 && (ends || !equal(uncounted, before.uncountedTerminatedPods))) {
    const shown = new GoSyntax(
      `batch.UncountedTerminatedPods{Succeeded:${uidsText(uncounted.succeeded)}, Failed:${uidsText(uncounted.failed)}}`,
    );
    errors.push(fieldInvalid(path.child('uncountedTerminatedPods'), shown, 'uncountedTerminatedPods needs to be empty for finished job'));
  }
  return errors;
}

function uidsText(uids: readonly string[] | undefined): string {
  return `[]types.UID${uids === undefined ? '(nil)' : `{${uids.map(goQuote).join(', ')}}`}`;
}

function validateIndexes({ spec, status }: Job, { status: before }: Job): readonly FieldError[] {
  const { completions, backoffLimitPerIndex } = spec;
  const { completedIndexes = '', failedIndexes } = status;
  const [completedPath, failedPath] = [path.child('completedIndexes'), path.child('failedIndexes')];
  const [completedChange, failedChange] = [completedIndexes !== (before.completedIndexes ?? ''), failedIndexes !== before.failedIndexes];
  const errors: FieldError[] = [];
  const parsed = (name: 'completedIndexes' | 'failedIndexes', text: string): void => {
    const { error } = checkIntervals(text, completions ?? 0);
    if (error !== undefined) errors.push(fieldInvalid(path.child(name), text, `error parsing ${name}: ${error}`));
  };
  if (completedChange && completions !== undefined) parsed('completedIndexes', completedIndexes);
  if (failedChange && completions !== undefined && backoffLimitPerIndex !== undefined && failedIndexes !== undefined)
    parsed('failedIndexes', failedIndexes);
  if (completedChange && completedIndexes !== '' && spec.completionMode !== 'Indexed')
    errors.push(fieldInvalid(completedPath, completedIndexes, 'cannot set non-empty completedIndexes when non-indexed completion mode'));
  if (failedIndexes === undefined) return errors;
  if (failedChange && backoffLimitPerIndex === undefined)
    errors.push(fieldInvalid(failedPath, failedIndexes, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'));
  if (completions !== undefined && (failedChange || completedChange)) {
    const shared = firstShared(parseIntervals(completedIndexes, completions), parseIntervals(failedIndexes, completions));
    if (shared !== undefined)
      errors.push(fieldInvalid(failedPath, failedIndexes, `failedIndexes and completedIndexes overlap at index: ${shared}`));
  }
  return errors;
}

function validatePods(status: JobStatus, before: JobStatus): readonly FieldError[] {
  const { active = 0, ready = 0, terminating = 0 } = status;
  const errors: FieldError[] = [];
  if (terminating > 0 && isFinished(status) && (!isFinished(before) || terminating !== before.terminating))
    errors.push(fieldInvalid(path.child('terminating'), terminating, 'terminating>0 is invalid for finished job'));
  if (ready > active && (ready !== before.ready || active !== (before.active ?? 0)))
    errors.push(fieldInvalid(path.child('ready'), ready, 'cannot set more ready pods than active'));
  return errors;
}

function validateSuccess({ spec, status }: Job): readonly FieldError[] {
  const errors: FieldError[] = [];
  const met = has(status, 'SuccessCriteriaMet');
  if (met && has(status, 'Failed')) errors.push(wrongConditions('cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (met && has(status, 'FailureTarget'))
    errors.push(wrongConditions('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'));
  if (spec.successPolicy !== undefined && !met && has(status, 'Complete'))
    errors.push(wrongConditions('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'));
  return errors;
}

/** What no later write takes back. */
function validateChange({ spec, status }: Job, { status: before }: Job): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const type of ['Failed', 'Complete', 'FailureTarget'] as const)
    if (has(before, type) && !has(status, type)) errors.push(wrongConditions(`cannot disable the terminal ${type}=True condition`));
  const fell = (count: 'failed' | 'succeeded'): boolean => (status[count] ?? 0) < (before[count] ?? 0);
  if (fell('failed')) errors.push(fieldInvalid(path.child('failed'), status.failed ?? 0, 'cannot decrease the failed counter'));
  const scales = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (fell('succeeded') && !scales)
    errors.push(fieldInvalid(path.child('succeeded'), status.succeeded ?? 0, 'cannot decrease the succeeded counter'));
  const { startTime, completionTime } = status;
  if (completionTime !== undefined && before.completionTime !== undefined && completionTime !== before.completionTime)
    errors.push(fieldInvalid(path.child('completionTime'), goTime(completionTime), 'completionTime cannot be mutated'));
  const resumes = isConditionTrue(before.conditions, 'Suspended') && findCondition(status.conditions, 'Suspended')?.status === 'False';
  if (before.startTime !== undefined && startTime !== before.startTime && spec.suspend !== true && !resumes)
    errors.push(fieldRequired(path.child('startTime'), 'startTime cannot be removed for unsuspended job'));
  const [met, wasMet] = [has(status, 'SuccessCriteriaMet'), has(before, 'SuccessCriteriaMet')];
  if (wasMet && !met) errors.push(wrongConditions('cannot disable the SuccessCriteriaMet=True condition'));
  if (has(before, 'Complete') && !wasMet && met)
    errors.push(wrongConditions('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'));
  return errors;
}
