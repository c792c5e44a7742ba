// What etcd holds: the newest version of every object, one revision for all, and a bounded history of deltas. Nothing else remembers objects.
import { fail } from '../base/assert.ts';
import { freeze } from '../base/freeze.ts';
import { inOneGo, type Steps } from '../base/in-one-go.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';

/** Why a change was made: who wrote, and which queue entry made it run. */
export interface Cause {
  readonly actor: string;
  readonly trigger: string;
}

/** One change. `object` is the new version (for DELETED the last one); `previous` is null for ADDED. */
export interface Delta {
  readonly revision: number;
  readonly atMs: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** Kind key, as made by `kindKey`. */
  readonly kind: string;
  readonly key: string;
  readonly object: ApiObject;
  readonly previous: ApiObject | null;
  readonly cause: Cause;
}

export interface StoreState {
  readonly revision: number;
  readonly objects: Readonly<Record<string, readonly ApiObject[]>>;
  readonly history: readonly Delta[];
}

/** Deltas kept for late watchers and for the window; older revisions are compacted away. */
export const HISTORY_LENGTH_MAX = 4_000;

interface Listener {
  readonly hear: (delta: Delta) => void;
  readonly rank: number;
}

export class Store {
  #revision: number;
  /** A restored table is made when it is first asked for. */
  readonly #tables = new Map<string, Map<string, ApiObject> | readonly ApiObject[]>();
  readonly #listeners = new Map<string, readonly Listener[]>();
  readonly #everyListener: ((delta: Delta) => void)[] = [];
  #history: Delta[];
  /** Index of the oldest kept delta in #history, which is trimmed in blocks. */
  #oldest = 0;
  readonly #freezes: boolean;

  /** `freezes`: deep-freeze what is committed (tests); production trusts the types. */
  constructor(state: StoreState = { revision: 0, objects: {}, history: [] }, freezes = false) {
    this.#revision = state.revision;
    this.#history = [...state.history];
    this.#freezes = freezes;
    for (const [kind, objects] of Object.entries(state.objects)) this.#tables.set(kind, objects);
  }

  get revision(): number {
    return this.#revision;
  }

  get(kind: string, key: string): ApiObject | undefined {
    return this.#table(kind)?.get(key);
  }

  /** Makes the tables of a restored store in steps, for those who will ask for all of them. */
  *fill(): Steps {
    for (const [kind, table] of this.#tables) if (!(table instanceof Map)) yield* this.#fillTable(kind, table);
  }

  /** All objects of a kind, in order of creation. */
  table(kind: string): ReadonlyMap<string, ApiObject> {
    return this.#table(kind) ?? EMPTY;
  }

  /** How many objects of a kind there are. */
  count(kind: string): number {
    const table = this.#tables.get(kind);
    return table instanceof Map ? table.size : (table?.length ?? 0);
  }

  kinds(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** Hears of each change of a kind, at once, in order of revision, until the returned function is called. Of several the lower rank hears first. */
  onChange(kind: string, hear: (delta: Delta) => void, rank = 0): () => void {
    const listener = { hear, rank };
    const change = (next: readonly Listener[]) => this.#listeners.set(kind, next);
    change([...(this.#listeners.get(kind) ?? []), listener].sort((a, b) => a.rank - b.rank));
    return () => void change((this.#listeners.get(kind) ?? []).filter((other) => other !== listener));
  }

  onEveryChange(listener: (delta: Delta) => void): void {
    this.#everyListener.push(listener);
  }

  /** The revision that the next commit will get: the resourceVersion to write into the object. */
  get nextRevision(): number {
    return this.#revision + 1;
  }

  /** Writes a new version (`object` carries `nextRevision`); `object` null removes. */
  commit(kind: string, key: string, object: ApiObject | null, atMs: number, cause: Cause): Delta {
    let table = this.#table(kind);
    if (table === undefined) {
      table = new Map();
      this.#tables.set(kind, table);
    }
    const previous = table.get(key) ?? null;
    if (object === null && previous === null) fail(`nothing to remove: ${kind} ${key}`);
    this.#revision += 1;
    if (object === null) table.delete(key);
    else {
      if (object.metadata.resourceVersion !== String(this.#revision)) fail(`wrong resourceVersion in commit: ${kind} ${key}`);
      table.set(key, this.#freezes ? freeze(object) : object);
    }
    const type = object === null ? 'DELETED' : previous === null ? 'ADDED' : 'MODIFIED';
    const delta: Delta = { revision: this.#revision, atMs, type, kind, key, object: object ?? (previous as ApiObject), previous, cause };
    this.#remember(delta);
    // By index, for V8 makes an object for each turn of for-of in code that it has not optimised, and every write passes here.
    const listeners = this.#listeners.get(kind) ?? NOBODY;
    for (let index = 0; index < listeners.length; index += 1) (listeners[index] as Listener).hear(delta);
    for (let index = 0; index < this.#everyListener.length; index += 1) (this.#everyListener[index] as Listener['hear'])(delta);
    return delta;
  }

  /** Kept deltas after a revision, or null when that revision is compacted away (410 Gone). */
  since(revision: number): readonly Delta[] | null {
    const first = this.#history[this.#oldest];
    if (first === undefined) return [];
    // Every commit is one revision and one delta.
    const after = revision + 1 - first.revision;
    return after < 0 ? null : this.#history.slice(this.#oldest + after);
  }

  history(): readonly Delta[] {
    return this.#history.slice(this.#oldest);
  }

  #table(kind: string): Map<string, ApiObject> | undefined {
    const table = this.#tables.get(kind);
    if (table === undefined || table instanceof Map) return table;
    inOneGo(this.#fillTable(kind, table));
    return this.#tables.get(kind) as Map<string, ApiObject>;
  }

  *#fillTable(kind: string, objects: readonly ApiObject[]): Steps {
    const table = new Map<string, ApiObject>();
    for (const object of objects) yield void table.set(keyOf(object), this.#freezes ? freeze(object) : object);
    this.#tables.set(kind, table);
  }

  save(): StoreState {
    const objects: Record<string, readonly ApiObject[]> = {};
    for (const [kind, table] of this.#tables) objects[kind] = table instanceof Map ? [...table.values()] : table;
    return { revision: this.#revision, objects, history: this.history() };
  }

  #remember(delta: Delta): void {
    this.#history.push(delta);
    if (this.#history.length - this.#oldest <= HISTORY_LENGTH_MAX) return;
    // Free the reference at once, compact the array in blocks.
    (this.#history as (Delta | undefined)[])[this.#oldest] = undefined;
    this.#oldest += 1;
    if (this.#oldest < HISTORY_LENGTH_MAX) return;
    this.#history = this.#history.slice(this.#oldest);
    this.#oldest = 0;
  }
}

const NOBODY: readonly Listener[] = [];
const EMPTY: ReadonlyMap<string, ApiObject> = new Map();
