/**
 * The part of time that is in sight, and what panning, zooming and following do to it.
 * Pure, so that wheel, keys and buttons do exactly the same.
 */
export interface TimeRange {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** `all`: from the start on; `following`: its end moves with the present; `fixed`: it stays. */
export type RangeMode = 'all' | 'following' | 'fixed';

export const SPAN_MS_MIN = 200;
/** The future is seen at least so far, for what counts down. */
const AHEAD_MS_MIN = 5_000;
const AHEAD_PART = 0.08;

/** From the start to a little after the present, or to the last countdown where that is not too far. */
export function wholeRange(nowMs: number, dueMs: readonly number[]): TimeRange {
  const nearMs = nowMs + Math.max(AHEAD_MS_MIN, nowMs * AHEAD_PART);
  const farMs = nowMs + Math.max(60_000, nowMs * 0.6);
  const untilMs = dueMs.reduce((until, due) => (due * 1.01 <= farMs ? Math.max(until, due * 1.01) : until), nearMs);
  return { fromMs: 0, untilMs };
}

/** The same length of time, ending a little after the present. */
export function followRange({ fromMs, untilMs }: TimeRange, nowMs: number): TimeRange {
  const spanMs = untilMs - fromMs;
  return { fromMs: nowMs - spanMs * (1 - AHEAD_PART), untilMs: nowMs + spanMs * AHEAD_PART };
}

export function panRange({ fromMs, untilMs }: TimeRange, part: number, limits: TimeRange): TimeRange {
  const byMs = (untilMs - fromMs) * part;
  return inLimits({ fromMs: fromMs + byMs, untilMs: untilMs + byMs }, limits);
}

/** `factor` above 1 shows less time; the moment `aroundMs` stays where it is. */
export function zoomRange({ fromMs, untilMs }: TimeRange, factor: number, aroundMs: number, limits: TimeRange): TimeRange {
  const spanMs = Math.max(SPAN_MS_MIN, Math.min(limits.untilMs - limits.fromMs, (untilMs - fromMs) / factor));
  const part = (aroundMs - fromMs) / (untilMs - fromMs);
  return inLimits({ fromMs: aroundMs - spanMs * part, untilMs: aroundMs + spanMs * (1 - part) }, limits);
}

function inLimits({ fromMs, untilMs }: TimeRange, limits: TimeRange): TimeRange {
  const spanMs = Math.min(untilMs - fromMs, limits.untilMs - limits.fromMs);
  const from = Math.max(limits.fromMs, Math.min(fromMs, limits.untilMs - spanMs));
  return { fromMs: from, untilMs: from + spanMs };
}
