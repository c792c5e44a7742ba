// Editing the YAML of an object: refused beside its line, offered by its fields, compared, applied; why things stand still; the inside of a container.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { LabWire } from '../support/lab-wire.ts';
import { beginReady, type PausedLab, podOf, useLab } from './paused-lab.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let lab: PausedLab;
let page: Page;
let wire: LabWire;
useLab(async (opened) => {
  lab = opened;
  ({ page, wire } = opened);
  await beginReady(lab);
  await page.evaluate(AXE);
});

/** Selects an object by its name, as a person does. */
async function find(name: string, label?: RegExp): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  const found = page
    .getByRole('option', label ? { name: label } : {})
    .filter({ hasText: name })
    .first();
  await found.waitFor();
  if (label) await found.click();
  else await page.keyboard.press('Enter');
  await page.getByTestId('inspector-name').waitFor();
}

async function edit(): Promise<Locator> {
  await page.getByTestId('edit-yaml').click();
  const editor = page.getByRole('textbox', { name: /^YAML of / });
  await editor.waitFor();
  return editor;
}

async function goToEndOf(editor: Locator, line: RegExp): Promise<void> {
  await editor.locator('.cm-line').filter({ hasText: line }).first().click();
  await page.keyboard.press('End');
}

const verdict = (): Locator => page.getByTestId('yaml-verdict');

/** What axe finds in the dialog that is open. */
async function faults(): Promise<string[]> {
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`));
}

test('a Deployment: a bad number is refused at its line, a good one compared and applied', async () => {
  await find('web', /Deployment/);
  const editor = await edit();
  await goToEndOf(editor, /^ {2}replicas: 6$/);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('-1');
  await verdict().getByText('It cannot be applied: 1 fault.').waitFor();
  await page.getByRole('button', { name: /^Line \d+: spec\.replicas: Invalid value: -1: must be greater than or equal to 0$/ }).waitFor();
  expect(await faults()).toEqual([]);
  await expect(page.getByTestId('yaml-apply').isDisabled()).resolves.toBe(true);
  await goToEndOf(editor, /^ {2}replicas: -1$/);
  for (let times = 0; times < 2; times += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('7');
  await verdict().getByText('The API server would take this change.').waitFor();
  await page.getByTestId('yaml-changes').click();
  await editor.locator('.cm-deletedChunk').filter({ hasText: 'replicas: 6' }).waitFor();
  expect(await faults()).toEqual([]);
  await page.getByTestId('yaml-apply').click();
  await page.getByText('Deployment shop/web was changed.').waitFor();
  await wire.until((now) =>
    now.rows('objects').some(({ kind, name, summary }) => kind === 'Deployment.apps' && name === 'web' && summary.startsWith('7/7')),
  );
});

test('fields are offered by their kind; what the API server writes cannot be typed into; leaving asks about what is not applied', async () => {
  await find('web', /Deployment/);
  const editor = await edit();
  await goToEndOf(editor, /^spec:$/);
  await page.keyboard.press('Enter');
  await page.keyboard.type('minR');
  await page.getByRole('option', { name: /minReadySeconds/ }).waitFor();
  expect(await faults()).toEqual([]);
  await page.keyboard.press('Enter');
  await page.keyboard.type('5');
  await editor
    .locator('.cm-line')
    .filter({ hasText: /^ {2}minReadySeconds: 5$/ })
    .waitFor();
  await verdict().getByText('The API server would take this change.').waitFor();
  await goToEndOf(editor, /^ {2}uid: /);
  await page.keyboard.type('zz');
  await expect(
    editor
      .locator('.cm-line')
      .filter({ hasText: /^ {2}uid: .*zz$/ })
      .count(),
  ).resolves.toBe(0);
  await page.keyboard.press('Escape');
  await page.getByText('Your changes are not applied.').waitFor();
  await page.getByRole('button', { name: 'Discard them' }).click();
  await editor.waitFor({ state: 'detached' });
});

const settings = (one: number, other: number): Promise<unknown> =>
  wire.act('manifest.apply', {
    files: [
      {
        name: 'settings.yaml',
        text: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\ndata: { one: "${one}", other: "${other}" }\n`,
      },
    ],
  });

test('what others write meanwhile is shown: taken over where nothing was typed, told where something was, and gone is gone', async () => {
  await settings(1, 1);
  await find('settings', /ConfigMap/);
  await page.getByTestId('inspector').getByText('other: "1"').waitFor();
  // No record of the window says anything else, and time stands still.
  await settings(1, 2);
  await page.getByTestId('inspector').getByText('other: "2"').waitFor();
  const editor = await edit();
  await settings(1, 3);
  await editor.locator('.cm-line').filter({ hasText: '  other: "3"' }).waitFor();
  await verdict().getByText('Nothing is changed yet.').waitFor();
  await goToEndOf(editor, /^ {2}one: "1"$/);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('0"');
  await verdict().getByText('The API server would take this change.').waitFor();
  await settings(1, 4);
  await verdict().getByText('It has been changed since you began.').waitFor();
  expect(await faults()).toEqual([]);
  await page.getByTestId('yaml-apply').click();
  await page.getByTestId('inspector').getByText('one: "10"').waitFor();
  await page.getByTestId('inspector').getByText('other: "4"').waitFor();
  await settings(2, 4);
  await page.keyboard.press('Control+z');
  await page.getByText('The change of ConfigMap shop/settings cannot be taken back: others have changed data.one since.').waitFor();
  await page.getByTestId('notice').getByRole('button', { name: 'Close' }).click();
  await page.getByTestId('inspector').getByText('one: "2"').waitFor();
  await edit();
  await goToEndOf(editor, /^ {2}one: "2"$/);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('0"');
  await verdict().getByText('The API server would take this change.').waitFor();
  await settings(5, 5);
  await verdict().getByText('It cannot be applied: 1 field that you changed has been changed by others since you began.').waitFor();
  await page.getByRole('button', { name: /^Line \d+: data\.one has been changed by others/ }).waitFor();
  await expect(page.getByTestId('yaml-apply').isDisabled()).resolves.toBe(true);
  await page.getByRole('button', { name: 'Begin anew with what is there now' }).click();
  await editor.locator('.cm-line').filter({ hasText: '  one: "5"' }).waitFor();
  await verdict().getByText('Nothing is changed yet.').waitFor();
  await goToEndOf(editor, /^ {2}one: "5"$/);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('0"');
  await verdict().getByText('The API server would take this change.').waitFor();
  await wire.act('object.act', { action: { do: 'delete', cascade: 'Background' }, names: [{ kind: 'ConfigMap', key: 'shop/settings' }] });
  await verdict().getByText('It does not exist any more').waitFor();
  await expect(page.getByTestId('yaml-apply').isDisabled()).resolves.toBe(true);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Discard them' }).click();
  await editor.waitFor({ state: 'detached' });
});

test('the text stays where it is while faults come and go; Escape asks, and the same key again goes on', async () => {
  await find('web', /Deployment/);
  const editor = await edit();
  const top = async (): Promise<number> => (await page.getByTestId('yaml-editor').boundingBox())?.y ?? 0;
  const before = await top();
  await goToEndOf(editor, /^ {2}replicas: /);
  await page.keyboard.type(': : [');
  await verdict().getByText('It cannot be applied: 2 faults.').waitFor();
  expect(await top()).toBe(before);
  await page.keyboard.press('Escape');
  await page.getByText('Your changes are not applied.').waitFor();
  const keep = page.getByRole('button', { name: 'Keep editing' });
  await expect.poll(() => keep.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await keep.waitFor({ state: 'detached' });
  await page.keyboard.type('x');
  await editor.locator('.cm-line').filter({ hasText: ': : [x' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Discard them' }).click();
  await editor.waitFor({ state: 'detached' });
});

const BIG = `apiVersion: v1
kind: Pod
metadata: { name: too-big, namespace: shop }
spec: { containers: [{ name: app, image: nginx, resources: { requests: { cpu: "64" } } }] }
`;

test('a pod that no node takes says why, each plugin with its nodes; a number says where it comes from', async () => {
  await wire.act('manifest.apply', { files: [{ name: 'big.yaml', text: BIG }] });
  await wire.until((now) => now.rows('pods').some(({ name, waiting }) => name === 'too-big' && waiting !== ''));
  await find('too-big');
  const why = page.getByTestId('why');
  await why.getByText('9 nodes, refused by plugin NodeResourcesFit: Insufficient cpu.').waitFor();
  await why.getByText('9: worker-1, worker-2,').waitFor();
  await why.getByRole('button', { name: '64: where does this number come from?' }).click();
  await why.getByText('Pod spec.containers[].resources.requests').waitFor();
  expect(await why.getByRole('link').getAttribute('href')).toBe(
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  );
  expect(await faults()).toEqual([]);
});

test('the inside of a container: its log and its files', async () => {
  const { name } = podOf(wire, 'database');
  await find(name);
  await page.getByTestId('look-inside').click();
  const inside = page.getByTestId('containers');
  await inside.getByText('It has written nothing.').waitFor();
  await page.getByTestId('segment-files').click();
  await inside.getByRole('button', { name: /^PG_VERSION/ }).click();
  await inside.getByText(/^written 2/).waitFor();
  expect(await faults()).toEqual([]);
});

test('a container that nobody can reach any more says so at once, also while time stands still', async () => {
  const { name, node } = podOf(wire, 'cache');
  await find(name);
  await page.getByTestId('look-inside').click();
  const inside = page.getByTestId('containers');
  await page.getByTestId('segment-log').click();
  await inside.getByTestId('container-log').waitFor();
  await wire.act('failure.apply', { failure: 'node-power-off', target: node });
  await inside.getByText(/connect: no route to host$/).waitFor();
});
