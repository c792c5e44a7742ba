/**
 * Which rows of a long list are in the page, and how far to scroll so that the row a person reads stays where it is.
 * All rows have one height: where a row is needs no measuring.
 */
export const ROW_HEIGHT = 26;
/** Rows above and below the visible ones, so that a fast hand sees no gap. */
const OVERSCAN = 12;

export interface RowWindow {
  readonly first: number;
  /** Behind the last. */
  readonly end: number;
}

/** Always of as many rows, where the list has them: a row that came or went would let the browser paint all others again. */
export function rowWindow(scrollTop: number, height: number, count: number): RowWindow {
  const slots = slotCount(height);
  const first = Math.max(0, Math.min(Math.floor(scrollTop / ROW_HEIGHT) - OVERSCAN, count - slots));
  return { first, end: Math.min(count, first + slots) };
}

/** The scroll position that keeps the first visible row that is still there at its place. At the very top new rows push in. */
export function anchored(scrollTop: number, height: number, before: readonly string[], after: readonly string[]): number {
  if (scrollTop < ROW_HEIGHT || before === after) return scrollTop;
  const first = Math.floor(scrollTop / ROW_HEIGHT);
  const visible = Math.ceil(height / ROW_HEIGHT);
  for (let index = first; index < Math.min(before.length, first + visible); index += 1) {
    const key = before[index] ?? '';
    const now = after[index] === key ? index : after.indexOf(key);
    if (now >= 0) return scrollTop + (now - index) * ROW_HEIGHT;
  }
  return scrollTop;
}

/** The scroll position that brings a row into view, with as little movement as possible. */
export function scrolledTo(index: number, scrollTop: number, height: number): number {
  const top = index * ROW_HEIGHT;
  if (top < scrollTop) return top;
  return top + ROW_HEIGHT > scrollTop + height ? top + ROW_HEIGHT - height : scrollTop;
}

/** So many rows are in the page at most: each has a place of its own there, which a row that leaves hands over to one that comes. */
export function slotCount(height: number): number {
  return Math.ceil(height / ROW_HEIGHT) + 2 * OVERSCAN + 1;
}

/** The rows of a window in the order of their places in the page, from place `base` on. With the base of its first row: in their own order. */
export function placesInPage(first: number, end: number, slots: number, base: number): readonly number[] {
  const rows: number[] = [];
  for (let slot = base; slot < base + slots; slot += 1) {
    const row = first + ((((slot - first) % slots) + slots) % slots);
    if (row < end) rows.push(row);
  }
  return rows;
}
