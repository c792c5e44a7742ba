// One sync of a CronJob: keeps the list of running jobs true and starts the run that is due, as its concurrency policy allows.
// upstream: pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob
import { parseTimestamp } from '../../base/timestamp.ts';
import type { CronJob } from '../../kinds/batch/cron-job.ts';
import { isJobFinished, type Job } from '../../kinds/batch/job.ts';
import { isConditionTrue } from '../../meta/conditions.ts';
import { type CronSchedule, parseCronSchedule } from '../../meta/cron-schedule.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { isControlledBy } from '../../meta/owner-references.ts';
import { isAlreadyExists, isNotFound, StatusError } from '../../meta/status-error.ts';
import { timeZone } from '../../meta/time-zone.ts';
import { isNamespaceTerminating } from '../replica-set/pod-control.ts';
import { dueRun, untilNextRunMs } from './missed-runs.ts';
import { jobDraft, jobName, rfc1123 } from './new-job.ts';

type Reference = NonNullable<CronJob['status']['active']>[number];
type EventText = readonly [type: 'Normal' | 'Warning', reason: string, message: string];

/** What the sync sees and may do. */
export interface CronJobWorld {
  readonly unixMs: number;
  /** The API server's own word, 404 thrown. */
  getCronJob(key: string): CronJob;
  getJob(namespace: string, name: string): Job;
  createJob(draft: ReturnType<typeof jobDraft>): Job;
  deleteJob(namespace: string, name: string): void;
  event(cronJob: CronJob, ...text: EventText): void;
}

export interface CronJobOutcome {
  /** With its new status; the very same object when nothing changed. */
  readonly cronJob: CronJob;
  /** null: not before something changes. */
  readonly againInMs: number | null;
  readonly error: unknown;
}

export function syncCronJob(cronJob: CronJob, jobs: readonly Job[], world: CronJobWorld): CronJobOutcome {
  const sync = new CronJobSync(cronJob, world);
  try {
    sync.noteJobs(jobs);
    const againInMs = sync.startDueRun();
    return { cronJob: sync.cronJob, againInMs, error: null };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { cronJob: sync.cronJob, againInMs: null, error };
  }
}

/** Deletes a job with its pods; true when it is gone or going. upstream: deleteJob */
export function deleteJob(cronJob: CronJob, job: Job, world: CronJobWorld): CronJob | null {
  try {
    world.deleteJob(job.metadata.namespace, job.metadata.name);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    world.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
    return null;
  }
  world.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
  return withoutActive(cronJob, job.metadata.uid);
}

/** The schedule, in its zone. upstream: formatSchedule */
export function scheduleOf({ spec }: CronJob): ReturnType<typeof parseCronSchedule> {
  const zoned = spec.timeZone !== undefined && !spec.schedule.includes('TZ') && timeZone(spec.timeZone).value !== undefined;
  return parseCronSchedule(zoned ? `TZ=${spec.timeZone} ${spec.schedule}` : spec.schedule);
}

class CronJobSync {
  readonly #world: CronJobWorld;
  cronJob: CronJob;

  constructor(cronJob: CronJob, world: CronJobWorld) {
    this.cronJob = cronJob;
    this.#world = world;
  }

  /** Takes jobs that have ended or gone from the list of running ones. */
  noteJobs(jobs: readonly Job[]): void {
    const uids = new Set(jobs.map(({ metadata }) => metadata.uid));
    for (const job of jobs) this.#noteJob(job);
    for (const { uid = '', name = '', namespace } of this.#active()) {
      if (uids.has(uid) || this.#exists(namespace ?? this.cronJob.metadata.namespace, name)) continue;
      this.#tell('Normal', 'MissingJob', `Active job went missing: ${name}`);
      this.cronJob = withoutActive(this.cronJob, uid);
    }
  }

  /** Returns how long to wait for the next run; null when there will be none. */
  startDueRun(): number | null {
    const { spec, metadata } = this.cronJob;
    if (metadata.deletionTimestamp !== undefined || !this.#zoneKnown() || spec.suspend === true) return null;
    if (spec.schedule.includes('TZ'))
      this.#tell(
        'Warning',
        'UnsupportedSchedule',
        `CRON_TZ or TZ used in schedule ${goQuote(spec.schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
      );
    const { value: schedule, error } = scheduleOf(this.cronJob);
    if (schedule === undefined) {
      this.#tell('Warning', 'UnparseableSchedule', `unparseable schedule: ${goQuote(spec.schedule)} : ${error}`);
      return null;
    }
    const due = dueRun(this.cronJob, schedule, this.#world.unixMs);
    if (due.value === undefined) {
      this.#tell('Warning', 'InvalidSchedule', `invalid schedule: ${spec.schedule} : ${due.error}`);
      return null;
    }
    if (due.value.tooMany) {
      const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      this.#tell('Warning', 'TooManyMissedTimes', message);
    }
    if (due.value.atMs === null || !this.#mayStart(due.value.atMs)) return this.#untilNext(schedule);
    return this.#start(due.value.atMs) ? this.#untilNext(schedule) : null;
  }

  #noteJob(job: Job): void {
    const { uid, name } = job.metadata;
    const listed = (cronJob: CronJob): boolean => (cronJob.status.active ?? []).some((reference) => reference.uid === uid);
    const finished = isJobFinished(job);
    if (!finished && !listed(this.cronJob)) {
      const fresh = this.#world.getCronJob(`${this.cronJob.metadata.namespace}/${this.cronJob.metadata.name}`);
      if (listed(fresh)) this.cronJob = fresh;
      else this.#tell('Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
      return;
    }
    if (!finished) return;
    const succeeded = isConditionTrue(job.status.conditions, 'Complete');
    if (listed(this.cronJob)) {
      this.cronJob = withoutActive(this.cronJob, uid);
      this.#tell('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${succeeded ? 'Complete' : 'Failed'}`);
    }
    const { completionTime } = job.status;
    if (!succeeded || completionTime === undefined) return;
    const { lastSuccessfulTime } = this.cronJob.status;
    if (lastSuccessfulTime === undefined || (parseTimestamp(completionTime) ?? 0) > (parseTimestamp(lastSuccessfulTime) ?? 0))
      this.cronJob = { ...this.cronJob, status: { ...this.cronJob.status, lastSuccessfulTime: completionTime } };
  }

  /** Is this run neither too late, nor started already, nor forbidden? */
  #mayStart(atMs: number): boolean {
    const { spec, status, metadata } = this.cronJob;
    const { startingDeadlineSeconds: deadline } = spec;
    if (deadline !== undefined && atMs + deadline * 1000 < this.#world.unixMs) {
      this.#tell('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123(atMs)}`);
      return false;
    }
    const name = jobName(this.cronJob, atMs);
    const listed = this.#active().some((one) => one.name === name && (one.namespace ?? metadata.namespace) === metadata.namespace);
    if (listed || parseTimestamp(status.lastScheduleTime ?? '') === atMs) return false;
    if (spec.concurrencyPolicy !== 'Forbid' || this.#active().length === 0) return true;
    this.#tell('Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
    return false;
  }

  /** False when somebody else has the job in hand. */
  #start(atMs: number): boolean {
    if (this.cronJob.spec.concurrencyPolicy === 'Replace') for (const reference of this.#active()) this.#replace(reference);
    const draft = jobDraft(this.cronJob, atMs);
    const { namespace } = this.cronJob.metadata;
    let job: Job;
    try {
      job = this.#world.createJob(draft);
      this.#tell('Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`);
    } catch (error) {
      if (!isAlreadyExists(error)) {
        if (error instanceof StatusError && !isNamespaceTerminating(error))
          this.#tell('Warning', 'FailedCreate', `Error creating job: ${error.message}`);
        throw error;
      }
      // Made before, and not written down.
      job = this.#world.getJob(namespace, draft.metadata.name);
      if (!isControlledBy(job, this.cronJob) || this.#active().some(({ uid }) => uid === job.metadata.uid)) return false;
    }
    const { status } = this.cronJob;
    const lastScheduleTime = draft.scheduledTime;
    this.cronJob = { ...this.cronJob, status: { ...status, active: [...this.#active(), referenceTo(job)], lastScheduleTime } };
    return true;
  }

  #replace({ namespace, name = '' }: Reference): void {
    const place = namespace ?? this.cronJob.metadata.namespace;
    let job: Job;
    try {
      job = this.#world.getJob(place, name);
    } catch (error) {
      if (error instanceof StatusError) this.#tell('Warning', 'FailedGet', `Get job: ${error.message}`);
      throw error;
    }
    const next = deleteJob(this.cronJob, job, this.#world);
    if (next === null) throw new StatusError('InternalError', 500, `could not replace job ${place}/${name}`);
    this.cronJob = next;
  }

  #zoneKnown(): boolean {
    const zone = this.cronJob.spec.timeZone;
    const error = zone === undefined ? undefined : timeZone(zone).error;
    if (error !== undefined) this.#tell('Warning', 'UnknownTimeZone', `invalid timeZone: ${goQuote(zone ?? '')}: ${error}`);
    return error === undefined;
  }

  #exists(namespace: string, name: string): boolean {
    try {
      this.#world.getJob(namespace, name);
      return true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return false;
    }
  }

  #untilNext(schedule: CronSchedule): number {
    return untilNextRunMs(this.cronJob, schedule, this.#world.unixMs);
  }

  #active(): readonly Reference[] {
    return this.cronJob.status.active ?? [];
  }

  #tell(...text: EventText): void {
    this.#world.event(this.cronJob, ...text);
  }
}

/** The very same CronJob when the job is not in its list. */
function withoutActive(cronJob: CronJob, jobUid: string): CronJob {
  const { active = [], ...status } = cronJob.status;
  const others = active.filter(({ uid }) => uid !== jobUid);
  if (others.length === active.length) return cronJob;
  return { ...cronJob, status: { ...status, ...(others.length > 0 && { active: others }) } };
}

function referenceTo({ apiVersion, kind, metadata }: Job): Reference {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}
