// Objects that were written alike share the list of their fields' owners: it is written once, and when it is read they share it again.
import type { ApiObject } from '../engine/meta/object.ts';

type List = readonly unknown[];

/** Writes metadata with the number of its list of owners; the lists it collects. */
export class FieldOwnersWriter {
  readonly lists: List[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<List, number>();

  write(metadata: ApiObject['metadata']): unknown {
    const { managedFields } = metadata;
    return managedFields === undefined ? metadata : { ...metadata, managedFields: this.#numberOf(managedFields) };
  }

  #numberOf(list: List): number {
    let number = this.#known.get(list);
    if (number === undefined) {
      const text = JSON.stringify(list);
      number = this.#numbers.get(text) ?? this.lists.push(list) - 1;
      this.#numbers.set(text, number);
      this.#known.set(list, number);
    }
    return number;
  }
}

/** Changes the objects in place: they were just parsed and nobody else knows them. Throws RangeError for a list that is not there. */
export function readFieldOwners(objects: readonly ApiObject[], lists: readonly List[]): void {
  for (const { metadata } of objects) {
    const number = (metadata as { managedFields?: unknown }).managedFields;
    // Older snapshots hold the list itself.
    if (typeof number !== 'number') continue;
    const list = lists[number];
    if (list === undefined) throw new RangeError(`${metadata.name} has no owners`);
    (metadata as { managedFields: List }).managedFields = list;
  }
}
