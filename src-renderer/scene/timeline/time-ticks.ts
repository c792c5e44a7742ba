/**
 * Round moments for the axis of time: seconds, minutes, hours as a clock has them.
 * Decimal steps, as a plain scale would give, do not fall on minutes.
 */
import type { TimeRange } from './time-range.ts';

const STEPS_MS = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000,
  21_600_000, 43_200_000, 86_400_000,
];

/** At most about `count` moments in the range. */
export function timeTicks({ fromMs, untilMs }: TimeRange, count: number): readonly number[] {
  const wanted = (untilMs - fromMs) / Math.max(1, count);
  const day = 86_400_000;
  const stepMs = STEPS_MS.find((step) => step >= wanted) ?? Math.ceil(wanted / day) * day;
  const ticks: number[] = [];
  for (let at = Math.ceil(Math.max(0, fromMs) / stepMs) * stepMs; at <= untilMs; at += stepMs) ticks.push(at);
  return ticks;
}
