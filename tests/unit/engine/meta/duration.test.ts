import { expect, test } from 'vitest';
import { goDuration } from '../../../../src-main/engine/meta/duration.ts';

function check(ms: number, expected: string): void {
  expect(goDuration(ms)).toBe(expected);
}

test('nothing', () => check(0, '0s'));
test('below a second', () => check(150, '150ms'));
test('seconds', () => check(40_000, '40s'));
test('a fraction', () => check(1_500, '1.5s'));
test('minutes keep their seconds', () => check(300_000, '5m0s'));
test('a minute and a half with a fraction', () => check(90_020, '1m30.02s'));
test('hours keep minutes and seconds', () => check(3_600_000, '1h0m0s'));
test('days are hours', () => check(90_061_000, '25h1m1s'));
test('before', () => check(-10_000, '-10s'));
