// The main screens in both themes: nothing that axe finds (in the second no more than what colours decide), nothing on the console.
import { expect, test } from 'vitest';
import { axeFaults, COLOUR_RULES } from './axe-faults.ts';
import { dropFiles } from './drop-files.ts';
import { beginReady, drag, nodeItem, openPausedLab, type PausedLab, podOf, walkTo } from './paused-lab.ts';

/** Brings each screen up in turn, and leaves it again. */
const screens: readonly (readonly [
  name: string,
  open: (lab: PausedLab) => Promise<unknown>,
  leave?: (lab: PausedLab) => Promise<unknown>,
])[] = [
  ['topology', () => Promise.resolve()],
  ['storage', ({ page }) => page.keyboard.press('2')],
  ['timeline', ({ page }) => page.keyboard.press('4').then(() => page.getByTestId('timeline-steps').getByRole('option').first().waitFor())],
  ['notes', ({ page }) => page.getByTestId('scenario').click(), ({ page }) => page.getByTestId('scenario').click()],
  ['table', ({ page }) => page.keyboard.press('5').then(() => page.getByTestId('table').getByRole('gridcell').first().waitFor())],
  [
    'marked rows, and what deleting them does',
    async ({ page }) => {
      await page.getByTestId('table').getByRole('grid').focus();
      for (const key of ['Home', 'Shift+ArrowDown', 'Delete']) await page.keyboard.press(key);
      await page.getByTestId('consequences').getByText('Controllers make 2 new pods at once.').waitFor();
    },
    async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('1');
    },
  ],
  [
    'commands',
    ({ page }) => page.keyboard.press('Control+k').then(() => page.getByRole('option').first().waitFor()),
    ({ page }) => page.keyboard.press('Escape'),
  ],
  [
    'what a failure is to strike',
    async ({ page }) => {
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-words').fill('power off');
      await page.keyboard.press('Enter');
      await page.getByTestId('target-words').fill('worker');
    },
    ({ page }) => page.keyboard.press('Escape'),
  ],
  [
    'the past',
    ({ page }) => page.keyboard.press(',').then(() => page.getByTestId('past').waitFor()),
    // What is done to the lab is not offered before the past is left.
    ({ page }) => page.keyboard.press('0').then(() => page.getByTestId('past').waitFor({ state: 'detached' })),
  ],
  [
    'load and a node group',
    async ({ page }) => {
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-words').fill('load shop/web');
      await page.keyboard.press('Enter');
      await page.getByTestId('load').fill('5');
      await page.keyboard.press('Enter');
      await page.getByTestId('load-shop/web').waitFor();
      await page.getByTestId('new-group').click();
      await page.getByTestId('group-max').waitFor();
    },
    ({ page }) => page.keyboard.press('Escape'),
  ],
  [
    'how an autoscaler is asked for',
    async ({ page }) => {
      await page
        .getByTestId('overview')
        .getByRole('button', { name: /^web.*Deployment/ })
        .click();
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-words').fill('autoscale shop/web');
      await page.keyboard.press('Enter');
      await page.getByTestId('vertical').check();
    },
    async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    },
  ],
  ['two views', ({ page }) => page.keyboard.press('b'), ({ page }) => page.keyboard.press('1')],
  [
    'inspector',
    async ({ page, wire }) => {
      const { node } = podOf(wire, 'database');
      await walkTo(page, new RegExp(`^Node ${node},`));
      await page.keyboard.press('Enter');
      await page.getByTestId('inspector').getByRole('region', { name: 'YAML' }).waitFor();
    },
    ({ page }) => page.keyboard.press('Escape'),
  ],
  [
    'how a pod is resized',
    async ({ page, wire }) => {
      const { node } = podOf(wire, 'database');
      await walkTo(page, new RegExp(`^Node ${node},`));
      await page.keyboard.press('ArrowRight');
      await walkTo(page, /^Pod database/);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+k');
      await page.getByTestId('palette-words').fill('resize');
      await page.keyboard.press('Enter');
      // Its first field has the focus as soon as it is there, and what is typed takes the place of what stands in it.
      const first = page.getByTestId('postgres-requests.cpu');
      await expect.poll(() => first.evaluate((field) => field === document.activeElement)).toBe(true);
      await page.keyboard.type('750m');
      expect(await first.inputValue()).toBe('750m');
    },
    async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
    },
  ],
  [
    'the door',
    ({ page }) => page.keyboard.press('d').then(() => page.getByTestId('door').waitFor()),
    ({ page }) => page.keyboard.press('d'),
  ],
  [
    'the tip of a button',
    async ({ page }) => {
      await page.getByTestId('new').hover();
      await page.locator('.tip').waitFor();
    },
    ({ page }) => page.mouse.move(0, 0),
  ],
  ['search', ({ page }) => page.keyboard.press('/').then(() => page.keyboard.type('web')), ({ page }) => page.keyboard.press('Escape')],
  ['help', ({ page }) => page.keyboard.press('?'), ({ page }) => page.keyboard.press('Escape')],
  [
    'the tip of a button in a dialog',
    async ({ page }) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').getByRole('button').first().hover();
      await page.locator('.tip').waitFor();
    },
    async ({ page }) => {
      await page.mouse.move(0, 0);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
  ],
  ['new lab', ({ page }) => page.getByTestId('new').click(), ({ page }) => page.keyboard.press('Escape')],
  [
    'what became of files',
    async ({ page }) => {
      await dropFiles(page, { 'bad.yaml': 'kind: [' });
      await page.getByTestId('report').waitFor();
    },
    ({ page }) => page.keyboard.press('Escape'),
  ],
  [
    'actions',
    async ({ page }) => {
      await walkTo(page, /^Node worker-1,/);
      await page.keyboard.press('m');
      await page.getByRole('menuitem', { name: 'Power off' }).waitFor();
    },
  ],
  [
    'a failure before it is done',
    async ({ page }) => {
      await page.getByRole('menuitem', { name: 'Power off' }).click();
      await page.getByRole('dialog').getByTestId('foresight').waitFor();
    },
    ({ page }) => page.getByTestId('confirm-failure').click(),
  ],
  [
    'a node on its way to a tray, another in it',
    async ({ page, wire }) => {
      await wire.sees((now) => now.rows('failures').length === 1);
      await drag(page, nodeItem(page, 'worker-4'), page.getByTestId('tray-network-cut'));
      await page.getByTestId('foresight').waitFor();
    },
    async ({ page }) => {
      await page.keyboard.press('Escape');
      await page.mouse.up();
    },
  ],
];

/** Axe looks at each of many screens: the limit is for what hangs. */
const LIMIT_MS = 180_000;
test.each(['dark', 'light'] as const)('the %s theme', { timeout: LIMIT_MS }, async (colorScheme) => {
  const lab = await openPausedLab({ colorScheme });
  await beginReady(lab);
  const found: Record<string, string[]> = {};
  for (const [name, open, leave] of screens) {
    await open(lab);
    found[name] = await axeFaults(lab.page, colorScheme === 'light' ? COLOUR_RULES : undefined);
    await leave?.(lab);
  }
  expect(found).toEqual(Object.fromEntries(screens.map(([name]) => [name, []])));
  expect(lab.troubles).toEqual([]);
  // axe has really looked: words that are hardly darker than the page do not escape it.
  await lab.page.getByTestId('nodes-ready').evaluate((words) => words.setAttribute('style', 'color: #808080; background: #8a8a8a'));
  expect((await axeFaults(lab.page)).map((fault) => fault.split(':')[0])).toEqual(['color-contrast']);
  await lab.close();
});

test('in the colours that a system forces, the play button, the rail of the speed, what is chosen and the signs of steps can be told from their ground', {
  timeout: LIMIT_MS,
}, async () => {
  const lab = await openPausedLab();
  const { page } = lab;
  await page.emulateMedia({ forcedColors: 'active' });
  /** Colours of an element that are seen: of its ground, or of its parts. */
  const colour = (selector: string, property: 'backgroundColor' | 'fill' | 'boxShadow'): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element)[name], property);
  const ground = await colour('body', 'backgroundColor');
  expect(await colour('[data-testid=play]', 'backgroundColor')).not.toBe(ground);
  expect(await colour('.rail', 'backgroundColor')).not.toBe(ground);
  expect(await colour('[data-testid=segment-topology]', 'boxShadow')).not.toBe(await colour('[data-testid=segment-table]', 'boxShadow'));
  await page.keyboard.press('4');
  await page.locator('.sign.good').first().waitFor();
  expect(await colour('.sign.good', 'backgroundColor')).not.toBe(ground);
  expect(lab.troubles).toEqual([]);
  await lab.close();
});
