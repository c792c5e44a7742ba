/**
 * Rows that keep what was put into them: the first free row for something new, the same row for as long as it lives.
 * Storage is read line by line, so a line must not jump when another one comes or goes.
 */
export class RowPlaces {
  readonly #rows: (string | null)[] = [];
  readonly #rowOf = new Map<string, number>();

  /** Gives rows to those in the list, keeps those that had one, and frees the rows of the rest. */
  settle(keys: readonly string[]): void {
    const wanted = new Set(keys);
    for (const [key, row] of this.#rowOf) {
      if (wanted.has(key)) continue;
      this.#rowOf.delete(key);
      this.#rows[row] = null;
    }
    for (const key of keys) {
      if (this.#rowOf.has(key)) continue;
      const free = this.#rows.indexOf(null);
      const row = free >= 0 ? free : this.#rows.length;
      this.#rows[row] = key;
      this.#rowOf.set(key, row);
    }
  }

  row(key: string): number | undefined {
    return this.#rowOf.get(key);
  }

  get count(): number {
    return this.#rows.length;
  }
}
