// The loop around every reconciler: which keys wait, which worker is busy until when, and when a failed key comes back. The only place that retries.
import { assert } from '../base/assert.ts';
import { bare } from '../base/bare.ts';
import type { Handled, Steps } from '../base/in-one-go.ts';
import { StatusError } from '../meta/status-error.ts';
import type { Timeline } from '../time/timeline.ts';
import { Unreachable, type WorkQueue } from './component.ts';

const RATE_LIMIT_MS_BASE = 5;
const RATE_LIMIT_MS_MAX = 1_000_000;

export interface ReconcileLoopState {
  /** Keys that wait for a worker, first come first served. */
  waiting: string[];
  /** Keys being worked on; true: it changed meanwhile and must be looked at again. */
  processing: Record<string, boolean>;
  /** Failures in a row. */
  failures: Record<string, number>;
  /** A `queue/run` entry is on its way. */
  scheduled: boolean;
  /** Keys that come later, with the timer of each. Files of older labs have none. */
  later?: Record<string, number>;
}

export function initialReconcileLoopState(): ReconcileLoopState {
  return { waiting: [], processing: {}, failures: {}, scheduled: false, later: {} };
}

export interface ReconcileLoopOptions {
  readonly owner: string;
  readonly workers: number;
  readonly reconcile: (key: string) => Handled;
  /** Virtual milliseconds that the API calls since the last question have kept the worker busy. */
  readonly takeCostMs: () => number;
}

/** Timer names that begin so belong to the loop. */
export const QUEUE_PREFIX = 'queue/';

export class ReconcileLoop implements WorkQueue {
  readonly #timeline: Timeline;
  readonly #state: ReconcileLoopState;
  readonly #options: ReconcileLoopOptions;
  readonly #waiting: Set<string>;
  #head = 0;
  #busy: number;

  constructor(timeline: Timeline, state: ReconcileLoopState, options: ReconcileLoopOptions) {
    this.#timeline = timeline;
    this.#state = state;
    this.#options = options;
    this.#waiting = new Set(state.waiting);
    this.#busy = Object.keys(state.processing).length;
    for (const byKey of [state.processing, state.failures, state.later ?? {}]) bare(byKey);
  }

  add(key: string): void {
    if (this.#waiting.has(key)) return;
    if (this.#state.processing[key] !== undefined) {
      this.#state.processing[key] = true;
      return;
    }
    this.#waiting.add(key);
    this.#state.waiting.push(key);
    this.#wake();
  }

  /** A key that comes later already comes once, at the sooner of the two times. upstream: client-go util/workqueue/delaying_queue.go insert */
  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    this.#state.later ??= bare({});
    const known = this.#state.later[key];
    const dueMs = known === undefined ? null : this.#timeline.dueMs(known);
    if (known !== undefined && dueMs !== null) {
      if (dueMs <= this.#timeline.nowMs + delayMs) return;
      this.#timeline.cancel(known);
    }
    this.#state.later[key] = this.#timeline.schedule(this.#options.owner, 'queue/add', key, delayMs);
  }

  addRateLimited(key: string): void {
    const failures = this.#state.failures[key] ?? 0;
    this.#state.failures[key] = failures + 1;
    this.addAfter(key, Math.min(RATE_LIMIT_MS_BASE * 2 ** Math.min(failures, 30), RATE_LIMIT_MS_MAX));
  }

  forget(key: string): void {
    delete this.#state.failures[key];
  }

  onTimer(name: string, key: string): Handled {
    if (name === 'queue/run') {
      this.#state.scheduled = false;
      return this.#run();
    }
    if (name === 'queue/done') {
      this.#finish(key);
      return this.#run();
    }
    assert(name === 'queue/add', `unknown timer: ${name}`);
    delete this.#state.later?.[key];
    this.add(key);
  }

  /** State as JSON, without the part of the list that has been worked off. */
  save(): ReconcileLoopState {
    this.#trim();
    return this.#state;
  }

  #wake(): void {
    if (this.#state.scheduled || this.#busy >= this.#options.workers) return;
    this.#state.scheduled = true;
    this.#timeline.schedule(this.#options.owner, 'queue/run', '', 0);
  }

  *#run(): Steps {
    while (this.#busy < this.#options.workers && this.#head < this.#state.waiting.length) {
      const key = this.#state.waiting[this.#head] as string;
      this.#head += 1;
      this.#waiting.delete(key);
      this.#state.processing[key] = false;
      this.#busy += 1;
      this.#options.takeCostMs(); // what a timer of the component has called kept no worker busy, and is in no snapshot
      yield* this.#reconcile(key);
      const costMs = this.#options.takeCostMs();
      if (costMs > 0) this.#timeline.schedule(this.#options.owner, 'queue/done', key, costMs);
      else this.#finish(key);
      yield;
    }
    if (this.#head > 1024) this.#trim();
  }

  *#reconcile(key: string): Steps {
    const failures = this.#state.failures[key];
    try {
      const steps = this.#options.reconcile(key);
      if (steps !== undefined) yield* steps;
      // A reconciler that asked to come back at the limited rate has not succeeded.
      if (this.#state.failures[key] === failures) this.forget(key);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
      this.addRateLimited(key);
    }
  }

  #finish(key: string): void {
    const again = this.#state.processing[key];
    delete this.#state.processing[key];
    this.#busy -= 1;
    if (again === true) this.add(key);
  }

  #trim(): void {
    if (this.#head === 0) return;
    this.#state.waiting.splice(0, this.#head);
    this.#head = 0;
  }
}
