/**
 * Which namespaces the rows of a table are in, counted as rows come and go.
 * To look through all rows for them whenever one comes takes longer than a frame has where there are thousands.
 */
export class NamespaceTally {
  readonly #counts = new Map<string, number>();
  /** In order; the same list until a namespace comes or goes. */
  names: readonly string[] = [];
  /** Of the longest name there has been: it only grows, so that columns stay where they are. */
  lengthMax = 0;

  /** `key` is `namespace/name`; what is in no namespace does not count. */
  count(key: string, by: 1 | -1): void {
    const end = key.indexOf('/');
    if (end < 0) return;
    const name = key.slice(0, end);
    const before = this.#counts.get(name) ?? 0;
    if (before + by > 0) this.#counts.set(name, before + by);
    else this.#counts.delete(name);
    if (before === 0 || before + by === 0) this.#tell(name);
  }

  clear(): void {
    this.#counts.clear();
    this.names = [];
    this.lengthMax = 0;
  }

  #tell(name: string): void {
    this.names = [...this.#counts.keys()].sort();
    this.lengthMax = Math.max(this.lengthMax, name.length);
  }
}
