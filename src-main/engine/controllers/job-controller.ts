// Runs pods until enough of them have succeeded, or too many have failed.
// upstream: pkg/controller/job/job_controller.go
import { type Cache, type ControllerContext, defineController, Unreachable } from '../client/component.ts';
import { Expectations, type ExpectationsState } from '../client/expectations.ts';
import { isJobFinished, type Job, jobKind } from '../kinds/batch/job.ts';
import { TRACKING_FINALIZER } from '../kinds/batch/job-labels.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { keyOf } from '../meta/object.ts';
import { controllerOf } from '../meta/owner-references.ts';
import { isNotFound, StatusError } from '../meta/status-error.ts';
import { claimObjects } from './claim-objects.ts';
import { type BackOffRecord, noFailures } from './job/back-off.ts';
import { isTracked } from './job/job-pods.ts';
import { syncJob } from './job/job-sync.ts';
import type { Deleted, JobWorld, NewPod } from './job/job-world.ts';
import { podDraft } from './job/new-pods.ts';
import { isPodReady } from './pod-state.ts';
import { createPod, deletePod, isNamespaceTerminating, type PodControl } from './replica-set/pod-control.ts';
import { indexPodsByController } from './replica-set/replica-controller.ts';

const BATCH_MS = 1000;
const RETRY_MS_BASE = 1000;
const RETRY_MS_MAX = 60_000;
const SYNC_TIMER = 'sync';
const ORPHAN = 'orphan ';

export interface JobControllerMemory {
  readonly expectations: ExpectationsState;
  /** Uids of pods whose finalizer was taken away and that have not been heard of since, by Job. */
  readonly removing: Record<string, Record<string, true>>;
  readonly backOff: Record<string, BackOffRecord>;
  /** The next look at each Job; an earlier one replaces a later one. */
  readonly waiting: Record<string, { readonly dueMs: number; readonly timer: number }>;
  /** Syncs in a row that failed. */
  readonly failures: Record<string, number>;
}

export const jobController = defineController<JobControllerMemory>({
  name: 'job-controller',
  workers: 5,
  initialState: () => ({ expectations: {}, removing: {}, backOff: {}, waiting: {}, failures: {} }),
  start: (context) => {
    const controller = new JobController(context);
    return { reconcile: (key) => controller.reconcile(key), onTimer: (_name, key) => controller.due(key) };
  },
});

class JobController {
  readonly #context: ControllerContext<JobControllerMemory>;
  readonly #jobs: Cache<Job>;
  readonly #pods: Cache<Pod>;
  readonly #expectations: Expectations;
  readonly #control: PodControl;

  constructor(context: ControllerContext<JobControllerMemory>) {
    this.#context = context;
    this.#jobs = context.cache(jobKind);
    this.#pods = context.cache(podKind);
    this.#expectations = new Expectations(context.state.expectations);
    this.#control = { client: context.client, events: context.events };
    indexPodsByController(this.#pods);
    this.#jobs.onChange((next, previous) => this.#jobChanged(next, previous));
    this.#pods.onChange((next, previous) => this.#podChanged(next, previous));
    if (!context.restored) for (const job of this.#jobs.values()) context.queue.add(keyOf(job));
  }

  reconcile(key: string): void {
    if (key.startsWith(ORPHAN)) {
      this.#releaseOrphan(key.slice(ORPHAN.length));
      return;
    }
    const job = this.#jobs.get(key);
    const { failures, backOff } = this.#context.state;
    if (job === undefined || isJobFinished(job)) {
      delete backOff[key];
      delete failures[key];
      if (job === undefined) this.#forget(key);
      return;
    }
    try {
      this.#sync(key, job);
      delete failures[key];
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
      const count = failures[key] ?? 0;
      failures[key] = count + 1;
      this.#lookAfter(key, Math.min(RETRY_MS_BASE * 2 ** Math.min(count, 30), RETRY_MS_MAX));
    }
  }

  due(key: string): void {
    delete this.#context.state.waiting[key];
    this.#context.queue.add(key);
  }

  #sync(key: string, job: Job): void {
    const { spec } = job;
    if (spec.managedBy !== undefined && spec.managedBy !== 'kubernetes.io/job-controller') return;
    const settled = this.#expectations.satisfied(key, this.#context.time.nowMs);
    syncJob(job, this.#worldOf(key, settled, this.#podsOf(job)));
  }

  #podsOf(job: Job): readonly Pod[] {
    const { client } = this.#context;
    const claim = {
      client,
      ownerKind: jobKind,
      ownedKind: podKind,
      owner: job,
      matches: selectorFor(job.spec.selector),
      finalizer: TRACKING_FINALIZER,
    };
    const { uid, namespace } = job.metadata;
    return claimObjects(claim, this.#pods.by('controller', uid), this.#pods.by('orphan', namespace)).map((pod) =>
      // What was adopted just now is in the cache as it was before.
      controllerOf(pod) === undefined && !isTracked(pod) ? withFinalizer(pod) : pod,
    );
  }

  #worldOf(key: string, settled: boolean, pods: readonly Pod[]): JobWorld {
    const { time, state, client, events } = this.#context;
    return {
      unixMs: time.unixMs,
      timestamp: () => time.timestamp(),
      pods,
      settled,
      removing: new Set(Object.keys(state.removing[key] ?? {})),
      backOff: state.backOff[key] ?? noFailures,
      rememberBackOff: (record) => {
        if (record !== noFailures) state.backOff[key] = record;
      },
      createPods: (job, wanted) => this.#createPods(key, job, wanted),
      dropPods: (job, doomed) => this.#dropPods(key, job, doomed),
      stopPods: (job, doomed) => this.#delete(job, doomed, () => null),
      untrack: (_job, ended) => this.#untrackAll(key, ended),
      updateStatus: (job) => client.updateStatus(jobKind, job),
      event: (job, type, reason, message) => events.record(job, type, reason, message),
      lookAgain: (delayMs) => this.#lookAfter(key, delayMs),
      retryLater: (delayMs) => this.#lookAfter(key, Math.max(BATCH_MS, delayMs)),
    };
  }

  /** In batches of 1, 2, 4...: a first failure stops the flood. */
  #createPods(key: string, job: Job, wanted: readonly NewPod[]): ReturnType<JobWorld['createPods']> {
    // What expects nothing would wait for news that never comes.
    if (wanted.length === 0) return { created: 0, error: null };
    this.#expectations.expectCreations(key, wanted.length, this.#context.time.nowMs);
    let created = 0;
    let error: StatusError | null = null;
    for (let batch = 1; created < wanted.length && error === null; batch *= 2) {
      const before = created;
      for (const pod of wanted.slice(before, before + batch)) {
        const failure = createPod(this.#control, job, podDraft(job, pod));
        if (failure === null || isNamespaceTerminating(failure)) created += 1;
        else error ??= failure;
      }
    }
    for (let missing = created; missing < wanted.length; missing += 1) this.#expectations.creationObserved(key);
    return { created, error };
  }

  #dropPods(key: string, job: Job, doomed: readonly Pod[]): Deleted {
    if (doomed.length === 0) return { count: 0, ready: 0, error: null };
    const uids = doomed.map(({ metadata }) => metadata.uid);
    this.#expectations.expectDeletions(key, uids, this.#context.time.nowMs);
    return this.#delete(
      job,
      doomed,
      (pod) => {
        const error = isTracked(pod) ? this.#untrack(pod) : null;
        if (error !== null) this.#expectations.deletionObserved(key, pod.metadata.uid);
        return error;
      },
      (pod) => this.#expectations.deletionObserved(key, pod.metadata.uid),
    );
  }

  #delete(job: Job, doomed: readonly Pod[], prepare: (pod: Pod) => StatusError | null, failed: (pod: Pod) => void = () => {}): Deleted {
    let count = 0;
    let ready = 0;
    let error: StatusError | null = null;
    for (const pod of doomed) {
      const refusal = prepare(pod) ?? deletePod(this.#control, job, pod);
      if (refusal !== null) failed(pod);
      if (refusal !== null && !isNotFound(refusal)) {
        error ??= refusal;
        continue;
      }
      count += 1;
      if (isPodReady(pod)) ready += 1;
    }
    return { count, ready, error };
  }

  #untrackAll(key: string, pods: readonly Pod[]): ReturnType<JobWorld['untrack']> {
    const removing = { ...this.#context.state.removing[key] };
    const done = new Set<string>();
    let error: StatusError | null = null;
    for (const pod of pods) {
      const { uid } = pod.metadata;
      const refusal = this.#untrack(pod);
      if (refusal === null) removing[uid] = true;
      if (refusal === null || isNotFound(refusal)) done.add(uid);
      else error ??= refusal;
    }
    this.#context.state.removing[key] = removing;
    return { done, error };
  }

  /** Null when the finalizer is gone. */
  #untrack(pod: Pod): StatusError | null {
    try {
      this.#context.client.patch(podKind, keyOf(pod), (current) =>
        current.metadata.uid === pod.metadata.uid ? withoutFinalizer(current) : current,
      );
      return null;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return error;
    }
  }

  /** A pod whose Job is gone, or has ended without it, must not be held. upstream: syncOrphanPod */
  #releaseOrphan(key: string): void {
    const pod = this.#pods.get(key);
    if (pod === undefined || !isTracked(pod)) return;
    const owner = controllerOf(pod);
    if (owner !== undefined && (owner.kind !== 'Job' || owner.apiVersion !== 'batch/v1')) return;
    const job = this.#jobOf(pod);
    if (job !== undefined && !isJobFinished(job)) return;
    const error = this.#untrack(pod);
    if (error !== null && !isNotFound(error)) throw error;
  }

  #jobChanged(next: Job | undefined, previous: Job | undefined): void {
    const job = next ?? previous;
    if (job === undefined) return;
    const key = keyOf(job);
    if (next === undefined || previous === undefined || next.metadata.generation !== previous.metadata.generation)
      this.#context.queue.add(key);
    else this.#lookAfter(key, BATCH_MS);
    if (next === undefined || isJobFinished(next)) this.#releasePods(job);
    const { startTime } = next?.status ?? {};
    const deadline = next?.spec.activeDeadlineSeconds;
    if (startTime !== undefined && deadline !== undefined && deadline !== previous?.spec.activeDeadlineSeconds)
      this.#context.queue.add(key);
  }

  #releasePods(job: Job): void {
    for (const pod of this.#pods.by('controller', job.metadata.uid)) if (isTracked(pod)) this.#context.queue.add(ORPHAN + keyOf(pod));
  }

  #podChanged(next: Pod | undefined, previous: Pod | undefined): void {
    if (next === undefined || next.metadata.deletionTimestamp !== undefined) {
      const pod = next ?? previous;
      if (pod !== undefined) this.#podGone(pod, next === undefined);
      return;
    }
    const owner = controllerOf(next);
    const before = previous === undefined ? undefined : controllerOf(previous);
    const changed = previous !== undefined && before?.uid !== owner?.uid;
    if (previous !== undefined && changed) this.#podOf(this.#jobOf(previous), next);
    if (owner !== undefined) {
      const job = owner.kind === 'Job' ? this.#jobOf(next) : undefined;
      if (job !== undefined && previous === undefined) this.#expectations.creationObserved(keyOf(job));
      this.#podOf(job, next);
      return;
    }
    if (isTracked(next)) this.#context.queue.add(ORPHAN + keyOf(next));
    if (previous !== undefined && !changed && previous.metadata.labels === next.metadata.labels) return;
    for (const job of this.#jobs.inNamespace(next.metadata.namespace))
      if (selectorFor(job.spec.selector)(next.metadata.labels)) this.#lookAfter(keyOf(job), BATCH_MS);
  }

  /** News about a pod of the job. */
  #podOf(job: Job | undefined, pod: Pod): void {
    if (job === undefined) return;
    if (!isTracked(pod)) this.#removalObserved(keyOf(job), pod.metadata.uid);
    this.#lookAfter(keyOf(job), BATCH_MS);
  }

  #podGone(pod: Pod, final: boolean): void {
    const job = this.#jobOf(pod);
    const isJobs = controllerOf(pod) === undefined || controllerOf(pod)?.kind === 'Job';
    if (job === undefined || isJobFinished(job)) {
      if (isJobs && !final && isTracked(pod)) this.#context.queue.add(ORPHAN + keyOf(pod));
      return;
    }
    const key = keyOf(job);
    this.#expectations.deletionObserved(key, pod.metadata.uid);
    if (final || !isTracked(pod)) this.#removalObserved(key, pod.metadata.uid);
    this.#lookAfter(key, BATCH_MS);
  }

  #removalObserved(key: string, uid: string): void {
    const removing = this.#context.state.removing[key];
    if (removing?.[uid] === undefined) return;
    delete removing[uid];
    for (const _ in removing) return;
    delete this.#context.state.removing[key];
  }

  #jobOf(pod: Pod): Job | undefined {
    const reference = controllerOf(pod);
    if (reference?.kind !== 'Job') return undefined;
    const job = this.#jobs.get(`${pod.metadata.namespace}/${reference.name}`);
    return job?.metadata.uid === reference.uid ? job : undefined;
  }

  /** A key waits once, for the earliest time it was given. upstream: client-go/util/workqueue delaying_queue.go */
  #lookAfter(key: string, delayMs: number): void {
    const { state, time } = this.#context;
    const dueMs = time.nowMs + delayMs;
    const known = state.waiting[key];
    if (known !== undefined && known.dueMs <= dueMs) return;
    if (known !== undefined) time.cancel(known.timer);
    state.waiting[key] = { dueMs, timer: time.after(delayMs, SYNC_TIMER, key) };
  }

  #forget(key: string): void {
    const { state, time } = this.#context;
    this.#expectations.forget(key);
    delete state.removing[key];
    const known = state.waiting[key];
    if (known !== undefined) time.cancel(known.timer);
    delete state.waiting[key];
  }
}

function withFinalizer(pod: Pod): Pod {
  return { ...pod, metadata: { ...pod.metadata, finalizers: [...(pod.metadata.finalizers ?? []), TRACKING_FINALIZER] } };
}

function withoutFinalizer(pod: Pod): Pod {
  if (!isTracked(pod)) return pod;
  const { finalizers = [], ...metadata } = pod.metadata;
  const others = finalizers.filter((finalizer) => finalizer !== TRACKING_FINALIZER);
  return { ...pod, metadata: { ...metadata, ...(others.length > 0 && { finalizers: others }) } };
}
