import { expect, test } from 'vitest';
import { RequestBudget } from '../../../../src-main/hosts/http/request-budget.ts';

/** How many of so many requests at once are taken, at each of these times. */
function check(perSecond: number, asked: number, timesMs: readonly number[], expected: readonly number[]): void {
  let nowMs = 0;
  const budget = new RequestBudget(() => nowMs, perSecond);
  const taken = timesMs.map((timeMs) => {
    nowMs = timeMs;
    return Array.from({ length: asked }, () => {
      try {
        budget.take();
        return 1;
      } catch (error) {
        expect((error as { status: object }).status).toMatchObject({ code: 429, details: { retryAfterSeconds: 1 } });
        return 0 as number;
      }
    }).reduce((sum, one) => sum + one, 0);
  });
  expect(taken).toEqual(expected);
}

test('a burst, then as many as time allows', () => check(2_000, 5_000, [0, 500, 600], [4_000, 1_000, 200]));
test('never more than a burst, however long nobody asked', () => check(2_000, 5_000, [0, 60_000], [4_000, 4_000]));
test('a clock that is set back gives nothing', () => check(2_000, 5_000, [1_000, 0], [4_000, 0]));
test('no bound', () => check(Number.POSITIVE_INFINITY, 4_000, [0, 0, 0], [4_000, 4_000, 4_000]));
