// Breaking the cluster by hand and mending it: a worker, a zone, a network link, a kubelet; with the mouse and with the keyboard alone.
import type { Locator, Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import type { NodeRecord } from '../../src-main/contract/view.ts';
import type { LabWire } from '../support/lab-wire.ts';
import { beginReady, clickPod, drag, nodeItem, type PausedLab, podOf, shopIsReady, useLab, walkTo, zoneItem } from './paused-lab.ts';

let lab: PausedLab;
let page: Page;
let wire: LabWire;
useLab((opened) => {
  lab = opened;
  ({ page, wire } = opened);
});
beforeEach(() => beginReady(lab));

const tray = (name: 'powered-off' | 'network-cut' | 'kubelet-stopped') => page.getByTestId(`tray-${name}`);
const topology = () => page.getByTestId('topology');
const nodeOf = (name: string): NodeRecord => wire.rows('nodes').find((node) => node.name === name) as NodeRecord;
const isUnknown = (name: string) => (): boolean => nodeOf(name).ready === 'Unknown';

/** What the tip says when the pointer rests on a card. */
async function tipOn(name: string): Promise<string> {
  const box = await nodeItem(page, name).boundingBox();
  if (!box) throw new Error(`${name} is not on screen`);
  await page.mouse.move(box.x + 40, box.y + 14);
  return page.getByTestId('tip').innerText();
}

async function drop(card: ReturnType<typeof nodeItem>, place: ReturnType<typeof tray>): Promise<void> {
  const before = wire.rows('failures').length;
  await drag(page, card, place);
  await page.mouse.up();
  await wire.sees((now) => now.rows('failures').length !== before);
}

test('a worker dragged out: foreseen, silent, Unknown, evicted; the rope holds; dragged back, everything heals', async () => {
  const { name: oldPod, node } = podOf(wire, 'database');
  await drag(page, nodeItem(page, node), tray('powered-off'));
  const foresight = page.getByTestId('foresight');
  await foresight.waitFor();
  const foreseen = await wire.request('failure.predict', { failure: 'node-power-off', target: node });
  const afterMs = (what: string): number => foreseen.steps.find((step) => step.what === what)?.afterMs ?? Number.NaN;
  const words = await foresight.innerText();
  for (const said of [`${node}: Ready becomes Unknown`, '1 pod marked for deletion', '1 replacement pod created', 'Multi-Attach error'])
    expect(words).toContain(said);
  expect([wire.rows('failures'), nodeOf(node).powered]).toEqual([[], true]); // nothing has happened yet

  await page.mouse.up();
  await wire.sees(() => !nodeOf(node).powered);
  const droppedMs = wire.clock.nowMs;
  await wire.until(
    (now) => now.rows('countdowns').some(({ name, subjectKey }) => name === 'node-monitor-grace' && subjectKey === node),
    'clock.step',
  );
  await expect.poll(() => tipOn(node)).toMatch(/The machine has no power\.[\s\S]*Ready becomes Unknown in 0:\d\d/);
  expect(nodeOf(node).status).toBe('Ready');

  await wire.until(isUnknown(node));
  // 50 s without a renewal of the lease, the last of which was up to 10 s before; the node controller looks every 5 s.
  expect(wire.clock.nowMs - droppedMs).toBe(afterMs('node-unknown'));
  expect(afterMs('node-unknown')).toBeGreaterThan(40_000);
  expect(afterMs('node-unknown')).toBeLessThan(55_000);
  await nodeItem(page, node).and(page.getByLabel('NotReady')).waitFor();
  await expect.poll(() => page.getByTestId('count-unknown').textContent()).toBe('1');

  // From here on nothing counts down to what has happened already; the next arc is that of the eviction.
  await wire.until((now) => {
    expect(now.rows('countdowns').filter(({ name }) => name === 'node-monitor-grace')).toEqual([]);
    return now.rows('countdowns').some(({ name }) => name === 'toleration');
  }, 'clock.step');
  const arcs = wire.rows('countdowns').filter(({ name }) => name === 'toleration');
  expect(arcs.map(({ subjectKey, dueMs, fromMs }) => [subjectKey, dueMs - fromMs])).toContainEqual([`shop/${oldPod}`, 300_000]);
  expect(nodeOf(node).taints).toEqual(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']);

  await wire.until((now) => now.rows('pods').some(({ name }) => name.startsWith('database') && name !== oldPod));
  expect(wire.clock.nowMs - droppedMs).toBe(afterMs('pods-replaced'));
  await wire.until((now) => now.rows('pods').some(({ waiting }) => waiting.startsWith('Multi-Attach error')));
  const [rope] = wire.rows('attachments');
  expect([wire.rows('attachments').length, rope?.node, rope?.state, rope?.stuck]).toEqual([1, node, 'attached', true]);
  const fresh = wire.rows('pods').find(({ name }) => name.startsWith('database') && name !== oldPod);
  expect(fresh?.node).not.toBe(node);
  await clickPod(page, fresh?.node ?? '', /^Pod database/);
  await expect.poll(() => page.getByTestId('inspector-name').textContent()).toBe(fresh?.name);
  const complaint = `Multi-Attach error for volume "${rope?.volume}" Volume is already used by pod(s) ${oldPod}`;
  await page.getByTestId('inspector').getByText(complaint).first().waitFor();

  await drop(page.getByTestId(`lying-${node}`), topology());
  await wire.until((now) => shopIsReady(now) && nodeOf(node).ready === 'True');
  expect(wire.rows('pods').map(({ name }) => name)).not.toContain(oldPod);
  expect(wire.rows('attachments').map(({ node: to, state, stuck }) => [to, state, stuck])).toEqual([[fresh?.node, 'attached', false]]);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByTestId('count-ready').textContent()).toBe('15');
  expect(await page.getByTestId('nodes-ready').textContent()).toBe('10 of 10 Ready');
});

test('the same by the keyboard alone: the actions of a node, the foresight, a yes; and its healing', async () => {
  const { node } = podOf(wire, 'database');
  /** What has been opened takes the focus a moment after it can be seen. */
  const takesFocus = (opened: Locator) => expect.poll(() => opened.evaluate((one) => one.contains(document.activeElement))).toBe(true);
  const choose = async (item: string): Promise<void> => {
    await walkTo(page, new RegExp(`^Node ${node},`));
    await page.keyboard.press('m');
    const entry = page.getByRole('menuitem', { name: item, exact: true });
    await entry.waitFor();
    await takesFocus(page.getByRole('menu'));
    const chosen = () => entry.evaluate((element) => element === document.activeElement);
    for (let presses = 0; !(await chosen()); presses += 1) {
      expect(presses).toBeLessThan(20);
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
  };
  await choose('Power off');
  const dialog = page.getByRole('dialog', { name: `Power off: ${node}` });
  await dialog.getByText(`${node}: Ready becomes Unknown`).waitFor();
  expect(wire.rows('failures')).toEqual([]);
  await takesFocus(dialog);
  const yes = dialog.getByRole('button', { name: 'Power off now' });
  for (let tabs = 0; !(await yes.evaluate((element) => element === document.activeElement)); tabs += 1) {
    expect(tabs).toBeLessThan(10);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await wire.sees(() => !nodeOf(node).powered);
  await expect.poll(() => page.getByTestId('spoken').textContent()).toBe(`Power off: ${node}. The failure is in force.`);
  while (nodeOf(node).ready === 'True') {
    const frame = wire.frame();
    await page.keyboard.press('n');
    await frame;
  }
  await choose('Heal: Power off');
  await wire.sees(() => nodeOf(node).powered);
  await wire.until((now) => shopIsReady(now) && nodeOf(node).ready === 'True');
  expect(wire.rows('failures')).toEqual([]);
});

test('a zone dragged out takes its three workers, and back they come; Escape on the way changes nothing', async () => {
  const workers = ['worker-7', 'worker-8', 'worker-9'];
  await drag(page, zoneItem(page, 'zone-c'), tray('powered-off'));
  await page.getByTestId('foresight').getByText('3 nodes: Ready becomes Unknown').waitFor();
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.getByTestId('foresight').waitFor({ state: 'detached' });
  expect([wire.rows('failures'), workers.map((name) => nodeOf(name).powered)]).toEqual([[], [true, true, true]]);

  await drop(zoneItem(page, 'zone-c'), tray('powered-off'));
  await wire.until(() => workers.every((name) => isUnknown(name)()));
  expect(
    wire
      .rows('nodes')
      .filter(({ powered }) => !powered)
      .map(({ name }) => name),
  ).toEqual(workers);
  await expect.poll(() => page.getByTestId('nodes-ready').textContent()).toBe('7 of 10 Ready');
  await drag(page, page.getByTestId('lying-zone-c'), topology());
  // The next key is for the window: Space on the card in the hand would heal it once more.
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await page.mouse.up();
  await wire.until((now) => shopIsReady(now) && now.rows('nodes').every(({ ready, powered }) => ready === 'True' && powered));
});

test.each([
  ['network-cut', 'node-network-cut', 'The machine is cut off from the network.'],
  ['kubelet-stopped', 'kubelet-stop', 'The kubelet is stopped.'],
] as const)('a worker in the tray "%s" goes silent, and its containers go on', async (place, failure, said) => {
  const { name, node } = podOf(wire, 'database');
  await drop(nodeItem(page, node), tray(place));
  expect(wire.rows('failures').map((record) => [record.failure, record.target])).toEqual([[failure, node]]);
  const { powered, linkCut, kubeletRunning } = nodeOf(node);
  expect([powered, linkCut, kubeletRunning]).toEqual([true, place === 'network-cut', place !== 'kubelet-stopped']);
  await wire.until(isUnknown(node));
  await expect.poll(() => tipOn(node)).toContain(said);
  await drop(page.getByTestId(`lying-${node}`), topology());
  await wire.until((now) => shopIsReady(now) && nodeOf(node).ready === 'True');
  // The same pod as before, never restarted: only the word of it was missing.
  const pod = wire.rows('pods').find((record) => record.name === name);
  expect([pod?.node, pod?.restarts]).toEqual([node, 0]);
});
