// How spans are said: never more than two units, and days from a day on, as the stopwatch counts them.
import { expect, test } from 'vitest';
import { span, stopwatch } from '../../src-renderer/stores/spoken-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function check(ms: number, expected: string): void {
  expect(span(ms).replaceAll('\u00a0', ' ')).toBe(expected);
}

test('less than a day', () => {
  check(850, '850 ms');
  check(4_200, '4.2 s');
  check(5 * MINUTE + 45_000, '5 m 45 s');
  check(23 * HOUR + 59 * MINUTE, '23 h 59 m');
});

test('a day and more', () => {
  check(24 * HOUR, '1 d 0 h');
  check(25 * HOUR + 29 * MINUTE, '1 d 1 h');
  expect(stopwatch(25 * HOUR + 29 * MINUTE)).toBe('1 d 1:29:00');
});
