import { expect, test } from 'vitest';
import { compareWherePresent, compareWhole } from '../../../../../src-main/hosts/cli/conformance/compare.ts';

function check(actual: unknown, expected: unknown, whole: readonly string[], present: readonly string[] = whole): void {
  expect([compareWhole(actual, expected), compareWherePresent(actual, expected)]).toEqual([whole, present]);
}

test('equal', () => check({ a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }, []));
test('absent, undefined and null are the same', () => check({ a: undefined }, { b: null }, []));
test('another value, deep', () => check({ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, ['a[0].b: expected 2, got 1']));
test('a number is no text', () => check({ a: 1 }, { a: '1' }, ['a: expected "1", got 1']));
test('a key too many counts only when the whole is compared', () => check({ a: 1, b: 2 }, { a: 1 }, ['b: expected nothing, got 2'], []));
test('a key too few', () => check({}, { a: 1 }, ['a: expected 1, got nothing']));
test('lists are ordered', () => check([1, 2], [2, 1], ['[0]: expected 2, got 1', '[1]: expected 1, got 2']));
test('lists have one length', () => check({ a: [1, 2] }, { a: [1] }, ['a: expected [1], got [1,2]']));
test('a list is no record', () => check({ a: [] }, { a: {} }, ['a: expected {}, got []']));
test('something where nothing is expected', () => check({ a: 0 }, { a: null }, ['a: expected nothing, got 0']));
