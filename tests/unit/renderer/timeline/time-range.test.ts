// Wheel, keys and buttons move through time: spans stay, moments under the pointer stay, and nothing leaves the history.
import { expect, test } from 'vitest';
import {
  followRange,
  panRange,
  SPAN_MS_MIN,
  type TimeRange,
  wholeRange,
  zoomRange,
} from '../../../../src-renderer/scene/timeline/time-range.ts';
import { timeTicks } from '../../../../src-renderer/scene/timeline/time-ticks.ts';

const LIMITS: TimeRange = { fromMs: 0, untilMs: 100_000 };
const check = ({ fromMs, untilMs }: TimeRange, expected: readonly [number, number]): void =>
  expect([Math.round(fromMs), Math.round(untilMs)]).toEqual(expected);

test('all of it, with a countdown that is not too far', () => {
  check(wholeRange(100_000, []), [0, 108_000]);
  check(wholeRange(100_000, [140_000]), [0, 141_400]);
  check(wholeRange(100_000, [100_000_000]), [0, 108_000]);
  check(wholeRange(0, []), [0, 5000]);
});
test('panning keeps the span and stops at the ends', () => {
  check(panRange({ fromMs: 10_000, untilMs: 20_000 }, 0.5, LIMITS), [15_000, 25_000]);
  check(panRange({ fromMs: 10_000, untilMs: 20_000 }, -9, LIMITS), [0, 10_000]);
  check(panRange({ fromMs: 10_000, untilMs: 20_000 }, 99, LIMITS), [90_000, 100_000]);
});
test('zooming keeps the moment under the pointer', () => {
  check(zoomRange({ fromMs: 0, untilMs: 100_000 }, 2, 25_000, LIMITS), [12_500, 62_500]);
  check(zoomRange({ fromMs: 40_000, untilMs: 60_000 }, 0.001, 50_000, LIMITS), [0, 100_000]);
  check(zoomRange({ fromMs: 40_000, untilMs: 40_300 }, 1000, 40_100, LIMITS), [40_033, 40_033 + SPAN_MS_MIN]);
});
test('following keeps the present near the right edge', () => check(followRange({ fromMs: 0, untilMs: 10_000 }, 50_000), [40_800, 50_800]));
test('ticks fall on round moments of a clock', () => {
  expect(timeTicks({ fromMs: 0, untilMs: 300_000 }, 6)).toEqual([0, 60_000, 120_000, 180_000, 240_000, 300_000]);
  expect(timeTicks({ fromMs: 61_000, untilMs: 64_000 }, 6)).toEqual([61_000, 61_500, 62_000, 62_500, 63_000, 63_500, 64_000]);
  expect(timeTicks({ fromMs: 0, untilMs: 30 * 86_400_000 }, 6).length).toBeLessThanOrEqual(7);
});
