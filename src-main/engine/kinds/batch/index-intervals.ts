// Sets of completion indexes as a Job's status and its policies write them: `0,2-5,8`, in order, runs joined.
// upstream: pkg/controller/job/indexed_job_utils.go, pkg/apis/batch/validation/validation.go validateIndexesFormat
import { goQuote } from '../../meta/go-quote.ts';
import type { Parsed } from '../../meta/parsed.ts';

export interface Interval {
  readonly first: number;
  readonly last: number;
}

/** In order, without overlap. */
export type Intervals = readonly Interval[];

/** What can be read of a text; unreadable parts and what is not below `completions` are dropped. upstream: parseIndexesFromString */
export function parseIntervals(text: string, completions: number): Intervals {
  const found: Interval[] = [];
  for (const part of text === '' ? [] : text.split(',')) {
    const [low = '', high] = part.split('-');
    const first = integer(low);
    if (first === null) continue;
    if (first >= completions) break;
    const end = high === undefined ? first : integer(high);
    if (end === null) continue;
    const last = Math.min(end, completions - 1);
    const before = found.at(-1);
    if (before !== undefined && before.last === first - 1) found[found.length - 1] = { first: before.first, last };
    else found.push({ first, last });
  }
  return found;
}

/** How many indexes a text names, or what is wrong with it. */
export function checkIntervals(text: string, completions: number): Parsed<number> {
  let total = 0;
  let previous: number | null = null;
  for (const part of text === '' ? [] : text.split(',')) {
    const limits = part.split('-');
    if (limits.length > 2)
      return {
        error: `the fragment ${goQuote(part)} violates the requirement that an index interval can have at most two parts separated by '-'`,
      };
    const numbers: number[] = [];
    for (const limit of limits) {
      const number = integer(limit);
      if (number === null) return { error: `cannot convert string to integer for index: ${goQuote(limit)}` };
      if (number >= completions) return { error: `too large index: ${goQuote(limit)}` };
      numbers.push(number);
    }
    const [first = 0, last = first] = numbers;
    if (numbers.length === 2 && first >= last) return { error: `non-increasing order, previous: ${first}, current: ${last}` };
    if (previous !== null && previous >= first) return { error: `non-increasing order, previous: ${previous}, current: ${first}` };
    total += last - first + 1;
    previous = last;
  }
  return { value: total };
}

/** Runs of two are written as two numbers. */
export function formatIntervals(intervals: Intervals): string {
  return intervals.map(({ first, last }) => (last === first ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`)).join(',');
}

/** With more of them; both in order. */
export function mergeIntervals(a: Intervals, b: Intervals): Intervals {
  if (b.length === 0) return a;
  const merged: Interval[] = [];
  for (const next of [...a, ...b].sort((left, right) => left.first - right.first)) {
    const before = merged.at(-1);
    if (before === undefined || next.first > before.last + 1) merged.push(next);
    else if (before.last < next.last) merged[merged.length - 1] = { first: before.first, last: next.last };
  }
  return merged;
}

export function intervalsOf(indexes: Iterable<number>): Intervals {
  return [...new Set(indexes)].sort((a, b) => a - b).map((index) => ({ first: index, last: index }));
}

export function countOf(intervals: Intervals): number {
  return intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

export function hasIndex(intervals: Intervals, index: number): boolean {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.last ?? 0) >= index) high = middle;
    else low = middle + 1;
  }
  const found = intervals[low];
  return found !== undefined && found.first <= index;
}

/** How many indexes both have. */
export function countShared(a: Intervals, b: Intervals): number {
  let shared = 0;
  for (let left = 0, right = 0; left < a.length && right < b.length; ) {
    const [one, other] = [a[left] as Interval, b[right] as Interval];
    shared += Math.max(0, Math.min(one.last, other.last) - Math.max(one.first, other.first) + 1);
    if (one.last <= other.last) left += 1;
    if (other.last <= one.last) right += 1;
  }
  return shared;
}

/** The first index that both have. */
export function firstShared(a: Intervals, b: Intervals): number | undefined {
  for (let left = 0, right = 0; left < a.length && right < b.length; ) {
    const [one, other] = [a[left] as Interval, b[right] as Interval];
    const first = Math.max(one.first, other.first);
    if (first <= Math.min(one.last, other.last)) return first;
    if (one.last < other.last) left += 1;
    else right += 1;
  }
  return undefined;
}

function integer(text: string): number | null {
  return /^[-+]?\d+$/.test(text) ? Number(text) : null;
}
