import { expect, test } from 'vitest';
import { countdownLabel } from '../../../src-renderer/scene/countdown.ts';
import { ZONE_HEADER } from '../../../src-renderer/scene/layouts/zone-grid.ts';
import { readableFrom, sizeAt, TEXT_PIXELS_MIN } from '../../../src-renderer/scene/mark.ts';
import { panelMarks, ZONE_NAMES_FROM } from '../../../src-renderer/scene/panel-marks.ts';

/** A text of some size at so many pixels for one unit: its size on the screen; 0 where it is left out. */
function check(size: number, sizeMax: number | undefined, pixels: number, onScreen: number): void {
  expect(sizeAt({ size, ...(sizeMax === undefined ? {} : { sizeMax }) }, pixels) * pixels).toBeCloseTo(onScreen, 6);
}

test('as large as it is meant to be', () => check(11, 19, 1, 11));
test('nearer', () => check(11, 19, 3, 33));
test('just readable', () => check(TEXT_PIXELS_MIN, undefined, 1, TEXT_PIXELS_MIN));
test('a small picture: it grows where it has room', () => check(11, 19, 0.6, TEXT_PIXELS_MIN));
test('no more room', () => check(11, 19, 0.55, 0));
test('no room at all', () => check(10.5, undefined, 0.9, 0));
test('its frame goes when it goes', () => {
  const from = readableFrom(13.5);
  expect([from + 0.001, from - 0.001].map((pixels) => sizeAt({ size: 10.5, sizeMax: 13.5 }, pixels) > 0)).toEqual([true, false]);
});

test('the name of a zone keeps clear of its frame and of the cards below, as small as the picture may be', () => {
  const [, name] = panelMarks({ x: 0, y: 0, width: 260, height: 500 }, 'zone-a', '3 nodes');
  if (name?.kind !== 'text') throw new Error('no name');
  const middle = name.y - name.size * 0.36;
  const halfLetter = sizeAt(name, ZONE_NAMES_FROM) * 0.365;
  const onePixel = 1 / ZONE_NAMES_FROM;
  expect(middle - halfLetter).toBeGreaterThan(onePixel);
  expect(middle + halfLetter).toBeLessThan(ZONE_HEADER - onePixel);
});

/** The label of a countdown on a card: its text, and how high its letters are on the screen. */
function label(pixels: number, width: number): readonly (string | number)[] {
  const [, words] = countdownLabel(['Ready becomes Unknown in 0:32', '0:32'], { x: 0, y: 0, width, height: 132 }, pixels);
  return words?.kind === 'text' ? [words.text, words.size * pixels] : [];
}

test('the words of a countdown', () => expect(label(1, 236)).toEqual(['Ready becomes Unknown in 0:32', 10.5]));
test('only the time on a small card', () => expect(label(0.5, 236)).toEqual(['0:32', 10.5]));
test('nothing on a speck', () => expect(label(0.1, 236)).toEqual([]));
