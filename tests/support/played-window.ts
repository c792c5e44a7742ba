// The built window in a real Chromium with a played lab at the other end of its pipe: for what is measured of the window alone.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import type { Browser, Page, ViewportSize } from 'playwright-core';
import { ROOT } from './browser-lab.ts';
import { installPlayedLab, type PlayedLab, type PlayedWorld } from './played-lab.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

export interface PlayedWindow {
  open(browser: Browser, world: PlayedWorld, screen?: ViewportSize): Promise<Page>;
  close(): void;
}

/** Serves out/renderer, which `npm run build` makes. */
export async function playedWindow(): Promise<PlayedWindow> {
  const server = createServer((request, response) => {
    const path = join(ROOT, 'out/renderer', new URL(request.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '/index.html'));
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  return {
    open: async (browser, world, screen = { width: 1280, height: 800 }) => {
      const page = await browser.newPage({ viewport: screen, colorScheme: 'dark' });
      await page.addInitScript(installPlayedLab, world);
      await page.goto(url);
      await page
        .getByTestId('nodes-ready')
        .and(page.getByText(String(world.nodes)))
        .waitFor({ timeout: 60_000 });
      return page;
    },
    close: () => server.close(),
  };
}

/** Does something with the lab inside the page. */
export function played<Result>(page: Page, work: (lab: PlayedLab) => Result): Promise<Result> {
  return page.evaluate(`(${String(work)})(globalThis.played)`) as Promise<Result>;
}
