import { expect, test } from 'vitest';
import { formatTimestamp, parseTimestamp } from '../../../../src-main/engine/base/timestamp.ts';
import { nextCronTime } from '../../../../src-main/engine/meta/cron-next.ts';
import { parseCronSchedule } from '../../../../src-main/engine/meta/cron-schedule.ts';

/** The times after an instant, one after another. */
function check([schedule, after]: readonly [string, string], ...expected: readonly (string | null)[]): void {
  const { value } = parseCronSchedule(schedule);
  if (value === undefined) throw new Error(`no schedule: ${schedule}`);
  let at = parseTimestamp(after) ?? 0;
  const found = expected.map(() => {
    const next = nextCronTime(value, at);
    at = next ?? at;
    return next === null ? null : formatTimestamp(next);
  });
  expect(found).toEqual(expected);
}

test('every minute', () => check(['* * * * *', '2025-06-01T08:00:00Z'], '2025-06-01T08:01:00Z', '2025-06-01T08:02:00Z'));
test('steps', () =>
  check(['*/15 * * * *', '2025-06-01T08:20:30Z'], '2025-06-01T08:30:00Z', '2025-06-01T08:45:00Z', '2025-06-01T09:00:00Z'));
test('from a number on', () => check(['50/5 * * * *', '2025-06-01T08:51:00Z'], '2025-06-01T08:55:00Z', '2025-06-01T09:50:00Z'));
test('over the end of a year', () => check(['0 0 1 1 *', '2025-06-01T08:20:30Z'], '2026-01-01T00:00:00Z'));
test('weekdays', () => check(['0 9 * * mon-fri', '2025-06-06T10:00:00Z'], '2025-06-09T09:00:00Z'));
test('either day', () => check(['0 0 13 * 5', '2025-06-07T00:00:00Z'], '2025-06-13T00:00:00Z', '2025-06-20T00:00:00Z'));
test('leap days', () => check(['0 0 29 2 *', '2025-06-01T00:00:00Z'], '2028-02-29T00:00:00Z'));
test('a day that never is', () => check(['59 23 31 2 *', '2025-06-01T00:00:00Z'], null));
test('every', () => check(['@every 90s', '2025-06-01T08:00:00Z'], '2025-06-01T08:01:30Z', '2025-06-01T08:03:00Z'));
test('at an hour of a zone', () => check(['TZ=Asia/Tokyo 0 6 * * *', '2025-06-01T00:00:00Z'], '2025-06-01T21:00:00Z'));
test('an hour that clocks skip is left out', () =>
  check(['TZ=America/New_York 30 2 * * *', '2026-03-07T12:00:00Z'], '2026-03-09T06:30:00Z'));
test('an hour that comes twice', () =>
  check(['TZ=America/New_York 30 1 * * *', '2026-10-31T12:00:00Z'], '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'));
test('a midnight that clocks skip', () =>
  check(['TZ=America/Havana 0 12 * * *', '2026-03-07T18:00:00Z'], '2026-03-08T16:00:00Z', '2026-03-09T16:00:00Z'));
