// In Korean no word of the window itself is cut off, in any view and dialog, at the size of a small laptop.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reload } from '../support/browser-lab.ts';
import { beginReady, openPausedLab, type PausedLab } from './paused-lab.ts';

let lab: PausedLab;
beforeAll(async () => {
  lab = await openPausedLab();
  await beginReady(lab);
  await lab.page.evaluate(() => localStorage.setItem('orrery.language', 'ko'));
  await reload(lab.page);
});
afterAll(() => lab?.close());

/** Words of headings, buttons, labels and the like that do not fit their place; names of objects may be shortened. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('h1, h2, h3, h4, legend, label, dt, button, select, th, [role="columnheader"], [role="radio"], p')]
      .filter((element) => element.closest('.unseen, [inert], .long-name') === null && element.getClientRects().length > 0)
      .filter((element) => {
        const { overflowX, clipPath } = getComputedStyle(element);
        const scrolls = overflowX === 'auto' || overflowX === 'scroll';
        return clipPath === 'none' && !scrolls && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => (element.textContent ?? '').trim().slice(0, 60)),
  );
}

const overlay = async (page: Page, open: () => Promise<unknown>): Promise<void> => {
  await open();
  await page.getByRole('dialog').waitFor();
};
const screens: readonly (readonly [name: string, open: (page: Page) => Promise<unknown>])[] = [
  ['topology', (page) => page.keyboard.press('1')],
  ['storage', (page) => page.keyboard.press('2')],
  ['lifecycle', (page) => page.keyboard.press('3')],
  ['timeline', (page) => page.keyboard.press('4')],
  ['table', (page) => page.keyboard.press('5')],
  ['notes', (page) => page.getByTestId('scenario').click()],
  ['past', (page) => page.keyboard.press(',').then(() => page.getByTestId('past').waitFor())],
  ['commands', (page) => page.keyboard.press('0').then(() => overlay(page, () => page.keyboard.press('Control+k')))],
  ['help', (page) => page.keyboard.press('Escape').then(() => overlay(page, () => page.keyboard.press('?')))],
  ['new lab', (page) => page.keyboard.press('Escape').then(() => overlay(page, () => page.getByTestId('new').click()))],
];

test('no word is cut off, and nothing is wider than the window', async () => {
  const { page } = lab;
  const found: Record<string, unknown> = {};
  for (const [name, open] of screens) {
    await open(page);
    const wider = await page.evaluate(() => (document.querySelector('.shell')?.scrollWidth ?? 0) - window.innerWidth);
    found[name] = [await cutOff(page), wider];
  }
  expect(found).toEqual(Object.fromEntries(screens.map(([name]) => [name, [[], 0]])));
  expect(lab.troubles).toEqual([]);
  // It has really looked: a button that is too narrow does not escape it.
  await page.getByTestId('new-start').evaluate((button) => button.setAttribute('style', 'width: 12px; padding: 0'));
  expect(await cutOff(page)).toHaveLength(1);
});
