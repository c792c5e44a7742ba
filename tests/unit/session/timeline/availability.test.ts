// Ready endpoints over time: an outage stays visible however much is thinned, and telling follows the number that is ready.
import { expect, test } from 'vitest';
import type { Delta } from '../../../../src-main/engine/api/store.ts';
import { Availability, POINTS_MAX } from '../../../../src-main/session/timeline/availability.ts';

function change(atMs: number, ready: number, all: number, slice = 'web-1'): Delta {
  const endpoints = Array.from({ length: all }, (_, at) => ({ addresses: [`10.0.0.${at}`], conditions: { ready: at < ready } }));
  const object = { metadata: { namespace: 'default', name: slice, labels: { 'kubernetes.io/service-name': 'web' } }, endpoints };
  return { type: 'MODIFIED', key: `default/${slice}`, atMs, object } as unknown as Delta;
}
const check = (changes: readonly Delta[], whats: readonly string[], points: readonly (readonly number[])[]): void => {
  const availability = new Availability();
  expect(changes.flatMap((delta) => availability.fold(delta)).map(({ what }) => what)).toEqual(whats);
  expect(availability.since(0)).toEqual([{ key: 'default/web', points }]);
};

test('up, more, fewer, down', () =>
  check(
    [change(0, 0, 2), change(5, 1, 2), change(9, 2, 2), change(20, 1, 2), change(30, 0, 2)],
    ['service.up', 'service.more', 'service.fewer', 'service.down'],
    [
      [0, 0, 2],
      [5, 1, 2],
      [9, 2, 2],
      [20, 1, 2],
      [30, 0, 2],
    ],
  ));
test('slices of one Service are counted together, and what stays the same is no point', () =>
  check(
    [change(0, 1, 1), change(3, 2, 3, 'web-2'), change(4, 1, 1)],
    ['service.up', 'service.more'],
    [
      [0, 1, 1],
      [3, 3, 4],
    ],
  ));
test('an outage survives the thinning of what is long ago', () => {
  const availability = new Availability();
  for (let at = 0; at < POINTS_MAX * 3; at += 1) availability.fold(change(at, at === 7 ? 0 : 1 + (at % 2), 2));
  const [line] = availability.since(0);
  expect(line?.points.length).toBeLessThanOrEqual(POINTS_MAX);
  expect(line?.points.some(([, ready]) => ready === 0)).toBe(true);
  expect(availability.since(availability.nextPoint)).toEqual([]);
});
