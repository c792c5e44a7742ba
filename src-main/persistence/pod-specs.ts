// Pods of one template differ in their node alone: their specification is written once, and when it is read they share it again.
// What is shared takes a third of the file, and is compared and counted at once.
import type { ApiObject } from '../engine/meta/object.ts';

type Members = Readonly<Record<string, unknown>>;

/** A Pod as it is written: in place of its specification the number of what it shares, and its node. */
type Written = Omit<ApiObject, 'spec'> & { readonly spec: readonly [shared: number, nodeName: unknown] };

/** Writes Pods with numbers of specifications, which it collects. */
export class PodSpecWriter {
  readonly specs: Members[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<Members, Written['spec']>();
  #latest: { readonly shared: Members; readonly number: number } | null = null;

  write(object: ApiObject): ApiObject | Written {
    return isPod(object) ? { ...object, spec: this.#specOf(object.spec) } : object;
  }

  #specOf(spec: Members): Written['spec'] {
    let written = this.#known.get(spec);
    if (written === undefined) {
      const { nodeName } = spec;
      const shared = withoutNode(spec);
      // Pods that were made one after the other mostly share every part of it.
      if (this.#latest === null || !haveSameMembers(this.#latest.shared, shared)) this.#latest = { shared, number: this.#numberOf(shared) };
      written = [this.#latest.number, nodeName ?? null];
      this.#known.set(spec, written);
    }
    return written;
  }

  #numberOf(shared: Members): number {
    const text = JSON.stringify(shared);
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.specs.push(shared) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

/** A node that was followed by another member keeps its place: what is opened again reads as what went on. */
function withoutNode(spec: Members): Members {
  const { nodeName, ...shared } = spec;
  return nodeName === undefined || Object.keys(spec).at(-1) === 'nodeName' ? shared : { ...spec, nodeName: '' };
}

/** The same keys in the same order with identical values. */
function haveSameMembers(a: Members, b: Members): boolean {
  const keys = Object.keys(a);
  const others = Object.keys(b);
  return keys.length === others.length && keys.every((key, index) => key === others[index] && a[key] === b[key]);
}

/**
 * Changes the objects in place: they were just parsed and nobody else knows them.
 * Throws RangeError for a Pod that was not written so.
 */
export function readPodSpecs(objects: readonly ApiObject[], specs: readonly Members[]): void {
  for (const object of objects) {
    if (!isPod(object)) continue;
    const [number, nodeName] = (Array.isArray(object.spec) ? object.spec : []) as readonly unknown[];
    const spec = specs[typeof number === 'number' ? number : -1];
    if (typeof spec !== 'object') throw new RangeError(`Pod ${object.metadata.name} has no specification`);
    (object as { spec: Members }).spec = nodeName === null ? spec : { ...spec, nodeName };
  }
}

function isPod(object: ApiObject): object is ApiObject & { readonly spec: Members } {
  return object.kind === 'Pod' && object.apiVersion === 'v1';
}
