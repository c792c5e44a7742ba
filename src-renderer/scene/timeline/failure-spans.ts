/**
 * Failures as bars from when they were applied until they were healed, or until now.
 * They explain everything below them, so they lie on top and are named.
 */
import type { StepRecord } from '../../../src-main/contract/timeline.ts';
import type { Mark } from '../mark.ts';
import type { TimeRange } from './time-range.ts';

interface Span {
  readonly name: string;
  readonly failure: string;
  readonly target: string;
  readonly fromMs: number;
  untilMs: number | null;
}

/** That are shown where the lane is as high as it is meant to be; a higher one shows more. */
const ROWS = 3;
const ROW = 14;
/** What its rows take, and a row for the marks of single steps below them. */
export const FAILURES_HEIGHT = ROWS * ROW + 14;

export interface SpanPlace {
  readonly x: (ms: number) => number;
  readonly range: TimeRange;
  readonly nowMs: number;
  readonly top: number;
  /** Of the lane: where it is low there are fewer rows. */
  readonly height: number;
  readonly words: SpanWords;
}
export interface SpanWords {
  readonly failure: (failure: string) => string;
  /** Several that are in force at the same time, in one bar. */
  readonly failures: (count: number, names: string) => string;
}

/** A bar: one failure, or those that have no row of their own. */
interface Bar {
  readonly left: number;
  right: number;
  readonly spans: Span[];
}

export function failureSpans(actions: readonly StepRecord[], place: SpanPlace): readonly Mark[] {
  const rows = rowsOf(
    spansOf(actions).filter(({ fromMs, untilMs }) => (untilMs ?? place.nowMs) >= place.range.fromMs && fromMs <= place.range.untilMs),
    place,
  );
  return rows.flatMap((bars, row) => bars.flatMap((bar) => barMarks(bar, place.top + 3 + row * ROW, place)));
}

/** Each in the first row that is free; the last row holds all that are left, and counts them. */
function rowsOf(spans: readonly Span[], { x, range, nowMs, height }: SpanPlace): readonly (readonly Bar[])[] {
  const rowsMax = Math.max(1, Math.floor((height - 14) / ROW));
  const rows: Bar[][] = [];
  for (const span of spans) {
    const left = Math.max(x(range.fromMs), x(span.fromMs));
    const right = Math.max(left + 3, Math.min(x(range.untilMs), x(span.untilMs ?? nowMs)));
    let row = rows.findIndex((bars) => (bars.at(-1)?.right ?? 0) + 2 < left);
    if (row < 0) row = Math.min(rows.length, rowsMax - 1);
    const bars = rows[row] ?? [];
    rows[row] = bars;
    const last = bars.at(-1);
    if (last && last.right + 2 >= left) {
      last.spans.push(span);
      last.right = Math.max(last.right, right);
    } else bars.push({ left, right, spans: [span] });
  }
  return rows;
}

function barMarks({ left, right, spans }: Bar, y: number, { x, range, words }: SpanPlace): readonly Mark[] {
  const width = right - left;
  const marks: Mark[] = [{ kind: 'rect', x: left, y, width, height: ROW - 2, radius: 3, fill: 'bad', alpha: 0.26 }];
  for (const { fromMs } of spans)
    marks.push({ kind: 'rect', x: Math.max(x(range.fromMs), x(fromMs)), y, width: 2.5, height: ROW - 2, fill: 'bad' });
  if (width <= 40) return marks;
  const names = spans.map(({ failure, target }) => `${words.failure(failure)} · ${target}`).join(', ');
  const text = spans.length === 1 ? names : words.failures(spans.length, names);
  marks.push({ kind: 'text', x: left + 6, y: y + 9.8, text, size: 10.5, fill: 'text', widthMax: width - 8 });
  return marks;
}

function spansOf(actions: readonly StepRecord[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { what, atMs, values } of actions) {
    const { failure = '', target = '', lasting } = values;
    const name = `${failure} ${target}`;
    if (what === 'failure.begins' && lasting === 1) {
      if (!spans.some((span) => span.name === name && span.untilMs === null))
        spans.push({ name, failure: String(failure), target: String(target), fromMs: atMs, untilMs: null });
    } else if (what === 'failure.ends') {
      const open = spans.find((span) => span.name === name && span.untilMs === null);
      if (open) open.untilMs = atMs;
    }
  }
  return spans;
}
