/**
 * A strip for each Service: its height is how many endpoints are ready beside the most that ever were; amber when others are not, a gap with a line when none is.
 * When there is no room for all, those with the worst moment in sight come first.
 */
import type { AvailabilityPoint, AvailabilityRecord } from '../../../src-main/contract/timeline.ts';
import type { Mark } from '../mark.ts';
import type { TimeRange } from './time-range.ts';

export const STRIP = 22;
const FULL = 15;

export function shownServices(
  services: readonly AvailabilityRecord[],
  range: TimeRange,
  height: number,
): { readonly shown: readonly AvailabilityRecord[]; readonly hidden: number } {
  const room = Math.max(1, Math.floor(height / STRIP));
  if (services.length <= room) return { shown: services, hidden: 0 };
  const worst = services.map((service) => ({ service, part: worstPart(service, range) })).sort((one, other) => one.part - other.part);
  const chosen = new Set(worst.slice(0, Math.max(1, room - 1)).map(({ service }) => service));
  return { shown: services.filter((service) => chosen.has(service)), hidden: services.length - chosen.size };
}

export interface StripPlace {
  readonly x: (ms: number) => number;
  readonly range: TimeRange;
  readonly nowMs: number;
  readonly top: number;
  readonly gutter: number;
  readonly width: number;
}

export function availabilityMarks(services: readonly AvailabilityRecord[], place: StripPlace): readonly Mark[] {
  return services.flatMap((service, index) => strip(service, place, place.top + index * STRIP));
}

function strip({ key, points }: AvailabilityRecord, { x, range, nowMs, gutter }: StripPlace, top: number): Mark[] {
  const foot = top + STRIP - 4;
  const name = key.slice(key.indexOf('/') + 1);
  const last = points.at(-1);
  const marks: Mark[] = [
    { kind: 'text', x: 12, y: foot - 3, text: name, size: 11, fill: 'text', widthMax: gutter - 62, keepsEnd: true },
    { kind: 'text', x: gutter - 8, y: foot - 3, text: last ? `${last[1]}/${last[2]}` : '', size: 10.5, anchor: 'end', fill: 'soft' },
  ];
  const most = mostReady(points);
  let wasReady = false;
  points.forEach(([atMs, ready, all], index) => {
    const untilMs = points[index + 1]?.[0] ?? nowMs;
    const left = Math.max(gutter, x(atMs));
    const right = Math.min(x(range.untilMs), x(untilMs));
    wasReady ||= ready > 0;
    if (right <= left) return;
    const width = Math.max(0.7, right - left);
    const height = (ready / most) * FULL;
    if (ready > 0)
      marks.push({ kind: 'rect', x: left, y: foot - height, width, height, fill: ready < all ? 'waiting' : 'good', alpha: 0.8 });
    // Before the first endpoint was ready there was nothing to lose.
    else
      marks.push({
        kind: 'rect',
        x: left,
        y: foot - FULL,
        width,
        height: FULL,
        stroke: wasReady ? 'bad' : 'line',
        line: wasReady ? 1.6 : 1,
      });
  });
  marks.push({ kind: 'path', x: gutter, y: foot, d: `M0 0H${Math.round(x(range.untilMs) - gutter)}`, stroke: 'line', line: 1 });
  return marks;
}

function mostReady(points: readonly AvailabilityPoint[]): number {
  return points.reduce((most, [, ready]) => Math.max(most, ready), 1);
}

/** Before its first endpoint was ready a Service had nothing to lose. */
function worstPart({ points }: AvailabilityRecord, { fromMs, untilMs }: TimeRange): number {
  const most = mostReady(points);
  const first = points.findIndex(([, ready]) => ready > 0);
  let before: AvailabilityPoint | undefined;
  let worst = 1;
  for (const point of first < 0 ? [] : points.slice(first)) {
    if (point[0] > untilMs) break;
    if (point[0] <= fromMs) before = point;
    else worst = Math.min(worst, point[1] / most);
  }
  return before === undefined ? worst : Math.min(worst, before[1] / most);
}
