// Makes values of the tables that they were written as.
import { isDense, isPlain, WHOLE } from './tables.ts';

/** Makes the rows that TableWriter wrote. */
export class TableReader {
  readonly #plans: (Plan | 0)[] = [WHOLE];
  #columns: readonly (readonly unknown[])[] = [];
  #column = 0;
  #row = 0;
  #shares = false;

  /** Throws RangeError for a form whose number is not the next. */
  learn(number: unknown, form: unknown): void {
    if (number !== this.#plans.length) throw new RangeError(`form ${String(number)} stands where ${this.#plans.length} comes`);
    this.#plans.push(planOf(form));
  }

  /**
   * `shares`: nobody will change what is in a row, so a part that reads as that of the row before is made but once. Worlds are full of them.
   * Throws RangeError for what are no rows.
   */
  read(order: unknown, tables: unknown, shares = false): readonly unknown[] {
    this.#shares = shares;
    if (!Array.isArray(tables)) throw new RangeError('a line has no tables');
    if (typeof order === 'number') return this.#rowsOf(tables[0], order);
    if (!Array.isArray(order)) throw new RangeError('the rows of a line have no order');
    const counts = tables.map(() => 0);
    for (const table of order) {
      if (!Number.isInteger(table) || counts[table] === undefined)
        throw new RangeError(`a row is of table ${String(table)}, which is not there`);
      counts[table] += 1;
    }
    const rows = tables.map((table, at) => this.#rowsOf(table, counts[at] as number));
    const taken = tables.map(() => 0);
    return order.map((table: number) => {
      const row = taken[table] as number;
      taken[table] = row + 1;
      return rows[table]?.[row];
    });
  }

  #rowsOf(table: unknown, count: number): readonly unknown[] {
    const [number, ...columns] = Array.isArray(table) ? table : [];
    const plan = this.#plans[number];
    if (plan === undefined) throw new RangeError(`there is no form ${String(number)}`);
    let cells = 0;
    for (const [at, column] of columns.entries()) {
      if (Number.isInteger(column)) {
        columns[at] = sameAs(columns, column, at);
        continue;
      }
      if (!Array.isArray(column) || !(column.length === count || (column.length === 1 && isPlain(column[0]))))
        throw new RangeError(`a column is not of ${count} rows`);
      cells += column.length;
      share(column);
    }
    if (!isDense(count, columns.length, cells)) throw new RangeError('a line stands for too many values');
    if (plan === WHOLE) return columns.length === 1 && columns[0].length === count ? columns[0] : misfit();
    const rows: unknown[] = [];
    this.#columns = columns;
    for (this.#row = 0; this.#row < count; this.#row += 1) {
      this.#column = 0;
      rows.push(this.#make(plan, false));
      if (this.#column !== columns.length) misfit();
    }
    return rows;
  }

  #make(plan: Plan, isShared: boolean): unknown {
    const { keys, parts, values } = plan;
    let isSame = plan.latest !== undefined;
    for (let at = 0; at < parts.length; at += 1) {
      const part = parts[at] as Plan | 0;
      const value = part === 0 ? this.#next() : this.#make(part, this.#shares);
      if (value === values[at]) continue;
      values[at] = value;
      isSame = false;
    }
    if (isSame && isShared) return plan.latest;
    const made = keys === null ? [...values] : recordOf(keys, values);
    plan.latest = isShared ? made : undefined;
    return made;
  }

  #next(): unknown {
    const column = this.#columns[this.#column] ?? misfit();
    this.#column += 1;
    return column.length === 1 ? column[0] : column[this.#row];
  }
}

/** The column at an earlier place. Its lists and records would be shared. */
function sameAs(columns: readonly (readonly unknown[])[], place: number, at: number): readonly unknown[] {
  const column = place >= 0 && place < at ? (columns[place] as readonly unknown[]) : undefined;
  if (column === undefined || !column.every(isPlain)) throw new RangeError(`a column is as number ${place}, which cannot be`);
  return column;
}

/** A text that reads as the one of the row before is that one: worlds are full of equal times and names. */
function share(column: unknown[]): void {
  let before = column[0];
  if (typeof before !== 'string') return;
  for (let row = 1; row < column.length; row += 1) {
    if (column[row] === before) column[row] = before;
    else before = column[row];
  }
}

function recordOf(keys: readonly string[], values: readonly unknown[]): unknown {
  const record: Record<string, unknown> = {};
  for (let at = 0; at < keys.length; at += 1) record[keys[at] as string] = values[at];
  return record;
}

function planOf(form: unknown): Plan | 0 {
  if (typeof form !== 'object' || form === null) return 0;
  if (Array.isArray(form)) return { keys: null, parts: form.map(planOf), values: form.map(() => undefined), latest: undefined };
  const keys = Object.keys(form);
  return { keys, parts: Object.values(form).map(planOf), values: keys.map(() => undefined), latest: undefined };
}

/** A form as it is built: a record if it has keys, else a list; a part of 0 is the next value of the row. */
interface Plan {
  readonly keys: readonly string[] | null;
  readonly parts: readonly (Plan | 0)[];
  /** Of the row that was made last. */
  readonly values: unknown[];
  /** What was made of them, if it may be shared. */
  latest: unknown;
}

function misfit(): never {
  throw new RangeError('the columns of a line do not fit to its form');
}
