import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonPieces } from '../../../src-main/persistence/json-pieces.ts';

function check(value: unknown): void {
  expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
}

const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test.each<[string, unknown]>([
  ['nothing inside', { list: [], record: {}, text: '', none: null }],
  ['undefined members', { a: undefined, b: 1, c: { d: undefined } }],
  ['a list of exactly one group, of more, and of two', [many(64), many(65), many(128)]],
  [
    'a large record with undefined members',
    Object.fromEntries(many(200).map((index) => [`k${index}`, index % 3 === 0 ? undefined : [index]])),
  ],
  ['undefined in lists', [undefined, [undefined], many(100).map(() => undefined)]],
  ['keys that need quotes', { 'a"b\n': { é: '\u2028' } }],
  ['deeper than it looks', { a: { b: { c: { d: { e: { f: { g: { h: [1] } } } } } } } }],
])('%s', (_what, value) => check(value));

test('any JSON', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 9 }), check), { seed: 1, numRuns: 300 });
});
