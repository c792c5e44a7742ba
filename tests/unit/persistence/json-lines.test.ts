import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader, linesOf } from '../../../src-main/persistence/json-lines.ts';

/** Each line goes through JSON by itself; together they are what JSON.stringify and parse give. */
function check(value: unknown, linesMin = 1): void {
  const lines = [...linesOf(value)].map((line) => JSON.stringify(line));
  const reader = new LineReader();
  for (const line of lines) reader.add(JSON.parse(line));
  expect(JSON.stringify(reader.whole())).toBe(JSON.stringify(value));
  expect(lines.length).toBeGreaterThanOrEqual(linesMin);
  for (const line of lines) expect(line.length).toBeLessThan(200_000);
}

const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test.each<[string, unknown, number?]>([
  ['nothing inside', { list: [], record: {}, text: '', none: null }],
  ['undefined members', { a: undefined, b: 1, c: { d: undefined } }],
  ['lists of just under a line, of more, and of two', [many(998), many(999), many(1000), many(1998), many(1999)], 5],
  ['a large record with undefined members', Object.fromEntries(many(4000).map((i) => [`k${i}`, i % 3 === 0 ? undefined : [i]])), 4],
  ['undefined in a list', [many(100).map(() => undefined)]],
  ['keys that need quotes', { 'a"b\n': { é: '\u2028' }, ' ': many(3000) }, 3],
  ['small members before, between and after large ones', { a: 1, b: many(2500), c: {}, d: { e: many(2500), f: [] }, g: null }, 5],
  ['large items of a list, between small ones', [1, many(1500), 2, many(1500), [], many(1500)], 6],
  ['large things deep inside', { a: { b: [{ c: { d: [[many(1500)]] } }, 7] } }, 2],
  ['a long list of small records', { pool: many(700).map((i) => ({ kind: 'Pod', metadata: { name: `p${i}` } })) }, 2],
])('%s', (_what, value, linesMin) => check(value, linesMin));

test('any JSON, repeated until it is large', () => {
  const value = fc.jsonValue({ maxDepth: 6 });
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 400 }), (one, times) => check({ first: one, all: many(times).map(() => one), last: one })),
    { seed: 1, numRuns: 60 },
  );
});

test.each<[string, readonly unknown[], RegExp]>([
  ['no line', [7], /no place/],
  ['a hole in a list', [[['a', 5], 1]], /list of 0/],
  [
    'a list where a record is',
    [
      [['a'], {}],
      [['a'], [1]],
    ],
    /does not fit/,
  ],
  [
    'inside a number',
    [
      [['a'], 1],
      [['a', 'b'], 1],
    ],
    /where nothing can be/,
  ],
  [
    'a key of a list',
    [
      [['a'], [1]],
      [['a', 'length'], 1],
    ],
    /where nothing can be/,
  ],
])('%s is refused', (_what, lines, said) => {
  const reader = new LineReader();
  expect(() => {
    for (const line of lines) reader.add(line);
  }).toThrow(said);
});
