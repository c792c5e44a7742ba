// One window's table of one kind: rows by the kind's own printer columns, computed for what changed and for what is looked at.
// Ages grow without any change of the object, so the rows on screen are computed again as time passes, and only they.
import type { KindCount, ObjectRow, ObjectTableDelta } from '../contract/object-table.ts';
import { parseTimestamp } from '../engine/base/timestamp.ts';
import type { Cluster } from '../engine/cluster.ts';
import { type Kind, kindKey } from '../engine/kinds/kind.ts';
import type { ApiObject } from '../engine/meta/object.ts';

/** A table of tens of thousands comes over several frames, so that none of them is late. */
export const ROWS_PER_FRAME = 600;
/** More than any screen shows. */
const LOOKED_AT_MAX = 300;

interface Open {
  readonly cluster: Cluster;
  readonly kind: Kind;
  /** Keys of rows that the window has not been told of as they are now. */
  readonly changed: Set<string>;
  readonly forget: () => void;
  begun: boolean;
  told: string;
}

export class ObjectTable {
  #open: Open | null = null;
  /** The cells last told of each row on screen. */
  #lookedAt = new Map<string, ObjectRow['cells'] | null>();
  #atMs = Number.NaN;

  /** Throws when there is no such kind. */
  open(cluster: Cluster, kindName: string): void {
    const kind = cluster.kinds.byKey(kindName);
    if (kind === undefined) throw new Error(`There is no kind "${kindName}" in this lab.`);
    this.close();
    const changed = new Set(cluster.store.table(kindName).keys());
    const forget = cluster.store.onChange(kindName, ({ key }) => changed.add(key));
    this.#open = { cluster, kind, changed, forget, begun: false, told: '' };
  }

  /** Another world was opened; a kind that only the old one knew leaves an empty table. */
  replace(cluster: Cluster): void {
    if (this.#open === null) return;
    const name = kindKey(this.#open.kind);
    this.open(cluster, cluster.kinds.byKey(name) === undefined ? 'Pod' : name);
  }

  /** The rows that are on screen. */
  look(keys: readonly string[]): void {
    const before = this.#lookedAt;
    this.#lookedAt = new Map(keys.slice(0, LOOKED_AT_MAX).map((key) => [key, before.get(key) ?? null]));
    this.#atMs = Number.NaN;
  }

  close(): void {
    this.#open?.forget();
    this.#open = null;
    this.#lookedAt.clear();
  }

  /** What the window has missed, or undefined. `complete` false asks for another frame. */
  take(): ObjectTableDelta | undefined {
    const open = this.#open;
    if (open === null) return undefined;
    const put: ObjectRow[] = [];
    const remove: string[] = [];
    for (const key of open.changed) {
      if (put.length + remove.length >= ROWS_PER_FRAME) break;
      open.changed.delete(key);
      const row = rowOf(open, key);
      if (row === undefined) remove.push(key);
      else put.push(row);
      if (row !== undefined && this.#lookedAt.has(key)) this.#lookedAt.set(key, row.cells);
    }
    this.#age(open, put);
    const kinds = countsIfNew(open);
    const begins = !open.begun;
    open.begun = true;
    if (!begins && put.length === 0 && remove.length === 0 && kinds === undefined) return undefined;
    return {
      kind: kindKey(open.kind),
      ...(begins ? { columns: open.kind.columns.map(({ name, type, priority = 0 }) => ({ name, type, wide: priority > 0 })) } : {}),
      put,
      remove,
      complete: open.changed.size === 0,
      ...(kinds === undefined ? {} : { kinds }),
    };
  }

  /** Adds the rows on screen that read otherwise now than when they were told. */
  #age(open: Open, put: ObjectRow[]): void {
    const { nowMs } = open.cluster.timeline;
    if (nowMs === this.#atMs) return;
    this.#atMs = nowMs;
    for (const [key, before] of this.#lookedAt) {
      const row = open.changed.has(key) ? undefined : rowOf(open, key);
      if (row === undefined || (before !== null && row.cells.every((cell, index) => cell === before[index]))) continue;
      this.#lookedAt.set(key, row.cells);
      put.push(row);
    }
  }
}

function rowOf({ cluster, kind }: Open, key: string): ObjectRow | undefined {
  const stored = cluster.store.get(kindKey(kind), key);
  if (stored === undefined) return undefined;
  const object: ApiObject = cluster.look(stored);
  const { epochMs, unixMs } = cluster.timeline;
  const { uid, creationTimestamp, deletionTimestamp } = object.metadata;
  return {
    key,
    id: uid,
    createdMs: (parseTimestamp(creationTimestamp) ?? epochMs) - epochMs,
    deleting: deletionTimestamp !== undefined,
    cells: kind.columns.map((column) => column.value(object, unixMs) ?? '<none>'),
  };
}

function countsIfNew(open: Open): readonly KindCount[] | undefined {
  const { store, kinds } = open.cluster;
  const counts: KindCount[] = [];
  let told = '';
  for (const kind of kinds.all()) {
    const name = kindKey(kind);
    const count = store.table(name).size;
    told += `${count},`;
    counts.push({ kind: name, namespaced: kind.namespaced, simulated: kind.simulated, count });
  }
  if (told === open.told) return undefined;
  open.told = told;
  return counts;
}
