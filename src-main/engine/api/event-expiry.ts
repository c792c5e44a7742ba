// Events live for an hour after their last change, as kube-apiserver's --event-ttl default says; one timer serves them all.
import { eventKind } from '../kinds/core/event.ts';
import { kindKey } from '../kinds/kind.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Store } from './store.ts';

const TTL_MS = 3_600_000;
/** Events that expire within this time of each other go together. */
const SWEEP_MS = 10_000;
const OWNER = 'event-expiry';

export class EventExpiry {
  readonly #store: Store;
  readonly #timeline: Timeline;
  /** Virtual time of the last change by key, oldest first: a changed event moves to the end. */
  readonly #changed: Map<string, number>;
  #scheduled: boolean;

  constructor(store: Store, timeline: Timeline, state: readonly (readonly [string, number])[]) {
    this.#store = store;
    this.#timeline = timeline;
    this.#changed = new Map(state);
    this.#scheduled = state.length > 0;
    timeline.handle(OWNER, () => this.#sweep());
    store.onChange(kindKey(eventKind), (delta) => {
      this.#changed.delete(delta.key);
      if (delta.type === 'DELETED') return;
      this.#changed.set(delta.key, delta.atMs);
      this.#schedule();
    });
  }

  save(): readonly (readonly [string, number])[] {
    return [...this.#changed];
  }

  #schedule(): void {
    if (this.#scheduled) return;
    for (const changedMs of this.#changed.values()) {
      this.#scheduled = true;
      this.#timeline.schedule(OWNER, 'sweep', '', Math.max(0, changedMs + TTL_MS + SWEEP_MS - this.#timeline.nowMs));
      return;
    }
  }

  #sweep(): void {
    this.#scheduled = false;
    const cause = { actor: 'etcd', trigger: 'lease expired' };
    for (const [key, changedMs] of this.#changed) {
      if (changedMs + TTL_MS > this.#timeline.nowMs) break;
      this.#store.commit(kindKey(eventKind), key, null, this.#timeline.nowMs, cause);
    }
    this.#schedule();
  }
}
