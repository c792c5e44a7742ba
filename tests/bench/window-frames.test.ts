// Frame times of the built window in a real Chromium: `npm run bench:window`. Read the ratios to an empty canvas: machines differ.
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, ROOT } from '../support/browser-lab.ts';
import { type FrameTimes, type Gesture, measureFrames } from './measure-frames.ts';
import { installPlayedLab, type PlayedLab } from './played-lab.ts';

const SIZES = [
  { nodes: 100, podsPerNode: 30 },
  { nodes: 1000, podsPerNode: 30 },
  { nodes: 5000, podsPerNode: 30 },
] as const;
/** The part of the pods that changes in a second. */
const CHURN = 0.05;
const FRAMES_PER_SECOND = 60;
const MEASURE_MS = Number(process.env['BENCH_MS'] ?? 4000);
const TARGET_MS = 16.7;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

let server: Server;
let browser: Browser;
let url = '';
let empty: FrameTimes;
const rows: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = join(ROOT, 'out/renderer', new URL(request.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '/index.html'));
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  // Without them no frame is shorter than the screen's.
  browser = await launchChromium({ args: ['--disable-frame-rate-limit', '--disable-gpu-vsync'] });
  empty = await emptyCanvas();
  row('an empty canvas', 'pan', empty);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  console.info(
    [
      '',
      'frame times of the window: p50 / p95 / worst in ms, p95 against an empty canvas, and how long the main thread worked',
      ...rows,
      '',
    ].join('\n'),
  );
});

function row(name: string, gesture: string, { p50, p95, worst, frames, busyMs }: FrameTimes): void {
  const figures = [p50, p95, worst].map((ms) => ms.toFixed(1).padStart(6)).join(' /');
  const ratio = empty === undefined ? '' : `x${(p95 / empty.p95).toFixed(1)}`;
  rows.push(
    `${name.padEnd(34)} ${gesture.padEnd(8)} ${figures}  ${ratio.padStart(6)}  ${p95 <= TARGET_MS ? 'within' : 'OVER'} ${TARGET_MS} ms  ${frames} frames, busy ${busyMs.toFixed(0)} ms of a second`,
  );
}

async function emptyCanvas(): Promise<FrameTimes> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.setContent('<canvas id="c" width="780" height="690"></canvas>');
  await page.evaluate(() => {
    const context = (document.getElementById('c') as HTMLCanvasElement).getContext('2d');
    const paint = (): void => {
      context?.clearRect(0, 0, 780, 690);
      requestAnimationFrame(paint);
    };
    paint();
  });
  const times = await measureFrames(page, '#c', 'none', MEASURE_MS);
  await page.close();
  return times;
}

async function openWindow(size: (typeof SIZES)[number]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
  await page.addInitScript(installPlayedLab, { ...size, churn: CHURN, framesPerSecond: FRAMES_PER_SECOND });
  await page.goto(url);
  const total = String(size.nodes);
  await page.getByTestId('nodes-ready').and(page.getByText(total)).waitFor({ timeout: 60_000 });
  return page;
}

const play = (page: Page): Promise<void> => page.evaluate(() => (globalThis as unknown as { played: PlayedLab }).played.play());
const stop = (page: Page): Promise<void> => page.evaluate(() => (globalThis as unknown as { played: PlayedLab }).played.stop());

test.each(SIZES)('topology of $nodes nodes with $podsPerNode pods each', async (size) => {
  const page = await openWindow(size);
  const area = '[data-testid="topology"] .area';
  const name = `topology ${size.nodes} / ${size.nodes * size.podsPerNode}`;
  const measure = async (what: string, gesture: Gesture): Promise<FrameTimes> => {
    await measureFrames(page, area, gesture, 500);
    const times = await measureFrames(page, area, gesture, MEASURE_MS);
    row(name, what, times);
    return times;
  };
  await play(page);
  await measure('changes', 'none');
  await measure('pan', 'pan');
  await measure('zoom', 'zoom');
  await page.keyboard.press('Escape');
  for (let turn = 0; turn < 5; turn += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
  await measure('near pan', 'pan');
  await measure('near zoom', 'zoom');
  await stop(page);
  expect(await page.evaluate(() => (globalThis as unknown as { played: PlayedLab }).played.told)).toBeGreaterThan(10);
  await page.close();
});
