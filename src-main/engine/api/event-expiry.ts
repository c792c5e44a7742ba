// Events live for an hour after their last change, as kube-apiserver's --event-ttl default says; one timer serves them all.
import type { Steps } from '../base/in-one-go.ts';
import { eventKind } from '../kinds/core/event.ts';
import { kindKey } from '../kinds/kind.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Store } from './store.ts';

const TTL_MS = 3_600_000;
/** Events that expire within this time of each other go together. */
const SWEEP_MS = 10_000;
const OWNER = 'event-expiry';
const EVENT = kindKey(eventKind);

/** Each change of an Event in order: its key, when (virtual time) and the revision. Three lists, since there are as many as events. */
export interface EventExpiryState {
  readonly keys: string[];
  readonly changedMs: number[];
  readonly revisions: number[];
}

export class EventExpiry {
  readonly #store: Store;
  readonly #timeline: Timeline;
  /** A change is void once the event has a newer revision, or is gone. */
  #changes: EventExpiryState;
  /** Changes before this one are done with. */
  #oldest = 0;
  #scheduled: boolean;

  constructor(store: Store, timeline: Timeline, state: EventExpiryState = { keys: [], changedMs: [], revisions: [] }) {
    this.#store = store;
    this.#timeline = timeline;
    this.#changes = from(state, 0);
    this.#scheduled = state.keys.length > 0;
    timeline.handle(OWNER, () => this.#sweep());
    store.onChange(EVENT, (delta) => {
      if (delta.type === 'DELETED') return;
      const { keys, changedMs, revisions } = this.#changes;
      keys.push(delta.key);
      changedMs.push(delta.atMs);
      revisions.push(delta.revision);
      this.#schedule();
    });
  }

  save(): EventExpiryState {
    return from(this.#changes, this.#oldest);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#skipVoid();
    const changedMs = this.#changes.changedMs[this.#oldest];
    if (changedMs === undefined) return;
    this.#scheduled = true;
    this.#timeline.schedule(OWNER, 'sweep', '', Math.max(0, changedMs + TTL_MS + SWEEP_MS - this.#timeline.nowMs));
  }

  *#sweep(): Steps {
    this.#scheduled = false;
    const cause = { actor: 'etcd', trigger: 'lease expired' };
    for (this.#skipVoid(); (this.#changes.changedMs[this.#oldest] ?? Infinity) + TTL_MS <= this.#timeline.nowMs; this.#skipVoid()) {
      this.#store.commit(EVENT, this.#changes.keys[this.#oldest] as string, null, this.#timeline.nowMs, cause);
      this.#oldest += 1;
      yield;
    }
    this.#schedule();
  }

  #skipVoid(): void {
    const { keys, revisions } = this.#changes;
    for (; this.#oldest < keys.length; this.#oldest += 1) {
      const event = this.#store.get(EVENT, keys[this.#oldest] as string);
      if (event !== undefined && Number(event.metadata.resourceVersion) === revisions[this.#oldest]) break;
    }
    if (this.#oldest <= keys.length >> 1) return;
    this.#changes = from(this.#changes, this.#oldest);
    this.#oldest = 0;
  }
}

function from({ keys, changedMs, revisions }: EventExpiryState, index: number): EventExpiryState {
  return { keys: keys.slice(index), changedMs: changedMs.slice(index), revisions: revisions.slice(index) };
}
