// The gallery as `npm run gallery` serves it: complete, without faults of accessibility in both themes, in both languages.
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { glyphNames } from '../../src-renderer/scene/glyphs.ts';
import { ICON_PATHS } from '../../src-renderer/ui/icon-paths.ts';
import { KIND_SIGNS } from '../../src-renderer/ui/kind-icons.ts';
import { listenForTroubles, sharedBrowser } from '../support/browser-lab.ts';
import { axeFaults, COLOUR_RULES } from './axe-faults.ts';

let server: ViteDevServer;
beforeAll(async () => {
  server = await createServer({
    configFile: fileURLToPath(new URL('../../electron.config.ts', import.meta.url)),
    cacheDir: fileURLToPath(new URL('../../node_modules/.vite-gallery-test', import.meta.url)),
    logLevel: 'error',
    server: { port: 0, strictPort: false, hmr: false, watch: null, proxy: {} },
  });
  await server.listen();
});
afterAll(async () => {
  await server?.close();
});

async function open(locale: string, theme: 'Dark' | 'Light' | '어둡게' | '밝게'): Promise<{ page: Page; troubles: string[] }> {
  const context = await (await sharedBrowser()).newContext({ viewport: { width: 1280, height: 800 }, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const troubles = listenForTroubles(page);
  await page.goto(new URL('gallery/index.html', server.resolvedUrls?.local[0]).href);
  await page.getByRole('radio', { name: theme }).click();
  await page.getByTestId('chart').nth(3).waitFor();
  return { page, troubles };
}

test.each(['Dark', 'Light'] as const)('%s: everything there is, and nothing that axe finds', async (theme) => {
  const { page, troubles } = await open('en-US', theme);
  const rules = theme === 'Light' ? COLOUR_RULES : undefined;
  const tiles = await page.locator('#icons li, #states li').count();
  const arcs = 9;
  expect(tiles).toBe(Object.keys(ICON_PATHS).length + Object.keys(KIND_SIGNS).length + glyphNames().length + arcs);
  expect(await axeFaults(page, rules)).toEqual([]);
  expect(await page.getByTestId('cards').count()).toBe(2);
  for (const name of ['dialog', 'question', 'finder']) {
    await page.getByTestId(`gallery-${name}`).click();
    await page.getByRole('dialog').waitFor();
    expect([name, await axeFaults(page, rules)]).toEqual([name, []]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.getByTestId('gallery-menu').click();
  await page.getByRole('menu').waitFor();
  expect(await axeFaults(page, rules)).toEqual([]);
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('in Korean no word is left as its key, and nothing is wider than the page', async () => {
  const { page, troubles } = await open('ko-KR', '어둡게');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('갤러리');
  expect(await page.locator('body').innerText()).not.toMatch(/\b(gallery|lifecycle|life)\.[a-z]/);
  expect(await page.locator('.page').evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(troubles).toEqual([]);
  await page.context().close();
});
