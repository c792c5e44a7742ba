// Validation of a CronJob; a schedule or zone that was let in once may stay as it is. upstream: pkg/apis/batch/validation/validation.go validateCronJobSpec
import { parseCronSchedule } from '../../meta/cron-schedule.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { timeZone } from '../../meta/time-zone.ts';
import { goLabelSelector } from '../go-syntax.ts';
import { notNegative, requiredOneOf } from '../rules.ts';
import type { CronJob } from './cron-job.ts';
import { validateJobSpec } from './job-validation.ts';

type Spec = CronJob['spec'];

/** The name of a job is the CronJob's with eleven characters more. */
const NAME_LENGTH_MAX = 52;

const path = new FieldPath('spec');

export function validateCronJobCreate({ metadata, spec }: CronJob): readonly FieldError[] {
  const errors = validateSpec(spec, null);
  if (metadata.name.length > NAME_LENGTH_MAX)
    errors.push(fieldInvalid(new FieldPath('metadata', 'name'), metadata.name, `must be no more than ${NAME_LENGTH_MAX} characters`));
  return errors;
}

export function validateCronJobUpdate(next: CronJob, previous: CronJob): readonly FieldError[] {
  return validateSpec(next.spec, previous.spec);
}

function validateSpec(spec: Spec, old: Spec | null): FieldError[] {
  const { schedule = '' } = spec;
  const at = path.child('schedule');
  const mayNameZone = old?.schedule?.includes('TZ') === true;
  return [
    ...(schedule === '' ? [fieldRequired(at, '')] : validateSchedule(schedule, mayNameZone, spec.timeZone, at)),
    ...notNegative(path.child('startingDeadlineSeconds'), spec.startingDeadlineSeconds),
    ...(old === null || old.timeZone !== spec.timeZone ? validateTimeZone(spec.timeZone, path.child('timeZone')) : []),
    ...requiredOneOf(path.child('concurrencyPolicy'), spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']),
    ...validateJobTemplate(spec.jobTemplate, path.child('jobTemplate', 'spec')),
    ...notNegative(path.child('successfulJobsHistoryLimit'), spec.successfulJobsHistoryLimit),
    ...notNegative(path.child('failedJobsHistoryLimit'), spec.failedJobsHistoryLimit),
  ];
}

function validateSchedule(schedule: string, mayNameZone: boolean, zone: string | undefined, at: FieldPath): readonly FieldError[] {
  const { error } = parseCronSchedule(schedule);
  const errors = error === undefined ? [] : [fieldInvalid(at, schedule, error)];
  if (!schedule.includes('TZ')) return errors;
  if (!mayNameZone) errors.push(fieldInvalid(at, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  else if (zone !== undefined) errors.push(fieldInvalid(at, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  return errors;
}

const ZONE_PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

function validateTimeZone(zone: string | undefined, at: FieldPath): readonly FieldError[] {
  if (zone === undefined) return [];
  if (zone === '') return [fieldInvalid(at, zone, 'timeZone must be nil or non-empty string')];
  const odd = (part: string): boolean => part === '.' || part === '..' || part.startsWith('-') || !ZONE_PART.test(part);
  if (zone.split('/').some(odd)) return [fieldInvalid(at, zone, `unknown time zone ${zone}`)];
  const errors: FieldError[] = [];
  if (zone.toLowerCase() === 'local')
    errors.push(fieldInvalid(at, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  const { error } = timeZone(zone);
  if (error !== undefined) errors.push(fieldInvalid(at, zone, error));
  return errors;
}

/** upstream: ValidateJobTemplateSpec */
function validateJobTemplate(jobTemplate: Spec['jobTemplate'] | undefined, at: FieldPath): readonly FieldError[] {
  const spec = jobTemplate?.spec ?? { template: {} };
  const errors = validateJobSpec(spec, at);
  if (spec.selector !== undefined)
    errors.push(fieldInvalid(at.child('selector'), goLabelSelector(spec.selector), '`selector` will be auto-generated'));
  if (spec.manualSelector === true) errors.push(fieldNotSupported(at.child('manualSelector'), 'true', ['nil', 'false']));
  return errors;
}
