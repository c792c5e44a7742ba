// A large JSON value as lines of moderate size, each with the place where its part belongs: it is written and read while a window is served.
import { TableReader } from './table-reader.ts';
import { sizeOf, TableWriter } from './table-writer.ts';
import { MadeList } from './tables.ts';

/** Keys and places in lists that lead from the whole to a part. */
export type Path = readonly (string | number)[];

/**
 * A line is one of
 * - `[path, part]`: the value at the path; of a large list or record some members, which follow those of earlier lines;
 * - `[path, order, tables]`: members of a list, as rows of tables;
 * - `[path, order, tables, keys]`: members of a record;
 * - `[number, form]`: a form that the tables of later lines have.
 */
export type Line = readonly unknown[];

/** Values in a line, about: some tens of kilobytes of text. */
const SIZE_MAX = 4000;

/** Records may have members that are undefined: as in JSON.stringify they are left out. A member of the value itself may be a MadeList. */
export function linesOf(value: unknown): Generator<Line> {
  return linesUnder(value, [], new TableWriter());
}

function* linesUnder(value: unknown, path: Path, rows: TableWriter): Generator<Line> {
  if (value instanceof MadeList) yield* listLines(value.items, path, rows);
  else if (sizeOf(value, SIZE_MAX) < SIZE_MAX) yield [path, value];
  else if (Array.isArray(value)) yield* listLines(value, path, rows);
  else yield* recordLines(value as Readonly<Record<string, unknown>>, path, rows);
}

function* listLines(list: Iterable<unknown>, path: Path, rows: TableWriter): Generator<Line> {
  let index = 0;
  let items: unknown[] = [];
  let size = 0;
  const ended = function* (): Generator<Line> {
    if (items.length > 0) yield* written(path, rows, () => items);
    items = [];
    size = 0;
  };
  for (const item of list) {
    const itemSize = rows.add(item, SIZE_MAX);
    size += itemSize;
    if (itemSize >= SIZE_MAX) {
      yield* ended();
      yield* linesUnder(item, [...path, index], rows);
    } else {
      items.push(item);
      if (size >= SIZE_MAX) yield* ended();
    }
    index += 1;
  }
  yield* ended();
  if (index === 0) yield [path, []];
}

function* recordLines(record: Readonly<Record<string, unknown>>, path: Path, rows: TableWriter): Generator<Line> {
  let keys: string[] = [];
  let size = 0;
  const ended = function* (): Generator<Line> {
    if (keys.length > 0) yield* written(path, rows, () => pick(record, keys), keys);
    keys = [];
    size = 0;
  };
  for (const [key, member] of Object.entries(record)) {
    if (member === undefined) continue;
    const memberSize = member instanceof MadeList ? SIZE_MAX : rows.add(member, SIZE_MAX);
    if (memberSize >= SIZE_MAX) {
      yield* ended();
      yield* linesUnder(member, [...path, key], rows);
      continue;
    }
    keys.push(key);
    size += memberSize;
    if (size >= SIZE_MAX) yield* ended();
  }
  yield* ended();
}

function* written(path: Path, writer: TableWriter, part: () => unknown, keys?: readonly string[]): Generator<Line> {
  const taken = writer.take();
  if (taken === undefined) yield [path, part()];
  else {
    yield* taken.forms;
    yield keys === undefined ? [path, ...taken.rows] : [path, ...taken.rows, keys];
  }
}

function pick(record: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => [key, record[key]]));
}

/** Puts lines together again. */
export class LineReader {
  readonly #tables = new TableReader();
  readonly #unchanging: string | undefined;
  #root: unknown;

  /** `unchanging`: a member of the whole; nobody will change what is in its rows, so parts that read the same may be one. */
  constructor(unchanging?: string) {
    this.#unchanging = unchanging;
  }

  /** Throws RangeError for a line that does not fit to those before it. */
  add(line: unknown): void {
    const [path, first, tables, keys] = Array.isArray(line) ? line : [];
    if (typeof path === 'number') {
      this.#tables.learn(path, first);
      return;
    }
    if (!Array.isArray(path)) throw new RangeError('a line has no place');
    const part = tables === undefined ? first : this.#rows(first, tables, keys, path[0] !== undefined && path[0] === this.#unchanging);
    if (path.length === 0) {
      this.#root = this.#root === undefined ? part : joined(this.#root, part);
      return;
    }
    this.#root ??= typeof path[0] === 'number' ? [] : {};
    let holder = this.#root;
    for (const [index, key] of path.slice(0, -1).entries()) {
      const next = memberOf(holder, key);
      if (next === undefined) setMember(holder, key, typeof path[index + 1] === 'number' ? [] : {});
      holder = memberOf(holder, key);
    }
    const last = path.at(-1);
    const before = memberOf(holder, last);
    if (before === undefined) setMember(holder, last, part);
    else joined(before, part);
  }

  #rows(order: unknown, tables: unknown, keys: unknown, shares: boolean): unknown {
    const rows = this.#tables.read(order, tables, shares);
    if (keys === undefined) return rows;
    if (!Array.isArray(keys) || keys.length !== rows.length) throw new RangeError('the rows of a line have no keys');
    return Object.fromEntries(keys.map((key, at) => [key, rows[at]]));
  }

  /** The value that was written. */
  whole(): unknown {
    return this.#root;
  }
}

function memberOf(holder: unknown, key: unknown): unknown {
  if (Array.isArray(holder) && typeof key === 'number') return holder[key];
  if (isRecord(holder) && typeof key === 'string') return Object.hasOwn(holder, key) ? holder[key] : undefined;
  throw new RangeError(`a line belongs at ${JSON.stringify(key)}, where nothing can be`);
}

function setMember(holder: unknown, key: unknown, value: unknown): void {
  if (!Array.isArray(holder)) (holder as Record<string, unknown>)[key as string] = value;
  // A list grows at its end alone: a place far behind it would be a hole of any size.
  else if (key === holder.length) holder.push(value);
  else throw new RangeError(`a line belongs at ${JSON.stringify(key)} of a list of ${holder.length}`);
}

/** Adds the members of `more` to those that are there. */
function joined(before: unknown, more: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(more)) for (const item of more) before.push(item);
  else if (isRecord(before) && isRecord(more)) for (const key of Object.keys(more)) before[key] = more[key];
  else throw new RangeError('a line does not fit to those before it');
  return before;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
