// Job: its type and all of its API rules. upstream: pkg/registry/batch/job/strategy.go, pkg/apis/batch/v1/defaults.go
import type { Job as OpenApiJob } from 'kubernetes-types/batch/v1.d.ts';
import { parseTimestamp } from '../../base/timestamp.ts';
import { findCondition, isConditionTrue } from '../../meta/conditions.ts';
import { humanDuration } from '../../meta/duration.ts';
import { formatLabelSelector } from '../../meta/label-selector.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defaultTemplate } from '../apps/workload.ts';
import { ageColumn, nameColumn, templateColumns } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import { NAME_LABEL, UID_LABEL } from './job-labels.ts';
import { validateJobStatus } from './job-status.ts';
import { validateJobUpdate } from './job-update.ts';
import { validateJob } from './job-validation.ts';

export type Job = StoredInNamespace<OpenApiJob, 'spec' | 'status'>;
export type JobSpec = Job['spec'];
export type JobStatus = Job['status'];

const INT32_MAX = 2_147_483_647;

export const jobKind = defineKind<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  orphansDependents: true,
  tracksGeneration: true,
  defaults,
  prepareForCreate: (job) => ({ ...withGeneratedSelector(job), status: {} }),
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatus: validateJobStatus,
  selectableFields: ({ status }) => ({ 'status.successful': String(status.succeeded ?? 0) }),
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', value: statusText },
    { name: 'Completions', type: 'string', value: completionsText },
    { name: 'Duration', type: 'string', value: durationText },
    ageColumn,
    ...templateColumns,
    { name: 'Selector', type: 'string', priority: 1, value: ({ spec }) => formatLabelSelector(spec.selector) },
  ],
});

/** Complete or Failed: its controller does nothing more. upstream: pkg/controller/job/util IsJobFinished */
export function isJobFinished({ status }: Pick<Job, 'status'>): boolean {
  return isConditionTrue(status?.conditions, 'Complete') || isConditionTrue(status?.conditions, 'Failed');
}

export function isIndexed({ spec }: Pick<Job, 'spec'>): boolean {
  return spec.completionMode === 'Indexed';
}

/** upstream: SetDefaults_Job */
function defaults(job: Job): Job {
  const given = job.spec ?? { template: {} };
  const single = given.completions === undefined && given.parallelism === undefined;
  const spec = {
    ...given,
    ...(single && { completions: 1 }),
    parallelism: given.parallelism ?? 1,
    backoffLimit: given.backoffLimit ?? (given.backoffLimitPerIndex === undefined ? 6 : INT32_MAX),
    completionMode: given.completionMode ?? 'NonIndexed',
    suspend: given.suspend ?? false,
    podReplacementPolicy: given.podReplacementPolicy ?? (given.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed'),
    manualSelector: given.manualSelector ?? false,
    ...(given.template && { template: defaultTemplate(given.template) }),
    ...(given.podFailurePolicy && { podFailurePolicy: defaultFailurePolicy(given.podFailurePolicy) }),
  };
  const labels = given.template?.metadata?.labels;
  const { metadata } = job;
  const takes = labels !== undefined && Object.keys(metadata.labels ?? {}).length === 0;
  if (!takes && sameMembers(spec, given)) return job;
  return { ...job, ...(takes && { metadata: { ...metadata, labels } }), spec };
}

/** upstream: SetDefaults_PodFailurePolicyOnPodConditionsPattern */
export function defaultFailurePolicy<Policy extends NonNullable<JobSpec['podFailurePolicy']>>(policy: Policy): Policy {
  const unsaid = ({ status = '' }: { readonly status?: string }): boolean => status === '';
  if (!(policy.rules ?? []).some(({ onPodConditions = [] }) => onPodConditions.some(unsaid))) return policy;
  const rules = policy.rules.map((rule) =>
    rule.onPodConditions === undefined
      ? rule
      : { ...rule, onPodConditions: rule.onPodConditions.map((pattern) => (unsaid(pattern) ? { ...pattern, status: 'True' } : pattern)) },
  );
  return { ...policy, rules };
}

/** The uid tells a Job's pods from all others. A Job without labels has its template's, as it is read back. upstream: generateSelectorIfNeeded, SetDefaults_Job */
function withGeneratedSelector(job: Job): Job {
  const { uid, name } = job.metadata;
  if (job.spec.manualSelector === true || job.spec.template === undefined) return job;
  const generated = { [NAME_LABEL]: name, 'job-name': name, [UID_LABEL]: uid, 'controller-uid': uid };
  const { metadata, ...template } = job.spec.template;
  const labels = { ...generated, ...metadata?.labels };
  const matchLabels = { [UID_LABEL]: uid, ...job.spec.selector?.matchLabels };
  const own = Object.keys(job.metadata.labels ?? {}).length > 0 ? job.metadata : { ...job.metadata, labels };
  return {
    ...job,
    metadata: own,
    spec: { ...job.spec, selector: { ...job.spec.selector, matchLabels }, template: { ...template, metadata: { ...metadata, labels } } },
  };
}

/** upstream: pkg/printers/internalversion/printers.go printJob */
function statusText({ metadata, status }: Job): string {
  const is = (type: string): boolean => findCondition(status?.conditions, type)?.status === 'True';
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (is('Suspended')) return 'Suspended';
  return is('FailureTarget') ? 'FailureTarget' : 'Running';
}

function completionsText({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  return (spec.parallelism ?? 0) > 1 ? `${succeeded}/1 of ${spec.parallelism}` : `${succeeded}/1`;
}

function durationText({ status }: Job, nowMs: number): string {
  const { startTime, completionTime } = status ?? {};
  const startMs = startTime === undefined ? null : parseTimestamp(startTime);
  if (startMs === null) return '';
  const endMs = completionTime === undefined ? nowMs : (parseTimestamp(completionTime) ?? nowMs);
  return humanDuration(endMs - startMs);
}
