// The book-keeping of a Job: a pod that has ended is noted in the status, then loses its finalizer, then is counted; so that none is counted twice or lost.
// upstream: pkg/controller/job/job_controller.go trackJobStatusAndRemoveFinalizers
import { countOf, formatIntervals, hasIndex, type Intervals, intervalsOf, mergeIntervals } from '../../kinds/batch/index-intervals.ts';
import { isIndexed, type Job, type JobStatus } from '../../kinds/batch/job.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { StatusError } from '../../meta/status-error.ts';
import type { BackOffRecord } from './back-off.ts';
import { judgeFailure } from './failure-policy.ts';
import { finalCondition, type JobCondition, trueCondition, withCondition } from './job-conditions.ts';
import { inIndexOrder } from './job-indexes.ts';
import { indexOf, isOwnIndex, isPodFailed, isTracked } from './job-pods.ts';
import type { JobWorld } from './job-world.ts';

const UNCOUNTED_MAX = 500;

/** What the sync has found. */
export interface Findings {
  readonly status: JobStatus;
  /** How the Job is about to end. */
  readonly ending: JobCondition | null;
  readonly indexes: { readonly before: Intervals; readonly succeeded: Intervals; readonly failed: Intervals };
  readonly toReplace: ReadonlyMap<number, Pod>;
  readonly terminating: number;
  readonly backOff: BackOffRecord;
}

export class JobTracking {
  readonly #world: JobWorld;
  readonly #findings: Findings;
  #job: Job;
  #status: JobStatus;
  #ending: JobCondition | null;
  #changed = false;
  #isFull = false;

  constructor(world: JobWorld, job: Job, findings: Findings) {
    this.#world = world;
    this.#findings = findings;
    this.#job = job;
    this.#status = findings.status;
    this.#ending = findings.ending;
  }

  run(changed: boolean): void {
    this.#changed = changed;
    const tracked = new Set(
      this.#world.pods.filter((pod) => isTracked(pod) && !this.#world.removing.has(pod.metadata.uid)).map(({ metadata }) => metadata.uid),
    );
    this.#countUntracked(tracked);
    const ended = this.#note();
    this.#announceEnding();
    this.#flush();
    const error = this.#untrack(ended, tracked);
    if (error !== null) throw error;
    const finished = !this.#isFull && this.#finish();
    if (!finished && !this.#changed) return;
    this.#write();
    if (finished) this.#report();
  }

  /** Notes the pods that have ended; returns those that may lose their finalizer. */
  #note(): readonly Pod[] {
    const { before, succeeded, failed } = this.#findings.indexes;
    const indexed = isIndexed(this.#job);
    const ended: Pod[] = [];
    const newIndexes: number[] = [];
    const noted = { succeeded: [...(this.#uncounted().succeeded ?? [])], failed: [...(this.#uncounted().failed ?? [])] };
    const known = new Set([...noted.succeeded, ...noted.failed]);
    for (const pod of indexed ? inIndexOrder(this.#world.pods) : this.#world.pods) {
      const { uid } = pod.metadata;
      if (!isTracked(pod) || this.#world.removing.has(uid) || !this.#mayUntrack(pod)) continue;
      ended.push(pod);
      const index = indexOf(pod);
      if (pod.status.phase === 'Succeeded' && !noted.failed.includes(uid)) {
        if (indexed && isOwnIndex(index, this.#job) && !hasIndex(before, index)) newIndexes.push(index);
        if (!indexed && !known.has(uid)) noted.succeeded.push(uid);
      } else if (!known.has(uid) && this.#countsAsFailed(pod)) noted.failed.push(uid);
      if (newIndexes.length + noted.succeeded.length + noted.failed.length < UNCOUNTED_MAX) continue;
      this.#isFull = true;
      break;
    }
    if (newIndexes.length > 0) this.#changed = true;
    this.#setUncounted(noted);
    if (indexed) this.#writeIndexes(mergeIntervals(succeeded, intervalsOf(newIndexes)), failed);
    return ended;
  }

  /** upstream: canRemoveFinalizer */
  #mayUntrack(pod: Pod): boolean {
    const { metadata, spec } = this.#job;
    if (metadata.deletionTimestamp !== undefined || this.#ending !== null || pod.status.phase === 'Succeeded') return true;
    if (!isPodFailed(pod, this.#job)) return false;
    const waiting = spec.backoffLimitPerIndex === undefined ? undefined : this.#findings.toReplace.get(indexOf(pod));
    return waiting?.metadata.uid !== pod.metadata.uid;
  }

  /** When the Job has failed, so has all that had not ended. */
  #countsAsFailed(pod: Pod): boolean {
    const jobFails = this.#ending !== null && this.#ending.type !== 'SuccessCriteriaMet';
    if (!isPodFailed(pod, this.#job) && !jobFails) return false;
    if (isIndexed(this.#job) && !isOwnIndex(indexOf(pod), this.#job)) return false;
    return judgeFailure(this.#job.spec.podFailurePolicy, pod).counts;
  }

  #writeIndexes(succeeded: Intervals, failed: Intervals): void {
    const { completedIndexes: _1, succeeded: _2, ...status } = this.#status;
    const completed = formatIntervals(succeeded);
    const count = countOf(succeeded);
    if (completed !== (this.#status.completedIndexes ?? '')) this.#changed = true;
    this.#status = { ...status, ...(count > 0 && { succeeded: count }), ...(completed !== '' && { completedIndexes: completed }) };
    if (this.#job.spec.backoffLimitPerIndex === undefined) return;
    const text = formatIntervals(failed);
    if (text === this.#status.failedIndexes) return;
    this.#status = { ...this.#status, failedIndexes: text };
    this.#changed = true;
  }

  /** The interim condition is written before any finalizer goes. */
  #announceEnding(): void {
    const ending = this.#ending;
    if (ending === null || (ending.type !== 'FailureTarget' && ending.type !== 'SuccessCriteriaMet')) return;
    if (trueCondition(this.#status, ending.type) === null) {
      const others = (this.#status.conditions ?? []).filter(({ type }) => type !== ending.type);
      this.#status = { ...this.#status, conditions: [...others, ending] };
      this.#changed = true;
    }
    this.#ending = finalCondition(ending, this.#world.timestamp());
  }

  #flush(): void {
    if (!this.#changed) return;
    this.#write();
    this.#world.rememberBackOff(this.#findings.backOff);
    this.#changed = false;
  }

  #untrack(ended: readonly Pod[], tracked: Set<string>): StatusError | null {
    const { done, error } = ended.length === 0 ? { done: new Set<string>(), error: null } : this.#world.untrack(this.#job, ended);
    for (const uid of done) tracked.delete(uid);
    this.#countUntracked(tracked);
    if (error !== null && this.#changed) this.#write();
    return error;
  }

  /** Noted pods without a finalizer are counted now. upstream: cleanUncountedPodsWithoutFinalizers */
  #countUntracked(tracked: ReadonlySet<string>): void {
    const { succeeded = [], failed = [] } = this.#uncounted();
    const waiting = { succeeded: succeeded.filter((uid) => tracked.has(uid)), failed: failed.filter((uid) => tracked.has(uid)) };
    const successes = succeeded.length - waiting.succeeded.length;
    const failures = failed.length - waiting.failed.length;
    if (successes + failures === 0) return;
    if (successes > 0) this.#status = { ...this.#status, succeeded: (this.#status.succeeded ?? 0) + successes };
    if (failures > 0) this.#status = { ...this.#status, failed: (this.#status.failed ?? 0) + failures };
    this.#setUncounted(waiting);
    this.#changed = true;
  }

  #uncounted(): NonNullable<JobStatus['uncountedTerminatedPods']> {
    return this.#status.uncountedTerminatedPods ?? {};
  }

  #setUncounted({ succeeded, failed }: { readonly succeeded: readonly string[]; readonly failed: readonly string[] }): void {
    const before = this.#uncounted();
    if ((before.succeeded?.length ?? 0) === succeeded.length && (before.failed?.length ?? 0) === failed.length) return;
    const uncountedTerminatedPods = { ...(failed.length > 0 && { failed }), ...(succeeded.length > 0 && { succeeded }) };
    this.#status = { ...this.#status, uncountedTerminatedPods };
    this.#changed = true;
  }

  /** upstream: enactJobFinished */
  #finish(): boolean {
    const { succeeded = [], failed = [] } = this.#uncounted();
    if (this.#ending === null || succeeded.length + failed.length > 0 || this.#findings.terminating > 0) return false;
    const conditions = withCondition(this.#status.conditions ?? [], this.#ending);
    const done = this.#ending.type === 'Complete' && { completionTime: this.#ending.lastTransitionTime ?? this.#world.timestamp() };
    this.#status = { ...this.#status, conditions, ...done };
    return true;
  }

  #write(): void {
    this.#job = this.#world.updateStatus({ ...this.#job, status: this.#status });
    this.#status = this.#job.status;
  }

  /** upstream: recordJobFinished */
  #report(): void {
    const { type, reason = '', message = '' } = this.#ending as JobCondition;
    const { completions } = this.#job.spec;
    if (type !== 'Complete') {
      this.#world.event(this.#job, 'Warning', reason, message);
      return;
    }
    if (completions !== undefined && (this.#status.succeeded ?? 0) > completions)
      this.#world.event(this.#job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
    this.#world.event(this.#job, 'Normal', 'Completed', 'Job completed');
  }
}
