// Functions of lists: sums, bounds, order and sets. upstream: apiserver pkg/cel/library/lists.go, cel-go ext/sets.go
import type { Environment } from '@marcbachmann/cel-js';
import { equal } from '../../base/equal.ts';
import { CelFault, spend, weightOf } from './budget.ts';

type List = readonly unknown[];

export function registerLists(environment: Environment): void {
  const add = (signature: string, run: (...given: never[]) => unknown): void => {
    environment.registerFunction(signature, run);
  };
  for (const type of ['int', 'double']) add(`list<${type}>.sum(): ${type}`, (items: List) => sum(items, type === 'int' ? 0n : 0));
  add('list.min(): dyn', (items: List) => extreme(items, 'min', -1));
  add('list.max(): dyn', (items: List) => extreme(items, 'max', 1));
  add('list.isSorted(): bool', (items: List) => isSorted(items));
  add('list.indexOf(dyn): int', (items: List, wanted: unknown) => BigInt(costly(items).findIndex((item) => same(item, wanted))));
  add('list.lastIndexOf(dyn): int', (items: List, wanted: unknown) => BigInt(costly(items).findLastIndex((item) => same(item, wanted))));
  environment.registerType('SetsNamespace', SetsNamespace);
  environment.registerConstant('sets', 'SetsNamespace', new SetsNamespace());
  add('SetsNamespace.contains(list, list): bool', (_sets: unknown, all: List, some: List) => containsAll(all, some));
  add(
    'SetsNamespace.equivalent(list, list): bool',
    (_sets: unknown, one: List, other: List) => containsAll(one, other) && containsAll(other, one),
  );
  add('SetsNamespace.intersects(list, list): bool', (_sets: unknown, one: List, other: List) => {
    spend(one.length * other.length);
    return one.some((item) => other.some((wanted) => same(item, wanted)));
  });
}

class SetsNamespace {
  readonly name = 'sets';
}

function costly(items: List): List {
  spend(weightOf(items));
  return items;
}

function sum(items: List, zero: bigint | number): bigint | number {
  let total = zero;
  for (const item of costly(items)) {
    if (typeof item !== typeof total) throw new CelFault('no such overload');
    total = typeof total === 'bigint' ? total + (item as bigint) : total + (item as number);
  }
  if (typeof total === 'bigint' && BigInt.asIntN(64, total) !== total) throw new CelFault('integer overflow');
  return total;
}

function order(one: unknown, other: unknown): number {
  const [a, b] = [one as number, other as number];
  const comparable = typeof one === typeof other || (isNumber(one) && isNumber(other));
  if (!comparable || typeof one === 'object') throw new CelFault('no such overload');
  return a < b ? -1 : a > b ? 1 : 0;
}

const isNumber = (value: unknown): boolean => typeof value === 'bigint' || typeof value === 'number';

function extreme(items: List, name: string, sign: number): unknown {
  if (items.length === 0) throw new CelFault(`${name} called on empty list`);
  return costly(items).reduce((best, item) => (order(item, best) * sign > 0 ? item : best));
}

function isSorted(items: List): boolean {
  return costly(items).every((item, index) => index === 0 || order(items[index - 1], item) <= 0);
}

function containsAll(all: List, some: List): boolean {
  spend(all.length * some.length);
  return some.every((wanted) => all.some((item) => same(item, wanted)));
}

function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  // biome-ignore lint/suspicious/noDoubleEquals: an int and a double are equal by their value.
  if (isNumber(one) && isNumber(other)) return one == other;
  return equal(plain(one), plain(other));
}

/** Maps as objects, so that they compare. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Map ? Object.fromEntries([...value].map(([key, member]) => [String(key), plain(member)])) : value;
}
