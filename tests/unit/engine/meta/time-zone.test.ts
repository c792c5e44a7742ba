import { expect, test } from 'vitest';
import { formatTimestamp, parseTimestamp } from '../../../../src-main/engine/base/timestamp.ts';
import { localTime, timeZone, unixOf, utc } from '../../../../src-main/engine/meta/time-zone.ts';

/** The local time of an instant, as `year-month-day hour:minute weekday`. */
function check([zone, instant]: readonly [string, string], expected: string): void {
  const { value = utc } = timeZone(zone);
  const { year, month, day, hour, minute, weekday } = localTime(value, (parseTimestamp(instant) ?? 0) / 1000);
  expect(`${year}-${month}-${day} ${hour}:${minute} ${weekday}`).toBe(expected);
}

test('UTC', () => check(['UTC', '2025-06-01T08:30:00Z'], '2025-6-1 8:30 0'));
test('standard time', () => check(['America/New_York', '2025-01-15T12:00:00Z'], '2025-1-15 7:0 3'));
test('daylight time', () => check(['America/New_York', '2025-07-15T12:00:00Z'], '2025-7-15 8:0 2'));
test('before clocks go forward', () => check(['Europe/Berlin', '2026-03-29T00:59:59Z'], '2026-3-29 1:59 0'));
test('after clocks went forward', () => check(['Europe/Berlin', '2026-03-29T01:00:00Z'], '2026-3-29 3:0 0'));
test('after clocks went back', () => check(['Europe/Berlin', '2026-10-25T01:00:00Z'], '2026-10-25 2:0 0'));
test('south of the equator', () => check(['Australia/Sydney', '2026-01-01T00:00:00Z'], '2026-1-1 11:0 4'));
test('half an hour', () => check(['Asia/Kolkata', '2026-01-01T00:00:00Z'], '2026-1-1 5:30 4'));
test('three quarters', () => check(['Pacific/Chatham', '2026-01-01T00:00:00Z'], '2026-1-1 13:45 4'));
test('winter time by law', () => check(['Europe/Dublin', '2026-01-01T12:00:00Z'], '2026-1-1 12:0 4'));
test('clocks that change before midnight', () => check(['America/Nuuk', '2026-03-29T00:59:00Z'], '2026-3-28 22:59 6'));
test('changes that no rule tells', () => check(['Europe/Istanbul', '2016-01-01T00:00:00Z'], '2016-1-1 2:0 5'));
test('after them', () => check(['Europe/Istanbul', '2017-01-01T00:00:00Z'], '2017-1-1 3:0 0'));
test('months without daylight time in summer', () => check(['Africa/Casablanca', '2026-03-01T00:00:00Z'], '2026-3-1 0:0 0'));

test('a zone that is none', () => expect(timeZone('Mars/Olympus')).toEqual({ error: 'unknown time zone Mars/Olympus' }));

test('a local hour that clocks skip', () => {
  const { value = utc } = timeZone('America/New_York');
  expect(formatTimestamp(unixOf(value, 2026, 3, 8, 2) * 1000)).toBe('2026-03-08T06:00:00Z');
});

test('a thirteenth month', () => expect(formatTimestamp(unixOf(utc, 2025, 13, 1) * 1000)).toBe('2026-01-01T00:00:00Z'));
