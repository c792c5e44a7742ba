// The records of the picture and, for each open window, what of them it has not been told yet.
import type { TableName, Tables, ViewDelta } from '../../contract/view.ts';
import { equal } from '../../engine/base/equal.ts';

export const TABLE_NAMES: readonly TableName[] = [
  'nodes',
  'pods',
  'classes',
  'volumes',
  'claims',
  'attachments',
  'objects',
  'countdowns',
  'events',
  'failures',
  'loads',
  'groups',
];

type Changes = { [Name in TableName]?: Set<string> };

/** One window's changes since it last looked. */
export class TableReader {
  #changes: Changes = {};

  note(table: TableName, id: string): void {
    let ids = this.#changes[table];
    if (ids === undefined) {
      ids = new Set();
      this.#changes[table] = ids;
    }
    // The order of events is the order in which they come.
    if (table === 'events') ids.delete(id);
    ids.add(id);
  }

  take(): Changes {
    const changes = this.#changes;
    this.#changes = {};
    return changes;
  }
}

export class TableSet {
  readonly #tables: { readonly [Name in TableName]: Map<string, Tables[Name]> };
  readonly #readers = new Set<TableReader>();
  /** Counts changes of records that are drawn, so that one can run "to the next thing that shows". */
  visibleChanges = 0;

  constructor() {
    this.#tables = Object.fromEntries(TABLE_NAMES.map((name) => [name, new Map()])) as never;
  }

  rows<Name extends TableName>(table: Name): ReadonlyMap<string, Tables[Name]> {
    return this.#tables[table];
  }

  put<Name extends TableName>(table: Name, record: Tables[Name]): void {
    const rows = this.#tables[table] as Map<string, Tables[Name]>;
    if (equal(rows.get(record.id), record)) return;
    // The one that was told last is the newest.
    if (table === 'events') rows.delete(record.id);
    rows.set(record.id, record);
    this.#note(table, record.id);
  }

  remove(table: TableName, id: string): void {
    if (this.#tables[table].delete(id)) this.#note(table, id);
  }

  open(): TableReader {
    const reader = new TableReader();
    this.#readers.add(reader);
    for (const name of TABLE_NAMES) for (const id of this.#tables[name].keys()) reader.note(name, id);
    return reader;
  }

  /** For a window that has read another set, all but what that reader says: it is told only what is different here. */
  openAfter(other: TableSet, unread: TableReader): TableReader {
    other.close(unread);
    const pending = unread.take();
    const reader = new TableReader();
    this.#readers.add(reader);
    for (const name of TABLE_NAMES) {
      const before = other.rows(name);
      const here = this.#tables[name];
      const all = name === 'events' && !sameKeys(before, here);
      for (const id of pending[name] ?? []) reader.note(name, id);
      for (const id of before.keys()) if (!here.has(id)) reader.note(name, id);
      for (const [id, record] of here) if (all || !equal(before.get(id), record)) reader.note(name, id);
    }
    return reader;
  }

  close(reader: TableReader): void {
    this.#readers.delete(reader);
  }

  /** What the reader has missed; later changes of a record win. */
  take(reader: TableReader): ViewDelta {
    const delta: Record<string, unknown> = {};
    for (const [name, ids] of Object.entries(reader.take()) as [TableName, Set<string>][]) {
      const put: unknown[] = [];
      const remove: string[] = [];
      for (const id of ids) {
        const record = this.#tables[name].get(id);
        if (record === undefined) remove.push(id);
        else put.push(record);
      }
      delta[name] = { put, remove };
    }
    return delta as ViewDelta;
  }

  #note(table: TableName, id: string): void {
    if (table !== 'events' && table !== 'countdowns') this.visibleChanges += 1;
    for (const reader of this.#readers) reader.note(table, id);
  }
}

function sameKeys(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (one.size !== other.size) return false;
  const keys = other.keys();
  for (const key of one.keys()) if (key !== keys.next().value) return false;
  return true;
}
