// The first minute of the lab: what a person finds on screen, and how pods become Ready there.
import { expect, test } from 'vitest';
import { openLab } from '../support/browser-lab.ts';
import { begin, clickPod, nodeItem, openPausedLab, podOf, shopIsReady } from './paused-lab.ts';

test('the lab opens playing: Kubernetes 1.33, three zones with three workers each, and a control plane', async () => {
  const { page, troubles, close } = await openLab();
  const tree = page.getByRole('tree', { name: 'Cluster: zones, nodes and pods' });
  await tree.getByRole('treeitem', { name: /^Zone zone-c, nodes: 3$/ }).waitFor();
  const items = await tree.getByRole('treeitem').evaluateAll((all) => all.map((item) => item.getAttribute('aria-label') ?? ''));
  const places = items.map((label) => /^(Zone|Node) ([^,]+)/.exec(label)?.slice(1).join(' ')).filter((place) => place !== undefined);
  const zone = (name: string, first: number): string[] => [`Zone ${name}`, ...[0, 1, 2].map((more) => `Node worker-${first + more}`)];
  expect(places).toEqual(['Node control-plane', ...zone('zone-a', 1), ...zone('zone-b', 4), ...zone('zone-c', 7)]);
  expect(await page.getByRole('banner').innerText()).toContain('Kubernetes 1.33');
  expect(await page.getByTestId('scenario').textContent()).toBe('web-shop');
  expect(await page.title()).toBe('Orrery – web-shop');
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  const early = await page.getByTestId('elapsed').textContent();
  await expect.poll(() => page.getByTestId('elapsed').textContent()).not.toBe(early);
  expect(troubles).toEqual([]);
  await close();
});

test('pods go from Pending to Ready as they do in Kubernetes, and the window shows it', async () => {
  const lab = await openPausedLab();
  await begin(lab);
  const { page, wire, troubles, close } = lab;
  const looks = new Map<string, string[]>();
  /** Of the database and its volume. */
  const story: string[] = [];
  const note = (list: string[], state: string): void => void (list.at(-1) !== state && list.push(state));
  await wire.until((now) => {
    for (const { name, look, status, readyContainers } of now.rows('pods')) {
      const list = looks.get(name) ?? [];
      looks.set(name, list);
      note(list, `${look} ${status} ${readyContainers}/1`);
    }
    const [claim] = now.rows('claims');
    const [rope] = now.rows('attachments');
    note(story, [`claim ${claim?.phase}`, ...(rope ? [rope.state] : []), looks.get(podOf(now, 'database').name)?.at(-1)].join(', '));
    return shopIsReady(now);
  });
  // The lab opens when most pods have found their node; each goes forward through the stages, and none is Ready without having been created.
  const stages = [
    'unscheduled Pending 0/1',
    'creating Pending 0/1',
    'creating ContainerCreating 0/1',
    'not-ready Running 0/1',
    'ready Running 1/1',
  ];
  for (const [pod, seen] of looks) expect([pod, seen]).toEqual([pod, stages.filter((stage) => seen.includes(stage))]);
  for (const seen of looks.values()) expect(seen).toEqual(expect.arrayContaining(['creating ContainerCreating 0/1', 'ready Running 1/1']));
  expect(looks.size).toBe(15);
  // The claim waits for its first consumer, the container for its rope, readiness for the probes.
  expect(story).toEqual([
    'claim Pending, unscheduled Pending 0/1',
    'claim Bound, unscheduled Pending 0/1',
    'claim Bound, creating Pending 0/1',
    'claim Bound, creating ContainerCreating 0/1',
    'claim Bound, attaching, creating ContainerCreating 0/1',
    'claim Bound, attached, creating ContainerCreating 0/1',
    'claim Bound, attached, not-ready Running 0/1',
    'claim Bound, attached, ready Running 1/1',
  ]);

  await expect.poll(() => page.getByTestId('count-ready').textContent()).toBe('15');
  expect(await page.getByTestId('nodes-ready').textContent()).toBe('10 of 10 Ready');
  const { name, node } = podOf(wire, 'database');
  expect(await nodeItem(page, node).getAttribute('aria-label')).toBe(`Node ${node}, Ready, pods: 1`);
  await clickPod(page, node, /^Pod database/);
  await expect.poll(() => page.getByTestId('inspector-name').textContent()).toBe(name);
  const told = await wire.request('object.get', { kind: 'Pod', key: `shop/${name}` });
  const reasons = [...told.events].sort((one, other) => one.lastMs - other.lastMs).map(({ reason }) => reason);
  expect(reasons).toEqual(['Scheduled', 'SuccessfulAttachVolume', 'Pulling', 'Pulled', 'Created', 'Started', ...reasons.slice(6)]);
  expect(new Set(reasons.slice(6))).toEqual(new Set(reasons.length > 6 ? ['Unhealthy'] : []));
  const inspector = page.getByTestId('inspector');
  for (const reason of reasons) await inspector.getByText(reason, { exact: true }).first().waitFor();
  expect(troubles).toEqual([]);
  await close();
});
