// One view alone or any two: what is shown for a wish, and what putting one beside the other does to it.
import { expect, test } from 'vitest';
import { besides, shownViews } from '../../../src-renderer/app/layout.ts';

const KNOWN = ['topology', 'storage', 'timeline'];
const check = (wish: readonly string[] | null, widthPx: number, shown: readonly string[]): void =>
  expect(shownViews(wish, widthPx, KNOWN)).toEqual(shown);

test('without a wish the width decides', () => {
  check(null, 1280, ['topology']);
  check(null, 2560, ['topology', 'storage']);
});
test('a wish holds at every width', () => {
  check(['timeline'], 2560, ['timeline']);
  check(['timeline', 'topology'], 1280, ['timeline', 'topology']);
});
test('views that are not there, or there twice, are left out', () => {
  check(['gone', 'storage'], 1280, ['storage']);
  check(['storage', 'storage'], 1280, ['storage']);
  check(['both'], 1280, ['topology']);
});
test('a second view takes the place of the one beside, and goes when asked for again', () => {
  expect(besides(['topology'], 'timeline')).toEqual(['topology', 'timeline']);
  expect(besides(['topology', 'storage'], 'timeline')).toEqual(['topology', 'timeline']);
  expect(besides(['topology', 'timeline'], 'timeline')).toEqual(['topology']);
  expect(besides(['topology', 'timeline'], 'topology')).toEqual(['topology']);
});
