// Frame times of the built window in a real Chromium: `npm run bench:window`. Read the ratios to an empty canvas: machines differ.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/browser-lab.ts';
import { type PlayedWindow, played, playedWindow } from '../support/played-window.ts';
import { type FrameTimes, type Gesture, measureFrames } from './measure-frames.ts';

const SMALL = { width: 1280, height: 800 } as const;
const LARGE = { width: 2560, height: 1440 } as const;
const SIZES = [
  { nodes: 100, podsPerNode: 30, screen: SMALL },
  { nodes: 1000, podsPerNode: 30, screen: SMALL },
  { nodes: 5000, podsPerNode: 30, screen: SMALL },
  { nodes: 100, podsPerNode: 30, screen: LARGE },
] as const;
/** The part of the pods that changes in a second. */
const CHURN = 0.05;
const FRAMES_PER_SECOND = 60;
const MEASURE_MS = Number(process.env['BENCH_MS'] ?? 4000);
const TARGET_MS = 16.7;

let browser: Browser;
let window: PlayedWindow;
let empty: FrameTimes;
const rows: string[] = [];

beforeAll(async () => {
  window = await playedWindow();
  // Without them no frame is shorter than the screen's.
  browser = await launchChromium({ args: ['--disable-frame-rate-limit', '--disable-gpu-vsync'] });
  empty = await emptyCanvas();
  row('an empty canvas', 'pan', empty);
});
afterAll(async () => {
  await browser?.close();
  window?.close();
  console.info(
    [
      '',
      'frame times of the window: p50 / p95 / worst in ms, p95 against an empty canvas, and what the main thread and the whole browser worked for each',
      ...rows,
      '',
    ].join('\n'),
  );
});

function row(name: string, gesture: string, { p50, p95, worst, frames, workMs, allMs }: FrameTimes): void {
  const figures = [p50, p95, worst].map((ms) => ms.toFixed(1).padStart(6)).join(' /');
  const ratio = empty === undefined ? '' : `x${(p95 / empty.p95).toFixed(1)}`;
  rows.push(
    `${name.padEnd(34)} ${gesture.padEnd(8)} ${figures}  ${ratio.padStart(6)}  ${p95 <= TARGET_MS ? 'within' : 'OVER'} ${TARGET_MS} ms  ${frames} frames, ${workMs.toFixed(1)} and ${allMs.toFixed(1)} ms of work each`,
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

test.each(SIZES)('topology of $nodes nodes with $podsPerNode pods each at $screen.width x $screen.height', async ({ screen, ...size }) => {
  const page = await window.open(browser, { ...size, churn: CHURN, framesPerSecond: FRAMES_PER_SECOND }, screen);
  const place = screen === LARGE ? `, ${screen.width} x ${screen.height}` : '';
  const area = '[data-testid="topology"] .area';
  const name = `topology ${size.nodes} / ${size.nodes * size.podsPerNode}${place}`;
  const measure = async (what: string, gesture: Gesture): Promise<FrameTimes> => {
    await measureFrames(page, area, gesture, 500);
    const times = await measureFrames(page, area, gesture, MEASURE_MS);
    row(name, what, times);
    return times;
  };
  await played(page, (lab) => lab.play());
  await measure('changes', 'none');
  await measure('pan', 'pan');
  await measure('zoom', 'zoom');
  await page.keyboard.press('Escape');
  const topology = page.getByTestId('topology');
  await topology.getByTestId('fit').click();
  for (let turn = 0; turn < 5; turn += 1) await topology.getByRole('button', { name: 'Zoom in' }).click();
  await measure('near pan', 'pan');
  await measure('near zoom', 'zoom');
  await scrolled(page, size.nodes * size.podsPerNode, place);
  await played(page, (lab) => lab.stop());
  expect(await played(page, (lab) => lab.told)).toBeGreaterThan(10);
  await page.close();
});

async function scrolled(page: Page, count: number, place: string): Promise<void> {
  await page.keyboard.press('5');
  await page
    .getByTestId('table-count')
    .and(page.getByText(String(count)))
    .waitFor();
  const grid = '[data-testid="table"] [role="grid"]';
  for (const gesture of ['none', 'scroll'] as const) {
    await measureFrames(page, grid, gesture, 500);
    row(`table of ${count} rows${place}`, gesture === 'none' ? 'changes' : gesture, await measureFrames(page, grid, gesture, MEASURE_MS));
  }
}
