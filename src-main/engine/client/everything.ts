// All objects of all kinds as one component has heard of them, for the few that act on anything: garbage collector and namespaces. Keeps no copy.
import type { Delta, Store } from '../api/store.ts';
import type { Steps } from '../base/in-one-go.ts';
import type { Random } from '../base/random.ts';
import type { ApiObject } from '../meta/object.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Everything } from './component.ts';

export const EVERYTHING = 'everything';
const LATENCY_MS_MIN = 1;
const LATENCY_MS_MAX = 8;
/** Upstream's garbage collector ignores events, too. */
const IGNORED = new Set(['Event']);

type Handler = (kind: string, key: string, next: ApiObject | undefined, previous: ApiObject | undefined) => void;

export class ChangeStream {
  readonly #store: Store;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #handlers: { readonly owner: string; readonly handler: Handler }[] = [];
  #pending: Delta[];
  #scheduled: boolean;

  /** `pending`: news that a snapshot found on its way; then its delivery is in the restored queue. */
  constructor(store: Store, timeline: Timeline, pending: readonly Delta[]) {
    this.#store = store;
    this.#timeline = timeline;
    this.#random = timeline.stream(EVERYTHING);
    this.#pending = [...pending];
    this.#scheduled = pending.length > 0;
    timeline.handle(EVERYTHING, () => this.#deliver());
    store.onEveryChange((delta) => {
      if (IGNORED.has(delta.kind)) return;
      this.#pending.push(delta);
      this.#schedule();
    });
  }

  /** The stream as one component hears it. */
  for(owner: string): Everything {
    return { onChange: (handler) => void this.#handlers.push({ owner, handler }), values: () => this.#values() };
  }

  /** A component that hears nothing any more. */
  forget(owner: string): void {
    for (let index = this.#handlers.length - 1; index >= 0; index -= 1)
      if (this.#handlers[index]?.owner === owner) this.#handlers.splice(index, 1);
  }

  /** As heard so far: what is still on its way is not there yet. */
  *#values(): Iterable<readonly [kind: string, key: string, object: ApiObject]> {
    const unheard = new Map<string, ApiObject | null>();
    for (const { kind, key, previous } of this.#pending) if (!unheard.has(`${kind} ${key}`)) unheard.set(`${kind} ${key}`, previous);
    for (const kind of this.#store.kinds()) {
      if (IGNORED.has(kind)) continue;
      for (const [key, object] of this.#store.table(kind))
        if (unheard.size === 0 || !unheard.has(`${kind} ${key}`)) yield [kind, key, object];
    }
    for (const [name, object] of unheard) {
      const space = name.indexOf(' ');
      if (object !== null) yield [name.slice(0, space), name.slice(space + 1), object];
    }
  }

  save(): readonly Delta[] {
    return [...this.#pending];
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#timeline.schedule(EVERYTHING, 'news', '', this.#random.between(LATENCY_MS_MIN, LATENCY_MS_MAX));
  }

  *#deliver(): Steps {
    this.#scheduled = false;
    const pending = this.#pending;
    this.#pending = [];
    for (let index = 0; index < pending.length; index += 1) {
      const { atMs, kind, key, type, object, previous } = pending[index] as Delta;
      if (atMs === this.#timeline.nowMs) {
        this.#pending = [...pending.slice(index), ...this.#pending];
        this.#schedule();
        return;
      }
      const next = type === 'DELETED' ? undefined : object;
      for (const { handler } of this.#handlers) handler(kind, key, next, previous ?? undefined);
      yield;
    }
  }
}
