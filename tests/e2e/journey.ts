// What must hold of the page in every host alike: it comes up, its pipe works, nothing of Node reaches it, the policy holds.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { listenForTroubles } from '../support/browser-lab.ts';

export async function journey(page: Page, troubles: readonly string[] = listenForTroubles(page)): Promise<void> {
  await page.waitForFunction(() => (document.getElementById('app')?.childNodes.length ?? 0) > 0);
  expect(await page.title()).toMatch(/^Orrery/);
  const nodeGlobals = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer'].filter((name) => (globalThis as Record<string, unknown>)[name] !== undefined),
  );
  expect(nodeGlobals).toEqual([]);
  expect(troubles).toEqual([]);
  const refused = await page.evaluate(() => {
    const attempts: (() => unknown)[] = [
      () => Object.assign(document.createElement('script'), { textContent: '1' }),
      () => Object.assign(document.createElement('p'), { innerHTML: '<b>1</b>' }),
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'allowed';
      } catch (error) {
        return (error as Error).name;
      }
    });
  });
  expect(refused).toEqual(['TypeError', 'TypeError']);
  await expect(page.evaluate(() => fetch('https://example.com/'))).rejects.toThrow();
}
