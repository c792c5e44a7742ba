import { expect, test } from 'vitest';
import { slicedAdvance } from '../../../src-main/session/sliced-advance.ts';

/** An engine with `pending` events one virtual millisecond apart, each costing `costMs` of wall time. */
function check(pending: number, costMs: number, expected: { nowMs?: number; idle: boolean; wallMsMax: number }): void {
  let wallMs = 0;
  let done = 0;
  const advance = slicedAdvance(
    (untilMs, eventBudget) => {
      const count = Math.min(eventBudget, pending - done, untilMs - done);
      done += count;
      wallMs += count * costMs;
      const idle = done === pending || done === untilMs;
      return { nowMs: idle ? untilMs : done, idle };
    },
    () => wallMs,
  );
  const reached = advance(1_000_000, 8);
  expect(reached.idle).toBe(expected.idle);
  if (expected.nowMs !== undefined) expect(reached.nowMs).toBe(expected.nowMs);
  expect(wallMs).toBeLessThanOrEqual(expected.wallMsMax);
}

test.each<[string, number, number, Parameters<typeof check>[2]]>([
  ['nothing to do', 0, 1, { nowMs: 1_000_000, idle: true, wallMsMax: 0 }],
  ['little to do', 100, 0.01, { nowMs: 1_000_000, idle: true, wallMsMax: 1 }],
  ['more than a slice', 900_000, 0.01, { idle: false, wallMsMax: 8 }],
  ['cheap events', 900_000, 0.0001, { idle: false, wallMsMax: 8 }],
])('%s', (_what, pending, costMs, expected) => check(pending, costMs, expected));

test('a dear event first makes later slices short', () => {
  let wallMs = 0;
  const advance = slicedAdvance(
    (untilMs, eventBudget) => {
      wallMs += eventBudget * 0.1;
      return { nowMs: untilMs - 1, idle: false };
    },
    () => wallMs,
  );
  for (let slice = 0; slice < 5; slice += 1) advance(1000, 8);
  const startMs = wallMs;
  advance(1000, 8);
  expect(wallMs - startMs).toBeLessThanOrEqual(8);
});
