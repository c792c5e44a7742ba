// The table as a person uses it: choose a kind, sort, filter, mark, act, take it back; by mouse and by keyboard alone; thirty thousand rows.
import type { Locator, Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import type { LabWire } from '../support/lab-wire.ts';
import { beginReady, type PausedLab, useLab } from './paused-lab.ts';

let lab: PausedLab;
let page: Page;
let wire: LabWire;
useLab((opened) => {
  lab = opened;
  ({ page, wire } = opened);
});
beforeEach(async () => {
  await beginReady(lab);
  await page.keyboard.press('5');
});

const grid = (): Locator => page.getByTestId('table').getByRole('grid');
const bodyRows = (): Locator => grid().getByRole('rowgroup').getByRole('row');
const rowOf = (name: string): Locator => bodyRows().filter({ has: page.getByRole('gridcell', { name, exact: true }) });
const column = async (name: string): Promise<string[]> => {
  const heads = (await grid().getByRole('columnheader').allInnerTexts()).map((text) => text.replace(/\s*[▲▼]/, '').trim());
  const cells = grid().getByRole('rowgroup').getByRole('row').getByRole('gridcell');
  const texts = await cells.allInnerTexts();
  const at = heads.indexOf(name);
  return texts.filter((_, index) => index % heads.length === at);
};

async function chooseKind(kind: string): Promise<void> {
  await page.getByTestId('table-kind').selectOption(kind);
  await grid().getByRole('columnheader', { name: 'Name', exact: false }).first().waitFor();
}

test('the columns of kubectl get, wide ones at will, sorted by any, filtered by words', async () => {
  await bodyRows().nth(14).waitFor();
  const heads = (): Promise<string[]> => grid().getByRole('columnheader').allInnerTexts();
  expect((await heads()).map((text) => text.replace(/\s*[▲▼]/, '').trim())).toEqual([
    'Marked',
    'Namespace',
    'Name',
    'Ready',
    'Status',
    'Restarts',
    'Age',
  ]);
  await page.getByTestId('table-wide').click();
  await expect.poll(async () => (await heads()).map((text) => text.trim())).toContain('Node');
  // What is on can be seen, also with the pointer elsewhere.
  await page.mouse.move(5, 5);
  const border = (name: string): Promise<string> => page.getByTestId(name).evaluate((button) => getComputedStyle(button).borderTopColor);
  expect(await border('table-wide')).not.toBe(await border('table-usage'));
  const names = await column('Name');
  expect(names).toEqual(names.toSorted());
  await grid().getByRole('button', { name: 'Name', exact: true }).click();
  await expect.poll(() => column('Name')).toEqual(names.toReversed());
  await page.getByTestId('table-filter').fill('cache run');
  await expect.poll(async () => (await column('Name')).map((name) => name.split('-')[0])).toEqual(['cache', 'cache']);
  await page.getByTestId('table-filter').press('Escape');
  await page.getByTestId('table-namespace').selectOption('shop');
  await expect.poll(() => heads()).not.toContain('Namespace');
});

test('a row is the same object in every view; its age goes on while time does', async () => {
  await chooseKind('Node');
  await rowOf('worker-3').click();
  await page.getByTestId('inspector-name').and(page.getByText('worker-3')).waitFor();
  const age = async (): Promise<string> => (await column('Age'))[3] ?? '';
  const before = await age();
  await wire.act('clock.next', {});
  await wire.until((now) => now.clock.nowMs > 3_600_000);
  await expect.poll(age).not.toBe(before);
});

test('by mouse: mark two pods, delete them by force, and be told before and after', async () => {
  await bodyRows().nth(14).waitFor();
  const [first = '', second = ''] = await column('Name');
  await rowOf(first).click();
  await rowOf(second).click({ modifiers: ['Control'] });
  await page.getByTestId('table-marked').and(page.getByText('2 marked')).waitFor();
  await page.getByTestId('deed-delete').click();
  await page.getByTestId('consequences').getByText('Controllers make 2 new pods at once.').waitFor();
  await page.getByTestId('delete-force').check();
  await page.getByTestId('consequences').getByText('The API server forgets 2 running pods at once').waitFor();
  await page.getByTestId('confirm-delete').click();
  await rowOf(first).waitFor({ state: 'detached' });
  await page.getByTestId('notice').getByText('Deletion asked for: 2 objects').waitFor();
});

test('by keyboard alone: cordon a node, take it back, scale from the palette', async () => {
  await chooseKind('Node');
  await grid().focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Space');
  const status = (): Promise<string> => rowOf('worker-9').innerText();
  await page.getByTestId('deed-cordon').focus();
  await page.keyboard.press('Enter');
  await expect.poll(status).toContain('SchedulingDisabled');
  await page.keyboard.press('Control+z');
  await expect.poll(status).not.toContain('SchedulingDisabled');
  await chooseKind('Deployment.apps');
  await page.getByTestId('table-filter').fill('web');
  await rowOf('web').waitFor();
  await grid().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByTestId('inspector-name').and(page.getByText('web')).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('scale');
  await page.keyboard.press('Enter');
  // What is typed takes the place of the number that was there.
  await expect.poll(() => page.getByTestId('replicas').inputValue()).toBe('6');
  await page.keyboard.type('8');
  await page.keyboard.press('Enter');
  await page.getByTestId('replicas').waitFor({ state: 'detached' });
  await wire.until((now) => now.rows('pods').filter(({ name }) => name.startsWith('web-')).length === 8);
  await expect.poll(() => rowOf('web').innerText()).toContain('/8');
});

test('drain: what leaves is said before, how many are left while they go, and when all are gone', async () => {
  const database = wire.rows('pods').find(({ name }) => name.startsWith('web-'));
  await chooseKind('Node');
  await rowOf(database?.node ?? '').click();
  await page.getByTestId('deed-drain').click();
  await page.getByTestId('drain-plan').waitFor();
  await page.getByTestId('confirm-drain').click();
  await page.getByTestId('drain').getByText('still there').waitFor();
  await wire.until((now) => now.rows('pods').every(({ node }) => node !== database?.node));
  await page.getByTestId('drain').getByText('All pods are gone.').waitFor();
});

test('thirty thousand rows: only those on screen are in the page, and the row that is read stays where it is', async () => {
  const object = (index: number): string =>
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"map-${String(index).padStart(5, '0')}","namespace":"default"}}`;
  for (let part = 0; part < 30; part += 1) {
    const text = Array.from({ length: 1000 }, (_, index) => object(part * 1000 + index)).join('\n---\n');
    await wire.request('manifest.apply', { files: [{ name: `maps-${part}.yaml`, text }] });
  }
  await chooseKind('ConfigMap');
  await page
    .getByTestId('table-count')
    .and(page.getByText(/^300\d\d rows$/))
    .waitFor();
  await grid().evaluate((element) => {
    element.scrollTop = 15_000 * 26;
  });
  await rowOf('map-14990').waitFor();
  expect(await bodyRows().count()).toBeLessThan(80);
  const topOf = async (): Promise<number> => (await rowOf('map-15005').boundingBox())?.y ?? Number.NaN;
  await rowOf('map-15005').waitFor();
  const before = await topOf();
  const rows = Number(await grid().getAttribute('aria-rowcount'));
  await wire.act('object.act', {
    action: { do: 'delete', cascade: 'Background' },
    names: [{ kind: 'ConfigMap', key: 'default/map-00003' }],
  });
  await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(rows - 1));
  await expect.poll(topOf).toBe(before);
});
