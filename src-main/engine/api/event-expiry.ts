// Events live for an hour after their last change, as kube-apiserver's --event-ttl default says; one timer serves them all.
import type { Steps } from '../base/in-one-go.ts';
import { eventKind } from '../kinds/core/event.ts';
import { kindKey } from '../kinds/kind.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Delta, Store } from './store.ts';

const TTL_MS = 3_600_000;
/** Events that expire within this time of each other go together. */
const SWEEP_MS = 10_000;
const OWNER = 'event-expiry';
const EVENT = kindKey(eventKind);

/** When (virtual time) each Event of the store was changed last, in the order of their revisions; `scheduled`: a sweep is waited for. */
export interface EventExpiryState {
  readonly changedMs: readonly number[];
  readonly scheduled: boolean;
}

export class EventExpiry {
  readonly #store: Store;
  readonly #timeline: Timeline;
  /** When each event was changed last, by key, the oldest first. */
  readonly #changedMs = new Map<string, number>();
  /** Goes through them once, for to begin anew means to step over all that are gone; what changes comes again at the end. */
  #others = this.#changedMs.entries();
  #oldest: readonly [key: string, changedMs: number] | undefined;
  /** Of a restored world until the first change: looking up all its events takes time, and a world that only looks ahead may change none. */
  #restored: readonly number[] | undefined;
  #scheduled: boolean;

  /** Throws RangeError for times that are not those of the store's events. */
  constructor(store: Store, timeline: Timeline, { changedMs, scheduled }: EventExpiryState = { changedMs: [], scheduled: false }) {
    if (changedMs.length !== store.count(EVENT)) throw new RangeError(`${changedMs.length} times for ${store.count(EVENT)} events`);
    this.#store = store;
    this.#timeline = timeline;
    this.#restored = changedMs;
    this.#scheduled = scheduled;
    timeline.handle(OWNER, () => this.#sweep());
    store.onChange(EVENT, (delta) => this.#follow(delta));
  }

  save(): EventExpiryState {
    return { changedMs: this.#restored ?? [...this.#changedMs.values()], scheduled: this.#scheduled };
  }

  #follow(delta: Delta): void {
    this.#fill(delta);
    // To come last it has to go first.
    this.#changedMs.delete(delta.key);
    if (delta.key === this.#oldest?.[0]) this.#oldest = undefined;
    if (delta.type === 'DELETED') return;
    this.#changedMs.set(delta.key, delta.atMs);
    this.#schedule();
  }

  /** The restored times find their events, as they were before `delta`. */
  #fill(delta?: Delta): void {
    const changedMs = this.#restored;
    if (changedMs === undefined) return;
    this.#restored = undefined;
    const events = [...this.#store.table(EVENT)].filter(([key]) => key !== delta?.key);
    if (delta?.previous) events.push([delta.key, delta.previous]);
    const byRevision = events.map(([key, { metadata }]) => ({ key, revision: Number(metadata.resourceVersion) }));
    byRevision.sort((a, b) => a.revision - b.revision);
    for (const [index, { key }] of byRevision.entries()) this.#changedMs.set(key, changedMs[index] as number);
  }

  #first(): readonly [key: string, changedMs: number] | undefined {
    if (this.#oldest !== undefined || this.#changedMs.size === 0) return this.#oldest;
    let next = this.#others.next();
    if (next.done === true) {
      this.#others = this.#changedMs.entries();
      next = this.#others.next();
    }
    this.#oldest = next.value;
    return this.#oldest;
  }

  #schedule(): void {
    const first = this.#scheduled ? undefined : this.#first();
    if (first === undefined) return;
    this.#scheduled = true;
    this.#timeline.schedule(OWNER, 'sweep', '', Math.max(0, first[1] + TTL_MS + SWEEP_MS - this.#timeline.nowMs));
  }

  *#sweep(): Steps {
    this.#scheduled = false;
    this.#fill();
    const cause = { actor: 'etcd', trigger: 'lease expired' };
    for (let first = this.#first(); first !== undefined && first[1] + TTL_MS <= this.#timeline.nowMs; first = this.#first()) {
      this.#store.commit(EVENT, first[0], null, this.#timeline.nowMs, cause);
      yield;
    }
    this.#schedule();
  }
}
