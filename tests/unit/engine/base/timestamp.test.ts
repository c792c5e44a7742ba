import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMicroTimestamp, formatTimestamp, parseTimestamp } from '../../../../src-main/engine/base/timestamp.ts';

const check = (text: string, expected: number | null): void => expect(parseTimestamp(text)).toBe(expected);

test('agrees with the platform on every instant of ten thousand years', () => {
  const instant = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
  fc.assert(
    fc.property(instant, (unixMs) => {
      const iso = new Date(unixMs).toISOString();
      expect(formatTimestamp(unixMs)).toBe(`${iso.slice(0, 19)}Z`);
      expect(formatMicroTimestamp(unixMs)).toBe(`${iso.slice(0, 23)}000Z`);
      expect(parseTimestamp(iso)).toBe(unixMs);
      expect(parseTimestamp(formatMicroTimestamp(unixMs))).toBe(unixMs);
    }),
    { numRuns: 2000 },
  );
});

test('a plain time', () => check('2025-06-01T08:00:00Z', 1_748_764_800_000));
test('microseconds are cut to milliseconds', () => check('1970-01-01T00:00:00.123999Z', 123));
test('one digit of a second is a tenth', () => check('1970-01-01T00:00:00.5Z', 500));
test('an offset east of Greenwich', () => check('1970-01-01T02:00:00+02:00', 0));
test('an offset west of Greenwich', () => check('1969-12-31T18:30:00-05:30', 0));
test('a leap day', () => check('2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)));

describe('no time at all', () => {
  for (const text of [
    '',
    'yesterday',
    '2025-06-01',
    '2025-06-01T08:00Z',
    '2025-06-01T08:00:00',
    '2025-13-01T08:00:00Z',
    '2025-00-01T08:00:00Z',
    '2025-06-00T08:00:00Z',
    '2025-06-31T08:00:00Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2025-06-01T24:00:00Z',
    '2025-06-01T08:60:00Z',
    '2025-06-01T08:00:60Z',
    '2025-06-01T08:00:00+24:00',
    '2025-06-01T08:00:00+02:60',
  ])
    test(text === '' ? 'nothing' : text, () => check(text, null));
});
