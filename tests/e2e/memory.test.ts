// An hour in which five of a hundred pods go each second, and others come: the window must not keep what is gone.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/browser-lab.ts';
import { type PlayedWindow, played, playedWindow } from '../support/played-window.ts';

const WORLD = { nodes: 20, podsPerNode: 20, churn: 0.05, framesPerSecond: 1 } as const;
/** Until caches, slots and lists are as large as they get. */
const WARM_S = 600;
/** What a heap of a few megabytes may be larger or smaller at another moment. */
const SLACK_BYTES = 1.5 * 2 ** 20;

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

async function heapBytes(page: Page): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  for (let turn = 0; turn < 3; turn += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  await cdp.detach();
  return usedSize;
}

test('an hour of churn does not grow the window', async () => {
  const page = await window.open(browser, WORLD);
  await played(page, (lab) => lab.replace(600));
  const before = await heapBytes(page);
  await played(page, (lab) => lab.replace(3600));
  const grown = (await heapBytes(page)) - before;
  expect(await played(page, (lab) => lab.told)).toBe(WARM_S + 3600);
  expect(await page.getByTestId('count-ready').textContent()).not.toBe('0');
  // 72,000 pods came and went: at 100 bytes each that were left behind it would be seven megabytes.
  expect(grown).toBeLessThan(SLACK_BYTES);
  await page.close();
});
