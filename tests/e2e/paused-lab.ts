// A lab that stands still at the start of its scenario, and the hands of a person on it: time passes only when a test says so.
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type BrowserLab, type LabOptions, openLab, reload } from '../support/browser-lab.ts';
import { LabWire } from '../support/lab-wire.ts';

export interface PausedLab extends BrowserLab {
  readonly wire: LabWire;
}

export async function openPausedLab(options: LabOptions = {}): Promise<PausedLab> {
  const lab = await openLab(options);
  const wire = await LabWire.connect(lab.url);
  return {
    ...lab,
    wire,
    close: async () => {
      wire.close();
      await lab.close();
    },
  };
}

/** Opens a lab for the tests of a file and closes it behind them; after each of them the page must have had no trouble. `take` prepares it. */
export function useLab(take: (lab: PausedLab) => unknown, options: LabOptions = {}): void {
  let lab: PausedLab | undefined;
  beforeAll(async () => {
    lab = await openPausedLab(options);
    await take(lab);
  });
  afterEach(() => expect(lab?.troubles).toEqual([]));
  afterAll(() => lab?.close());
}

/** Starts a scenario anew, standing still, in a window that has just been opened. */
export async function begin({ page, wire }: PausedLab, scenario: 'web-shop' | 'empty' = 'web-shop'): Promise<void> {
  await wire.act('clock.pause', {});
  await wire.act('lab.new', { scenario, seed: 1 });
  await reload(page);
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await showsNow({ page, wire });
}

/** The page is as far as the test is: what the wire has told is on its way to the page, too, and may come later there. */
export async function showsNow({ page, wire }: Pick<PausedLab, 'page' | 'wire'>): Promise<void> {
  await page
    .getByTestId('elapsed')
    .and(page.getByText(stopwatch(wire.clock.nowMs)))
    .waitFor();
}

/** The web shop as it is meant to be: 6 web, 6 api, 2 cache and the database. */
export const shopIsReady = (lab: LabWire): boolean =>
  lab.rows('pods').length === 15 && lab.rows('pods').every(({ look }) => look === 'ready');

export async function beginReady(lab: PausedLab): Promise<void> {
  await begin(lab);
  await lab.wire.until(shopIsReady);
  await lab.page.getByTestId('count-ready').and(lab.page.getByText('15')).waitFor();
}

export function stopwatch(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export const nodeItem = (page: Page, name: string): Locator => page.getByRole('treeitem', { name: new RegExp(`^Node ${name},`) });
export const zoneItem = (page: Page, name: string): Locator => page.getByRole('treeitem', { name: new RegExp(`^Zone ${name},`) });

async function boxOf(place: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await place.boundingBox();
  if (!box) throw new Error(`not on screen: ${String(place)}`);
  return box;
}

/** Picks up a card by its upper edge and brings it over a place, without letting go. */
export async function drag(page: Page, card: Locator, place: Locator): Promise<void> {
  const from = await boxOf(card);
  const to = await boxOf(place);
  await page.mouse.move(from.x + Math.min(60, from.width / 2), from.y + 12);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
}

/** Moves the focus through the tree with the arrow keys until it is on an item of this name. */
export async function walkTo(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('tree').locator('[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
  for (let steps = 0; steps < 200; steps += 1) {
    const label = await focused();
    if (name.test(label)) return;
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).not.toBe(label);
  }
  throw new Error(`the arrow keys do not reach ${String(name)}`);
}

/** Opens a node in the tree, so that its pods have places on screen, and clicks one of them. */
export async function clickPod(page: Page, node: string, pod: RegExp): Promise<void> {
  await walkTo(page, new RegExp(`^Node ${node},`));
  await page.keyboard.press('ArrowRight');
  const { x, y, height } = await boxOf(page.getByRole('treeitem', { name: pod }));
  await page.mouse.click(x + 8, y + height / 2);
}

export function podOf(wire: LabWire, prefix: string): { readonly name: string; readonly node: string } {
  const found = wire.rows('pods').find(({ name }) => name.startsWith(prefix));
  if (!found) throw new Error(`no pod ${prefix}`);
  return found;
}
