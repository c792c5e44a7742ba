// Suites of Job and CronJob: a case's objects are put before the very rules and syncs that the lab's controllers run.

import { formatTimestamp, parseTimestamp } from '../../../engine/base/timestamp.ts';
import { type CronJobWorld, syncCronJob } from '../../../engine/controllers/cron-job/cron-job-sync.ts';
import { inStartOrder, jobsBeyondHistory } from '../../../engine/controllers/cron-job/finished-jobs.ts';
import { dueRun, missedRuns, NEXT_RUN_DELTA_MS, untilNextRunMs } from '../../../engine/controllers/cron-job/missed-runs.ts';
import { finishedMs, noFailures, remainingMs, remainingMsOfIndex, withEnded } from '../../../engine/controllers/job/back-off.ts';
import { judgeFailure } from '../../../engine/controllers/job/failure-policy.ts';
import { failedIndexes, succeededIndexes } from '../../../engine/controllers/job/job-indexes.ts';
import { syncJob } from '../../../engine/controllers/job/job-sync.ts';
import type { Deleted, JobWorld } from '../../../engine/controllers/job/job-world.ts';
import { podDraft } from '../../../engine/controllers/job/new-pods.ts';
import { metSuccessRule } from '../../../engine/controllers/job/success-policy.ts';
import { isPodReady } from '../../../engine/controllers/pod-state.ts';
import { type CronJob, cronJobKind } from '../../../engine/kinds/batch/cron-job.ts';
import { formatIntervals, parseIntervals } from '../../../engine/kinds/batch/index-intervals.ts';
import { type Job, jobKind } from '../../../engine/kinds/batch/job.ts';
import { FAILURE_COUNT_ANNOTATION, INDEX_ANNOTATION, TRACKING_FINALIZER } from '../../../engine/kinds/batch/job-labels.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import { validateObjectMeta } from '../../../engine/kinds/object-meta.ts';
import { parseCronSchedule } from '../../../engine/meta/cron-schedule.ts';
import type { FieldError } from '../../../engine/meta/field-error.ts';
import { newControllerReference } from '../../../engine/meta/owner-references.ts';
import { notFound } from '../../../engine/meta/status-error.ts';
import { compareWherePresent } from './compare.ts';
import type { Run, Suites } from './run-conformance.ts';
import { wholeCasePod, wholeObject } from './whole-object.ts';

export const jobSuites: Suites = {
  'job.backoff': (given: { kind: string }) => backOffChecks[given.kind]?.(given as never),
  'job.failure-policy': { run: failurePolicy, compare: compareWherePresent },
  'job.indexes': (given: { kind: string }) => indexChecks[given.kind]?.(given as never),
  'job.success-policy': ({ successPolicy, completions, succeededIndexes: text }: SuccessCase) => {
    const rule = metSuccessRule(successPolicy, completions, parseIntervals(text, Number.MAX_SAFE_INTEGER));
    return { met: rule !== null, rule };
  },
  'job.sync': { run: jobSync, compare: compareSync },
  'cronjob.history': (given: { kind: string }) => historyChecks[given.kind]?.(given as never),
  'cronjob.schedule': { run: (given: ScheduleCase) => scheduleChecks[given.kind]?.(given), compare: compareWherePresent },
  'cronjob.sync': { run: cronJobSync, compare: compareWherePresent },
  'validation.job': { run: jobErrors, compare: compareFirst },
  'validation.cronjob': { run: cronJobErrors, compare: compareFirst },
};

interface SuccessCase {
  readonly successPolicy: Job['spec']['successPolicy'] | null;
  readonly completions: number;
  readonly succeededIndexes: string;
}

interface PodGroup {
  readonly phase: string;
  readonly count: number;
  readonly ready?: number;
  readonly terminating?: boolean;
  readonly index?: string;
}

interface SyncCase {
  readonly job: Job;
  readonly pods?: readonly PodGroup[];
  readonly secondsSinceStart?: number;
  readonly backoff?: { readonly failures: number; readonly lastFailureSecondsAgo: number };
}

interface ScheduleCase {
  readonly kind: string;
  readonly cronJob: CronJob;
  readonly now: string;
  readonly useDeadline?: boolean;
}

interface CronCase {
  readonly cronJob: CronJob;
  readonly jobs: readonly {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly done: boolean;
    readonly completionTime?: string;
  }[];
  readonly now: string;
}

const NOW_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** With the fraction of a second, which the tables of Kubernetes know and API objects do not. */
function timestamp(unixMs: number | null): string | null {
  if (unixMs === null) return null;
  const fraction = unixMs % 1000;
  const text = formatTimestamp(unixMs);
  return fraction === 0 ? text : text.replace('Z', `.${String(fraction).padStart(3, '0').replace(/0+$/, '')}Z`);
}

const milliseconds = (text: string | null | undefined): number => parseTimestamp(text ?? '') ?? 0;

function endedPod(finishedAt: string): Pod {
  return { metadata: {}, status: { containerStatuses: [{ state: { terminated: { finishedAt } } }] } } as unknown as Pod;
}

const backOffChecks: Readonly<Record<string, Run>> = {
  record: ({ before, succeeded, failed }: RecordCase) => {
    const record = {
      failures: before?.failures ?? 0,
      lastFailureMs: (before?.lastFailureTime ?? null) === null ? null : milliseconds(before?.lastFailureTime),
    };
    const { failures, lastFailureMs } = withEnded(record, (succeeded ?? []).map(endedPod), (failed ?? []).map(endedPod));
    return { failures, lastFailureTime: timestamp(lastFailureMs) };
  },
  finished: ({ pod }: { pod: Pod }) => ({ finishedAt: timestamp(finishedMs(wholeCasePod(pod))) }),
  remaining: ({ failures, lastFailureTime, now, baseSeconds, maxSeconds }: RemainingCase) => {
    const record = { failures, lastFailureMs: (lastFailureTime ?? null) === null ? null : milliseconds(lastFailureTime) };
    return { seconds: remainingMs(record, milliseconds(now), limits(baseSeconds, maxSeconds)) / 1000 };
  },
  remainingPerIndex: ({ lastFailedPod, now, baseSeconds, maxSeconds }: RemainingCase) => ({
    seconds:
      remainingMsOfIndex(lastFailedPod ? wholeCasePod(lastFailedPod) : undefined, milliseconds(now), limits(baseSeconds, maxSeconds)) /
      1000,
  }),
};

interface RecordCase {
  readonly before?: { readonly failures: number; readonly lastFailureTime: string | null };
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

interface RemainingCase {
  readonly failures: number;
  readonly lastFailureTime: string | null;
  readonly lastFailedPod: Pod | null;
  readonly now: string;
  readonly baseSeconds: number;
  readonly maxSeconds: number;
}

function limits(baseSeconds: number, maxSeconds: number): { readonly baseMs: number; readonly mostMs: number } {
  return { baseMs: baseSeconds * 1000, mostMs: maxSeconds * 1000 };
}

function failurePolicy({ podFailurePolicy, pod }: { podFailurePolicy: Job['spec']['podFailurePolicy'] | null; pod: Pod }): unknown {
  const { action, counts, message } = judgeFailure(podFailurePolicy, wholeCasePod(pod));
  const rule = /at index (\d+)$/.exec(message ?? '')?.[1];
  return { action, countFailed: counts, message, ...(rule !== undefined && { rule: Number(rule) }) };
}

interface IndexPod {
  readonly index: string;
  readonly phase: string;
  readonly failureCount?: number;
  readonly tracked?: boolean;
  readonly exitCode?: number;
}

function indexPod({ index, phase, failureCount, tracked = true, exitCode }: IndexPod): Pod {
  return {
    metadata: {
      annotations: {
        ...(index !== '-' && { [INDEX_ANNOTATION]: index }),
        ...(failureCount !== undefined && { [FAILURE_COUNT_ANNOTATION]: String(failureCount) }),
      },
      ...(tracked && { finalizers: [TRACKING_FINALIZER] }),
    },
    status: { phase, ...(exitCode !== undefined && { containerStatuses: [{ name: 'main', state: { terminated: { exitCode } } }] }) },
  } as unknown as Pod;
}

const indexChecks: Readonly<Record<string, Run>> = {
  succeeded: ({ completions, completedIndexes, pods }: { completions: number; completedIndexes: string; pods: readonly IndexPod[] }) => {
    const job = { spec: { completions }, status: { completedIndexes } } as unknown as Job;
    return { completedIndexes: formatIntervals(succeededIndexes(job, pods.map(indexPod)).now) };
  },
  failed: ({ job, pods }: { job: Job; pods: readonly IndexPod[] }) => ({
    failedIndexes: formatIntervals(failedIndexes(wholeObject(job), pods.map(indexPod))),
  }),
};

/** A world of lists: what the sync did is read from them afterwards. */
class SyncWorld implements JobWorld {
  readonly unixMs = NOW_MS;
  readonly settled = true;
  readonly removing = new Set<string>();
  readonly backOff: JobWorld['backOff'];
  readonly pods: readonly Pod[];
  job: Job;
  created: string[] = [];
  deleted = 0;
  readonly gone = new Set<Pod>();
  #drafts = 0;

  constructor(job: Job, pods: readonly Pod[], backOff: JobWorld['backOff']) {
    this.job = job;
    this.pods = pods;
    this.backOff = backOff;
  }

  timestamp(): string {
    return formatTimestamp(this.unixMs);
  }

  rememberBackOff(): void {}

  createPods(job: Job, wanted: Parameters<JobWorld['createPods']>[1]): ReturnType<JobWorld['createPods']> {
    for (const one of wanted) {
      this.#drafts += 1;
      this.created.push(podDraft(job, one).metadata.annotations?.[INDEX_ANNOTATION] ?? `pod ${this.#drafts}`);
    }
    return { created: wanted.length, error: null };
  }

  dropPods(_job: Job, doomed: readonly Pod[]): Deleted {
    return this.stopPods(_job, doomed);
  }

  stopPods(_job: Job, doomed: readonly Pod[]): Deleted {
    this.deleted += doomed.length;
    for (const pod of doomed) this.gone.add(pod);
    return { count: doomed.length, ready: doomed.filter(isPodReady).length, error: null };
  }

  untrack(_job: Job, ended: readonly Pod[]): ReturnType<JobWorld['untrack']> {
    return { done: new Set(ended.map(({ metadata }) => metadata.uid)), error: null };
  }

  updateStatus(job: Job): Job {
    this.job = job;
    return job;
  }

  event(): void {}
  lookAgain(): void {}
  retryLater(): void {}
}

function jobSync({ job, pods: groups = [], secondsSinceStart, backoff }: SyncCase): unknown {
  const startTime = secondsSinceStart === undefined ? {} : { startTime: formatTimestamp(NOW_MS - secondsSinceStart * 1000) };
  const whole = {
    ...job,
    metadata: { ...job.metadata, uid: 'job-uid' },
    spec: { ...job.spec, template: { metadata: {}, spec: { restartPolicy: 'Never', containers: [] } } },
    status: { ...job.status, ...startTime },
  } as Job;
  const pods = groups.flatMap((group, place) => podsOf(group, place));
  const record =
    backoff === undefined ? noFailures : { failures: backoff.failures, lastFailureMs: NOW_MS - backoff.lastFailureSecondsAgo * 1000 };
  const world = new SyncWorld(whole, pods, record);
  syncJob(whole, world);
  const { job: after, created, deleted } = world;
  const left = pods.filter((pod) => !world.gone.has(pod) && (pod.status.phase === 'Running' || pod.status.phase === 'Pending'));
  const later = new SyncWorld(after, left, record);
  syncJob(after, later);
  const {
    active = 0,
    ready = 0,
    succeeded = 0,
    failed = 0,
    terminating = 0,
    completedIndexes = '',
    uncountedTerminatedPods,
  } = after.status;
  return {
    created: created.length,
    createdIndexes: created.map(Number),
    deleted,
    active,
    ready,
    succeeded: succeeded + (uncountedTerminatedPods?.succeeded?.length ?? 0),
    failed: failed + (uncountedTerminatedPods?.failed?.length ?? 0),
    terminating,
    completedIndexes,
    conditions: after.status.conditions ?? [],
    eventually: later.job.status.conditions ?? [],
  };
}

function podsOf({ phase, count, ready = 0, terminating = false, index }: PodGroup, place: number): readonly Pod[] {
  return Array.from({ length: count }, (_, number) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `pod-${place}-${number}`,
      namespace: 'default',
      uid: `pod-${place}-${number}`,
      creationTimestamp: formatTimestamp(NOW_MS - DAY_MS),
      finalizers: [TRACKING_FINALIZER],
      ...(terminating && { deletionTimestamp: formatTimestamp(NOW_MS) }),
      ...(index !== undefined && { annotations: { [INDEX_ANNOTATION]: index } }),
    },
    spec: { containers: [], nodeName: phase === 'Pending' ? '' : 'node' },
    status: { phase, ...(number < ready && { conditions: [{ type: 'Ready', status: 'True' }] }) },
  })) as unknown as readonly Pod[];
}

type Conditions = readonly { readonly type: string; readonly status: string; readonly reason?: string }[];

/** Conditions are a set; those of `absent` may be there as False. */
function compareSync(actual: unknown, expected: unknown): readonly string[] {
  const {
    conditions = [],
    eventually = [],
    absent = [],
    ...rest
  } = expected as Record<string, unknown> & {
    conditions?: Conditions;
    eventually?: Conditions;
    absent?: readonly string[];
  };
  const got = actual as Record<string, unknown> & { conditions: Conditions; eventually: Conditions };
  const missing = (wanted: Conditions, among: Conditions, what: string): readonly string[] =>
    wanted
      .filter(
        ({ type, status, reason }) =>
          !among.some((one) => one.type === type && one.status === status && (reason ?? one.reason) === one.reason),
      )
      .map((condition) => `${what}: no ${JSON.stringify(condition)} among ${JSON.stringify(among)}`);
  return [
    ...compareWherePresent(got, rest),
    ...missing(conditions, got.conditions, 'conditions'),
    ...missing(eventually, got.eventually, 'eventually'),
    ...got.conditions
      .filter(({ type, status }) => absent.includes(type) && status === 'True')
      .map(({ type }) => `conditions: ${type} is True`),
  ];
}

const historyChecks: Readonly<Record<string, Run>> = {
  clean: ({ cronJob, jobs }: { cronJob: CronJob; jobs: readonly Job[] }) => {
    const complete = jobs.map((job) => ({ ...job, status: { ...job.status, conditions: [{ type: 'Complete', status: 'True' }] } }));
    return { deleted: jobsBeyondHistory(cronJob, complete).map(({ metadata }) => metadata.name) };
  },
  order: ({ jobs }: { jobs: readonly Job[] }) => ({ order: inStartOrder(jobs).map(({ metadata }) => metadata.name) }),
};

function scheduleOf({ spec }: CronJob): NonNullable<ReturnType<typeof parseCronSchedule>['value']> {
  const { value, error } = parseCronSchedule(spec.schedule);
  if (value === undefined) throw new Error(error);
  return value;
}

const scheduleChecks: Readonly<Record<string, (given: ScheduleCase) => unknown>> = {
  recent: ({ cronJob, now, useDeadline = false }) => {
    const { earliestMs, recentMs, missed, error } = missedRuns(wholeObject(cronJob), scheduleOf(cronJob), milliseconds(now), useDeadline);
    return { earliest: timestamp(earliestMs), recent: timestamp(recentMs), missed, error: error !== undefined };
  },
  due: ({ cronJob, now }) => {
    const { value, error } = dueRun(wholeObject(cronJob), scheduleOf(cronJob), milliseconds(now));
    return { start: timestamp(value?.atMs ?? null), error: error !== undefined };
  },
  next: ({ cronJob, now }) => ({
    seconds: (untilNextRunMs(wholeObject(cronJob), scheduleOf(cronJob), milliseconds(now)) - NEXT_RUN_DELTA_MS) / 1000,
  }),
};

function cronJobSync({ cronJob: given, jobs, now }: CronCase): unknown {
  const owner = { ...given, metadata: { ...given.metadata, uid: given.metadata.uid ?? 'uid' } };
  const made = new Map((jobs ?? []).map((job) => [job.name, jobOfCase(owner, job)]));
  const active = (owner.status?.active ?? []).map((one) => ({ ...one, namespace: owner.metadata.namespace, uid: one.name ?? '' }));
  const cronJob = {
    ...owner,
    spec: { ...owner.spec, jobTemplate: owner.spec.jobTemplate ?? {} },
    status: { ...owner.status, active },
  } as CronJob;
  let created = false;
  let deleted = false;
  let warnings = 0;
  const world: CronJobWorld = {
    unixMs: milliseconds(now),
    getCronJob: () => cronJob,
    getJob: (_namespace, name) => {
      const job = made.get(name);
      if (job === undefined) throw notFound({ group: 'batch', resource: 'jobs' }, name);
      return job;
    },
    createJob: ({ metadata }) => {
      created = true;
      return jobOfCase(owner, { name: metadata.name, creationTimestamp: now, done: false });
    },
    deleteJob: () => {
      deleted = true;
    },
    event: (_cronJob, type) => {
      if (type === 'Warning') warnings += 1;
    },
  };
  const { cronJob: after, againInMs } = syncCronJob(cronJob, [...made.values()], world);
  return {
    create: created,
    delete: deleted,
    active: after.status.active?.length ?? 0,
    nextInSeconds: againInMs === null ? null : (againInMs - NEXT_RUN_DELTA_MS) / 1000,
    warnings,
    lastSuccessfulTime: after.status.lastSuccessfulTime ?? null,
  };
}

function jobOfCase(owner: CronJob, { name, creationTimestamp, done, completionTime }: CronCase['jobs'][number]): Job {
  const ended = done ? { conditions: [{ type: 'Complete', status: 'True' }], ...(completionTime && { completionTime }) } : {};
  const { namespace } = owner.metadata;
  const metadata = { name, namespace, uid: name, creationTimestamp, ownerReferences: [newControllerReference(owner)] };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: {}, status: ended } as unknown as Job;
}

function jobErrors({ object }: { object: Job }): readonly FieldError[] {
  const job = jobKind.prepareForCreate({ ...object, metadata: { ...object.metadata, uid: 'uid' } });
  return [...validateObjectMeta(jobKind, job.metadata), ...jobKind.validate(job)];
}

function cronJobErrors({ object, old }: { object: CronJob; old?: CronJob | null }): readonly FieldError[] {
  const own = old === null || old === undefined ? (cronJobKind.validateCreate?.(object) ?? []) : cronJobKind.validateUpdate(object, old);
  return [...validateObjectMeta(cronJobKind, object.metadata), ...cronJobKind.validate(object), ...own];
}

function compareFirst(actual: unknown, expected: unknown): readonly string[] {
  const [first] = actual as readonly FieldError[];
  const { valid = false, field = null, contains = null } = expected as { valid?: boolean; field?: string | null; contains?: string | null };
  if (valid) return first === undefined ? [] : [`expected no error, got ${first.toString()}`];
  if (first === undefined) return ['expected an error'];
  return [
    ...(field === null || first.field === field ? [] : [`field: expected ${field}, got ${first.toString()}`]),
    ...(contains === null || first.toString().includes(contains) ? [] : [`text: expected ${contains}, got ${first.toString()}`]),
  ];
}
