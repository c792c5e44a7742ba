// Long tables: which rows are in the page, and that what a person reads stays where it is when rows come and go.
import { expect, test } from 'vitest';
import { anchored, placesInPage, ROW_HEIGHT, rowWindow, scrolledTo, slotCount } from '../../../src-renderer/views/table/row-window.ts';

const check = (found: unknown, expected: unknown): void => expect(found).toEqual(expected);
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `row-${index}`);

test('at the top', () => check(rowWindow(0, 260, 30_000), { first: 0, end: 35 }));
test('in the middle', () => check(rowWindow(1000 * ROW_HEIGHT, 260, 30_000), { first: 988, end: 1023 }));
test('between two rows', () => check(rowWindow(1000 * ROW_HEIGHT + 13, 260, 30_000), { first: 988, end: 1023 }));
test('at the end', () => check(rowWindow(29_990 * ROW_HEIGHT, 260, 30_000), { first: 29_965, end: 30_000 }));
test('a short list', () => check(rowWindow(0, 260, 3), { first: 0, end: 3 }));
test('beyond the end of a list that became short', () => check(rowWindow(9000, 260, 3), { first: 0, end: 3 }));

test('rows above go: the first visible one stays', () =>
  check(anchored(100 * ROW_HEIGHT + 5, 260, names(200), names(200).slice(40)), 60 * ROW_HEIGHT + 5));
test('rows above come', () => check(anchored(100 * ROW_HEIGHT, 260, names(200), ['new', ...names(200)]), 101 * ROW_HEIGHT));
test('the first visible one goes: the next stays', () =>
  check(
    anchored(
      100 * ROW_HEIGHT,
      260,
      names(200),
      names(200).filter((name) => name !== 'row-100'),
    ),
    99 * ROW_HEIGHT,
  ));
test('at the very top new rows show', () => check(anchored(0, 260, names(200), ['new', ...names(200)]), 0));

test('a row in view needs no scrolling', () => check(scrolledTo(5, 0, 260), 0));
test('a row below', () => check(scrolledTo(10, 0, 260), ROW_HEIGHT));
test('a row above', () => check(scrolledTo(2, 260, 260), 2 * ROW_HEIGHT));

test('wherever the hand is, as many rows are in the page as it has places, and all that can be seen are among them', () => {
  for (const height of [0, 26, 605, 606, 1247]) {
    for (const top of [0, 13, 26, 311, 312, 5000, 77_777, 30_000 * ROW_HEIGHT - height]) {
      const { first, end } = rowWindow(top, height, 30_000);
      check(end - first, slotCount(height));
      expect(first * ROW_HEIGHT).toBeLessThanOrEqual(top);
      expect(end * ROW_HEIGHT).toBeGreaterThanOrEqual(top + height);
    }
  }
});
test('at rest rows are in their own order', () => check(placesInPage(7, 12, 5, 7 % 5), [7, 8, 9, 10, 11]));
test('while the hand scrolls, rows that stay keep their places, and the others take those that are left', () => {
  check(placesInPage(7, 12, 5, 0), [10, 11, 7, 8, 9]);
  check(placesInPage(9, 14, 5, 0), [10, 11, 12, 13, 9]);
});
test('a window at the end of the list is shorter', () => check(placesInPage(7, 10, 5, 2), [7, 8, 9]));
