// Events live for an hour after their last change, as kube-apiserver's --event-ttl default says; one timer serves them all.
import type { Steps } from '../base/in-one-go.ts';
import { eventKind } from '../kinds/core/event.ts';
import { kindKey } from '../kinds/kind.ts';
import type { ApiObject } from '../meta/object.ts';
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

/** One version of an event; it has been overtaken when the store holds another under this key. */
interface Version {
  readonly key: string;
  readonly event: ApiObject;
  readonly changedMs: number;
}

export class EventExpiry {
  readonly #store: Store;
  readonly #timeline: Timeline;
  /** The oldest first, from #head on. What has been overtaken is stepped over at the head, for taking it out of the middle costs more. */
  #versions: Version[] = [];
  #head = 0;
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
    const changedMs =
      this.#restored ?? this.#versions.slice(this.#head).flatMap((version) => (this.#isNewest(version) ? version.changedMs : []));
    return { changedMs, scheduled: this.#scheduled };
  }

  #follow(delta: Delta): void {
    this.#fill(delta);
    if (delta.type === 'DELETED') return;
    this.#versions.push({ key: delta.key, event: delta.object, changedMs: delta.atMs });
    this.#schedule();
  }

  /** The restored times find their events, as they were before `delta`. */
  #fill(delta?: Delta): void {
    const changedMs = this.#restored;
    if (changedMs === undefined) return;
    this.#restored = undefined;
    const events = [...this.#store.table(EVENT)].filter(([key]) => key !== delta?.key);
    if (delta?.previous) events.push([delta.key, delta.previous]);
    const byRevision = events.map(([key, event]) => ({ key, event, revision: Number(event.metadata.resourceVersion) }));
    byRevision.sort((a, b) => a.revision - b.revision);
    this.#versions = byRevision.map(({ key, event }, index) => ({ key, event, changedMs: changedMs[index] as number }));
  }

  #isNewest({ key, event }: Version): boolean {
    return this.#store.get(EVENT, key) === event;
  }

  /** The event that has been there unchanged for the longest time. */
  #first(): Version | undefined {
    for (; this.#head < this.#versions.length; this.#head += 1) {
      const version = this.#versions[this.#head] as Version;
      if (this.#isNewest(version)) return version;
    }
    return undefined;
  }

  #schedule(): void {
    const first = this.#scheduled ? undefined : this.#first();
    if (first === undefined) return;
    this.#scheduled = true;
    this.#timeline.schedule(OWNER, 'sweep', '', Math.max(0, first.changedMs + TTL_MS + SWEEP_MS - this.#timeline.nowMs));
  }

  *#sweep(): Steps {
    this.#scheduled = false;
    this.#fill();
    const cause = { actor: 'etcd', trigger: 'lease expired' };
    for (let first = this.#first(); first !== undefined && first.changedMs + TTL_MS <= this.#timeline.nowMs; first = this.#first()) {
      this.#store.commit(EVENT, first.key, null, this.#timeline.nowMs, cause);
      yield;
    }
    this.#versions.splice(0, this.#head);
    this.#head = 0;
    this.#schedule();
  }
}
