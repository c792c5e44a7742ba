// The timeline in the built window: the story of a lost worker read step by step, by mouse and by keyboard, beside another view, in both languages.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimelinePlace } from '../../src-main/contract/timeline.ts';
import { reload } from '../support/browser-lab.ts';
import { axeFaults } from './axe-faults.ts';
import { beginReady, openPausedLab, type PausedLab, showsNow } from './paused-lab.ts';

let lab: PausedLab;
beforeAll(async () => {
  lab = await openPausedLab();
});
afterAll(() => lab?.close());

const list = (page: Page) => page.getByTestId('timeline-steps');
const rows = (page: Page): Promise<string[]> =>
  list(page)
    .getByRole('option')
    .allInnerTexts()
    .then((texts) => texts.map((text) => text.replace(/\s+/g, ' ').trim()));

/** Worker 2 loses its power and is found missing. */
async function loseWorker(): Promise<void> {
  const { wire } = lab;
  await beginReady(lab);
  await wire.act('failure.apply', { failure: 'node-power-off', target: 'worker-2' });
  await wire.until((now) => now.rows('nodes').some(({ name, ready }) => name === 'worker-2' && ready === 'Unknown'));
  await showsNow(lab);
}

/** How many steps the lab has told up to now; the page may still be reading. */
async function toldSteps(): Promise<string> {
  let count = 0;
  let place: TimelinePlace = { edition: 0, nextId: 0, nextPoint: 0 };
  for (;;) {
    const news = await lab.wire.request('timeline.read', place);
    count += news.steps.length;
    place = { edition: news.edition, nextId: news.nextId, nextPoint: news.nextPoint };
    if (!news.more) return String(count);
  }
}

async function showTimeline(page: Page): Promise<void> {
  await page.getByTestId('segment-timeline').click();
  await expect.poll(() => rows(page).then((shown) => shown.length)).toBeGreaterThan(5);
}

test('by keyboard: what happened to a lost worker, who did it, why, and by which rule', async () => {
  const { page } = lab;
  await loseWorker();
  await showTimeline(page);
  await page.getByTestId('timeline-text').fill('worker-2');
  await page.getByText('Troubles', { exact: true }).click();
  await expect
    .poll(() => rows(page).then((shown) => shown.map((row) => row.replace(/^\S+ /, '').replace(/web-\S+/, 'web'))))
    .toEqual([
      'You let it fail: Power off, worker-2.',
      'The node controller has not seen a lease renewal of worker-2 for 50 s: Ready becomes Unknown.',
      'Nobody has heard of worker-2, so the node controller marks web as not ready: Services stop sending to it.',
    ]);
  await list(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  const card = page.getByTestId('timeline-step');
  await card.getByText('by node-controller, because of the silence of a node').waitFor();
  await card.getByText('kube-controller-manager --node-monitor-grace-period').waitFor();
  expect(await card.getByRole('link').last().getAttribute('href')).toBe(
    'https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats',
  );
  await page
    .getByTestId('inspector-name')
    .and(page.getByText('worker-2', { exact: true }))
    .waitFor();
  expect(lab.troubles).toEqual([]);
});

test('by mouse: a part of time is chosen by dragging, panned by the wheel, and left by one button; beside it the topology follows', async () => {
  const { page } = lab;
  await loseWorker();
  await showTimeline(page);
  await page.keyboard.press('Escape');
  const chart = page.getByTestId('timeline-chart');
  const box = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const all = await toldSteps();
  const from = (): Promise<number> => chart.getAttribute('aria-valuenow').then(Number);
  await page.mouse.move(box.x + box.width * 0.7, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.97, box.y + 140, { steps: 4 });
  await page.mouse.up();
  await expect.poll(from).toBeGreaterThan(40);
  await expect.poll(() => rows(page).then((shown) => shown.some((row) => row.includes('lease renewal')))).toBe(true);
  const before = await from();
  await page.mouse.wheel(0, -300);
  await expect.poll(from).toBeLessThan(before);
  await page.getByTestId('timeline-all').click();
  await expect
    .poll(() =>
      page
        .getByRole('heading', { name: /^Step by step/ })
        .innerText()
        .then((text) => text.replace(/\D/g, '')),
    )
    .toBe(all);
  await page.getByTestId('beside').click();
  await page.getByRole('menuitem', { name: 'Topology' }).click();
  await page.getByTestId('topology').waitFor();
  await list(page).focus();
  await page.keyboard.press('End');
  await page.getByTestId('inspector-name').waitFor();
  expect(lab.troubles).toEqual([]);
});

test.each([
  ['en', 'light'],
  ['ko', 'dark'],
] as const)('%s, %s: nothing that axe finds', async (language, colorScheme) => {
  const { page } = lab;
  await loseWorker();
  await page.emulateMedia({ colorScheme });
  await page.evaluate((name) => {
    localStorage.setItem('orrery.language', name);
    localStorage.setItem('orrery.layout', 'timeline');
  }, language);
  await reload(page);
  await expect.poll(() => rows(page).then((shown) => shown.length)).toBeGreaterThan(5);
  await list(page).focus();
  await page.keyboard.press('End');
  await page.getByTestId('timeline-step').getByRole('link').last().waitFor();
  expect(await axeFaults(page)).toEqual([]);
  expect(lab.troubles).toEqual([]);
});
