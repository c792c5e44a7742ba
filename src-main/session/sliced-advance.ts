/**
 * Turns an engine that counts steps into one that keeps to milliseconds of wall time.
 * The engine has no clock (it must not: same commands, same history), so the clock is looked at after each step: the next may take a thousand
 * times as long as the last, and looking costs a twentieth of a short one.
 */

export interface Advanced {
  readonly nowMs: number;
  /** Nothing more is due up to the asked time: the engine was not interrupted by its budget. */
  readonly idle: boolean;
}

/** What is begun last may take this long, or as long as what came before it. */
export const HEADROOM_MS = 2;

/** As far as it matters here: a timeline. */
interface Engine {
  readonly nowMs: number;
  /** At most so many steps; true when it got there. */
  advance(untilMs: number, steps: number): boolean;
}

/** Runs to `untilMs` of virtual time or for about `budgetMs` of wall time; `now` is monotonic real milliseconds. */
export function advanceInSlice(engine: Engine, untilMs: number, budgetMs: number, now: () => number): Advanced {
  const startMs = now();
  let beforeMs = startMs;
  while (!engine.advance(untilMs, 1)) {
    const afterMs = now();
    if (afterMs - startMs + Math.max(afterMs - beforeMs, HEADROOM_MS) >= budgetMs) return { nowMs: engine.nowMs, idle: false };
    beforeMs = afterMs;
  }
  return { nowMs: engine.nowMs, idle: true };
}
