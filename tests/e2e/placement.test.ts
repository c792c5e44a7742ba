// Taking hold of more than one thing, and of pods: a pod dragged to a node, the same from its menu, a band around nodes, a volume's zones.
import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import type { LabWire } from '../support/lab-wire.ts';
import { axeFaults } from './axe-faults.ts';
import { beginReady, drag, nodeItem, type PausedLab, podOf, shopIsReady, useLab, walkTo, zoneItem } from './paused-lab.ts';

let lab: PausedLab;
let page: Page;
let wire: LabWire;
useLab((opened) => {
  lab = opened;
  ({ page, wire } = opened);
});
beforeEach(() => beginReady(lab));

const zoneOf = (node: string): string => wire.rows('nodes').find(({ name }) => name === node)?.zone ?? '';
const words = () => page.getByTestId('place-words');

async function over(node: string): Promise<void> {
  const box = await nodeItem(page, node).boundingBox();
  await page.mouse.move((box?.x ?? 0) + 80, (box?.y ?? 0) + 60, { steps: 4 });
}

/** Its database moves as pods do: an eviction, and one like it that asks for the node. */
async function expectMoved(oldPod: string, node: string): Promise<void> {
  await wire.sees((now) => now.rows('pods').some(({ name }) => name.startsWith('database') && name !== oldPod));
  await wire.until((now) => shopIsReady(now) && !now.rows('pods').some(({ name }) => name === oldPod));
  expect(podOf(wire, 'database').node).toBe(node);
}

test('a pod above the nodes: each says what the scheduler would; where it fits it is dropped, elsewhere nothing happens', async () => {
  const { name, node } = podOf(wire, 'database');
  const home = wire.rows('nodes').find((other) => other.zone === zoneOf(node) && other.name !== node && !other.controlPlane)?.name ?? '';
  const away = wire.rows('nodes').find((other) => other.zone !== zoneOf(node) && !other.controlPlane)?.name ?? '';
  await walkTo(page, new RegExp(`^Node ${node},`));
  await page.keyboard.press('ArrowRight');
  const pod = page.getByRole('treeitem', { name: /^Pod database/ });
  await drag(page, pod, nodeItem(page, away));
  await words().and(page.getByText('VolumeBinding: node(s) had volume node affinity conflict')).waitFor();
  await over('control-plane');
  await words().and(page.getByText('TaintToleration: node(s) had untolerated taint')).waitFor();
  await page.mouse.up();
  await words().waitFor({ state: 'detached' });
  expect([podOf(wire, 'database').name, podOf(wire, 'database').node]).toEqual([name, node]);

  await drag(page, pod, nodeItem(page, home));
  await words()
    .and(page.getByText(`Release: evict it, and make one like it for ${home}`))
    .waitFor();
  await page.mouse.up();
  await expectMoved(name, home);
});

test('the same from the menu by the keyboard, and why a volume cannot follow', async () => {
  const { name, node } = podOf(wire, 'database');
  await walkTo(page, new RegExp(`^Node ${node},`));
  await page.keyboard.press('ArrowRight');
  await walkTo(page, /^Pod database/);
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Put on a node…' }).click();
  const places = page.getByTestId('places');
  await places.getByText('7 nodes refuse it').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  const to = (await places.getByRole('button').first().innerText()).replace('Move to ', '');
  await places.getByRole('button').first().press('Enter');
  await expectMoved(name, to);

  await page.keyboard.press('2');
  const volume = wire.rows('volumes').find(({ claim }) => claim === 'shop/database')?.name ?? wire.rows('volumes')[0]?.name ?? '';
  await page.getByRole('option', { name: `PersistentVolume ${volume}` }).focus();
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: 'Zones it can be used in…' }).click();
  await places.getByText('Its disk is here.').waitFor();
  expect(await places.getByText('volume node affinity conflict').count()).toBe(2);
  await page.keyboard.press('Escape');

  // Taken up in one picture, above the nodes of the other.
  await page.keyboard.press('1');
  await page.keyboard.press('b');
  const away = wire.rows('nodes').find((other) => other.zone !== zoneOf(to) && !other.controlPlane)?.name ?? '';
  await drag(page, page.getByRole('option', { name: /^Pod / }).first(), nodeItem(page, away));
  await words().and(page.getByText('VolumeBinding: node(s) had volume node affinity conflict')).waitFor();
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.keyboard.press('1');
});

test('a band around nodes takes them together into a tray, as does a zone where there is no failure of zones', async () => {
  const corner = await nodeItem(page, 'worker-1').boundingBox();
  const end = await nodeItem(page, 'worker-2').boundingBox();
  await page.keyboard.down('Shift');
  await page.mouse.move((corner?.x ?? 0) + 20, (corner?.y ?? 0) + 20);
  await page.mouse.down();
  await page.mouse.move((end?.x ?? 0) + 80, (end?.y ?? 0) + 40, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await nodeItem(page, 'worker-2').and(page.getByLabel('marked')).waitFor();
  await drag(page, nodeItem(page, 'worker-2'), page.getByTestId('tray-kubelet-stopped'));
  await page.getByTestId('foresight').getByText('2 nodes: Ready becomes Unknown').waitFor();
  await page.mouse.up();
  await wire.sees((now) => now.rows('failures').length === 2);
  expect(
    wire
      .rows('failures')
      .map(({ failure, target }) => `${failure} ${target}`)
      .sort(),
  ).toEqual(['kubelet-stop worker-1', 'kubelet-stop worker-2']);

  await drag(page, zoneItem(page, 'zone-c'), page.getByTestId('tray-network-cut'));
  // The two that are in the other tray become Unknown without it, too.
  await page.getByTestId('foresight').getByText('3 nodes: Ready becomes Unknown').waitFor();
  await page.mouse.up();
  await wire.sees((now) => now.rows('failures').length === 5);
  await page.getByTestId('spoken').and(page.getByText('worker-7, worker-8, worker-9')).waitFor();
  await page.keyboard.press('Control+z');
  await wire.sees((now) => now.rows('failures').length === 2);

  // From afar its head is thin: it is taken hold of by its name.
  const name = page.locator('[data-zone="zone-a"] strong');
  for (let turn = 0; turn < 6 && !(await name.isVisible()); turn += 1)
    await page.getByTestId('topology').getByRole('button', { name: 'Zoom out' }).click();
  const [chip, zone] = [await name.boundingBox(), await zoneItem(page, 'zone-a').boundingBox()];
  expect(chip?.y ?? 0, 'below the zone, and not on the control plane').toBeGreaterThan((zone?.y ?? 0) + (zone?.height ?? 0));
  await drag(page, name, page.getByTestId('tray-powered-off'));
  await page.getByText('Power off the zone: zone-a').waitFor();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('');
  await page.mouse.up();
  await wire.sees((now) => now.rows('failures').some(({ failure, target }) => failure === 'zone-outage' && target === 'zone-a'));
});
