// Writes values of the same form as tables.
import { type Form, isDense, isPlain, MadeList, type Rows, type Table, WHOLE } from './tables.ts';

/** Longer lists are rarely of one form. */
const LIST_MAX = 8;

/** Gathers values until they are taken as rows. */
export class TableWriter {
  readonly #root = new Place();
  #forms = WHOLE + 1;
  #items: unknown[] = [];
  #groups: Group[] = [];
  /** Of the value that is read; those behind the count are of values before it. */
  readonly #cells: unknown[] = [];
  #count = 0;
  #size = 0;

  constructor() {
    this.#root.leaf = new Place();
    this.#root.leaf.form = WHOLE;
  }

  /** How many values it consists of, or `max` if there are more: then it was not added. */
  add(item: unknown, max: number): number {
    this.#count = 0;
    this.#size = 0;
    const place = this.#read(item, this.#root, max);
    if (place === undefined) return max;
    let group = place.table;
    if (group === undefined) {
      group = { place, first: item, rows: [], columns: Array.from({ length: this.#count }, () => []) };
      place.table = group;
      this.#groups.push(group);
    }
    group.rows.push(this.#items.push(item) - 1);
    for (let at = 0; at < this.#count; at += 1) (group.columns[at] as unknown[]).push(this.#cells[at]);
    return this.#size;
  }

  /** The rows that were added, and their forms that were not met before; undefined where a plain list says as much. */
  take(): { readonly forms: readonly (readonly [number: number, form: Form])[]; readonly rows: Rows } | undefined {
    const groups = this.#groups;
    const items = this.#items;
    this.#groups = [];
    this.#items = [];
    for (const { place } of groups) place.table = undefined;
    const forms: [number, Form][] = [];
    const plain: number[] = [];
    const tables: Table[] = [];
    const order: number[] = new Array<number>(items.length);
    for (const group of groups) {
      const { place, rows } = group;
      // A form that only one row has would be longer than the row.
      const isAlone = place.form === undefined && rows.length === 1;
      const table = isAlone || place.form === WHOLE ? undefined : this.#table(group, forms);
      if (table === undefined) plain.push(...rows);
      else {
        for (const row of rows) order[row] = tables.length;
        tables.push(table);
      }
    }
    if (tables.length === 0) return undefined;
    if (plain.length > 0) {
      plain.sort((a, b) => a - b);
      for (const row of plain) order[row] = tables.length;
      tables.push([WHOLE, plain.map((row) => items[row])]);
    }
    return { forms, rows: [tables.length === 1 ? items.length : order, tables] };
  }

  #table({ place, first, rows, columns }: Group, forms: [number, Form][]): Table | undefined {
    const written = columns.map((column, at) => (isConstant(column) ? [column[0]] : (placeOfSame(column, columns, at) ?? column)));
    const cells = written.reduce<number>((sum, column) => sum + (typeof column === 'number' ? 0 : column.length), 0);
    if (!isDense(rows.length, columns.length, cells)) return undefined;
    if (place.form === undefined) {
      place.form = this.#forms;
      this.#forms += 1;
      forms.push([place.form, formOf(first)]);
    }
    return [place.form, ...written];
  }

  #read(value: unknown, place: Place, max: number): Place | undefined {
    this.#size += 1;
    if (typeof value !== 'object' || value === null) return this.#leaf(value, place);
    if (isWhole(value)) {
      this.#size += sizeOf(value, max - this.#size);
      if (this.#size >= max) return undefined;
      return this.#leaf(value, place);
    }
    return Array.isArray(value)
      ? this.#readList(value, place, max)
      : this.#readRecord(value as Readonly<Record<string, unknown>>, place, max);
  }

  #leaf(value: unknown, place: Place): Place {
    this.#cells[this.#count] = value;
    this.#count += 1;
    place.leaf ??= new Place();
    return place.leaf;
  }

  #readList(list: readonly unknown[], place: Place, max: number): Place | undefined {
    place.list ??= new Place();
    let at: Place | undefined = place.list;
    for (const item of list) {
      at = this.#read(item, at, max);
      if (at === undefined) return undefined;
    }
    at.end ??= new Place();
    return at.end;
  }

  #readRecord(record: Readonly<Record<string, unknown>>, place: Place, max: number): Place | undefined {
    place.record ??= new Place();
    let at: Place | undefined = place.record;
    for (const key in record) {
      const member = record[key];
      if (member === undefined) continue;
      if (this.#size >= max) return undefined;
      at = this.#read(member, at.under(key), max);
      if (at === undefined) return undefined;
    }
    at.end ??= new Place();
    return at.end;
  }
}

/** A list is taken apart where it is short and there are records in it. */
function isWhole(value: object): boolean {
  return Array.isArray(value) && (value.length > LIST_MAX || value.every(isPlain));
}

function formOf(value: unknown): Form {
  if (typeof value !== 'object' || value === null || isWhole(value)) return 0;
  if (Array.isArray(value)) return value.map(formOf);
  const form: Record<string, Form> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) form[key] = formOf(member);
  return form;
}

/** A list is never shared by rows: who reads them may change one of them. */
function isConstant(column: readonly unknown[]): boolean {
  const [first] = column;
  if (!isPlain(first)) return false;
  for (let at = 1; at < column.length; at += 1) if (column[at] !== first) return false;
  return true;
}

/** Where before `at` a column has the same values. */
function placeOfSame(column: readonly unknown[], columns: readonly (readonly unknown[])[], at: number): number | undefined {
  const last = column.length - 1;
  for (let place = 0; place < at; place += 1) {
    const other = columns[place] as readonly unknown[];
    // Most are told apart by a look at their ends.
    if (other[0] === column[0] && other[last] === column[last] && isSame(column, other)) return place;
  }
  return undefined;
}

/** Lists and records are never shared, as above. */
function isSame(column: readonly unknown[], other: readonly unknown[]): boolean {
  for (let row = 0; row < column.length; row += 1) if (column[row] !== other[row] || !isPlain(column[row])) return false;
  return true;
}

/** How many values it consists of; counting ends at `max`. */
export function sizeOf(value: unknown, max: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof MadeList) return max;
  let size = 1;
  if (Array.isArray(value)) {
    // Most lists are of plain values, and long.
    for (let at = 0; at < value.length && size < max; at += 1) size += isPlain(value[at]) ? 1 : sizeOf(value[at], max - size);
    return size;
  }
  for (const key in value) {
    if (size >= max) break;
    size += sizeOf((value as Record<string, unknown>)[key], max - size);
  }
  return size;
}

/** A place in the reading of forms: forms that begin alike share their places. */
class Place {
  readonly #keys = new Map<string, Place>();
  #latestKey: string | undefined;
  #latest: Place | undefined;
  leaf: Place | undefined;
  list: Place | undefined;
  record: Place | undefined;
  end: Place | undefined;
  /** The number of the form that ends here, once it was written. */
  form: number | undefined;
  /** The table of the rows that are being written. */
  table: Group | undefined;

  under(key: string): Place {
    // Most rows are of the form of the row before.
    if (this.#latest !== undefined && key === this.#latestKey) return this.#latest;
    let place = this.#keys.get(key);
    if (place === undefined) {
      place = new Place();
      this.#keys.set(key, place);
    }
    this.#latestKey = key;
    this.#latest = place;
    return place;
  }
}

interface Group {
  readonly place: Place;
  readonly first: unknown;
  readonly rows: number[];
  readonly columns: unknown[][];
}
