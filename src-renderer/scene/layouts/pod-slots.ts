/**
 * The places of the pods on one node: a pod keeps its place for life, and leaves a ghost where it died.
 * The picture of a node only ever gets denser, so a change moves no pod that did not change.
 */
import type { Rect } from '../mark.ts';

/** How the places of one density are laid out inside a card. */
export interface Density {
  readonly columns: number;
  readonly rows: number;
  readonly pitchX: number;
  readonly pitchY: number;
  readonly size: number;
  /** Pods are few enough to have their names written beside them; they are then listed column by column. */
  readonly named: boolean;
}

export interface Ghost {
  readonly slot: number;
  /** 1 just after the death, less with each later death on this node. */
  readonly strength: number;
}

export class PodSlots {
  #densities: readonly Density[];
  readonly #leavesGhosts: boolean;
  readonly #slots: (string | null)[] = [];
  readonly #slotOf = new Map<string, number>();
  /** Places of the dead, oldest first. */
  #ghosts: number[] = [];
  #level = 0;

  /** Where nothing dies, as in a waiting room, a place that was left is simply free again. */
  constructor(densities: readonly Density[], leavesGhosts = true) {
    this.#densities = densities;
    this.#leavesGhosts = leavesGhosts;
  }

  /** The same densities in an area of another size. */
  resize(densities: readonly Density[]): void {
    this.#densities = densities;
    while (this.#slots.length > this.#capacity(this.#level) && this.#level < densities.length - 1) this.#level += 1;
  }

  get density(): Density {
    return this.#densities[this.#level] as Density;
  }

  /** Pods that no place is left for, even at the highest density. */
  get hidden(): number {
    let hidden = 0;
    for (let slot = this.#capacity(this.#level); slot < this.#slots.length; slot += 1) if (this.#slots[slot] !== null) hidden += 1;
    return hidden;
  }

  get size(): number {
    return this.#slotOf.size;
  }

  /** Where nothing leaves a ghost: those who are left close up, once most of the places that were used are free. */
  settle(): void {
    if (this.#leavesGhosts) return;
    while (this.#slots.length > 0 && this.#slots.at(-1) === null) this.#slots.pop();
    if (this.size * 2 > this.#slots.length && this.#slots.length > 0) return;
    const keys = this.#slots.filter((key) => key !== null);
    this.#slots.splice(0, this.#slots.length, ...keys);
    for (const [slot, key] of keys.entries()) this.#slotOf.set(key, slot);
    while (this.#level > 0 && this.size * 2 <= this.#capacity(this.#level - 1)) this.#level -= 1;
  }

  slot(key: string): number | undefined {
    return this.#slotOf.get(key);
  }

  keyAt(slot: number): string | null {
    return this.#slots[slot] ?? null;
  }

  keys(): Iterable<string> {
    return this.#slotOf.keys();
  }

  ghosts(): readonly Ghost[] {
    const last = this.#ghosts.length - 1;
    return this.#ghosts
      .map((slot, index) => ({ slot, strength: Math.max(0.25, 0.8 ** (last - index)) }))
      .filter(({ slot }) => slot < this.#capacity(this.#level));
  }

  add(key: string): void {
    if (this.#slotOf.has(key)) return;
    const slot = this.#freeSlot();
    this.#slots[slot] = key;
    this.#slotOf.set(key, slot);
  }

  remove(key: string): void {
    const slot = this.#slotOf.get(key);
    if (slot === undefined) return;
    this.#slots[slot] = null;
    this.#slotOf.delete(key);
    if (this.#leavesGhosts) this.#ghosts.push(slot);
  }

  /** The place at a point of the area. */
  at(x: number, y: number): number | undefined {
    const { columns, rows, pitchX, pitchY, named } = this.density;
    const column = Math.floor(x / pitchX);
    const row = Math.floor(y / pitchY);
    if (column < 0 || row < 0 || column >= columns || row >= rows) return undefined;
    return named ? column * rows + row : row * columns + column;
  }

  /** Whether there is room beside a name to say what is not well. */
  get notes(): boolean {
    return this.density.named && this.nameWidth > this.density.pitchX;
  }

  /** How wide a pod is with its name, which may run on while no column to its right was ever used. */
  get nameWidth(): number {
    const { columns, rows, pitchX } = this.density;
    return this.#slots.length <= rows ? columns * pitchX : pitchX;
  }

  /** Where a place is, relative to the corner of the area; undefined when it is beyond the densest picture. */
  box(slot: number): Rect | undefined {
    const { columns, rows, pitchX, pitchY, size, named } = this.density;
    if (slot >= columns * rows) return undefined;
    if (named) return { x: Math.floor(slot / rows) * pitchX, y: (slot % rows) * pitchY, width: size, height: size };
    return { x: (slot % columns) * pitchX, y: Math.floor(slot / columns) * pitchY, width: size, height: size };
  }

  /** A place that nobody had yet, else the oldest ghost's, else one of the next density. */
  #freeSlot(): number {
    const left = this.#leavesGhosts ? -1 : this.#slots.indexOf(null);
    if (left >= 0) return left;
    const untouched = this.#slots.length;
    if (untouched < this.#capacity(this.#level)) return untouched;
    const ghost = this.#ghosts.shift();
    if (ghost !== undefined) return ghost;
    if (this.#level < this.#densities.length - 1) this.#level += 1;
    return untouched;
  }

  #capacity(level: number): number {
    const density = this.#densities[level] as Density;
    return density.columns * density.rows;
  }
}
