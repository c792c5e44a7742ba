// The rows of a table: sorted by what their cells mean, filtered by words and namespace.
import { expect, test } from 'vitest';
import type { ObjectRow } from '../../../src-main/contract/object-table.ts';
import { type RowWish, rowOrder } from '../../../src-renderer/views/table/row-order.ts';

const row = (key: string, ...cells: ObjectRow['cells']): ObjectRow => ({ key, id: key, createdMs: 0, deleting: false, cells });

function check(rows: readonly ObjectRow[], wish: Partial<RowWish>, expected: string): void {
  const order = rowOrder(rows, { by: 'name', descending: false, namespace: '', filter: '', ...wish });
  expect(order.join(' ')).toBe(expected);
}

const cells = (...values: ObjectRow['cells']): ObjectRow[] => values.map((value) => row(String(value).replaceAll(' ', '_'), value));

test('names by their letters, as kubectl has them', () => check([row('web-2'), row('b'), row('web-10'), row('B')], {}, 'B b web-10 web-2'));
test('names from the end', () => check([row('b'), row('c'), row('a')], { descending: true }, 'c b a'));
test('numbers by size', () => check(cells(10, 9, 100), { by: 0 }, '9 10 100'));
test('counts by their parts', () => check(cells('10/10', '2/3', '2/10', '0/1'), { by: 0 }, '0/1 2/3 2/10 10/10'));
test('addresses by their numbers', () => check(cells('10.0.10.1', '10.0.9.1'), { by: 0 }, '10.0.9.1 10.0.10.1'));
test('durations by length', () => check(cells('2d', '5m30s', '45s', '3h'), { by: 0 }, '45s 5m30s 3h 2d'));
test('quantities by size', () => check(cells('1Gi', '900Mi', '2G', '100m'), { by: 0 }, '100m 900Mi 1Gi 2G'));
test('restarts with their age by count', () => check(cells('2 (10s ago)', '10 (1m ago)', '0'), { by: 0 }, '0 2_(10s_ago) 10_(1m_ago)'));
test('nothing comes first, texts without regard of case', () =>
  check(cells('running', '<none>', 'Pending'), { by: 0 }, '<none> Pending running'));
test('descending; equal rows stay in the order of their names', () =>
  check([row('c', 1), row('a', 1), row('b', 2)], { by: 0, descending: true }, 'b a c'));
test('the youngest first by age', () =>
  check(
    [
      { ...row('old'), createdMs: 1 },
      { ...row('new'), createdMs: 9 },
    ],
    { by: 'age' },
    'new old',
  ));
test('one namespace', () => check([row('a/x'), row('ab/x'), row('a/y')], { namespace: 'a' }, 'a/x a/y'));
test('all words must be in the row', () =>
  check(
    [row('web-1', 'Running', 'worker-1'), row('web-2', 'Pending', 'worker-1'), row('db', 'Running', 'worker-1')],
    { filter: 'WEB run' },
    'web-1',
  ));
test('by what is measured; what was never measured comes first', () => {
  const used = new Map([
    ['a', 20],
    ['c', 3],
  ]);
  check([row('a'), row('b'), row('c')], { by: -2, amount: (key) => used.get(key) }, 'b c a');
});
