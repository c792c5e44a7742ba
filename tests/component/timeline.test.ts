// The timeline over a played pipe: steps in plain sentences, the rule behind one, and what choosing it does to the rest of the window.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import App from '../../src-renderer/app/app.svelte';
import { createLabClient } from '../../src-renderer/link/lab-client.ts';
import { Lab } from '../../src-renderer/stores/lab.svelte.ts';
import { language } from '../../src-renderer/stores/language.svelte.ts';
import { fakeLab } from '../support/fake-lab.ts';
import { shopSteps, timelineAnswer } from '../support/sample-steps.ts';
import { shopFrame } from '../support/sample-world.ts';

const RULE = {
  page: 'docs/concepts/architecture/nodes/#node-heartbeats',
  settings: [{ default: '50 s', setBy: 'kube-controller-manager --node-monitor-grace-period', page: 'docs/reference/node/node-status/' }],
};

beforeEach(() => {
  localStorage.clear();
  language.name = 'en';
});

async function open(): Promise<Lab> {
  const frame = { ...shopFrame(), clock: { ...shopFrame().clock, nowMs: 650_000 } };
  const fake = fakeLab([frame], { 'timeline.read': timelineAnswer, 'timeline.rules': () => ({ 'node.unknown': RULE }) });
  const lab = new Lab(createLabClient(fake.pipe));
  lab.preferences.layout = ['timeline'];
  render(App, { props: { lab } });
  await waitFor(() => expect(screen.getByTestId('timeline')).toHaveTextContent(`${shopSteps.length} steps`));
  return lab;
}

const list = (): HTMLElement => screen.getByTestId('timeline-steps');
const sentences = (): string[] =>
  within(list())
    .getAllByRole('option')
    .map((row) => row.textContent?.replace(/\s+/g, ' ').trim() ?? '');

test('each step is one plain sentence', async () => {
  await open();
  expect(sentences().slice(0, 5)).toEqual([
    '0:00:09 The kubelet of worker-5 registered its node.',
    '0:00:10 The kubelet of worker-5 reports that it can run pods: Ready is True.',
    '0:00:10 Deployment cart was created.',
    '0:00:10 ReplicaSet cart-64d7bb8c6f had fewer pods than it should, so cart-64d7bb8c6f-5vx2j was created.',
    '0:00:10 The scheduler chose worker-5 for cart-64d7bb8c6f-5vx2j.',
  ]);
});

test('words and troubles filter; the chosen step names its cause, its rule and its page, and is selected everywhere', async () => {
  const lab = await open();
  await fireEvent.input(screen.getByTestId('timeline-text'), { target: { value: 'node.unknown' } });
  await waitFor(() =>
    expect(sentences()).toEqual(['0:01:45 The node controller has not seen a lease renewal of worker-5 for 50 s: Ready becomes Unknown.']),
  );
  await fireEvent.keyDown(list(), { key: 'End' });
  const card = screen.getByTestId('timeline-step');
  await waitFor(() => expect(card).toHaveTextContent('by node-controller, because of the silence of a node'));
  expect(card).toHaveTextContent('kube-controller-manager --node-monitor-grace-period');
  expect(card).toHaveTextContent('default 50 s');
  expect(
    within(card)
      .getAllByRole('link')
      .map((link) => link.getAttribute('href')),
  ).toEqual([
    'https://kubernetes.io/docs/reference/node/node-status/',
    'https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats',
  ]);
  expect(lab.selection.selected).toEqual({ kind: 'Node', key: 'worker-5' });
});

test('only what is selected, wherever it was selected', async () => {
  const lab = await open();
  lab.selection.select({ kind: 'Pod', key: 'default/cart-64d7bb8c6f-mm8wz' });
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Only what is selected' }));
  await waitFor(() => expect(sentences()).toHaveLength(2));
  lab.selection.select({ kind: 'Node', key: 'worker-5' });
  await waitFor(() => expect(sentences().length).toBeGreaterThan(3));
});

test('in Korean too', async () => {
  await open();
  language.name = 'ko';
  await waitFor(() => expect(sentences()[0]).toBe('0:00:09 worker-5의 kubelet이 Node를 등록했습니다.'));
});
