// The newest version of each object that this controller has written and not yet heard of, so that it never acts on news older than its own writes.
// upstream: pkg/controller/volume/persistentvolume/pv_controller_base.go storeObjectUpdate
import type { Cache } from '../../client/component.ts';
import { type ApiObject, keyOf } from '../../meta/object.ts';

export class KnownVersions<T extends ApiObject> {
  readonly #cache: Cache<T>;
  readonly #written: Record<string, T>;

  /** `written` is part of the controller's memory; it empties itself as news comes in. */
  constructor(cache: Cache<T>, written: Record<string, T>) {
    this.#cache = cache;
    this.#written = written;
  }

  get(key: string): T | undefined {
    return this.#written[key] ?? this.#cache.get(key);
  }

  remember(object: T): T {
    this.#written[keyOf(object)] = object;
    return object;
  }

  /** What was written and is not in the cache yet. */
  ahead(): readonly T[] {
    return Object.values(this.#written);
  }

  /** Call for every change of the cache; false: older than what was written here. */
  heard(next: T | undefined, previous: T | undefined): boolean {
    const object = next ?? previous;
    if (object === undefined) return false;
    const key = keyOf(object);
    const own = this.#written[key];
    if (own === undefined) return true;
    if (next !== undefined && Number(next.metadata.resourceVersion) < Number(own.metadata.resourceVersion)) return false;
    delete this.#written[key];
    return true;
  }
}
