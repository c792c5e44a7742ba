// Starts jobs on a schedule and keeps a few of those that have ended. upstream: pkg/controller/cronjob/cronjob_controllerv2.go
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { type CronJob, cronJobKind } from '../kinds/batch/cron-job.ts';
import { type Job, jobKind } from '../kinds/batch/job.ts';
import { keyOf } from '../meta/object.ts';
import { controllerOf } from '../meta/owner-references.ts';
import { type CronJobWorld, deleteJob, scheduleOf, syncCronJob } from './cron-job/cron-job-sync.ts';
import { jobsBeyondHistory } from './cron-job/finished-jobs.ts';
import { untilNextRunMs } from './cron-job/missed-runs.ts';

const NEXT_RUN_TIMER = 'next-run';

export interface CronJobControllerMemory {
  /** The next look at each CronJob; an earlier one replaces a later one. */
  readonly waiting: Record<string, { readonly dueMs: number; readonly timer: number }>;
}

export const cronJobController = defineController<CronJobControllerMemory>({
  name: 'cronjob-controller',
  workers: 5,
  initialState: () => ({ waiting: {} }),
  start: (context) => {
    const controller = new CronJobController(context);
    return { reconcile: (key) => controller.reconcile(key), onTimer: (_name, key) => controller.due(key) };
  },
});

class CronJobController {
  readonly #context: ControllerContext<CronJobControllerMemory>;
  readonly #cronJobs: Cache<CronJob>;
  readonly #jobs: Cache<Job>;

  constructor(context: ControllerContext<CronJobControllerMemory>) {
    this.#context = context;
    this.#cronJobs = context.cache(cronJobKind);
    this.#jobs = context.cache(jobKind);
    this.#jobs.index('controller-name', (job) => {
      const owner = controllerOf(job);
      return owner === undefined ? [] : [`${job.metadata.namespace}/${owner.name}`];
    });
    this.#cronJobs.onChange((next, previous) => this.#cronJobChanged(next, previous));
    this.#jobs.onChange((next, previous) => this.#jobChanged(next ?? previous, previous));
    if (!context.restored) for (const cronJob of this.#cronJobs.values()) context.queue.add(keyOf(cronJob));
  }

  reconcile(key: string): void {
    const known = this.#cronJobs.get(key);
    if (known === undefined) {
      this.#forget(key);
      return;
    }
    const world = this.#world();
    const jobs = [...this.#jobs.by('controller-name', key)];
    let cleaned = known;
    for (const job of jobsBeyondHistory(known, jobs)) cleaned = deleteJob(cleaned, job, world) ?? cleaned;
    const { cronJob, againInMs, error } = syncCronJob(cleaned, jobs, world);
    if (cronJob.status !== known.status) this.#context.client.updateStatus(cronJobKind, cronJob);
    if (againInMs !== null) this.#lookAfter(key, againInMs);
    else if (error !== null) throw error;
  }

  due(key: string): void {
    delete this.#context.state.waiting[key];
    this.#context.queue.add(key);
  }

  #world(): CronJobWorld {
    const { client, events, time } = this.#context;
    return {
      unixMs: time.unixMs,
      getCronJob: (key) => client.get(cronJobKind, key),
      getJob: (namespace, name) => client.get(jobKind, `${namespace}/${name}`),
      createJob: ({ metadata, spec }) => client.create(jobKind, { apiVersion: 'batch/v1', kind: 'Job', metadata, spec }),
      deleteJob: (namespace, name) => client.delete(jobKind, `${namespace}/${name}`, { propagationPolicy: 'Background' }),
      event: (cronJob, type, reason, message) => events.record(cronJob, type, reason, message),
    };
  }

  #cronJobChanged(next: CronJob | undefined, previous: CronJob | undefined): void {
    const cronJob = next ?? previous;
    if (cronJob === undefined) return;
    const key = keyOf(cronJob);
    const { schedule, timeZone } = cronJob.spec;
    const moved =
      next !== undefined && previous !== undefined && (previous.spec.schedule !== schedule || previous.spec.timeZone !== timeZone);
    if (!moved) {
      this.#context.queue.add(key);
      return;
    }
    const { value } = scheduleOf(cronJob);
    if (value !== undefined) this.#lookAfter(key, untilNextRunMs(cronJob, value, this.#context.time.unixMs));
    else this.#context.events.record(cronJob, 'Warning', 'UnParseableCronJobSchedule', `unparseable schedule for cronjob: ${schedule}`);
  }

  #jobChanged(job: Job | undefined, previous: Job | undefined): void {
    for (const one of [job, previous]) {
      const owner = one === undefined ? undefined : controllerOf(one);
      if (one === undefined || owner?.kind !== 'CronJob') continue;
      const key = `${one.metadata.namespace}/${owner.name}`;
      if (this.#cronJobs.get(key)?.metadata.uid === owner.uid) this.#context.queue.add(key);
    }
  }

  /** upstream: client-go/util/workqueue delaying_queue.go */
  #lookAfter(key: string, delayMs: number): void {
    const { state, time, queue } = this.#context;
    if (delayMs <= 0) {
      queue.add(key);
      return;
    }
    const dueMs = time.nowMs + delayMs;
    const known = state.waiting[key];
    if (known !== undefined && known.dueMs <= dueMs) return;
    if (known !== undefined) time.cancel(known.timer);
    const countdown = { kind: 'CronJob.batch', key, name: NEXT_RUN_TIMER, fromMs: time.nowMs };
    state.waiting[key] = { dueMs, timer: time.after(delayMs, NEXT_RUN_TIMER, key, null, countdown) };
  }

  #forget(key: string): void {
    const known = this.#context.state.waiting[key];
    if (known !== undefined) this.#context.time.cancel(known.timer);
    delete this.#context.state.waiting[key];
  }
}
