// The one queue: everything that happens in the lab is an entry here, run in order of (due, rank, sequence); nothing else moves time.
import { assert, fail } from '../base/assert.ts';
import { Heap, type HeapItem } from '../base/heap.ts';
import type { Handled, Steps } from '../base/in-one-go.ts';
import { Random, type RandomState } from '../base/random.ts';
import { formatTimestamp } from '../base/timestamp.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A countdown that a person should see: an arc around `subject` from `fromMs` until the entry is due. */
export interface Countdown {
  /** Kind key and object key: `Node`, `worker-1`. */
  readonly kind: string;
  readonly key: string;
  /** What is being waited for: `node-monitor-grace`, `toleration`, `crash-back-off`... A message exists for each. */
  readonly name: string;
  readonly fromMs: number;
}

/**
 * Entries whose names begin so repeat in a rhythm of their own. They come after all else of their millisecond, in order of their keys: since when
 * one has been waiting must not matter, for nobody knows it where beats that change nothing are left out.
 */
export const BEAT_PREFIX = 'probe/';

/** One thing that will happen: `owner` (a component) is told `name` about `key`. */
export interface Entry extends HeapItem {
  readonly owner: string;
  readonly name: string;
  readonly key: string;
  readonly detail: Json;
  readonly countdown: Countdown | null;
}

/** An entry that may take long is handled in steps. Nothing else of the queue runs in between. */
export type EntryHandler = (name: string, key: string, detail: Json) => Handled;

export interface TimelineState {
  readonly epochMs: number;
  readonly nowMs: number;
  readonly sequence: number;
  /** Entries run since the scenario's start: with it a command log says exactly between which entries a command came. */
  readonly processed: number;
  /** State of each named stream of chance. */
  readonly streams: Readonly<Record<string, RandomState>>;
  readonly seed: number;
  readonly entries: readonly (readonly [number, number, string, string, string, Json, Countdown | null])[];
}

/** Virtual time in whole milliseconds since the start of the scenario; `epochMs` is that start in Unix time. */
export class Timeline {
  readonly epochMs: number;
  readonly seed: number;
  /** The entry that is running: the cause of every change made now. */
  current: Entry | null = null;
  /** Told of each countdown that begins or ends; the window's projection listens. */
  onCountdown: ((entry: Entry, begins: boolean) => void) | null = null;
  #nowMs: number;
  #sequence: number;
  readonly #heap = new Heap<Entry>();
  readonly #byId = new Map<number, Entry>();
  readonly #streams = new Map<string, Random>();
  readonly #handlers = new Map<string, EntryHandler>();
  /** What is left of the entry that is running. */
  #rest: Steps | null = null;
  #processed: number;
  #stamp = '';
  #stampSecond = -1;

  constructor(state: TimelineState) {
    this.epochMs = state.epochMs;
    this.#nowMs = state.nowMs;
    this.#sequence = state.sequence;
    this.#processed = state.processed;
    this.seed = state.seed;
    for (const [name, random] of Object.entries(state.streams)) this.#streams.set(name, new Random(random));
    for (const [dueMs, sequence, owner, name, key, detail, countdown] of state.entries)
      this.#insert({ dueMs, rank: rankOf(name, key), sequence, position: -1, owner, name, key, detail, countdown });
  }

  static start(epochMs: number, seed: number): Timeline {
    return new Timeline({ epochMs, nowMs: 0, sequence: 0, processed: 0, seed, streams: {}, entries: [] });
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Virtual Unix time in milliseconds. */
  get unixMs(): number {
    return this.epochMs + this.#nowMs;
  }

  /** Entries run since the scenario's start. */
  get processed(): number {
    return this.#processed;
  }

  get pending(): number {
    return this.#heap.size;
  }

  /** The present as an API timestamp, in whole seconds. */
  timestamp(): string {
    const second = Math.floor(this.unixMs / 1000);
    if (second !== this.#stampSecond) {
      this.#stampSecond = second;
      this.#stamp = formatTimestamp(this.unixMs);
    }
    return this.#stamp;
  }

  /** Every owner must be there before its first entry is due. */
  handle(owner: string, handler: EntryHandler): void {
    assert(!this.#handlers.has(owner), `owner has a handler already: ${owner}`);
    this.#handlers.set(owner, handler);
  }

  /** Ends an owner: what it waits for will not come, and another one may take its name. */
  retire(owner: string): void {
    this.#handlers.delete(owner);
    for (const { sequence } of this.entriesOf(owner)) this.cancel(sequence);
  }

  /** Returns the id to cancel it with. */
  schedule(owner: string, name: string, key: string, delayMs: number, detail: Json = null, countdown: Countdown | null = null): number {
    if (!(delayMs >= 0 && Number.isFinite(delayMs))) fail(`delay must be a number of milliseconds, not ${delayMs}`);
    this.#sequence += 1;
    const entry: Entry = {
      dueMs: this.#nowMs + Math.ceil(delayMs),
      rank: rankOf(name, key),
      sequence: this.#sequence,
      position: -1,
      owner,
      name,
      key,
      detail,
      countdown,
    };
    this.#insert(entry);
    if (countdown !== null) this.onCountdown?.(entry, true);
    return entry.sequence;
  }

  /** Cancelling what has run or is unknown does nothing. */
  cancel(id: number): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    this.#byId.delete(id);
    this.#heap.remove(entry);
    if (entry.countdown !== null) this.onCountdown?.(entry, false);
  }

  /** When an entry is due, or null when there is none with that id. */
  dueMs(id: number): number | null {
    return this.#byId.get(id)?.dueMs ?? null;
  }

  /** When the next entry is due, or null when nothing will ever happen. */
  nextDueMs(): number | null {
    return this.#heap.peek()?.dueMs ?? null;
  }

  /** Pending entries of an owner, in no particular order. */
  entriesOf(owner: string): readonly Entry[] {
    return this.#heap.values().filter((entry) => entry.owner === owner);
  }

  countdowns(): readonly Entry[] {
    return this.#heap.values().filter((entry) => entry.countdown !== null);
  }

  /** Runs the next entry, moving time to it. False when the queue is empty. */
  step(): boolean {
    this.settle();
    if (!this.#begin()) return false;
    this.settle();
    return true;
  }

  /** Runs what is due until `untilMs`, at most `budget` entries or steps of long ones. True when it got there; then time is `untilMs`. */
  advance(untilMs: number, budget: number): boolean {
    for (let left = budget; ; left -= 1) {
      const due = this.#rest === null ? this.nextDueMs() : this.#nowMs;
      if (due === null || due > untilMs) break;
      if (left <= 0) return false;
      if (this.#rest === null) this.#begin();
      else this.#goOn();
    }
    this.#nowMs = Math.max(this.#nowMs, Math.floor(untilMs));
    return true;
  }

  /** Ends the entry that is running. Whoever saves or changes the world comes between entries, never into one. */
  settle(): void {
    while (this.#rest !== null) this.#goOn();
  }

  #begin(): boolean {
    const entry = this.#heap.pop();
    if (entry === undefined) return false;
    this.#byId.delete(entry.sequence);
    if (entry.dueMs < this.#nowMs) fail(`time would run backwards: ${entry.owner} ${entry.name}`);
    this.#nowMs = entry.dueMs;
    this.#processed += 1;
    if (entry.countdown !== null) this.onCountdown?.(entry, false);
    const handler = this.#handlers.get(entry.owner);
    if (handler === undefined) fail(`no handler for owner: ${entry.owner}`);
    this.current = entry;
    this.#rest = handler(entry.name, entry.key, entry.detail) ?? null;
    if (this.#rest === null) this.current = null;
    else this.#goOn();
    return true;
  }

  #goOn(): void {
    const steps = this.#rest;
    if (steps?.next().done !== true) return;
    this.#rest = null;
    this.current = null;
  }

  /** Chance by name, so that what one component draws never shifts what another gets. */
  stream(name: string): Random {
    let random = this.#streams.get(name);
    if (random === undefined) {
      random = this.#seeded(name);
      this.#streams.set(name, random);
    }
    return random;
  }

  /** Runs what must leave no trace, as a dry run: chance that it draws is there again for whoever comes next. */
  undrawn<T>(run: () => T): T {
    const before = new Map([...this.#streams].map(([name, random]) => [name, random.state()]));
    try {
      return run();
    } finally {
      for (const [name, random] of this.#streams) random.restore(before.get(name) ?? this.#seeded(name).state());
    }
  }

  save(): TimelineState {
    const streams: Record<string, RandomState> = {};
    for (const [name, random] of this.#streams) streams[name] = random.state();
    const entries = [...this.#heap.values()]
      .sort((a, b) => a.sequence - b.sequence)
      .map(({ dueMs, sequence, owner, name, key, detail, countdown }) => [dueMs, sequence, owner, name, key, detail, countdown] as const);
    return {
      epochMs: this.epochMs,
      nowMs: this.#nowMs,
      sequence: this.#sequence,
      processed: this.#processed,
      seed: this.seed,
      streams,
      entries,
    };
  }

  #seeded(name: string): Random {
    let mixed = this.seed >>> 0;
    for (let index = 0; index < name.length; index += 1) mixed = Math.imul(mixed ^ name.charCodeAt(index), 0x01000193) >>> 0;
    return Random.seeded(mixed + this.seed * 0x1_0000_0000);
  }

  #insert(entry: Entry): void {
    this.#heap.push(entry);
    this.#byId.set(entry.sequence, entry);
  }
}

function rankOf(name: string, key: string): string {
  return name.startsWith(BEAT_PREFIX) ? `${key} ${name}` : '';
}
