import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPlace, type Screens, writePlace } from '../../../../src-main/hosts/electron/window-place.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-place-'));
const file = join(folder, 'window.json');
/** Two screens side by side, the second to the left; each with a bar of 40 above. */
const TWO: Screens = {
  primary: { width: 1920, height: 1040 },
  areaOf: ({ x, width }) => ({ x: x + width / 2 < 0 ? -1920 : 0, y: 40, width: 1920, height: 1040 }),
};
const SMALL: Screens = { primary: { width: 1366, height: 728 }, areaOf: () => ({ x: 0, y: 0, width: 1366, height: 728 }) };
const USUAL = { width: 1280, height: 800, isMaximized: false };

const kept = (place: { x: number; y: number; width: number; height: number }, screens: Screens, isMaximized = false) => {
  writePlace(file, place, isMaximized);
  return readPlace(file, screens);
};

test('the first window has its usual size, and the system places it', () => {
  expect(readPlace(join(folder, 'none.json'), TWO)).toEqual(USUAL);
  expect(readPlace(join(folder, 'none.json'), SMALL)).toEqual({ ...USUAL, height: 728 });
});

test('a window opens where it was closed, on either screen', () => {
  const place = { x: -1800, y: 100, width: 1000, height: 700 };
  expect(kept(place, TWO)).toEqual({ ...place, isMaximized: false });
  expect(kept(place, TWO, true)).toEqual({ ...place, isMaximized: true });
  expect(readdirSync(folder)).toEqual(['window.json']);
});

test('where a screen is gone or has become smaller, all of the window is on the one that is left', () => {
  expect(kept({ x: -1800, y: 100, width: 1000, height: 700 }, SMALL)).toMatchObject({ x: 0, y: 28, width: 1000, height: 700 });
  expect(kept({ x: 400, y: 0, width: 2560, height: 1400 }, SMALL)).toMatchObject({ x: 0, y: 0, width: 1366, height: 728 });
  expect(kept({ x: 5000, y: 900, width: 10, height: 10 }, TWO)).toMatchObject({ x: 1200, y: 600, width: 720, height: 480 });
});

test.each(['', '{', 'null', '[]', '{"x":1}', '{"x":0,"y":0,"width":"1000","height":700}', '{"x":0.5,"y":0,"width":1000,"height":1e999}'])(
  'a file that says no place is not believed: %s',
  (text) => {
    writeFileSync(file, text);
    expect(readPlace(file, TWO)).toEqual(USUAL);
  },
);
