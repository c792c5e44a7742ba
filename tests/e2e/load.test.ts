// An autoscaler shown by hand: load on a Service from its inspector, more pods, less load, and all of it taken back.
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { LabWire } from '../support/lab-wire.ts';
import { begin, type PausedLab, useLab } from './paused-lab.ts';

const PHP_APACHE = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: php-apache }
spec:
  selector: { matchLabels: { run: php-apache } }
  template:
    metadata: { labels: { run: php-apache } }
    spec:
      containers:
        - name: php-apache
          image: registry.k8s.io/hpa-example
          ports: [{ containerPort: 80 }]
          resources: { limits: { cpu: 500m }, requests: { cpu: 200m } }
---
apiVersion: v1
kind: Service
metadata: { name: php-apache }
spec: { selector: { run: php-apache }, ports: [{ port: 80 }] }
`;

let page: Page;
let wire: LabWire;
useLab((lab: PausedLab) => ({ page, wire } = lab));

const command = async (words: string): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type(words);
  await page
    .getByRole('option', { name: new RegExp(words.split(' ').at(-1) ?? '') })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
};
const pods = (now: LabWire): number => now.rows('pods').filter(({ name }) => name.startsWith('php-apache')).length;
const load = (): readonly unknown[] => wire.rows('loads').map(({ id, requestsPerSecond }) => [id, requestsPerSecond]);

beforeAll(async () => {
  await begin({ page, wire } as PausedLab, 'empty');
  await wire.act('manifest.apply', { files: [{ name: 'php-apache.yaml', text: PHP_APACHE }] });
  await wire.until((now) => now.rows('pods').some(({ name, look }) => name.startsWith('php-apache') && look === 'ready'));
});

test('php-apache with an autoscaler and load, all by hand', async () => {
  await page
    .getByTestId('overview')
    .getByRole('button', { name: /php-apache.*Deployment/ })
    .click();
  await command('autoscale');
  await page.getByTestId('autoscale-cpu').fill('50');
  await page.getByTestId('confirm-autoscale').click();
  await wire.sees((now) => now.rows('objects').some(({ kind }) => kind === 'HorizontalPodAutoscaler.autoscaling'));

  await page.keyboard.press('Escape');
  await command('load default/php-apache');
  await page.getByTestId('load').fill('100');
  await page.keyboard.press('Enter');
  await wire.sees((now) => now.rows('loads').length === 1);
  expect(load()).toEqual([['default/php-apache', 100]]);
  await page.getByTestId('load-default/php-apache').and(page.getByText('100/s')).waitFor();

  await wire.until((now) => pods(now) > 3);
  await page.getByTestId('overview').getByRole('button', { name: 'default/php-apache', exact: true }).click();
  await page.getByTestId('service-load').getByText('Requests come from outside: 100 a second.').waitFor();
  await page.getByTestId('end-load').click();
  await wire.sees((now) => now.rows('loads').length === 0);
  // The window has heard of it, too: now there is something to be taken back.
  await page.getByText('No more load on default/php-apache').waitFor();
  await page.keyboard.press('Control+z');
  await wire.sees((now) => now.rows('loads').length === 1);
  expect(load()).toEqual([['default/php-apache', 100]]);
});

test('what a pod uses, in the inspector and in the table', async () => {
  const busy = wire.rows('pods').find(({ name }) => name.startsWith('php-apache'));
  await page.keyboard.press('5');
  await page.getByTestId('table-usage').click();
  await page.getByRole('columnheader', { name: 'CPU(cores)' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: busy?.name ?? '' });
  await expect.poll(() => row.innerText()).toMatch(/\d+m[\s\S]*\d+Mi/);
  // By what is used: the most first, however far down the names put them.
  const memory = page.getByRole('columnheader', { name: 'MEMORY(bytes)' });
  const amounts = async (): Promise<readonly number[]> => {
    const texts = await page.getByRole('rowgroup').getByRole('row').allInnerTexts();
    return texts.map((text) => Number(/(\d+)Mi/.exec(text)?.[1] ?? -1));
  };
  await memory.getByRole('button').click();
  await expect.poll(async () => (await amounts()).toSorted((one, other) => other - one)).toEqual(await amounts());
  expect(await memory.getAttribute('aria-sort')).toBe('descending');
  await row.click();
  await expect.poll(() => page.getByTestId('usage').innerText()).toMatch(/used \d+m · asked 200m · limit 500m/);
  await page.keyboard.press('1');
});

test('a node group for the autoscaler of machines: set, seen, changed and taken away', async () => {
  await page.keyboard.press('Escape');
  await page.getByTestId('new-group').click();
  await page.getByTestId('group-name').fill('pool-a');
  await page.getByTestId('group-max').fill('5');
  await page.getByTestId('group-pods').fill('30');
  await page.getByTestId('confirm-group').click();
  await page.getByTestId('group-pool-a').getByText('zone-a · 3 of 3–5').waitFor();
  expect(wire.rows('groups').map(({ pods: capacity }) => capacity)).toEqual(['30']);
  await command('remove node group pool-a');
  await wire.sees((now) => now.rows('groups').length === 0);
  await page.getByText('Node group pool-a is removed').waitFor();
  await page.keyboard.press('Control+z');
  await page.getByTestId('group-pool-a').getByText('zone-a · 3 of 3–5').waitFor();
});

test('an add-on is stopped and runs again, by one switch', async () => {
  const add = page.getByTestId('add-on-cluster-autoscaler');
  expect(await add.isChecked()).toBe(true);
  await add.click();
  await wire.sees((now) => now.rows('failures').some(({ target }) => target === 'cluster-autoscaler'));
  await page.getByText('Stop the process · cluster-autoscaler').waitFor();
  await add.click();
  await wire.sees((now) => now.rows('failures').length === 0);
  expect(await add.isChecked()).toBe(true);
});

test('every control of the top bar says its key', async () => {
  for (const [control, words] of [
    ['search', '/'],
    ['palette', 'Ctrl+K'],
    ['new', 'W'],
    ['open', 'O'],
    ['export', 'S'],
    ['theme', 'T'],
    ['language', 'L'],
    ['door-button', 'D'],
    ['help', '?'],
    ['beside', 'B'],
    ['segment-storage', '2'],
  ] as const) {
    await page.getByTestId(control).hover();
    await page
      .locator('.tip kbd')
      .and(page.getByText(words, { exact: true }))
      .waitFor();
  }
  expect(await page.getByTestId('palette').innerHTML()).not.toBe(await page.getByTestId('door-button').innerHTML());
});
