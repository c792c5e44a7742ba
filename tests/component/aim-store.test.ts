// What is foreseen while something is held, and what is taken back: stores over a lab that answers when it is told to.
import { expect, test } from 'vitest';
import type { LabClient } from '../../src-renderer/link/lab-client.ts';
import { AimStore } from '../../src-renderer/stores/aim-store.svelte.ts';
import { DeedStore } from '../../src-renderer/stores/deed-store.svelte.ts';

test('a foresight that a newer question ended is asked for again', async () => {
  const answers: { readonly done: (value: unknown) => void; readonly refused: (error: Error) => void }[] = [];
  const request = () => new Promise((done, refused) => answers.push({ done, refused }));
  const aim = new AimStore({ request } as unknown as LabClient, {} as never, {} as never);
  const first = { failure: 'node-power-off', target: 'worker-1' };
  const second = { failure: 'kubelet-stop', target: 'worker-1' };
  aim.foresee(first);
  aim.foresee(second);
  answers[0]?.refused(new Error('A newer question took the place of this one.'));
  answers[1]?.refused(new Error('nothing to strike'));
  await Promise.resolve();
  expect([aim.foresight(first), aim.foresight(second)]).toEqual([undefined, { state: 'refused', message: 'nothing to strike' }]);
  aim.foresee(first);
  expect([answers.length, aim.foresight(first)]).toEqual([3, { state: 'running' }]);
});

test('what cannot be undone in the past can be undone in the present', async () => {
  const said: string[] = [];
  let isPast = true;
  let undone = 0;
  const deeds = new DeedStore({} as LabClient, { say: (text: string) => said.push(text) } as never, () => isPast);
  deeds.remember('Cordoned worker-1', async () => {
    undone += 1;
    return true;
  });
  await deeds.undo();
  expect([undone, deeds.undos.length, said.length]).toEqual([0, 1, 1]);
  isPast = false;
  await deeds.undo();
  expect([undone, deeds.undos.length]).toEqual([1, 0]);
});
