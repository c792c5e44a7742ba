// CronJob: its type and all of its API rules. upstream: pkg/registry/batch/cronjob/strategy.go, pkg/apis/batch/v1/defaults.go
import type { CronJob as OpenApiCronJob } from 'kubernetes-types/batch/v1.d.ts';
import { formatLabelSelector } from '../../meta/label-selector.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defaultTemplate } from '../apps/workload.ts';
import { ageColumn, ageOf, nameColumn, templateColumns } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { validateCronJobCreate, validateCronJobUpdate } from './cron-job-validation.ts';
import { defaultFailurePolicy, type JobSpec } from './job.ts';

export type CronJob = StoredInNamespace<OpenApiCronJob, 'spec' | 'status'>;
type Template = CronJob['spec']['jobTemplate'];

export const cronJobKind = defineKind<CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  defaults,
  prepareForCreate: (cronJob) => ({ ...cronJob, status: {} }),
  validateCreate: validateCronJobCreate,
  validateUpdate: validateCronJobUpdate,
  columns: [
    nameColumn,
    { name: 'Schedule', type: 'string', value: ({ spec }) => spec.schedule },
    { name: 'Timezone', type: 'string', value: ({ spec }) => spec.timeZone ?? '<none>' },
    { name: 'Suspend', type: 'string', value: ({ spec }) => suspendText(spec.suspend) },
    { name: 'Active', type: 'integer', value: ({ status }) => status?.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      type: 'string',
      value: ({ status }, nowMs) => (status?.lastScheduleTime === undefined ? '<none>' : ageOf(status.lastScheduleTime, nowMs)),
    },
    ageColumn,
    ...templateColumns.map(ofJobTemplate),
    { name: 'Selector', type: 'string', priority: 1, value: ({ spec }) => formatLabelSelector(spec.jobTemplate?.spec?.selector) },
  ],
});

/** upstream: SetDefaults_CronJob; the job's own defaults are filled in when it is made. */
function defaults(cronJob: CronJob): CronJob {
  const given = cronJob.spec ?? {};
  const spec = {
    ...given,
    concurrencyPolicy: (given.concurrencyPolicy ?? '') === '' ? 'Allow' : given.concurrencyPolicy,
    suspend: given.suspend ?? false,
    successfulJobsHistoryLimit: given.successfulJobsHistoryLimit ?? 3,
    failedJobsHistoryLimit: given.failedJobsHistoryLimit ?? 1,
    ...(given.jobTemplate && { jobTemplate: defaultJobTemplate(given.jobTemplate) }),
  } as CronJob['spec'];
  return sameMembers(spec, given) ? cronJob : { ...cronJob, spec };
}

function defaultJobTemplate(jobTemplate: Template): Template {
  const given = jobTemplate.spec;
  if (given === undefined) return jobTemplate;
  const spec: JobSpec = {
    ...given,
    ...(given.template && { template: defaultTemplate(given.template) }),
    ...(given.podFailurePolicy && { podFailurePolicy: defaultFailurePolicy(given.podFailurePolicy) }),
  };
  return sameMembers(spec, given) ? jobTemplate : { ...jobTemplate, spec };
}

function suspendText(suspend: boolean | undefined): string {
  if (suspend === undefined) return '<unset>';
  return suspend ? 'True' : 'False';
}

function ofJobTemplate(column: (typeof templateColumns)[number]): PrinterColumn<CronJob> {
  return { ...column, value: ({ spec }, nowMs) => column.value({ spec: spec.jobTemplate?.spec ?? {} }, nowMs) };
}
