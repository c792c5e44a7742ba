// A 4-ary heap with exact removal: the queue of everything that will happen, where cancelled entries must not linger.

/** What the heap orders; `position` belongs to the heap (-1 when outside). */
export interface HeapItem {
  readonly dueMs: number;
  /** Among those due at the same time; '' comes first. */
  readonly rank: string;
  readonly sequence: number;
  position: number;
}

const ARITY = 4;

function before(a: HeapItem, b: HeapItem): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs;
  return a.rank === b.rank ? a.sequence < b.sequence : a.rank < b.rank;
}

/** Orders by (dueMs, rank, sequence). All operations are O(log n). */
export class Heap<Item extends HeapItem> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    this.#items.push(item);
    this.#up(item, this.#items.length - 1);
  }

  pop(): Item | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  remove(item: Item): void {
    const { position } = item;
    if (position < 0) return;
    item.position = -1;
    const last = this.#items.pop() as Item;
    if (last === item) return;
    if (!this.#up(last, position)) this.#down(last, position);
  }

  /** In no particular order. */
  values(): readonly Item[] {
    return this.#items;
  }

  #up(item: Item, from: number): boolean {
    const items = this.#items;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const other = items[parent] as Item;
      if (!before(item, other)) break;
      items[at] = other;
      other.position = at;
      at = parent;
    }
    items[at] = item;
    item.position = at;
    return at !== from;
  }

  #down(item: Item, from: number): void {
    const items = this.#items;
    let at = from;
    for (;;) {
      const first = at * ARITY + 1;
      if (first >= items.length) break;
      let least = first;
      const end = Math.min(first + ARITY, items.length);
      for (let child = first + 1; child < end; child += 1) if (before(items[child] as Item, items[least] as Item)) least = child;
      const other = items[least] as Item;
      if (!before(other, item)) break;
      items[at] = other;
      other.position = at;
      at = least;
    }
    items[at] = item;
    item.position = at;
  }
}
