// One sync of a Job: counts its pods, decides whether it has ended, makes or deletes pods, and hands on to the book-keeping.
// upstream: pkg/controller/job/job_controller.go syncJob, manageJob
import { parseTimestamp } from '../../base/timestamp.ts';
import { countOf, type Intervals } from '../../kinds/batch/index-intervals.ts';
import { isIndexed, type Job, type JobStatus } from '../../kinds/batch/job.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { StatusError } from '../../meta/status-error.ts';
import { isPodActive, isPodReady } from '../pod-state.ts';
import { compareActivePods } from '../replica-set/delete-order.ts';
import { type BackOffRecord, remainingMs, remainingMsOfIndex, withEnded } from './back-off.ts';
import { judgeFailure } from './failure-policy.ts';
import { finalCondition, type JobCondition, jobCondition, trueCondition, withCondition } from './job-conditions.ts';
import { failedIndexes, nextIndexes, podsToReplace, succeededIndexes, superfluousPods } from './job-indexes.ts';
import { indexOf, isOwnIndex, isPodFailed, isTerminating, isTracked, replacesOnlyFailed } from './job-pods.ts';
import { JobTracking } from './job-tracking.ts';
import type { Deleted, JobWorld } from './job-world.ts';
import { metSuccessRule, successMessage } from './success-policy.ts';

const CHANGES_MAX = 500;
const NONE: Intervals = [];

/** Throws what making or deleting pods threw, after the status was written. */
export function syncJob(job: Job, world: JobWorld): void {
  new JobSync(job, world).run();
}

class JobSync {
  readonly #world: JobWorld;
  readonly #job: Job;
  readonly #activePods: readonly Pod[];
  #status: JobStatus;
  #active: number;
  #ready: number;
  #terminating: number;
  #succeeded = 0;
  #failed = 0;
  #ending: JobCondition | null = null;
  #indexes = { before: NONE, succeeded: NONE, failed: NONE };
  #toReplace: ReadonlyMap<number, Pod> = new Map();
  #backOff: BackOffRecord;
  #error: StatusError | null = null;

  constructor(job: Job, world: JobWorld) {
    this.#world = world;
    this.#job = job;
    this.#status = { ...job.status, uncountedTerminatedPods: job.status.uncountedTerminatedPods ?? {} };
    this.#activePods = world.pods.filter(isPodActive);
    this.#active = this.#activePods.length;
    this.#ready = this.#activePods.filter(isPodReady).length;
    this.#terminating = world.pods.filter(isTerminating).length;
    this.#backOff = world.backOff;
  }

  run(): void {
    const { spec } = this.#job;
    this.#count();
    if (this.#status.startTime === undefined && spec.suspend !== true)
      this.#status = { ...this.#status, startTime: this.#world.timestamp() };
    this.#ending = this.#knownEnding() ?? this.#limitReached();
    if (isIndexed(this.#job)) this.#judgeIndexes();
    const suspension = this.#ending === null ? this.#keepUp() : this.#wind();
    const before = this.#status;
    this.#status = { ...withActive(before, this.#active), ready: this.#ready, terminating: this.#terminating };
    const changed =
      suspension || (before.active ?? 0) !== this.#active || before.ready !== this.#ready || before.terminating !== this.#terminating;
    new JobTracking(this.#world, this.#job, {
      status: this.#status,
      ending: this.#ending,
      indexes: this.#indexes,
      toReplace: this.#toReplace,
      terminating: this.#terminating,
      backOff: this.#backOff,
    }).run(changed);
    if (this.#error !== null) throw this.#error;
  }

  /** upstream: getNewFinishedPods, nonIgnoredFailedPodsCount */
  #count(): void {
    const { uncountedTerminatedPods: uncounted, succeeded = 0, failed = 0 } = this.#status;
    const countedSuccess = new Set(uncounted?.succeeded);
    const countedFailure = new Set(uncounted?.failed);
    const successes = this.#uncounted(countedSuccess, (pod) => pod.status.phase === 'Succeeded');
    const failures = this.#uncounted(countedFailure, (pod) => isPodFailed(pod, this.#job));
    const policy = this.#job.spec.podFailurePolicy;
    this.#succeeded = succeeded + successes.length + countedSuccess.size;
    this.#failed = failed + failures.filter((pod) => judgeFailure(policy, pod).counts).length + countedFailure.size;
    this.#backOff = withEnded(this.#world.backOff, successes, failures);
  }

  #uncounted(counted: ReadonlySet<string>, ended: (pod: Pod) => boolean): readonly Pod[] {
    const { pods, removing } = this.#world;
    return pods.filter((pod) => {
      const { uid } = pod.metadata;
      if (!isTracked(pod) || counted.has(uid) || removing.has(uid)) return false;
      return (!isIndexed(this.#job) || isOwnIndex(indexOf(pod), this.#job)) && ended(pod);
    });
  }

  /** What an earlier sync decided, or a rule for failed pods decides now. */
  #knownEnding(): JobCondition | null {
    const met = trueCondition(this.#status, 'SuccessCriteriaMet');
    if (met !== null) return met;
    const target = trueCondition(this.#status, 'FailureTarget');
    const now = this.#world.timestamp();
    if (target !== null) return finalCondition(target, now);
    const { podFailurePolicy } = this.#job.spec;
    if (podFailurePolicy === undefined) return null;
    for (const pod of this.#world.pods) {
      const message = isPodFailed(pod, this.#job) ? judgeFailure(podFailurePolicy, pod).message : null;
      if (message !== null) return jobCondition('FailureTarget', 'PodFailurePolicy', message, now);
    }
    return null;
  }

  #limitReached(): JobCondition | null {
    const { activeDeadlineSeconds, backoffLimit = 6, suspend } = this.#job.spec;
    const startMs = parseTimestamp(this.#status.startTime ?? '');
    if (this.#failed > backoffLimit || this.#restartedTooOften())
      return this.#failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    if (activeDeadlineSeconds === undefined || suspend === true || startMs === null) return null;
    const leftMs = activeDeadlineSeconds * 1000 - (this.#world.unixMs - startMs);
    if (leftMs <= 0) return this.#failure('DeadlineExceeded', 'Job was active longer than specified deadline');
    this.#world.lookAgain(leftMs);
    return null;
  }

  #failure(reason: string, message: string): JobCondition {
    return jobCondition('FailureTarget', reason, message, this.#world.timestamp());
  }

  /** upstream: pastBackoffLimitOnFailure */
  #restartedTooOften(): boolean {
    const { template, backoffLimit = 6 } = this.#job.spec;
    if (template?.spec?.restartPolicy !== 'OnFailure') return false;
    let restarts = 0;
    for (const { status } of this.#world.pods) {
      if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
      for (const { restartCount } of status.initContainerStatuses ?? []) restarts += restartCount;
      for (const { restartCount } of status.containerStatuses ?? []) restarts += restartCount;
    }
    return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit;
  }

  #judgeIndexes(): void {
    const { completions = 0, backoffLimitPerIndex, maxFailedIndexes, successPolicy } = this.#job.spec;
    const { pods, removing } = this.#world;
    const { before, now: succeeded } = succeededIndexes(this.#job, pods);
    this.#indexes = { before, succeeded, failed: NONE };
    this.#succeeded = countOf(succeeded);
    if (backoffLimitPerIndex !== undefined) {
      const failed = failedIndexes(this.#job, pods);
      const failures = countOf(failed);
      this.#indexes = { before, succeeded, failed };
      if (maxFailedIndexes !== undefined && failures > maxFailedIndexes)
        this.#ending ??= this.#failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
      else if (failures > 0 && failures + this.#succeeded >= completions)
        this.#ending ??= this.#failure('FailedIndexes', 'Job has failed indexes');
      this.#toReplace = podsToReplace(this.#job, pods, this.#indexes, removing);
    }
    const rule = metSuccessRule(successPolicy, completions, succeeded);
    if (rule !== null) this.#ending ??= jobCondition('SuccessCriteriaMet', 'SuccessPolicy', successMessage(rule), this.#world.timestamp());
  }

  /** The Job ends: what still runs is stopped. */
  #wind(): boolean {
    const before = this.#active;
    const deleted = this.#world.stopPods(this.#job, this.#activePods);
    // There may be pods that nobody has heard of yet.
    if (deleted.count !== before || !this.#world.settled) this.#ending = null;
    this.#subtract(deleted);
    return false;
  }

  /** Returns whether the suspension has changed. */
  #keepUp(): boolean {
    const { spec, metadata } = this.#job;
    const managed = this.#world.settled && metadata.deletionTimestamp === undefined;
    if (managed) this.#manage();
    const enough = spec.completions === undefined ? this.#succeeded > 0 : this.#succeeded >= spec.completions;
    if (enough && this.#active === 0) {
      const message = 'Reached expected number of succeeded pods';
      this.#ending = jobCondition('SuccessCriteriaMet', 'CompletionsReached', message, this.#world.timestamp());
      return false;
    }
    return managed && this.#noteSuspension();
  }

  #noteSuspension(): boolean {
    const suspended = this.#job.spec.suspend === true;
    const now = this.#world.timestamp();
    const next = suspended
      ? jobCondition('Suspended', 'JobSuspended', 'Job suspended', now)
      : jobCondition('Suspended', 'JobResumed', 'Job resumed', now, 'False');
    const before = this.#status.conditions ?? [];
    const conditions = withCondition(before, next);
    if (conditions === before) return false;
    this.#status = { ...this.#status, conditions, ...(!suspended && { startTime: now }) };
    this.#world.event(this.#job, 'Normal', suspended ? 'Suspended' : 'Resumed', suspended ? 'Job suspended' : 'Job resumed');
    return true;
  }

  /** upstream: manageJob */
  #manage(): void {
    const { spec } = this.#job;
    const wanted = this.#wantedActive();
    const surplus = spec.suspend === true ? this.#active : Math.max(0, this.#active - wanted);
    const doomed = this.#podsToDrop(surplus);
    if (doomed.length > 0 || spec.suspend === true) {
      this.#subtract(this.#world.dropPods(this.#job, spec.suspend === true ? doomed : doomed.slice(0, CHANGES_MAX)));
      return;
    }
    const missing = wanted - (replacesOnlyFailed(this.#job) ? this.#terminating : 0) - this.#active;
    if (missing > 0) this.#create(missing);
  }

  #wantedActive(): number {
    const { completions, parallelism = 1 } = this.#job.spec;
    if (completions === undefined) return this.#succeeded > 0 ? this.#active : parallelism;
    return Math.max(0, Math.min(completions - this.#succeeded, parallelism));
  }

  /** upstream: activePodsForRemoval */
  #podsToDrop(atLeast: number): readonly Pod[] {
    const { remove, keep } = isIndexed(this.#job) ? superfluousPods(this.#job, this.#activePods) : { remove: [], keep: this.#activePods };
    const more = atLeast - remove.length;
    return more <= 0 ? remove : [...remove, ...keep.toSorted(compareActivePods).slice(0, more)];
  }

  #create(missing: number): void {
    const { unixMs } = this.#world;
    const perIndex = this.#job.spec.backoffLimitPerIndex !== undefined;
    const waitMs = perIndex ? 0 : remainingMs(this.#backOff, unixMs);
    if (waitMs > 0) {
      this.#waitFor(waitMs);
      return;
    }
    const count = Math.min(missing, CHANGES_MAX);
    if (!isIndexed(this.#job)) {
      this.#make(Array.from({ length: count }, () => ({ index: null, replaces: undefined })));
      return;
    }
    let indexes = nextIndexes(this.#job, this.#world.pods, this.#indexes, count);
    if (perIndex) {
      const waits = indexes.map((index) => remainingMsOfIndex(this.#toReplace.get(index), unixMs));
      const due = indexes.filter((_, place) => waits[place] === 0);
      if (due.length === 0 && indexes.length > 0) {
        this.#waitFor(Math.min(...waits));
        return;
      }
      indexes = due;
    }
    this.#make(indexes.map((index) => ({ index, replaces: this.#toReplace.get(index) })));
  }

  #waitFor(delayMs: number): void {
    this.#world.retryLater(delayMs);
    // As upstream until 1.34: its status tells of no active pods while it waits, which the API refuses while some are ready. upstream: issue 139428
    this.#active = 0;
  }

  #make(pods: Parameters<JobWorld['createPods']>[1]): void {
    const { created, error } = this.#world.createPods(this.#job, pods);
    this.#active += created;
    this.#error = error;
  }

  #subtract({ count, ready, error }: Deleted): void {
    this.#active -= count;
    this.#terminating += count;
    this.#ready -= ready;
    this.#error = error;
  }
}

/** Zero is left out, as Go does. */
function withActive({ active: _, ...status }: JobStatus, active: number): JobStatus {
  return active === 0 ? status : { ...status, active };
}
