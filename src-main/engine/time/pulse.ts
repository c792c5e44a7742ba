// A pulse: something that repeats in a fixed rhythm until it stops. Its beats are computed when somebody asks, so that a quiet world costs nothing.

/** Virtual milliseconds; `stoppedMs` null: it goes on. */
export interface Pulse {
  readonly firstMs: number;
  readonly periodMs: number;
  readonly stoppedMs: number | null;
}

export function startPulse(firstMs: number, periodMs: number): Pulse {
  return { firstMs, periodMs, stoppedMs: null };
}

/** A beat that falls on the very instant of the stop does not happen. */
export function stopPulse(pulse: Pulse, nowMs: number): Pulse {
  return pulse.stoppedMs === null ? { ...pulse, stoppedMs: nowMs } : pulse;
}

/** The newest beat at or before `nowMs`; null when there was none. */
export function lastBeatMs({ firstMs, periodMs, stoppedMs }: Pulse, nowMs: number): number | null {
  const untilMs = stoppedMs === null ? nowMs : Math.min(nowMs, stoppedMs - 1);
  if (untilMs < firstMs) return null;
  return firstMs + Math.floor((untilMs - firstMs) / periodMs) * periodMs;
}

/** The first beat after `nowMs`; null when it has stopped by then. */
export function nextBeatMs({ firstMs, periodMs, stoppedMs }: Pulse, nowMs: number): number | null {
  const next = nowMs < firstMs ? firstMs : firstMs + (Math.floor((nowMs - firstMs) / periodMs) + 1) * periodMs;
  return stoppedMs !== null && next >= stoppedMs ? null : next;
}
