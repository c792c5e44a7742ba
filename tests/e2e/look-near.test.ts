// Looking at the topology from far and from near: what is searched for stays lit, one thing is gone to, the corner shows the whole.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFaults } from './axe-faults.ts';
import { beginReady, nodeItem, type PausedLab, podOf, useLab, walkTo } from './paused-lab.ts';

let lab: PausedLab;
let page: Page;
useLab(
  async (opened) => {
    lab = opened;
    ({ page } = opened);
    await beginReady(lab);
  },
  { colorScheme: 'light' },
);

const widthOf = async (name: string): Promise<number> => (await nodeItem(page, name).boundingBox())?.width ?? 0;

test('a search says how many pods it found; going near shows their parts, and the corner leads back', async () => {
  const { node } = podOf(lab.wire, 'database');
  await page.getByTestId('light').fill('web-');
  await page.getByText('6 pods', { exact: true }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByTestId('light').press('Escape');
  await page.getByText('6 pods', { exact: true }).waitFor({ state: 'detached' });
  await page.getByTestId('light').blur();

  const before = await widthOf(node);
  await walkTo(page, new RegExp(`^Node ${node},`));
  await page.keyboard.press('ArrowRight');
  await walkTo(page, /^Pod database/);
  await page.keyboard.press('Enter');
  await page.getByTestId('near').click();
  await expect
    .poll(() =>
      page
        .getByRole('treeitem', { name: /^Pod database/ })
        .boundingBox()
        .then((box) => box?.width ?? 0),
    )
    .toBeGreaterThan(40);
  const minimap = page.getByTestId('minimap');
  await minimap.waitFor();
  const at = (): Promise<number> =>
    page
      .getByRole('treeitem', { name: /^Pod database/ })
      .boundingBox()
      .then((box) => box?.x ?? 0);
  const here = await at();
  await minimap.click({ position: { x: 10, y: 60 } });
  await expect.poll(at).toBeGreaterThan(here + 100);
  await page.getByTestId('fit').click();
  await minimap.waitFor({ state: 'hidden' });
  expect(await widthOf(node)).toBeCloseTo(before, 0);
  expect(lab.troubles).toEqual([]);
});

test('another view for a while: coming back, one looks where one looked, and every pod is in its place', async () => {
  const { node } = podOf(lab.wire, 'database');
  const boxOf = (): Promise<unknown> => nodeItem(page, node).boundingBox();
  for (let press = 0; press < 3; press += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
  const near = await boxOf();
  for (const key of ['2', '5', '1']) await page.keyboard.press(key);
  await page.getByTestId('topology').waitFor();
  await expect.poll(boxOf).toEqual(near);
  await page.getByTestId('fit').click();
  const all = await boxOf();
  expect(all).not.toEqual(near);
  for (const key of ['4', '1']) await page.keyboard.press(key);
  await page.getByTestId('topology').waitFor();
  await expect.poll(boxOf).toEqual(all);
  expect(lab.troubles).toEqual([]);
});
