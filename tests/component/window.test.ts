// The whole window over a played pipe: what a person can do, and what is asked of the lab for it.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import type { Frame } from '../../src-main/contract/view.ts';
import { KEY_GROUPS } from '../../src-renderer/app/actions.ts';
import App from '../../src-renderer/app/app.svelte';
import { pod } from '../../src-renderer/gallery/make-records.ts';
import { createLabClient } from '../../src-renderer/link/lab-client.ts';
import { Lab } from '../../src-renderer/stores/lab.svelte.ts';
import { language } from '../../src-renderer/stores/language.svelte.ts';
import { livesToSee } from '../../src-renderer/views/lifecycle/lives-to-see.ts';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import { deadNodeFrame, put, shopFrame } from '../support/sample-world.ts';

beforeEach(() => {
  localStorage.clear();
  language.name = 'en';
});

interface Opened {
  readonly fake: FakeLab;
  readonly lab: Lab;
  /** What was asked, without the questions every window asks by itself. */
  asked(): string[];
}

async function open(frames: readonly Frame[] = [shopFrame()], answers: Parameters<typeof fakeLab>[1] = {}): Promise<Opened> {
  const fake = fakeLab(frames, answers);
  const lab = new Lab(createLabClient(fake.pipe));
  render(App, { props: { lab } });
  await waitFor(() => expect(lab.cluster.ready).toBe(true));
  const asked = (): string[] =>
    fake.asked.filter(({ method }) => method !== 'usage.read').map(({ method, params }) => `${method} ${JSON.stringify(params)}`);
  return { fake, lab, asked };
}

function key(name: string, target: Element = document.body): void {
  void fireEvent.keyDown(target, { key: name });
}

test('the counts of pods by state are the legend, and follow the cluster', async () => {
  const { fake } = await open();
  expect(screen.getByTestId('count-ready')).toHaveTextContent('10');
  expect(screen.getByTestId('nodes-ready')).toHaveTextContent('10 of 10 Ready');
  fake.push({ ...deadNodeFrame(), delta: { pods: put([pod('a', 'worker-1', 'back-off'), pod('b', '', 'unscheduled')]) } });
  await waitFor(() => expect(screen.getByTestId('count-back-off')).toHaveTextContent('1'));
  expect(screen.getByTestId('count-unscheduled')).toHaveTextContent('1');
});

test('time: play, step, next and speed by key', async () => {
  const { asked } = await open();
  for (const name of [' ', '.', 'n', '+', '-']) key(name);
  expect(asked()).toEqual(['clock.play {}', 'clock.step {}', 'clock.next {}', 'clock.speed {"speed":120}', 'clock.speed {"speed":30}']);
});

test('what a key changes where no focus lies is said', async () => {
  const { fake, lab } = await open();
  const { record } = lab.clock;
  const heard = async (says: string): Promise<void> => {
    await waitFor(() => expect(screen.getByTestId('spoken')).toHaveTextContent(says));
  };
  key('2');
  await heard('Storage shown.');
  key('t');
  await heard(/Theme: (Light|Dark)\./.exec(screen.getByTestId('spoken').textContent ?? '')?.[0] ?? 'Theme: ');
  const push = (changes: Partial<typeof record>): void => fake.push({ clock: { ...record, ...changes }, delta: {} });
  push({ playing: !record.playing });
  await heard(record.playing ? 'Time stands still at 0:05:12.' : 'Time runs at × 60.');
  push({ playing: false, nowMs: record.nowMs + 1000 });
  await heard('Time stands still at 0:05:13.');
  push({ playing: false, nowMs: record.nowMs + 1000, speed: 600 });
  await heard('Speed: × 600.');
  push({ playing: true, nowMs: record.nowMs + 1000, speed: 600 });
  await heard('Time runs at × 600.');
});

test('what stands on a key is the name of a key, not a word that has a language', () => {
  const keys = KEY_GROUPS.flatMap(({ actions, own }) => [...actions, ...own].flatMap(({ shown }) => shown ?? []));
  const words = new Set(keys.flatMap((key) => key.match(/[a-z]{2,}/gi) ?? []));
  expect([...words].sort()).toEqual(['Ctrl', 'Enter', 'Esc', 'Space']);
});

test('virtual time is shown as a date, a clock and a stopwatch', async () => {
  await open();
  expect(screen.getByTestId('virtual-time')).toHaveTextContent('09:05:12');
  expect(screen.getByTestId('elapsed')).toHaveTextContent('0:05:12');
  expect(screen.getByText('2026-01-05 UTC')).toBeInTheDocument();
});

test('by keyboard alone: into a zone, a node and its pod, and select it', async () => {
  const { asked } = await open();
  const tree = screen.getByRole('tree');
  const focused = (): string | null => document.activeElement?.getAttribute('aria-label') ?? null;
  within(tree).getAllByRole('treeitem')[0]?.focus();
  const heard: (string | null)[] = [focused()];
  for (const name of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) {
    key(name, document.activeElement ?? tree);
    await waitFor(() => expect(focused()).not.toBe(heard.at(-1)));
    heard.push(focused());
  }
  expect(heard).toEqual([
    'Waiting for a node: 0 pods',
    'Node control-plane, Ready, pods: 0',
    'Zone zone-a, nodes: 3',
    'Node worker-1, Ready, pods: 1',
    'Pod frontend-7d9f8b6c5d-2xk4p, Ready, Running',
  ]);
  key('Enter', document.activeElement ?? tree);
  expect(await screen.findByTestId('inspector-name')).toHaveTextContent('frontend-7d9f8b6c5d-2xk4p');
  await waitFor(() => expect(asked()).toEqual(['object.get {"kind":"Pod","key":"default/frontend-7d9f8b6c5d-2xk4p"}']));
});

test('a failure by keyboard shows its prediction first and happens after a yes', async () => {
  const { lab, asked } = await open();
  lab.menu.show({ kind: 'Node', key: 'worker-5' }, 10, 10);
  await fireEvent.click(await screen.findByRole('menuitem', { name: 'Power off' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('Power off: worker-5');
  const steps = await within(dialog).findByTestId('foresight');
  expect(
    within(steps)
      .getAllByRole('listitem')
      .map((item) => item.textContent?.replace(/\s+/g, ' ').trim()),
  ).toEqual([
    '46 s worker-5: Ready becomes Unknown',
    '46 s – 47 s Services send nothing to its pods any more (2 endpoints)',
    '5 m 51 s 2 pods marked for deletion (cart-1, db-1)',
    '5 m 51 s 2 replacement pods created (cart-2, db-2)',
    '5 m 56 s 1 replacement pod Ready (cart-2)',
    'within 15 m db-59cf8d9d7b-x2pld waits for its volume: Multi-Attach error for volume "pvc-3f1c9a52"',
  ]);
  expect(asked()).toEqual(['failure.predict {"failure":"node-power-off","target":"worker-5"}']);
  await fireEvent.click(within(dialog).getByTestId('confirm-failure'));
  expect(asked().at(-1)).toBe('failure.apply {"failure":"node-power-off","target":"worker-5"}');
  await waitFor(() => expect(screen.getByTestId('spoken')).toHaveTextContent('Power off: worker-5. The failure is in force.'));
});

test('who looks for a life and has selected nobody is offered some: who is not well first', async () => {
  const { lab } = await open([shopFrame(), deadNodeFrame()]);
  key('3');
  const offered = await screen.findAllByTestId('life-to-see');
  expect(offered.map((button) => button.textContent?.replace(/\s+/g, ' ').trim())).toEqual(
    livesToSee(lab.cluster).map(({ kind, key: name }) => `${kind.split('.')[0]} ${name.split('/').at(-1)}`),
  );
  expect(livesToSee(lab.cluster)[0]?.kind).toBe('Node');
  expect(new Set(livesToSee(lab.cluster).map(({ kind }) => kind)).size).toBeGreaterThan(1);
});

test('what lies in a tray is healed by its button', async () => {
  const { asked } = await open([shopFrame(), deadNodeFrame()]);
  const tray = screen.getByTestId('tray-kubelet-stopped');
  await fireEvent.click(within(tray).getByRole('button', { name: 'Heal: Stop the kubelet, worker-3' }), { detail: 0 });
  expect(asked()).toEqual(['failure.heal {"id":"3"}']);
});

test('the inspector asks again when the cluster has changed, but not at once', async () => {
  const { fake, lab, asked } = await open();
  lab.selection.select({ kind: 'Node', key: 'worker-1' });
  await waitFor(() => expect(asked()).toHaveLength(1));
  for (let at = 0; at < 5; at += 1) fake.push({ ...deadNodeFrame(), delta: { pods: put([pod(`p${at}`, 'worker-1')]) } });
  expect(asked()).toHaveLength(1);
  await waitFor(() => expect(asked()).toHaveLength(2), { timeout: 2000 });
  await waitFor(() => expect(screen.getByText('Startup probe failed: connection refused')).toBeInTheDocument());
});

test('an object that is gone is said to be gone', async () => {
  const refuse = (): never => {
    throw new Error('There is no Pod "default/x" (any more).');
  };
  const { lab } = await open([shopFrame()], { 'object.get': refuse });
  lab.selection.select({ kind: 'Pod', key: 'default/x' });
  expect(await screen.findByText('This object does not exist any more.')).toBeInTheDocument();
});

test('a refusal is told', async () => {
  const refuse = (): never => {
    throw new Error('the lab is busy');
  };
  await open([shopFrame()], { 'clock.step': refuse });
  key('.');
  expect(await screen.findByRole('alert')).toHaveTextContent('the lab is busy');
});

test('pasted manifests are applied and reported document by document', async () => {
  const { asked } = await open();
  const paste = new Event('paste', { bubbles: true });
  Object.assign(paste, { clipboardData: { files: [], getData: () => 'kind: Service' } });
  await fireEvent(window, paste);
  const report = await screen.findByTestId('report');
  expect(report).toHaveTextContent('Deployment.apps default/web');
  expect(report).toHaveTextContent('Service "web" is invalid: spec.ports: Required value');
  expect(asked()).toEqual(['manifest.apply {"files":[{"name":"pasted.yaml","text":"kind: Service"}]}']);
});

test('the language is switched without a reload', async () => {
  await open();
  language.name = 'ko';
  expect(await screen.findByText('전원 꺼짐')).toBeInTheDocument();
  expect(document.documentElement.lang).toBe('ko');
});

test('the search finds a volume by a part of its name', async () => {
  const { lab } = await open();
  key('/');
  await fireEvent.input(await screen.findByTestId('search-words'), { target: { value: 'archive-20' } });
  await waitFor(() => expect(screen.getAllByRole('option').filter((option) => option.id.startsWith('search-'))).toHaveLength(1));
  await fireEvent.keyDown(screen.getByTestId('search-words'), { key: 'Enter' });
  await waitFor(() => expect(lab.selection.selected).toEqual({ kind: 'PersistentVolume', key: 'pv-archive-2024' }));
});
