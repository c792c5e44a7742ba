// Values of the same form as a table: JSON repeats the keys for each of them, a table names them once, and what all rows have in common once.

/** How a value is made of records and short lists; 0 stands for what is neither, whole. */
export type Form = 0 | readonly Form[] | { readonly [key: string]: Form };

/**
 * For each row a value, or a single one that all of them have; or the place of a column before it that has the same values:
 * worlds tell the same time in many fields.
 */
export type Column = readonly unknown[] | number;

/** The number of a form, and for each of its zeros, in reading order, a column. */
export type Table = readonly [form: number, ...columns: readonly Column[]];

/** `order` says for each row which table has it, each table giving its rows in turn; where there is but one table: how many rows. */
export type Rows = readonly [order: number | readonly number[], tables: readonly Table[]];

/** The form of what is written as it is. */
export const WHOLE = 0;

/** Values that a reader makes of one that is written: more would let a small file become a world of any size. */
const VALUES_PER_CELL_MAX = 8;

/** May a table of so many rows and columns be written as so few cells? A row without any column is a value too. */
export function isDense(rows: number, columns: number, cells: number): boolean {
  return rows * (columns + 1) <= cells * VALUES_PER_CELL_MAX;
}

export function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

/** A large list whose items are made as they are written, so that they need not live at once. */
export class MadeList {
  readonly items: Iterable<unknown>;

  constructor(items: Iterable<unknown>) {
    this.items = items;
  }
}
