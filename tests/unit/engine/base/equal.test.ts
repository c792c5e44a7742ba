import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equal } from '../../../../src-main/engine/base/equal.ts';

const check = (a: unknown, b: unknown, expected: boolean): void => {
  expect(equal(a, b)).toBe(expected);
  expect(equal(b, a)).toBe(expected);
};

test('agrees with the platform on JSON values', () => {
  const json = fc
    .jsonValue({ maxDepth: 3, noUnicodeString: true } as fc.JsonSharedConstraints)
    .map((value) => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(json, json, (a, b) => {
      check(a, b, isDeepStrictEqual(a, b));
      check(a, structuredClone(a), true);
    }),
  );
});

test('the order of keys is no difference', () => check({ a: 1, b: [2, { c: 3 }] }, { b: [2, { c: 3 }], a: 1 }, true));
test('a member that is undefined is absent', () => check({ a: 1, b: undefined }, { a: 1 }, true));
test('an empty list is no empty object', () => check([], {}, false));
test('null is no empty object', () => check(null, {}, false));
test('a longer list differs', () => check([1, 2], [1], false));
test('a key that objects inherit counts when it is their own', () => check({}, { constructor: 'x' }, false));
test('another one', () => check({ labels: {} }, { labels: { toString: 'x' } }, false));
