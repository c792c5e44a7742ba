/**
 * The table of one kind as the lab sends it: columns, and rows that are folded as they change.
 * Rows live in a plain map; one counter says that some changed, another that their order may have.
 */
import type { KindCount, ObjectColumn, ObjectRow, ObjectTableDelta } from '../../src-main/contract/object-table.ts';
import type { LabClient } from '../link/lab-client.ts';
import { NamespaceTally } from './namespace-tally.ts';

export class ObjectTableStore {
  readonly rows = new Map<string, ObjectRow>();
  kind = $state('Pod');
  kinds = $state.raw<readonly KindCount[]>([]);
  columns = $state.raw<readonly ObjectColumn[]>([]);
  /** Longest text of each column so far: it only grows, so that columns stay where they are. */
  lengths = $state.raw<readonly number[]>([]);
  /** Those that rows are in, by name. */
  namespaces = $state.raw<readonly string[]>([]);
  /** Of the longest of them so far. */
  namespaceLength = $state(0);
  complete = $state(false);
  revision = $state(0);
  orderRevision = $state(0);
  /** Only what these say can change the order: the column sorted by (-1: none), and whether a text filters. */
  sensitive: { readonly column: number; readonly filtered: boolean } = { column: -1, filtered: false };
  readonly #client: LabClient;
  readonly #tally = new NamespaceTally();
  #asking = 0;

  constructor(client: LabClient) {
    this.#client = client;
  }

  async open(kind: string): Promise<void> {
    this.#asking += 1;
    this.kind = kind;
    this.columns = [];
    this.#forget();
    try {
      await this.#client.request('table.open', { kind });
    } catch {
      // A kind that is no more there: the table stays empty until another is chosen.
      this.complete = true;
    } finally {
      this.#asking -= 1;
    }
  }

  close(): void {
    void this.#client.request('table.close', {}).catch(() => {}); // a lab that has gone needs no goodbye
  }

  look(keys: readonly string[]): void {
    void this.#client.request('table.look', { keys }).catch(() => {}); // a lab that has gone shows no ages
  }

  fold({ kind, columns, put, remove, complete, kinds }: ObjectTableDelta): void {
    if (kinds) this.kinds = kinds;
    if (kind !== this.kind) {
      if (this.#asking > 0 || !columns) return;
      this.kind = kind;
    }
    if (columns) {
      this.#forget();
      this.columns = columns;
      this.lengths = columns.map(({ name }) => name.length);
    }
    let reorders = columns !== undefined;
    for (const key of remove) reorders = this.#remove(key) || reorders;
    for (const row of put) reorders = this.#put(row) || reorders;
    this.namespaces = this.#tally.names;
    this.namespaceLength = this.#tally.lengthMax;
    this.complete = complete;
    this.revision += 1;
    if (reorders) this.orderRevision += 1;
  }

  #remove(key: string): boolean {
    if (!this.rows.delete(key)) return false;
    this.#tally.count(key, -1);
    return true;
  }

  /** True when it may stand elsewhere now. */
  #put(row: ObjectRow): boolean {
    const before = this.rows.get(row.key);
    if (before === undefined) this.#tally.count(row.key, 1);
    this.rows.set(row.key, row);
    row.cells.forEach((cell, column) => {
      const { length } = String(cell);
      if (length > (this.lengths[column] ?? 0)) this.lengths = this.lengths.with(column, length);
    });
    const { column, filtered } = this.sensitive;
    return before === undefined || filtered || (column >= 0 && before.cells[column] !== row.cells[column]);
  }

  #forget(): void {
    this.rows.clear();
    this.#tally.clear();
    this.lengths = [];
    this.complete = false;
    this.revision += 1;
    this.orderRevision += 1;
  }
}
