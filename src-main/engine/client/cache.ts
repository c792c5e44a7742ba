// An informer's cache: one kind as a component has heard of it. News is delivered by queue entries, so every reader is a little behind the API server.

import type { Delta, Store } from '../api/store.ts';
import { fail } from '../base/assert.ts';
import { inOneGo, type Steps } from '../base/in-one-go.ts';
import type { Random } from '../base/random.ts';
import type { ApiObject } from '../meta/object.ts';
import type { Timeline } from '../time/timeline.ts';
import type { Cache } from './component.ts';
import { resentMs } from './hearing.ts';

/** Owner name in the queue of all deliveries; entry name = cache id, entry key = lane. */
export const WATCH = 'watch';
const LATENCY_MS_MIN = 1;
const LATENCY_MS_MAX = 8;

const NAMESPACE = 'namespace';

type Handler<T> = (next: T | undefined, previous: T | undefined) => void;

interface Index<T> {
  readonly of: (object: T) => readonly string[];
  /** Null until somebody asks: a world that is only looked ahead in asks for few. */
  objects: Map<string, Map<string, T>> | null;
  /** Values whose objects are not in the order of `values`: one came later than those that are younger than it. */
  readonly unordered: Set<string>;
}

/** News on its way to one listener: '' where the cache has one, a node's name where each node listens for itself. */
interface Lane {
  pending: Delta[];
  scheduled: boolean;
}

export interface CacheState {
  /** What the cache holds, by key; objects are those of the store unless news is still on its way. */
  readonly objects: readonly ApiObject[];
  readonly lanes: Readonly<Record<string, readonly Delta[]>>;
}

export interface LaneRules<T> {
  readonly of: (object: T) => string;
  /** Can this lane hear now? When it cannot, news waits until `reopen`. */
  readonly open: (lane: string) => boolean;
  /** For how long one that can hear will not yet. */
  readonly waitMs?: (lane: string) => number;
}

export class InformerCache<T extends ApiObject> implements Cache<T> {
  readonly id: string;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #objects = new Map<string, T>();
  /** What is left of placing the objects of a saved state. */
  #unplaced: Steps | null;
  /** Objects by uid whose name has been given to another one on another lane, while their own lane has not heard of their end. */
  readonly #displaced = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  /** Where each key comes among `values`; null until somebody asks. */
  #places: Map<string, number> | null = null;
  #nextPlace = 0;
  readonly #handlers: Handler<T>[] = [];
  readonly #lanes = new Map<string, Lane>();
  readonly #rules: LaneRules<T> | null;
  readonly #unsubscribe: () => void;

  /** `state` null: the first list, which is what the store holds now. */
  constructor(id: string, kind: string, store: Store, timeline: Timeline, rules: LaneRules<T> | null, state: CacheState | null, rank = 0) {
    this.id = id;
    this.#timeline = timeline;
    this.#random = timeline.stream(`${WATCH}/${id}`);
    this.#rules = rules;
    this.#unplaced = this.#placeAll((state === null ? store.table(kind).values() : state.objects) as Iterable<T>);
    if (state === null) this.#held();
    for (const [lane, pending] of Object.entries(state?.lanes ?? {})) this.#lanes.set(lane, { pending: [...pending], scheduled: false });
    this.#unsubscribe = store.onChange(kind, (delta) => this.#hear(delta), rank);
  }

  get size(): number {
    return this.#held().size;
  }

  get(key: string): T | undefined {
    return this.#held().get(key);
  }

  displaced(uid: string): T | undefined {
    this.#held();
    return this.#displaced.get(uid);
  }

  values(): Iterable<T> {
    return this.#held().values();
  }

  /** Hears nothing any more. */
  close(): void {
    this.#unsubscribe();
    for (const { name, sequence } of this.#timeline.entriesOf(WATCH)) if (name === this.id) this.#timeline.cancel(sequence);
  }

  /** What a saved state holds is put in its place in steps, unless somebody asks for it before. */
  *fill(): Steps {
    for (; this.#unplaced !== null; yield) if (this.#unplaced.next().done === true) this.#unplaced = null;
  }

  inNamespace(namespace: string): Iterable<T> {
    this.#indexByNamespace();
    return this.by(NAMESPACE, namespace);
  }

  /** Declaring an index that exists does nothing: controllers that share a cache may share its indexes by name. */
  index(name: string, of: (object: T) => readonly string[]): void {
    if (this.#indexes.has(name)) return;
    this.#indexes.set(name, { of, objects: null, unordered: new Set() });
  }

  by(name: string, value: string): Iterable<T> {
    const index = this.#indexes.get(name);
    const objects = index?.unordered.has(value) === true ? null : index?.objects;
    return objects ? (objects.get(value)?.values() ?? []) : inOneGo(this.byInSteps(name, value));
  }

  *byInSteps(name: string, value: string): Generator<void, Iterable<T>> {
    const index = this.#indexes.get(name);
    if (index === undefined) return [];
    const objects = index.objects ?? (yield* this.#sorted(index));
    const found = objects.get(value);
    if (found === undefined) return [];
    if (!index.unordered.has(value)) return found.values();
    const ordered = new Map<string, T>();
    for (const key of yield* this.inOrder([...found.keys()])) ordered.set(key, found.get(key) as T);
    index.unordered.delete(value);
    objects.set(value, ordered);
    return ordered.values();
  }

  inNamespaceInSteps(namespace: string): Generator<void, Iterable<T>> {
    this.#indexByNamespace();
    return this.byInSteps(NAMESPACE, namespace);
  }

  *inOrder(keys: readonly string[]): Generator<void, readonly string[]> {
    if (keys.length < 2) return keys;
    // Of most keys the whole list says more quickly than sorting.
    if (keys.length * 8 > this.size) {
      const wanted = new Set<string>();
      for (const key of keys) yield void wanted.add(key);
      const ordered: string[] = [];
      for (const key of this.#held().keys()) yield void (wanted.has(key) && ordered.push(key));
      return ordered;
    }
    if (this.#places === null) {
      const places = new Map<string, number>();
      for (const key of this.#held().keys()) yield void places.set(key, places.size);
      this.#places = places;
      this.#nextPlace = places.size;
    }
    const places = this.#places;
    return keys.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  }

  onChange(handler: (next: T | undefined, previous: T | undefined) => void): void {
    this.#handlers.push(handler);
  }

  /** A lane that could not hear can again: what it missed comes after a reconnect and a list, or over the old connection, where it is sent again. */
  reopen(lane: string, inTime = false): void {
    const state = this.#lanes.get(lane);
    const [first] = state?.pending ?? [];
    if (state === undefined || first === undefined) return;
    const { nowMs } = this.#timeline;
    this.#schedule(lane, state, inTime ? resentMs(first.atMs, nowMs) - nowMs : 0);
  }

  /** The queue entry for this cache's lane is due. */
  *deliver(laneName: string): Steps {
    const lane = this.#lanes.get(laneName);
    if (lane === undefined) return;
    lane.scheduled = false;
    if (this.#rules !== null && !this.#rules.open(laneName)) return;
    const now = this.#timeline.nowMs;
    const { pending } = lane;
    lane.pending = [];
    this.#held();
    for (let index = 0; index < pending.length; index += 1) {
      const delta = pending[index] as Delta;
      if (delta.atMs === now) {
        // Committed in this very millisecond: it travels on, before what handlers have written meanwhile.
        lane.pending = [...pending.slice(index), ...lane.pending];
        this.#schedule(laneName, lane);
        return;
      }
      this.#apply(delta);
      yield;
    }
    if (this.#rules !== null && lane.pending.length === 0) this.#lanes.delete(laneName);
  }

  save(): CacheState {
    const lanes: Record<string, readonly Delta[]> = {};
    for (const [name, lane] of this.#lanes) if (lane.pending.length > 0) lanes[name] = [...lane.pending];
    return { objects: [...this.#held().values(), ...this.#displaced.values()], lanes };
  }

  /** After a restore: lanes whose delivery is already in the restored queue must not be scheduled twice. */
  resume(scheduledLanes: ReadonlySet<string>): void {
    for (const [name, lane] of this.#lanes) lane.scheduled = scheduledLanes.has(name);
  }

  #held(): Map<string, T> {
    if (this.#unplaced !== null) inOneGo(this.fill());
    return this.#objects;
  }

  #indexByNamespace(): void {
    this.index(NAMESPACE, (object) => [object.metadata.namespace ?? '']);
  }

  /** Puts all objects into an index that nobody has asked for yet; it is there when all are in it. */
  *#sorted(index: Index<T>): Generator<void, Map<string, Map<string, T>>> {
    const objects = new Map<string, Map<string, T>>();
    const filled = { ...index, objects };
    for (const object of this.#held().values()) yield put(filled, keyOfObject(object), object, undefined);
    index.objects = objects;
    return objects;
  }

  /** A saved list names the objects that hold their names first. */
  *#placeAll(objects: Iterable<T>): Steps {
    for (const object of objects) {
      yield;
      if (this.#rules !== null && this.#rules.of(object) === '') continue;
      const key = keyOfObject(object);
      if (this.#objects.has(key)) this.#displaced.set(object.metadata.uid, object);
      else this.#objects.set(key, object);
    }
  }

  #hear(delta: Delta): void {
    if (this.#rules === null) {
      this.#enqueue('', delta);
      return;
    }
    const lane = this.#rules.of(delta.object as T);
    if (lane === '') return;
    const before = delta.previous === null ? lane : this.#rules.of(delta.previous as T);
    if (before !== '' && before !== lane) fail(`an object may not change its lane: ${delta.kind} ${delta.key}`);
    this.#enqueue(lane, delta);
  }

  #enqueue(name: string, delta: Delta): void {
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = { pending: [], scheduled: false };
      this.#lanes.set(name, lane);
    }
    lane.pending.push(delta);
    if (!lane.scheduled && (this.#rules === null || this.#rules.open(name))) this.#schedule(name, lane);
  }

  #schedule(name: string, lane: Lane, resendMs = 0): void {
    if (lane.scheduled) return;
    lane.scheduled = true;
    const latencyMs = this.#random.between(LATENCY_MS_MIN, LATENCY_MS_MAX);
    this.#timeline.schedule(WATCH, this.id, name, latencyMs + Math.max(resendMs, this.#rules?.waitMs?.(name) ?? 0));
  }

  /** News about a name that another lane's object holds: lanes are late each on its own, so the older of the two may come last. */
  #applyBeside(delta: Delta, holder: T): void {
    const { uid } = delta.object.metadata;
    const next = delta.type === 'DELETED' ? undefined : (delta.object as T);
    const previous = this.#displaced.get(uid);
    if (next !== undefined && delta.revision > Number(holder.metadata.resourceVersion)) {
      this.#displaced.set(holder.metadata.uid, holder);
      this.#objects.set(delta.key, next);
      for (const index of this.#indexes.values()) put(index, delta.key, next, holder);
    } else if (next !== undefined) this.#displaced.set(uid, next);
    else if (!this.#displaced.delete(uid)) return;
    for (const handler of this.#handlers) handler(next, previous);
  }

  #apply(delta: Delta): void {
    const { key } = delta;
    const next = delta.type === 'DELETED' ? undefined : (delta.object as T);
    const previous = this.#objects.get(key);
    if (this.#rules !== null && previous !== undefined && this.#rules.of(previous) !== this.#rules.of(delta.object as T)) {
      this.#applyBeside(delta, previous);
      return;
    }
    const displaced = previous === undefined ? this.#displaced.get(delta.object.metadata.uid) : undefined;
    if (next === undefined && previous === undefined && displaced === undefined) return;
    // Who had taken its name is gone: it holds the name again, or goes as well.
    if (displaced !== undefined) this.#displaced.delete(displaced.metadata.uid);
    if (next === undefined) {
      this.#objects.delete(key);
      this.#places?.delete(key);
    } else {
      this.#objects.set(key, next);
      if (previous === undefined) this.#places?.set(key, this.#nextPlace++);
    }
    for (const index of this.#indexes.values()) put(index, key, next, previous);
    // By index: every piece of news passes here.
    for (let index = 0; index < this.#handlers.length; index += 1) {
      const handler = this.#handlers[index] as Handler<T>;
      // A name that was deleted and made again between two deliveries is two changes, as upstream's DeltaFIFO reports them.
      if (next !== undefined && previous !== undefined && next.metadata.uid !== previous.metadata.uid) {
        handler(undefined, previous);
        handler(next, undefined);
      } else handler(next, previous ?? displaced ?? (next === undefined ? (delta.object as T) : undefined));
    }
  }
}

function keyOfObject(object: ApiObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function put<T>({ of, objects, unordered }: Index<T>, key: string, next: T | undefined, previous: T | undefined): void {
  if (objects === null) return;
  const values = next === undefined ? [] : of(next);
  if (previous !== undefined)
    for (const value of of(previous)) {
      if (values.includes(value)) continue;
      const bucket = objects.get(value);
      bucket?.delete(key);
      if (bucket?.size !== 0) continue;
      objects.delete(value);
      unordered.delete(value);
    }
  for (const value of values) {
    const bucket = objects.get(value);
    if (bucket === undefined) objects.set(value, new Map([[key, next as T]]));
    else {
      if (previous !== undefined && !bucket.has(key)) unordered.add(value);
      bucket.set(key, next as T);
    }
  }
}
