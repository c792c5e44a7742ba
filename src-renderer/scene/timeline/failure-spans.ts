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

const ROWS = 2;
const ROW = 14;

export interface SpanPlace {
  readonly x: (ms: number) => number;
  readonly range: TimeRange;
  readonly nowMs: number;
  readonly top: number;
  readonly words: { readonly failure: (failure: string) => string };
}

export function failureSpans(actions: readonly StepRecord[], place: SpanPlace): readonly Mark[] {
  const { x, range, nowMs, top, words } = place;
  const marks: Mark[] = [];
  const ends: number[] = [];
  for (const span of spansOf(actions)) {
    const untilMs = span.untilMs ?? nowMs;
    if (untilMs < range.fromMs || span.fromMs > range.untilMs) continue;
    const left = Math.max(x(range.fromMs), x(span.fromMs));
    const width = Math.max(3, Math.min(x(range.untilMs), x(untilMs)) - left);
    let row = ends.findIndex((end) => end < left);
    if (row < 0) row = ends.length;
    // More at once than there are rows: the last row holds them all, as a person reads "and others".
    const shown = Math.min(row, ROWS - 1);
    ends[row] = left + width + 2;
    const y = top + 3 + shown * ROW;
    marks.push({ kind: 'rect', x: left, y, width, height: ROW - 2, radius: 3, fill: 'bad', alpha: 0.26 });
    marks.push({ kind: 'rect', x: left, y, width: 2.5, height: ROW - 2, fill: 'bad' });
    if (row < ROWS && width > 40)
      marks.push({
        kind: 'text',
        x: left + 6,
        y: y + 9.8,
        text: `${words.failure(span.failure)} · ${span.target}`,
        size: 10.5,
        fill: 'text',
        widthMax: width - 8,
      });
  }
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
