// Writes each API object once: store, history, caches and news on its way share most of them, and a snapshot must keep that sharing.
import type { Delta, StoreState } from '../engine/api/store.ts';
import type { CacheState } from '../engine/client/cache.ts';
import type { ApiObject } from '../engine/meta/object.ts';

/** A delta whose objects are numbers in the pool. */
export interface PooledDelta extends Omit<Delta, 'object' | 'previous'> {
  readonly object: number;
  readonly previous: number | null;
}

export interface PooledStore {
  readonly revision: number;
  readonly objects: Readonly<Record<string, readonly number[]>>;
  readonly history: readonly PooledDelta[];
}

export interface PooledCache {
  readonly objects: readonly number[];
  readonly lanes: Readonly<Record<string, readonly PooledDelta[]>>;
}

export class PoolWriter {
  readonly objects: ApiObject[] = [];
  readonly #numbers = new Map<ApiObject, number>();
  #latest = -1;

  store(state: StoreState): PooledStore {
    return {
      revision: state.revision,
      objects: mapValues(state.objects, (list) => this.#list(list)),
      history: this.deltas(state.history),
    };
  }

  cache(state: CacheState): PooledCache {
    return { objects: this.#list(state.objects), lanes: mapValues(state.lanes, (deltas) => this.deltas(deltas)) };
  }

  #number(object: ApiObject): number {
    // Caches hold objects in the order in which the store does, mostly.
    if (this.objects[this.#latest + 1] === object) {
      this.#latest += 1;
      return this.#latest;
    }
    let number = this.#numbers.get(object);
    if (number === undefined) {
      number = this.objects.push(object) - 1;
      this.#numbers.set(object, number);
    }
    this.#latest = number;
    return number;
  }

  #list(objects: readonly ApiObject[]): readonly number[] {
    return objects.map((object) => this.#number(object));
  }

  deltas(deltas: readonly Delta[]): readonly PooledDelta[] {
    return deltas.map((delta) => ({
      ...delta,
      object: this.#number(delta.object),
      previous: delta.previous === null ? null : this.#number(delta.previous),
    }));
  }
}

export class PoolReader {
  readonly #objects: readonly ApiObject[];

  constructor(objects: readonly ApiObject[]) {
    this.#objects = objects;
  }

  store(state: PooledStore): StoreState {
    return {
      revision: state.revision,
      objects: mapValues(state.objects, (list) => this.#list(list)),
      history: this.deltas(state.history),
    };
  }

  cache(state: PooledCache): CacheState {
    return { objects: this.#list(state.objects), lanes: mapValues(state.lanes, (deltas) => this.deltas(deltas)) };
  }

  #object(number: number): ApiObject {
    const object = this.#objects[number];
    if (object === undefined) throw new RangeError(`object ${number} is not in the pool of ${this.#objects.length}`);
    return object;
  }

  #list(numbers: readonly number[]): readonly ApiObject[] {
    return numbers.map((number) => this.#object(number));
  }

  deltas(deltas: readonly PooledDelta[]): readonly Delta[] {
    return deltas.map((delta) => ({
      ...delta,
      object: this.#object(delta.object),
      previous: delta.previous === null ? null : this.#object(delta.previous),
    }));
  }
}

export function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
