import { expect, test } from 'vitest';
import { advanceInSlice } from '../../../src-main/session/sliced-advance.ts';

const BUDGET_MS = 8;

/** An engine whose steps are one virtual millisecond apart, the one at n costing `costMs(n)` of wall time; what a slice of it gives. */
function slice(pending: number, costMs: (step: number) => number, untilMs = 1_000_000): { nowMs: number; idle: boolean; wallMs: number } {
  let wallMs = 0;
  const engine = {
    nowMs: 0,
    advance: (until: number, steps: number): boolean => {
      const next = engine.nowMs < pending && engine.nowMs < until;
      if (!next) engine.nowMs = until;
      else for (let left = steps; left > 0; left -= 1) wallMs += costMs(engine.nowMs++);
      return !next;
    },
  };
  return { ...advanceInSlice(engine, untilMs, BUDGET_MS, () => wallMs), wallMs };
}

test.each<[string, number, number, { nowMs: number; idle: boolean }]>([
  ['nothing to do', 0, 1, { nowMs: 1_000_000, idle: true }],
  ['little to do', 100, 0.01, { nowMs: 1_000_000, idle: true }],
  ['as much as fits', 900_000, 0.5, { nowMs: 12, idle: false }],
  ['steps of a millisecond', 900_000, 1, { nowMs: 6, idle: false }],
  ['a step that is longer than a slice', 900_000, 20, { nowMs: 1, idle: false }],
])('%s', (_what, pending, costMs, expected) => expect(slice(pending, () => costMs)).toMatchObject(expected));

test('dear steps after any number of cheap ones end the slice at once', () => {
  for (const cheap of [0, 1, 500, 50_000])
    expect(slice(900_000, (step) => (step < cheap ? 0.000_01 : 3)).wallMs).toBeLessThanOrEqual(BUDGET_MS + 1);
});

test('a slice ends at the asked time with events left behind it', () => {
  expect(slice(900_000, () => 0.001, 50)).toMatchObject({ nowMs: 50, idle: true });
});
