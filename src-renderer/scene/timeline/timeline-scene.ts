/**
 * The timeline as marks: lanes of what was done, said and changed, the ready endpoints of Services, the present and what counts down.
 * Steps that fall on the same few pixels become one mark, so that twenty thousand of them cost no more than a screen full.
 */
import { scaleLinear } from 'd3';
import type { AvailabilityRecord, StepLane, StepRecord, StepTone } from '../../../src-main/contract/timeline.ts';
import type { CountdownRecord } from '../../../src-main/contract/view.ts';
import type { Mark, Rect } from '../mark.ts';
import { availabilityMarks, STRIP, shownServices } from './availability-marks.ts';
import { FAILURES_HEIGHT, failureSpans } from './failure-spans.ts';
import { isAbout } from './step-filter.ts';
import type { TimeRange } from './time-range.ts';
import { timeTicks } from './time-ticks.ts';

export interface TimelineWords {
  readonly lane: (lane: StepLane) => string;
  readonly now: string;
  /** At the moment that is shown, where that is not the present. */
  readonly shown: string;
  readonly time: (ms: number) => string;
  readonly failure: (failure: string) => string;
  /** Several that are in force at the same time, in one bar. */
  readonly failures: (count: number, names: string) => string;
  readonly more: (count: number) => string;
}

export interface TimelineLook {
  /** In sight, and as filtered. */
  readonly steps: readonly StepRecord[];
  /** All of the lane of actions, for failures that began before. */
  readonly actions: readonly StepRecord[];
  readonly services: readonly AvailabilityRecord[];
  readonly countdowns: readonly CountdownRecord[];
  readonly range: TimeRange;
  /** The present. */
  readonly nowMs: number;
  /** The moment that the window shows; null: the present. */
  readonly shownMs: number | null;
  readonly width: number;
  readonly height: number;
  readonly selected: { readonly kind: string; readonly key: string } | null;
  readonly currentId: number;
}

export interface TimelineHit {
  readonly box: Rect;
  readonly step: StepRecord;
  /** Steps in this mark. */
  readonly count: number;
}

export interface TimelinePicture {
  readonly marks: readonly Mark[];
  readonly hits: readonly TimelineHit[];
}

export const GUTTER = 136;
/** Room for the buttons that zoom, left of the axis. */
export const AXIS = 34;
const LANES: readonly (readonly [StepLane, number])[] = [
  ['actions', FAILURES_HEIGHT],
  ['events', 28],
  ['nodes', 28],
  ['pods', 28],
  ['storage', 28],
  ['workloads', 28],
];
export const LANES_HEIGHT = AXIS + LANES.reduce((sum, [, height]) => sum + height, 0);
const SERVICES_HEAD = 20;
const SERVICES_FEW = 2;
const SQUEEZE_MIN = 0.6;
const STRETCH_MAX = 2;
/** More places than a lane has on any screen. */
const PLACES = 1 << 16;
/** No character of a time is wider, in the size of the axis. */
const DIGIT = 7;
/** Pixels that become one mark. */
const BIN = 8;
const LANE_OF: Readonly<Record<string, StepLane>> = { Node: 'nodes', Pod: 'pods', PersistentVolume: 'storage', Deployment: 'workloads' };
const INK = { good: 'good', plain: 'soft', bad: 'bad' } as const;
const RANK: Readonly<Record<StepTone, number>> = { plain: 0, good: 1, bad: 2 };

/** The handle with its outline. */
const HANDLE_HALF = 7;

export function timelinePicture(look: TimelineLook, words: TimelineWords): TimelinePicture {
  const { range, width, height, nowMs } = look;
  const x = scaleLinear([range.fromMs, range.untilMs], [GUTTER, width - 8]);
  const marks: Mark[] = [];
  const hits: TimelineHit[] = [];
  const nowX = Math.max(GUTTER, Math.min(width, x(nowMs)));
  const handleX = x(look.shownMs ?? nowMs);
  marks.push({ kind: 'rect', x: nowX, y: AXIS, width: width - nowX, height: height - AXIS, fill: 'raised' });
  for (const atMs of timeTicks(range, (width - GUTTER) / 96)) {
    marks.push({ kind: 'path', x: x(atMs), y: 0, d: `M0 ${AXIS - 5}V${height}`, stroke: 'line', line: 1 });
    const text = words.time(atMs);
    // The moment that has no room left beside the edge, or lies under the handle, keeps its line alone: half a time would be a wrong one.
    const from = x(atMs) + 4;
    const until = from + text.length * DIGIT;
    if (until <= width && (until < handleX - HANDLE_HALF || from > handleX + HANDLE_HALF))
      marks.push({ kind: 'text', x: from, y: AXIS - 9, text, size: 10.5, fill: 'faint' });
  }
  let top = AXIS;
  const lanes = new Map<StepLane, Lane>();
  const squeeze = squeezed(look);
  for (const [lane, fullHeight] of LANES) {
    const laneHeight = Math.round(fullHeight * squeeze);
    lanes.set(lane, { index: lanes.size, middle: lane === 'actions' ? top + laneHeight - 9 : top + laneHeight / 2 });
    marks.push({ kind: 'path', x: 0, y: top, d: `M0 0H${width}`, stroke: 'line', line: 1 });
    marks.push({
      kind: 'text',
      x: 12,
      y: top + laneHeight / 2 + 4,
      text: words.lane(lane),
      size: 11.5,
      fill: 'soft',
      widthMax: GUTTER - 16,
    });
    top += laneHeight;
  }
  marks.push(...failureSpans(look.actions, { x, range, nowMs, top: AXIS, height: FAILURES_HEIGHT * squeeze, words }));
  points(look, lanes, x, marks, hits);
  ahead(look, lanes, x, marks);
  services(look, top, x, words, marks);
  if (nowMs >= range.fromMs && nowMs <= range.untilMs) {
    marks.push({ kind: 'path', x: nowX, y: 0, d: `M0 ${AXIS - 4}V${height}`, stroke: 'text', line: 1.4 });
    marks.push({ kind: 'text', x: nowX, y: 12, text: words.now, size: 10.5, bold: true, anchor: 'middle', fill: 'text' });
  }
  marks.push(...playhead(look, x, words));
  return { marks, hits };
}

/** The handle that a hand moves along time. */
function playhead({ range, nowMs, shownMs, height }: TimelineLook, x: (ms: number) => number, words: TimelineWords): readonly Mark[] {
  const atMs = shownMs ?? nowMs;
  if (atMs < range.fromMs || atMs > range.untilMs) return [];
  const at = x(atMs);
  const handle: Mark = { kind: 'path', x: at, y: AXIS - 5, d: 'M0 6L-6 -2V-6H6V-2Z', fill: 'text', stroke: 'ground', line: 1 };
  if (shownMs === null) return [handle];
  return [
    { kind: 'path', x: at, y: 0, d: `M0 ${AXIS - 4}V${height}`, stroke: 'text', line: 2.4 },
    handle,
    { kind: 'text', x: at, y: 12, text: words.shown, size: 10.5, bold: true, anchor: 'middle', fill: 'text' },
  ];
}

/** The mark under a point, with a little mercy. */
export function hitTimeline({ hits }: TimelinePicture, x: number, y: number): TimelineHit | null {
  return hits.findLast(({ box }) => x >= box.x - 1 && x <= box.x + box.width + 1 && y >= box.y && y <= box.y + box.height) ?? null;
}

interface Lane {
  readonly index: number;
  /** Where its marks lie. */
  readonly middle: number;
}

/** In a low view the lanes come closer together, so that a few Services still have their place below; in a high one they take what all Services leave. */
function squeezed({ height, services: { length } }: TimelineLook): number {
  const share = (services: number): number => {
    const below = services === 0 ? 0 : SERVICES_HEAD + services * STRIP;
    return (height - AXIS - below) / (LANES_HEIGHT - AXIS);
  };
  const few = share(Math.min(SERVICES_FEW, length));
  return few <= 1 ? Math.max(SQUEEZE_MIN, few) : Math.max(1, Math.min(STRETCH_MAX, share(length + 1)));
}

interface Bin {
  step: StepRecord;
  count: number;
  marked: boolean;
}

function points(
  look: TimelineLook,
  lanes: ReadonlyMap<StepLane, Lane>,
  x: (ms: number) => number,
  marks: Mark[],
  hits: TimelineHit[],
): void {
  const bins = new Map<number, Bin>();
  for (const step of look.steps) {
    const lane = lanes.get(step.lane);
    if (lane === undefined) continue;
    const name = lane.index * PLACES + Math.floor(x(step.atMs) / BIN);
    const marked = step.id === look.currentId || (look.selected !== null && isAbout(step, look.selected));
    const bin = bins.get(name);
    if (bin === undefined) bins.set(name, { step, count: step.count, marked });
    else {
      bin.count += step.count;
      if ((marked && !bin.marked) || (marked === bin.marked && RANK[step.tone] > RANK[bin.step.tone])) bin.step = step;
      bin.marked ||= marked;
    }
  }
  for (const { step, count, marked } of bins.values()) {
    const middle = lanes.get(step.lane)?.middle ?? 0;
    const at = x(step.atMs);
    const size = Math.min(5.6, 2.6 + Math.log2(count) * 0.6);
    const alpha = look.selected !== null && !marked ? 0.35 : 1;
    if (marked) marks.push({ kind: 'path', x: at, y: middle, d: circle(size + 3), stroke: 'text', line: 1.5 });
    marks.push({ kind: 'path', x: at, y: middle, ...shape(step.tone, size), alpha });
    hits.push({ box: { x: at - BIN / 2 - 1, y: middle - 9, width: BIN + 2, height: 18 }, step, count });
  }
}

/** Colour and shape say the same: a triangle is trouble, a full dot is well, a ring is neither. */
function shape(
  tone: StepTone,
  size: number,
): { readonly d: string; readonly fill?: 'bad' | 'good'; readonly stroke?: 'soft'; readonly line?: number } {
  if (tone === 'bad') return { d: `M0 ${-size}L${size} ${size * 0.8}H${-size}Z`, fill: INK.bad };
  if (tone === 'good') return { d: circle(size), fill: INK.good };
  return { d: circle(size - 0.4), stroke: INK.plain, line: 1.3 };
}

function circle(radius: number): string {
  const r = Math.round(radius * 10) / 10;
  return `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
}

/** What will happen unless its cause goes away: hollow, and dashed back to the present. */
function ahead(
  { countdowns, nowMs: presentMs, shownMs, range }: TimelineLook,
  lanes: ReadonlyMap<StepLane, Lane>,
  x: (ms: number) => number,
  marks: Mark[],
): void {
  const nowMs = shownMs ?? presentMs;
  const seen = new Set<string>();
  for (const { subjectKind, dueMs } of countdowns) {
    const middle = lanes.get(LANE_OF[subjectKind.split('.')[0] ?? ''] ?? 'actions')?.middle ?? AXIS;
    if (dueMs < nowMs || dueMs > range.untilMs) continue;
    const at = x(dueMs);
    const place = `${middle} ${Math.floor(at / BIN)}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const from = Math.max(GUTTER, x(Math.max(nowMs, range.fromMs)));
    // With no place of its own the path is not kept: each moment draws another.
    const d = `M${Math.round(from)} ${middle}H${Math.round(at - 5)}`;
    if (at > from + 8) marks.push({ kind: 'path', x: 0, y: 0, d, stroke: 'waiting', line: 1, dash: [2, 4], alpha: 0.6 });
    marks.push({ kind: 'path', x: at, y: middle, d: circle(4.6), fill: 'ground', stroke: 'waiting', line: 1.6 });
  }
}

function services(look: TimelineLook, top: number, x: (ms: number) => number, words: TimelineWords, marks: Mark[]): void {
  marks.push({ kind: 'path', x: 0, y: top, d: `M0 0H${look.width}`, stroke: 'line', line: 1 });
  if (look.services.length === 0 || look.height < top + SERVICES_HEAD + STRIP) return;
  marks.push({ kind: 'text', x: 12, y: top + 14, text: words.lane('services'), size: 11.5, fill: 'soft', widthMax: look.width - 24 });
  const { shown, hidden } = shownServices(look.services, look.range, look.height - top - SERVICES_HEAD);
  marks.push(
    ...availabilityMarks(shown, { x, top: top + SERVICES_HEAD, range: look.range, nowMs: look.nowMs, gutter: GUTTER, width: look.width }),
  );
  if (hidden > 0) marks.push({ kind: 'text', x: 12, y: look.height - 5, text: words.more(hidden), size: 10.5, fill: 'faint' });
}
