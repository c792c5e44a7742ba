// A column has room for its longest text, up to a bound: only what is longer than that is clipped.
import { expect, test } from 'vitest';
import { columnWidth, mayOverflow } from '../../../src-renderer/views/table/column-widths.ts';

function check(text: string, longest: number, expected: boolean): void {
  expect(mayOverflow(text, columnWidth('Name', longest))).toBe(expected);
}

test.each([1, 7, 20, 33, 56])('the longest of %i characters fits', (length) => check('x'.repeat(length), length, false));
test('a shorter one fits', () => check('web', 20, false));
test('a long namespace leaves room for what is in it, a short one is whole', () => {
  expect(columnWidth('Namespace', 63)).toBe(columnWidth('Namespace', 40));
  expect(columnWidth('Namespace', 63)).toBeLessThan(columnWidth('Name', 63) / 1.5);
  expect(mayOverflow('platform-observability', columnWidth('Namespace', 22))).toBe(false);
});
test('what is wider than any column is clipped', () => check('x'.repeat(80), 80, true));
