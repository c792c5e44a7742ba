import { expect, test } from 'vitest';
import { faster, type Speed, slower, stopOf, writtenSpeed } from '../../../src-renderer/panels/clock/speeds.ts';

function check(speed: Speed, expected: { stop: number; faster: Speed; slower: Speed }): void {
  expect({ stop: stopOf(speed), faster: faster(speed), slower: slower(speed) }).toEqual(expected);
}

test('the slowest', () => check(0.1, { stop: 0, faster: 0.25, slower: 0.1 }));
test('real time', () => check(1, { stop: 3, faster: 2, slower: 0.5 }));
test('between two stops the nearer counts', () => check(50, { stop: 8, faster: 120, slower: 30 }));
test('as fast as it can', () => check('max', { stop: 14, faster: 'max', slower: 3600 }));
test('how speeds are written', () =>
  expect([0, 0.1, 0.25, 1, 2.54, 600, 3600, 12_005].map(writtenSpeed)).toEqual(['0', '1/10', '1/4', '1', '2.5', '600', '3,600', '12,005']));
