// Dialogs of the whole window over a played pipe: time stands still while one is open, and what is typed finds what is meant.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import type { Frame } from '../../src-main/contract/view.ts';
import { actionsFor } from '../../src-renderer/app/actions.ts';
import App from '../../src-renderer/app/app.svelte';
import { createLabClient } from '../../src-renderer/link/lab-client.ts';
import { Lab } from '../../src-renderer/stores/lab.svelte.ts';
import { language } from '../../src-renderer/stores/language.svelte.ts';
import { fakeLab } from '../support/fake-lab.ts';
import { deadNodeFrame, shopFrame } from '../support/sample-world.ts';

beforeEach(() => {
  localStorage.clear();
  language.name = 'en';
});

async function open(playing: boolean, ...later: readonly Frame[]) {
  const frame = shopFrame();
  const fake = fakeLab([{ ...frame, clock: { ...frame.clock, playing } }, ...later]);
  const lab = new Lab(createLabClient(fake.pipe));
  render(App, { props: { lab } });
  await waitFor(() => expect(lab.cluster.ready).toBe(true));
  const clock = (): string[] => fake.asked.map(({ method }) => method).filter((method) => method.startsWith('clock.'));
  return { lab, clock };
}

const press = (name: string, target: Element = document.body, more = {}): unknown => fireEvent.keyDown(target, { key: name, ...more });

test('time stands still while a dialog is open, and goes on when it closes', async () => {
  const { clock } = await open(true);
  press('?');
  await screen.findByRole('dialog');
  expect(clock()).toEqual(['clock.pause']);
  press('Escape', screen.getByRole('dialog'));
  await waitFor(() => expect(clock()).toEqual(['clock.pause', 'clock.play']));
});

test('a dialog out of a dialog is one pause', async () => {
  const { clock } = await open(true);
  press('k', document.body, { ctrlKey: true });
  const words = await screen.findByTestId('palette-words');
  await fireEvent.input(words, { target: { value: 'shortcuts' } });
  press('Enter', words);
  await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('Space'));
  expect(clock()).toEqual(['clock.pause']);
  press('Escape', screen.getByRole('dialog'));
  await waitFor(() => expect(clock()).toEqual(['clock.pause', 'clock.play']));
});

test('what stood still before a dialog stays so', async () => {
  const { clock } = await open(false);
  press('?');
  press('Escape', await screen.findByRole('dialog'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(clock()).toEqual([]);
});

test('a lab is begun like the one that is open, also when the hand is quicker than the lab', async () => {
  const lab = new Lab(createLabClient(fakeLab([shopFrame()]).pipe));
  render(App, { props: { lab } });
  press('w');
  expect(lab.info).toBeNull();
  await waitFor(() => expect(screen.getByTestId('new-start')).toBeEnabled());
  expect(screen.getByTestId('new-scenario')).toHaveValue('web-shop');
  expect(screen.getByTestId('new-seed')).toHaveValue('1');
  await fireEvent.change(screen.getByTestId('new-scenario'), { target: { value: 'empty' } });
  await fireEvent.input(screen.getByTestId('new-seed'), { target: { value: '7' } });
  expect(screen.getByTestId('new-scenario')).toHaveValue('empty');
  expect(screen.getByTestId('new-seed')).toHaveValue('7');
});

test('the search walks with the arrows, and selects what Enter is pressed on', async () => {
  const { lab } = await open(false);
  press('/');
  const words = await screen.findByTestId('search-words');
  await fireEvent.input(words, { target: { value: 'worker-' } });
  press('ArrowDown', words);
  expect(screen.getAllByRole('option').map((option) => option.getAttribute('aria-selected')).slice(0, 3)).toEqual(['false', 'true', 'false']); // biome-ignore format: one line
  press('Enter', words);
  await waitFor(() => expect(lab.selection.selected).toEqual({ kind: 'Node', key: 'worker-2' }));
});

test('what the search has selected is acted on by the key of actions, though nothing has the focus', async () => {
  const { lab } = await open(false);
  press('m');
  expect(lab.menu.open).toBeNull();
  press('/');
  const words = await screen.findByTestId('search-words');
  await fireEvent.input(words, { target: { value: 'worker-7' } });
  press('Enter', words);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  press('m');
  expect(await screen.findByRole('menuitem', { name: 'Power off' })).toBeVisible();
  expect(lab.menu.open?.ref).toEqual({ kind: 'Node', key: 'worker-7' });
});

test('a failure by name: what it strikes is chosen, then its prediction is shown', async () => {
  const { lab } = await open(false);
  press('k', document.body, { ctrlKey: true });
  const words = await screen.findByTestId('palette-words');
  await fireEvent.input(words, { target: { value: 'power off' } });
  press('Enter', words);
  const target = await screen.findByTestId('target-words');
  await fireEvent.input(target, { target: { value: 'worker-7' } });
  press('Enter', target);
  await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('Power off: worker-7'));
  expect(lab.aim.asked).toEqual({ failure: 'node-power-off', target: 'worker-7' });
});

test('what is broken is healed by name, and what is selected can be struck at once', async () => {
  const { lab } = await open(false, deadNodeFrame());
  const names = (text: string): string[] => actionsFor(lab, text).map(({ name }) => name);
  expect(names('heal')).toEqual(lab.cluster.list('failures').map(({ id }) => `heal.${id}`));
  expect(names('outage')).toEqual(['fail.zone-outage']);
  lab.selection.select({ kind: 'Node', key: 'worker-2' });
  expect(names('power off').filter((name) => name.startsWith('fail.'))).toEqual([
    'fail.node-power-off.worker-2',
    'fail.node-power-off',
    'fail.zone-outage',
  ]);
});

test('what is done to an object is found by both names, nothing selected', async () => {
  const { lab } = await open(false);
  press('k', document.body, { ctrlKey: true });
  const words = await screen.findByTestId('palette-words');
  await fireEvent.input(words, { target: { value: 'taint worker-7' } });
  expect(screen.getAllByRole('option').map((option) => option.textContent?.trim())).toEqual(['Taint… on Node worker-7']);
  press('Enter', words);
  await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent('worker-7'));
  expect(lab.deeds.asked?.refs).toEqual([{ kind: 'Node', key: 'worker-7' }]);
});

test('names of objects find only what can be done to them; a namespace makes them one', async () => {
  const { lab } = await open(false);
  const names = (text: string): string[] => actionsFor(lab, text).map(({ name }) => name);
  expect(names('worker-7')).toEqual([]);
  expect(names('power worker-7')).toEqual(['fail.node-power-off.worker-7']);
  expect(names('power off node worker-7')).toEqual(['fail.node-power-off.worker-7']);
  expect(names('outage zone-b')).toEqual(['fail.zone-outage.zone-b']);
  expect(names('scale worker-7')).toEqual([]);
  expect(names('taint nodes worker-7')).toEqual(['deed.taint.Node.worker-7']);
  expect(names('taint pod worker-7')).toEqual([]);
  const pod = lab.cluster.list('pods')[0];
  const key = `${pod?.namespace}/${pod?.name}`;
  expect(names(`evict ${key}`)).toEqual([`deed.evict.Pod.${key}`]);
  expect(names(`evict elsewhere/${pod?.name}`)).toEqual([]);
  lab.selection.select({ kind: 'Node', key: 'worker-7' });
  expect(names('drain worker-7')).toEqual(['deed.drain']);
});

test('in a Korean window commands are found by the words of both languages', async () => {
  const { lab } = await open(false);
  language.name = 'ko';
  const names = (text: string): string[] => actionsFor(lab, text).map(({ name }) => name);
  expect(names('power off worker-7')).toEqual(['fail.node-power-off.worker-7']);
  expect(names('전원 worker-7')).toEqual(['fail.node-power-off.worker-7']);
  expect(names('view table')).toEqual(['view.table']);
  expect(names('표')).toContain('view.table');
  expect(names('taint worker-7')).toEqual(['deed.taint.Node.worker-7']);
  expect(actionsFor(lab, 'view table').map(({ words }) => words(lab))).toEqual(['보기: 표']);
});

test('a Service is told by its type and its outer address, which go without saying for most', async () => {
  await open(false);
  const rows = within(screen.getByTestId('overview'))
    .getAllByRole('button')
    .map(({ textContent }) => textContent?.trim().split(/\s{2,}|(?<=[a-z]) (?=[A-Z\d])/));
  expect(rows).toEqual(
    expect.arrayContaining([
      ['frontend', 'LoadBalancer', '203.0.113.9'],
      ['db', 'Service', '10.96.0.41'],
    ]),
  );
});
