// A click on anything shows what it is: summary, conditions, events, relations and its YAML, in both views.
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { LabWire } from '../support/lab-wire.ts';
import { beginReady, clickPod, nodeItem, type PausedLab, podOf, useLab, walkTo } from './paused-lab.ts';

let lab: PausedLab;
let page: Page;
let wire: LabWire;
useLab(async (opened) => {
  lab = opened;
  ({ page, wire } = opened);
  await beginReady(lab);
});

interface Shown {
  readonly summary: string;
  readonly conditions: string;
  readonly events: string;
  readonly related: string;
  readonly object: { readonly kind: string; readonly metadata: { readonly name: string }; readonly spec: Record<string, unknown> };
}

/** What the inspector shows of the object with this name, by the headings that a person reads. */
async function shown(name: string): Promise<Shown> {
  const inspector = page.getByTestId('inspector');
  await inspector
    .getByTestId('inspector-name')
    .and(page.getByText(name, { exact: true }))
    .waitFor();
  const yaml = inspector.getByRole('region', { name: 'YAML' });
  await yaml.waitFor();
  const part = async (heading: string): Promise<string> => {
    const section = inspector.locator('section').filter({ has: page.getByRole('heading', { name: heading, exact: true }) });
    return (await section.count()) === 0 ? '' : (await section.innerText()).replaceAll(/\s+/g, ' ');
  };
  return {
    summary: (await inspector.getByRole('region', { name: 'Summary' }).innerText()).replaceAll(/\s+/g, ' '),
    conditions: await part('Conditions'),
    events: await part('Events'),
    related: await part('Related'),
    object: parse(await yaml.innerText()) as Shown['object'],
  };
}

async function clickMiddle(place: Locator): Promise<void> {
  const box = await place.boundingBox();
  if (!box) throw new Error('not on screen');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

const storageItem = (name: string): Locator => page.getByRole('option', { name, exact: true });

test('what the keyboard comes to is told beside it as what the pointer comes to, until the inspector tells more', async () => {
  const tip = page.getByTestId('tip');
  const { node } = podOf(wire, 'database');
  await walkTo(page, new RegExp(`^Node ${node},`));
  await expect.poll(() => tip.innerText()).toMatch(new RegExp(`^${node}\\s+Ready\\s`));
  await page.keyboard.press('ArrowRight');
  await walkTo(page, /^Pod database/);
  await expect.poll(() => tip.innerText()).toMatch(/^database-\S+\s+Ready · Running\s/);
  await page.keyboard.press('Enter');
  await page.getByTestId('inspector-name').waitFor();
  await tip.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('2');
  await page.getByRole('listbox').locator('[tabindex="0"]').focus();
  await page.keyboard.press('End');
  const last = await page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split(' ').at(-1));
  await expect.poll(async () => (await tip.innerText()).split('\n')[0]).toBe(last);
  await page.keyboard.press('Home');
  await page.keyboard.press('1');
});

test('a pod: its node and address, five conditions, its events from Scheduled to Started, its claim', async () => {
  const { name, node } = podOf(wire, 'database');
  await clickPod(page, node, /^Pod database/);
  const { summary, conditions, events, related, object } = await shown(name);
  expect(summary).toContain(node);
  expect(summary).toMatch(/10\.244\.\d+\.\d+/);
  for (const type of ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'])
    expect(conditions).toContain(`${type} True`);
  for (const reason of ['Scheduled', 'SuccessfulAttachVolume', 'Pulling', 'Pulled', 'Created', 'Started']) expect(events).toContain(reason);
  expect(related).toContain('PersistentVolumeClaim shop/database');
  expect([object.kind, object.metadata.name, object.spec['nodeName']]).toEqual(['Pod', name, node]);
});

test('a node: its conditions and its pods', async () => {
  const { name, node } = podOf(wire, 'database');
  const box = await nodeItem(page, node).boundingBox();
  await page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 14);
  const { summary, conditions, related, object } = await shown(node);
  expect(summary).toContain('Ready');
  for (const condition of ['MemoryPressure False', 'DiskPressure False', 'PIDPressure False', 'Ready True'])
    expect(conditions).toContain(condition);
  expect(conditions).toContain('KubeletReady: kubelet is posting ready status');
  expect(related).toContain(`Pod shop/${name}`);
  expect([object.kind, object.metadata.name]).toEqual(['Node', node]);
});

test('a claim, its volume and its class in the storage view; from one to the other by a click', async () => {
  await page.keyboard.press('2');
  const [volume] = wire.rows('volumes');
  if (!volume) throw new Error('no volume');
  await storageItem('PersistentVolumeClaim shop/database').waitFor();
  await clickMiddle(storageItem('PersistentVolumeClaim shop/database'));
  const claim = await shown('database');
  expect(claim.summary).toContain('Bound');
  expect(claim.events).toContain('ProvisioningSucceeded');
  expect(claim.object).toMatchObject({ kind: 'PersistentVolumeClaim', spec: { volumeName: volume.name, storageClassName: 'standard' } });

  await page
    .getByTestId('inspector')
    .getByRole('button', { name: `volume PersistentVolume ${volume.name}` })
    .click();
  const bound = await shown(volume.name);
  expect(bound.summary).toContain('Bound');
  expect(bound.object).toMatchObject({ kind: 'PersistentVolume', spec: { claimRef: { name: 'database', namespace: 'shop' } } });

  await clickMiddle(storageItem('StorageClass standard'));
  expect((await shown('standard')).object).toMatchObject({ kind: 'StorageClass', volumeBindingMode: 'WaitForFirstConsumer' });
  await page.keyboard.press('1');
});

test('a workload from the list and an object from the search; an object that is deleted is said to be gone', async () => {
  await page.keyboard.press('Escape');
  await page
    .getByTestId('overview')
    .getByRole('button', { name: /^web Deployment/ })
    .click();
  const deployment = await shown('web');
  expect(deployment.conditions).toContain('Available True');
  expect(deployment.related).toContain('ReplicaSet shop/web-');

  const { name } = podOf(wire, 'cache');
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  expect((await shown(name)).object.kind).toBe('Pod');
  await page.getByTestId('inspector').getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByTestId('confirm-delete').click();
  await wire.until((now) => !now.rows('pods').some((pod) => pod.name === name));
  await page.getByText('This object does not exist any more.').waitFor();
});
