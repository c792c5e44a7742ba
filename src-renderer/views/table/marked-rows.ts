/**
 * Which rows are marked for an action, as lists of files do it: one, one more, or all from the last one on.
 */
export interface Marks {
  readonly keys: ReadonlySet<string>;
  /** Where a range begins; '' when nowhere. */
  readonly anchor: string;
}

export const NO_MARKS: Marks = { keys: new Set(), anchor: '' };

export function markOne(key: string): Marks {
  return { keys: new Set([key]), anchor: key };
}

export function toggleMark(marks: Marks, key: string): Marks {
  const keys = new Set(marks.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key };
}

/** From the anchor to this row, in the order that is shown. */
export function markRange(marks: Marks, key: string, order: readonly string[]): Marks {
  const from = order.indexOf(marks.anchor);
  const to = order.indexOf(key);
  if (from < 0 || to < 0) return markOne(key);
  return { keys: new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1)), anchor: marks.anchor };
}

export function markAll(order: readonly string[]): Marks {
  return { keys: new Set(order), anchor: order[0] ?? '' };
}
