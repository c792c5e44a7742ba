import { expect, test } from 'vitest';
import { timeFault } from '../../../../src-main/engine/base/time-fault.ts';

const SECONDS = '2006-01-02T15:04:05Z07:00';
const check = (text: string, expected: string | undefined) =>
  expect(timeFault(text, SECONDS)).toBe(expected === undefined ? undefined : `parsing time ${JSON.stringify(text)}${expected}`);

test('times', () => {
  for (const text of ['2025-06-01T08:00:00Z', '2024-02-29T23:59:59.123456Z', '2025-06-01T08:00:00+02:00']) check(text, undefined);
});
test('what cannot be read says where, and in which layout', () => {
  check('', ` as "${SECONDS}": cannot parse "" as "2006"`);
  check('abc', ` as "${SECONDS}": cannot parse "abc" as "2006"`);
  check('2025-06-01', ` as "${SECONDS}": cannot parse "" as "T"`);
  check('2025-06-01 08:00:00Z', ` as "${SECONDS}": cannot parse " 08:00:00Z" as "T"`);
  check('2025-06-01T08:00:00', ` as "${SECONDS}": cannot parse "" as "Z07:00"`);
  expect(timeFault('x', '2006-01-02T15:04:05.000000Z07:00')).toContain(' as "2006-01-02T15:04:05.000000Z07:00": cannot parse');
});
test('numbers that are too large', () => {
  check('2025-13-01T08:00:00Z', ': month out of range');
  check('2025-02-30T08:00:00Z', ': day out of range');
  check('2025-06-01T24:00:00Z', ': hour out of range');
  check('2025-06-01T08:00:60Z', ': second out of range');
});
test('what comes after it', () => check('2025-06-01T08:00:00Zx', ': extra text: "x"'));
