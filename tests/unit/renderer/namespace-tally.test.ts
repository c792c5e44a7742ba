// Namespaces of a table's rows: each once and in order, gone with its last row, and told anew only when one comes or goes.
import { expect, test } from 'vitest';
import { NamespaceTally } from '../../../src-renderer/stores/namespace-tally.ts';

function tallyOf(come: readonly string[], go: readonly string[] = []): NamespaceTally {
  const tally = new NamespaceTally();
  for (const key of come) tally.count(key, 1);
  for (const key of go) tally.count(key, -1);
  return tally;
}
const check = (tally: NamespaceTally, names: readonly string[], lengthMax: number): void =>
  expect({ names: tally.names, lengthMax: tally.lengthMax }).toEqual({ names, lengthMax });

test('each once, in order', () => check(tallyOf(['shop/web', 'a/b', 'shop/api']), ['a', 'shop'], 4));
test('nodes are in none', () => check(tallyOf(['worker-1', 'worker-2']), [], 0));
test('while a row is left it stays', () => check(tallyOf(['shop/web', 'shop/api'], ['shop/web']), ['shop'], 4));
test('with its last row it goes, but not the room for its name', () =>
  check(tallyOf(['kube-system/dns', 'a/b'], ['kube-system/dns']), ['a'], 11));
test('another table has none of them', () => {
  const tally = tallyOf(['shop/web']);
  tally.clear();
  check(tally, [], 0);
});
test('the same list until one comes or goes', () => {
  const tally = tallyOf(['shop/web']);
  const { names } = tally;
  tally.count('shop/api', 1);
  expect(tally.names).toBe(names);
});
