import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader, linesOf } from '../../../src-main/persistence/json-lines.ts';
import { MadeList } from '../../../src-main/persistence/tables.ts';

function read(value: unknown, unchanging?: string): unknown {
  const reader = new LineReader(unchanging);
  for (const line of linesOf(value)) reader.add(JSON.parse(JSON.stringify(line)));
  return reader.whole();
}

/** Each line goes through JSON by itself; together they are what JSON.stringify and parse give. */
function check(value: unknown, linesMin = 1): void {
  const lines = [...linesOf(value)].map((line) => JSON.stringify(line));
  const reader = new LineReader();
  for (const line of lines) reader.add(JSON.parse(line));
  expect(JSON.stringify(reader.whole())).toBe(JSON.stringify(value));
  expect(JSON.stringify(read({ pool: value }, 'pool'))).toBe(JSON.stringify({ pool: value }));
  expect(lines.length).toBeGreaterThanOrEqual(linesMin);
  for (const line of lines) expect(line.length).toBeLessThan(200_000);
}

const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test.each<[string, unknown, number?]>([
  ['nothing inside', { list: [], record: {}, text: '', none: null }],
  ['undefined members', { a: undefined, b: 1, c: { d: undefined } }],
  ['lists of just under a line, of more, and of two', [many(3998), many(3999), many(4000), many(7998), many(7999)], 5],
  ['a large record with undefined members', Object.fromEntries(many(20_000).map((i) => [`k${i}`, i % 3 === 0 ? undefined : [i]])), 4],
  ['undefined in a list', [many(100).map(() => undefined)]],
  ['keys that need quotes', { 'a"b\n': { é: '\u2028' }, ' ': many(9000) }, 3],
  ['small members before, between and after large ones', { a: 1, b: many(9000), c: {}, d: { e: many(9000), f: [] }, g: null }, 5],
  ['large items of a list, between small ones', [1, many(5000), 2, many(5000), [], many(5000)], 6],
  ['large things deep inside', { a: { b: [{ c: { d: [[many(5000)]] } }, 7] } }, 2],
  ['a long list of small records', { pool: many(1800).map((i) => ({ kind: 'Pod', metadata: { name: `p${i}` } })) }, 2],
  [
    'rows of several forms, some of one row alone',
    { pool: many(3000).map((i) => (i % 3 === 0 ? { a: i } : { a: i, b: [{ c: i % 2 }], d: i === 700 ? { e: 1 } : 'd' })) },
    2,
  ],
  [
    'rows that are all the same',
    { pool: many(3000).map(() => ({ a: 1, b: { c: 'x', d: null } })), none: many(5000).map(() => ({})), one: many(5000).map(() => 1) },
    3,
  ],
  [
    'plain values between rows, also the same ones',
    [5, 5, { a: many(4000) }, { b: 1 }, 5, { b: 2 }, 5, 'x', null, { b: 3 }, [], [[]], [{}]],
  ],
  [
    'members of a record as rows',
    Object.fromEntries(
      many(3000).map((i) => [`uid-${i}`, { name: `p${i}`, life: { value: 'up', timers: {} }, lists: [[], [1], [{ x: 1 }]] }]),
    ),
    3,
  ],
])('%s', (_what, value, linesMin) => check(value, linesMin));

test('parts that read the same are one where nobody will change them, and nowhere else', () => {
  const pod = (index: number) => ({
    name: `p${index}`,
    labels: { app: 'web' },
    conditions: [{ type: 'Ready', at: index >> 1 }],
    empty: {},
  });
  type Row = ReturnType<typeof pod>;
  const all = { memory: many(900).map(pod), pool: many(900).map(pod), other: many(900).map(pod) };
  const { memory, pool, other } = read(all, 'pool') as Record<string, [Row, Row, Row]>;
  expect({ memory, pool, other }).toEqual(all);
  const [first, second, third] = pool as [Row, Row, Row];
  expect(second.labels).toBe(first.labels);
  expect(third.labels).toBe(first.labels);
  expect(second.empty).toBe(first.empty);
  expect(second.conditions).toBe(first.conditions);
  expect(third.conditions).not.toBe(first.conditions);
  expect(second).not.toBe(first);
  const labels = [memory, other].flatMap((rows) => (rows as Row[]).map((row) => row.labels));
  expect(new Set([...labels, first.labels]).size).toBe(labels.length + 1);
});

test('rows that are the same altogether stay rows of their own', () => {
  const { pool } = read({ pool: many(3000).map(() => ({ a: { b: 1 } })) }, 'pool') as { pool: object[] };
  expect(new Set(pool).size).toBe(3000);
});

test('a list that is made as it is written reads as the list', () => {
  const made = (items: readonly unknown[]) => ({ first: new MadeList(items.values()), last: 1 });
  for (const items of [[], [1], many(9000), [many(5000), { a: 1 }, many(5000)], many(3000).map((i) => ({ kind: 'Pod', name: `p${i}` }))])
    expect(read(made(items))).toEqual({ first: items, last: 1 });
});

test('rows do not share what one of them may change', () => {
  const value = many(2000).map((i) => ({ i, list: [], record: {} }));
  const [first, second] = read(value) as { list: unknown[]; record: Record<string, unknown> }[];
  first?.list.push(1);
  Object.assign(first?.record ?? {}, { a: 1 });
  expect(second).toEqual({ i: 1, list: [], record: {} });
});

test('what columns have in common is written once', () => {
  const rows = many(1500).map((i) => ({
    a: `time ${i}`,
    b: { c: `time ${i}` },
    d: i % 100 === 99 ? 'other' : `time ${i}`,
    list: [i],
    same: [i],
  }));
  const lines = [...linesOf({ rows })].map((line) => JSON.stringify(line));
  expect(lines.join('\n').split('"time 7"')).toHaveLength(3);
  expect(read({ rows })).toEqual({ rows });
});

test('what rows have in common is written once', () => {
  const value = many(1500).map((i) => ({ metadata: { name: `pod-${i}`, namespace: 'default' }, phase: 'Running', restarts: 0 }));
  const text = [...linesOf(value)].map((line) => JSON.stringify(line)).join('');
  expect(text.length).toBeLessThan(JSON.stringify(value).length / 4);
  expect(text.match(/"namespace"/g)).toHaveLength(1);
});

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
  ['a form out of turn', [[2, { a: 0 }]], /form 2 stands where 1 comes/],
  ['rows of a form that is not there', [[['a'], 2, [[1, [1, 2]]]]], /no form 1/],
  [
    'a column of other rows',
    [
      [1, { a: 0 }],
      [['a'], 3, [[1, [1, 2]]]],
    ],
    /not of 3 rows/,
  ],
  [
    'a column too few',
    [
      [1, { a: 0, b: 0 }],
      [['a'], 2, [[1, [1, 2]]]],
    ],
    /do not fit to its form/,
  ],
  [
    'a column too many',
    [
      [1, { a: 0 }],
      [['a'], 2, [[1, [1, 2], [1, 2]]]],
    ],
    /do not fit to its form/,
  ],
  [
    'a list that rows would share',
    [
      [1, { a: 0, b: 0 }],
      [['a'], 2, [[1, [1, 2], [[]]]]],
    ],
    /not of 2 rows/,
  ],
  [
    'a column that is as one after it',
    [
      [1, { a: 0, b: 0 }],
      [['a'], 2, [[1, 1, [1, 2]]]],
    ],
    /as number 1, which cannot be/,
  ],
  [
    'lists that columns would share',
    [
      [1, { a: 0, b: 0 }],
      [['a'], 2, [[1, [[], []], 0]]],
    ],
    /as number 0, which cannot be/,
  ],
  [
    'a small line of a great many values',
    [
      [1, { a: 0 }],
      [['a'], 1e9, [[1, [1]]]],
    ],
    /too many values/,
  ],
  [
    'rows of a table that is not there',
    [
      [1, { a: 0 }],
      [['a'], [0, 1], [[1, [1]]]],
    ],
    /table 1, which is not there/,
  ],
  [
    'keys for other rows',
    [
      [1, { a: 0 }],
      [['a'], 2, [[1, [1, 2]]], ['x']],
    ],
    /have no keys/,
  ],
  ['no tables', [[['a'], 1, 7]], /no tables/],
  ['no order', [[['a'], 'x', []]], /no order/],
])('%s is refused', (_what, lines, said) => {
  const reader = new LineReader();
  expect(() => {
    for (const line of lines) reader.add(line);
  }).toThrow(said);
});
