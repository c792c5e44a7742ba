/**
 * Turns an engine that counts events into one that keeps to milliseconds of wall time.
 * The engine has no clock (it must not: same commands, same history), so the clock is looked at between small batches of events.
 */

export interface Advanced {
  readonly nowMs: number;
  /** Nothing more is due up to the asked time: the engine was not interrupted by its budget. */
  readonly idle: boolean;
}

const BATCH_EVENTS_MIN = 1;
const BATCH_EVENTS_MAX = 65_536;
/** A batch should take about this long, so that a slice overruns by little. */
const BATCH_MS = 1;
/** This much of a slice is left free: what is begun last may take longer than what was measured. */
export const HEADROOM_MS = 2;

/** `step` is the engine's advance(untilMs, eventBudget); `now` is monotonic real milliseconds. */
export function slicedAdvance(
  step: (untilMs: number, eventBudget: number) => Advanced,
  now: () => number,
): (untilMs: number, budgetMs: number) => Advanced {
  let batch = 256;
  return (untilMs, budgetMs) => {
    const startMs = now();
    let beforeMs = startMs;
    for (;;) {
      const reached = step(untilMs, batch);
      if (reached.idle) return reached;
      const afterMs = now();
      const tookMs = afterMs - beforeMs;
      if (tookMs > BATCH_MS) batch = Math.max(BATCH_EVENTS_MIN, batch >> 1);
      else if (tookMs < BATCH_MS / 2) batch = Math.min(BATCH_EVENTS_MAX, batch << 1);
      if (afterMs - startMs + Math.max(tookMs, HEADROOM_MS) >= budgetMs) return reached;
      beforeMs = afterMs;
    }
  };
}
