import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equal } from '../../../../src-main/engine/base/equal.ts';
import { share } from '../../../../src-main/engine/base/share.ts';

/** The result is `next` as JSON, whatever it shares; `parts` name members that must be the previous value's own. */
function check(next: Record<string, unknown>, previous: Record<string, unknown>, parts: readonly string[]): void {
  const before = JSON.stringify([next, previous]);
  const shared = share(next, previous);
  expect(shared).toEqual(next);
  expect(JSON.stringify([next, previous])).toBe(before);
  expect(Object.keys(previous).filter((key) => typeof previous[key] === 'object' && shared[key] === previous[key])).toEqual(parts);
}

test('any value comes out as it went in, and what is wholly alike is the previous value', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  fc.assert(
    fc.property(json, json, (next, previous) => {
      expect(share(next, previous)).toEqual(next);
      if (typeof next === 'object' && next !== null) expect(share(structuredClone(next), next)).toBe(next);
      expect(share(next, previous) === previous).toBe(
        typeof next === 'object' && next !== null ? equal(next, previous) : next === previous,
      );
    }),
  );
});

test('parts that have not changed are kept', () => check({ a: { x: 1 }, b: [1, 2], c: 3 }, { a: { x: 1 }, b: [1, 3], c: 2 }, ['a']));
test('items are compared by position', () => {
  const previous = [{ type: 'Ready' }, { type: 'Scheduled' }];
  const shared = share([{ type: 'Ready' }, { type: 'Other' }], previous);
  expect([shared[0] === previous[0], shared[1] === previous[1]]).toEqual([true, false]);
});
test('a member that goes away is a change', () => check({ a: 1 }, { a: 1, b: {} }, []));
test('a member named like an inherited one is its own', () => check({ toString: 'x' }, {}, []));
test('an empty list is no empty object', () => check({ a: [] }, { a: {} }, []));
