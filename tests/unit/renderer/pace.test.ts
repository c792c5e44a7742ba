// When a gesture is called late: frames that come late again and again, not a pause of the hand or a single slow one.
import { expect, test } from 'vitest';
import { Pace } from '../../../src-renderer/canvas/pace.ts';

function check(sinceMs: readonly number[], expected: boolean): void {
  const pace = new Pace();
  pace.begin();
  let now = 1000;
  pace.frame(now);
  for (const each of sinceMs) {
    now += each;
    pace.frame(now);
  }
  expect(pace.late).toBe(expected);
  pace.begin();
  pace.frame(now + 40);
  expect(pace.late).toBe(false);
}

test('frames of a screen are on time', () =>
  check(
    Array.from({ length: 100 }, () => 16.7),
    false,
  ));
test('frames of a slow screen are, too', () =>
  check(
    Array.from({ length: 100 }, () => 33.4),
    false,
  ));
test('a few slow ones say nothing', () => check([16, 90, 16, 50, 16, 40, 16], false));
test('slow ones again and again do, and for the rest of the gesture', () => check([60, 60, 60, 60, 16, 16, 16], true));
test('a hand that rests is not slow', () => check([500, 800, 500, 900, 1000], false));
