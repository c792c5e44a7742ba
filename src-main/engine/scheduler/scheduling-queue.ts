// Which pods wait to be scheduled: ready ones by priority and age, those backing off, and those that wait until something changes in their favour.
// upstream: pkg/scheduler/backend/queue (scheduling_queue.go, active_queue.go, backoff_queue.go), with SchedulerQueueingHints and SchedulerPopFromBackoffQ as 1.33 has them on
import { equal } from '../base/equal.ts';
import { Heap, type HeapItem } from '../base/heap.ts';
import type { ComponentTime } from '../client/component.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { keyOf } from '../meta/object.ts';
import type { ClusterEvent } from './cluster-event.ts';

/** Pods leave the back-off on whole seconds. upstream: backoffQOrderingWindowDuration */
const BACKOFF_GRID_MS = 1_000;
/** So that the duration stays a number. */
const DOUBLINGS_MAX = 30;
const UNSCHEDULABLE_MS_MAX = 300_000;
const FLUSH_GRID_MS = 30_000;

export interface QueuedPod {
  readonly uid: string;
  readonly priority: number;
  /** Order of arrival among equal priorities; new with each timestamp. */
  sequence: number;
  /** When it was put into the queue, or came back into it. */
  timestampMs: number;
  attempts: number;
  place: 'active' | 'backoff' | 'unschedulable';
  /** Plugins that rejected it; none after an error. */
  plugins: readonly string[];
}

export interface QueueState {
  readonly pods: Record<string, QueuedPod>;
  sequence: number;
  backoffTimer: number | null;
  flushTimer: number | null;
}

export function initialQueueState(): QueueState {
  return { pods: {}, sequence: 0, backoffTimer: null, flushTimer: null };
}

export interface QueueSurroundings {
  readonly time: ComponentTime;
  /** upstream: podInitialBackoffSeconds, podMaxBackoffSeconds */
  readonly backoffMsInitial: number;
  readonly backoffMsMax: number;
  /** The newest version of a pod. */
  readonly pod: (key: string) => Pod | undefined;
  /** May the event make a pod schedulable that this plugin rejected? */
  readonly mayHelp: (plugin: string, pod: Pod, event: ClusterEvent) => boolean;
  /** There is a pod to pop. */
  readonly wake: () => void;
}

interface HeapEntry extends HeapItem {
  readonly key: string;
}

export class SchedulingQueue {
  readonly #state: QueueState;
  readonly #around: QueueSurroundings;
  readonly #active = new Heap<HeapEntry>();
  readonly #backoff = new Heap<HeapEntry>();
  readonly #entries = new Map<string, HeapEntry>();
  /** Unschedulable pods by the plugins that rejected them. */
  readonly #rejectedBy = new Map<string, Set<string>>();

  constructor(state: QueueState, around: QueueSurroundings) {
    this.#state = state;
    this.#around = around;
    for (const [key, queued] of Object.entries(state.pods)) this.#enter(key, queued);
  }

  /** Is there a pod to pop now? */
  get hasWork(): boolean {
    return this.#active.size > 0 || this.#poppableBackoff() !== undefined;
  }

  has(key: string): boolean {
    return this.#state.pods[key] !== undefined;
  }

  /** A new pod, or one that is to be tried again. */
  add(pod: Pod): void {
    const key = keyOf(pod);
    this.delete(key);
    this.#put(key, this.#stamped(pod, 0));
  }

  /** The pod's own change may be what it waited for. */
  update(next: Pod, previous: Pod): void {
    const key = keyOf(next);
    const queued = this.#state.pods[key];
    if (queued === undefined || queued.uid !== next.metadata.uid) {
      this.add(next);
      return;
    }
    if (queued.place !== 'unschedulable' || (equal(next.spec, previous.spec) && equal(next.metadata.labels, previous.metadata.labels)))
      return;
    const event: ClusterEvent = { resource: 'UnscheduledPod', next, previous };
    if (queued.plugins.some((plugin) => this.#around.mayHelp(plugin, next, event))) this.#requeue(key, queued);
  }

  delete(key: string): void {
    const queued = this.#state.pods[key];
    if (queued === undefined) return;
    this.#leave(key, queued);
    delete this.#state.pods[key];
  }

  /** Takes the next pod out; an idle scheduler does not wait for a back-off to end, unless that followed an error. */
  pop(): { readonly key: string; readonly queued: QueuedPod } | undefined {
    const entry = this.#active.peek() ?? this.#poppableBackoff();
    if (entry === undefined) return undefined;
    const { key } = entry;
    const queued = this.#state.pods[key] as QueuedPod;
    this.delete(key);
    queued.attempts += 1;
    return { key, queued };
  }

  /** A pod that could not be scheduled; `plugins` empty: because of an error. upstream: AddUnschedulableIfNotPresent */
  putBack(pod: Pod, attempts: number, plugins: readonly string[]): void {
    const key = keyOf(pod);
    if (this.has(key)) return;
    const queued = this.#stamped(pod, attempts);
    this.#put(key, { ...queued, plugins, place: plugins.length === 0 ? 'backoff' : 'unschedulable' });
  }

  /** Pods that the event may help come back, up to a priority. upstream: MoveAllToActiveOrBackoffQueue */
  happened(event: ClusterEvent, priorityMax = Number.POSITIVE_INFINITY): void {
    for (const [plugin, keys] of this.#rejectedBy)
      for (const key of [...keys]) {
        const queued = this.#state.pods[key];
        const pod = this.#around.pod(key);
        if (queued === undefined || pod === undefined || queued.place !== 'unschedulable' || queued.priority > priorityMax) continue;
        if (this.#around.mayHelp(plugin, pod, event)) this.#requeue(key, queued);
      }
  }

  /** Timers `backoff` and `flush`. */
  onTimer(name: 'backoff' | 'flush'): void {
    if (name === 'backoff') {
      this.#state.backoffTimer = null;
      this.#endBackoffs();
    } else {
      this.#state.flushTimer = null;
      this.#flush();
    }
  }

  #stamped({ metadata, spec }: Pod, attempts: number): QueuedPod {
    this.#state.sequence += 1;
    const gated = (spec.schedulingGates ?? []).length > 0;
    return {
      uid: metadata.uid,
      priority: spec.priority ?? 0,
      attempts,
      sequence: this.#state.sequence,
      timestampMs: this.#around.time.nowMs,
      place: gated ? 'unschedulable' : 'active',
      plugins: gated ? ['SchedulingGates'] : [],
    };
  }

  #put(key: string, queued: QueuedPod): void {
    this.#state.pods[key] = queued;
    this.#enter(key, queued);
    if (queued.place === 'backoff') this.#armBackoff();
    else if (queued.place === 'unschedulable') this.#armFlush();
    if (this.hasWork) this.#around.wake();
  }

  #move(key: string, queued: QueuedPod, place: QueuedPod['place']): void {
    this.#leave(key, queued);
    queued.place = place;
    this.#put(key, queued);
  }

  #requeue(key: string, queued: QueuedPod): void {
    this.#move(key, queued, this.#isBackingOff(queued) ? 'backoff' : 'active');
  }

  #enter(key: string, queued: QueuedPod): void {
    if (queued.place === 'unschedulable') {
      for (const plugin of queued.plugins) {
        const keys = this.#rejectedBy.get(plugin);
        if (keys === undefined) this.#rejectedBy.set(plugin, new Set([key]));
        else keys.add(key);
      }
      return;
    }
    const dueMs = queued.place === 'active' ? -queued.priority : this.#backoffEndMs(queued);
    const entry: HeapEntry = { dueMs, rank: '', sequence: queued.sequence, position: -1, key };
    this.#entries.set(key, entry);
    (queued.place === 'active' ? this.#active : this.#backoff).push(entry);
  }

  #leave(key: string, queued: QueuedPod): void {
    if (queued.place === 'unschedulable') {
      for (const plugin of queued.plugins) this.#rejectedBy.get(plugin)?.delete(key);
      return;
    }
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    (queued.place === 'active' ? this.#active : this.#backoff).remove(entry);
  }

  // upstream: popBackoff takes from podBackoffQ, never from podErrorBackoffQ
  #poppableBackoff(): HeapEntry | undefined {
    const first = this.#backoff.peek();
    if (first === undefined) return undefined;
    const rejected = (entry: HeapEntry): boolean => (this.#state.pods[entry.key]?.plugins.length ?? 0) > 0;
    if (rejected(first)) return first;
    let best: HeapEntry | undefined;
    for (const entry of this.#backoff.values())
      if (
        rejected(entry) &&
        (best === undefined || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.sequence < best.sequence))
      )
        best = entry;
    return best;
  }

  // upstream: calculateBackoffDuration; the end is aligned with the ordering window
  #backoffEndMs({ attempts, timestampMs }: QueuedPod): number {
    if (attempts === 0) return floorTo(timestampMs, BACKOFF_GRID_MS);
    const { backoffMsInitial, backoffMsMax } = this.#around;
    const durationMs = Math.min(backoffMsInitial * 2 ** Math.min(attempts - 1, DOUBLINGS_MAX), backoffMsMax);
    return floorTo(timestampMs + durationMs, BACKOFF_GRID_MS);
  }

  #isBackingOff(queued: QueuedPod): boolean {
    return this.#backoffEndMs(queued) > floorTo(this.#around.time.nowMs, BACKOFF_GRID_MS);
  }

  #armBackoff(): void {
    const first = this.#backoff.peek();
    const { time } = this.#around;
    if (first === undefined || this.#state.backoffTimer !== null) return;
    const dueMs = Math.max(first.dueMs, floorTo(time.nowMs, BACKOFF_GRID_MS) + BACKOFF_GRID_MS);
    this.#state.backoffTimer = time.after(dueMs - time.nowMs, 'backoff', '');
  }

  #endBackoffs(): void {
    for (let first = this.#backoff.peek(); first !== undefined; first = this.#backoff.peek()) {
      const queued = this.#state.pods[first.key] as QueuedPod;
      if (this.#isBackingOff(queued)) break;
      this.#move(first.key, queued, 'active');
    }
    this.#armBackoff();
  }

  #armFlush(): void {
    const { time } = this.#around;
    if (this.#state.flushTimer !== null) return;
    // The first round of the grid at which a pod that came now will have waited for too long.
    const dueMs = floorTo(time.nowMs + UNSCHEDULABLE_MS_MAX, FLUSH_GRID_MS) + FLUSH_GRID_MS;
    this.#state.flushTimer = time.after(dueMs - time.nowMs, 'flush', '');
  }

  // upstream: flushUnschedulablePodsLeftover
  #flush(): void {
    const { nowMs } = this.#around.time;
    let waiting = false;
    for (const [key, queued] of Object.entries(this.#state.pods)) {
      if (queued.place !== 'unschedulable') continue;
      const gated = queued.plugins.includes('SchedulingGates');
      if (!gated && nowMs - queued.timestampMs > UNSCHEDULABLE_MS_MAX) this.#requeue(key, queued);
      else waiting ||= !gated;
    }
    if (waiting) this.#rearmFlush();
  }

  #rearmFlush(): void {
    const { time } = this.#around;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { place, timestampMs } of Object.values(this.#state.pods))
      if (place === 'unschedulable') earliestMs = Math.min(earliestMs, timestampMs);
    const dueMs = Math.max(floorTo(earliestMs + UNSCHEDULABLE_MS_MAX, FLUSH_GRID_MS), floorTo(time.nowMs, FLUSH_GRID_MS)) + FLUSH_GRID_MS;
    this.#state.flushTimer = time.after(dueMs - time.nowMs, 'flush', '');
  }
}

function floorTo(ms: number, grid: number): number {
  return Math.floor(ms / grid) * grid;
}
