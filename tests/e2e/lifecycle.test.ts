// The lifecycle view in the built window: charts laid out by the worker under the page's policy, lives switched, history read, delays counted.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reload } from '../support/browser-lab.ts';
import { axeFaults } from './axe-faults.ts';
import { beginReady, openPausedLab, type PausedLab, podOf, walkTo } from './paused-lab.ts';

let lab: PausedLab;
beforeAll(async () => {
  lab = await openPausedLab();
});
afterAll(() => lab?.close());

const view = (page: Page) => page.getByTestId('lifecycle');
const lit = (page: Page): Promise<(string | null)[]> =>
  view(page)
    .locator('[data-state].lit')
    .evaluateAll((states) => states.map((state) => state.getAttribute('data-state')));

async function select(name: RegExp): Promise<void> {
  await lab.page.keyboard.press('1');
  await walkTo(lab.page, name);
  await lab.page.keyboard.press('Enter');
  await lab.page.keyboard.press('3');
}

test('a pod, its container and its probe by keyboard; the way of each is told with time and cause', async () => {
  const { page, wire } = lab;
  await beginReady(lab);
  await select(new RegExp(`^Node ${podOf(wire, 'database').node},`));
  await view(page).getByTestId('chart').waitFor();
  await expect.poll(() => lit(page)).toEqual(['lease.fresh', 'ready.Ready', 'eviction.none']);
  await view(page)
    .getByRole('button', { name: /^Pod database/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => lit(page)).toEqual(['work.running', 'phase.Running']);
  await view(page)
    .getByRole('button', { name: /^postgres\s+running|^postgres\s+up/ })
    .focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => lit(page)).toEqual(['running.up']);
  const rows = view(page).getByTestId('life-history').getByRole('button');
  await expect
    .poll(() => rows.allInnerTexts().then((texts) => texts.map((text) => text.replace(/\s+/g, ' ').replace(/^\S+ /, ''))))
    .toEqual([
      'up time is up: Container created · command missing: no · has postStart: no',
      'ContainerCreating image pulled · config incomplete: no',
      'pulling the image its turn · image is there: no · pull policy Never: no · in pull back-off: no',
      'its turn has not come',
    ]);
  await rows.nth(2).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => lit(page)).toEqual(['waiting.pulling']);
  await view(page).getByRole('button', { name: 'Back to now' }).click();
  await expect.poll(() => lit(page)).toEqual(['running.up']);
  expect(lab.troubles).toEqual([]);
});

test('a chart that is larger than its room says where it goes on, and is scrolled there by keyboard', async () => {
  const { page, wire } = lab;
  await page.setViewportSize({ width: 1280, height: 800 });
  await beginReady(lab);
  await select(new RegExp(`^Node ${podOf(wire, 'database').node},`));
  await view(page)
    .getByRole('button', { name: /^Pod database/ })
    .click();
  const room = view(page).getByRole('region', { name: 'Statechart' });
  const more = (side: string) => view(page).getByTestId(`more-${side}`);
  await more('left').waitFor();
  await more('right').waitFor();
  await room.focus();
  for (let presses = 0; presses < 40; presses += 1) await page.keyboard.press('ArrowRight');
  await more('right').waitFor({ state: 'detached' });
  await more('left').waitFor();
  await view(page).getByTestId('fit').click();
  await more('left').waitFor({ state: 'detached' });
  expect(
    await view(page)
      .getByTestId(/^more-/)
      .count(),
  ).toBe(0);
  expect(lab.troubles).toEqual([]);
});

test('a lost node counts down to Unknown, and says why when it has come to it', async () => {
  const { page, wire } = lab;
  await beginReady(lab);
  await select(/^Node worker-1,/);
  await wire.act('failure.apply', { failure: 'node-power-off', target: 'worker-1' });
  await wire.until((now) => now.rows('countdowns').some(({ name }) => name === 'node-monitor-grace'), 'clock.step');
  await view(page).getByText('Ready becomes Unknown').waitFor();
  await wire.until((now) => now.rows('nodes').some(({ ready }) => ready === 'Unknown'), 'clock.step');
  await expect.poll(() => lit(page)).toContain('ready.Unknown');
  await view(page).getByText('NodeStatusUnknown: Kubelet stopped posting node status.').waitFor();
  expect(lab.troubles).toEqual([]);
});

test.each([
  ['en-US', 'light'],
  ['ko-KR', 'dark'],
] as const)('%s, %s: nothing that axe finds, nothing cut off at the edge of the window', async (locale, colorScheme) => {
  const { page, wire } = lab;
  await page.emulateMedia({ colorScheme });
  await page.evaluate((name) => localStorage.setItem('orrery.language', name), locale.slice(0, 2));
  await reload(page);
  await page.keyboard.press('/');
  await page.keyboard.type(podOf(wire, 'database').name);
  await page.keyboard.press('Enter');
  await page.getByTestId('open-lifecycle').click();
  await view(page).getByTestId('chart').waitFor();
  for (let choice = 0; choice < 3; choice += 1) {
    await view(page).getByTestId('life-choice').nth(choice).click();
    await view(page).getByTestId('chart').waitFor();
    expect(await axeFaults(page)).toEqual([]);
  }
  const [needed, had] = await page.evaluate(() => [document.querySelector('.shell')?.scrollWidth, window.innerWidth]);
  expect(needed).toBe(had);
  expect(await view(page).innerText()).not.toMatch(/\b(lifecycle|life)\.[a-z]/);
  expect(lab.troubles).toEqual([]);
});
