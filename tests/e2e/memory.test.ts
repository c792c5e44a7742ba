// An hour in which five of a hundred pods go each second, and others come: the window must not keep what is gone, neither in its records nor on the page.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/browser-lab.ts';
import { type PlayedWindow, played, playedWindow } from '../support/played-window.ts';

const WORLD = { nodes: 20, podsPerNode: 20, churn: 0.05, framesPerSecond: 1 } as const;
/** Until caches, slots and lists are as large as they get. */
const WARM_S = 600;
/** What a heap of a few megabytes may be larger or smaller at another moment. */
const SLACK_BYTES = 1.5 * 2 ** 20;
/** Rows and marks that the page has or has not at another moment; 72,000 pods would leave many more. */
const SLACK_ELEMENTS = 200;

let browser: Browser;
let window: PlayedWindow;
beforeAll(async () => {
  browser = await launchChromium();
  window = await playedWindow();
});
afterAll(async () => {
  await browser?.close();
  window?.close();
});

/** What the page holds on to once all garbage is gone. */
async function holds(page: Page): Promise<{ readonly bytes: number; readonly elements: number; readonly listeners: number }> {
  const cdp = await page.context().newCDPSession(page);
  for (let turn = 0; turn < 3; turn += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  await cdp.detach();
  return { bytes: usedSize, elements: nodes, listeners: jsEventListeners };
}

test('an hour of churn does not grow the window', async () => {
  const page = await window.open(browser, WORLD);
  // The picture and the table side by side: both see all that comes and goes.
  await page.getByTestId('beside').click();
  await page.getByRole('menuitem', { name: 'Table' }).click();
  await page.getByTestId('table-count').and(page.getByText('400 rows')).waitFor();
  await played(page, (lab) => lab.replace(600));
  const before = await holds(page);
  await played(page, (lab) => lab.replace(3600));
  const after = await holds(page);
  expect(await played(page, (lab) => lab.told)).toBe(WARM_S + 3600);
  expect(await page.getByTestId('count-ready').textContent()).not.toBe('0');
  expect(await page.getByTestId('table-count').textContent()).toBe('400 rows');
  // 72,000 pods came and went: at 100 bytes each that were left behind it would be seven megabytes.
  expect(after.bytes - before.bytes).toBeLessThan(SLACK_BYTES);
  expect(after.elements - before.elements).toBeLessThan(SLACK_ELEMENTS);
  expect(after.listeners - before.listeners).toBeLessThan(SLACK_ELEMENTS);
  await page.close();
});
