// Looking back, as the window keeps it: between the answer that a moment has been reached and the frame that shows it, one is still on the way there.
import { expect, test } from 'vitest';
import type { Frame } from '../../src-main/contract/view.ts';
import type { LabClient } from '../../src-renderer/link/lab-client.ts';
import { PastStore } from '../../src-renderer/stores/past-store.svelte.ts';

const PAST = { presentMs: 34_000, fromMs: 0 };
const frame = (past?: typeof PAST): Frame => ({ past }) as Frame;

/** A lab that answers when it is told to. */
function heldLab() {
  const asked: string[] = [];
  const steps: number[] = [];
  const answers: { resolve(): void; reject(error: Error): void }[] = [];
  const request = (method: string, { by }: { readonly by?: number }): Promise<unknown> => {
    asked.push(method);
    if (by !== undefined) steps.push(by);
    return new Promise((resolve, reject) => answers.push({ resolve: () => resolve({}), reject }));
  };
  const troubles: string[] = [];
  const past = new PastStore({ request } as unknown as LabClient, (message) => troubles.push(message));
  const settle = async (act: () => void): Promise<void> => {
    act();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { past, asked, steps, answers, troubles, settle };
}

test('who goes back to the present after the answer, before the frame, is heard', async () => {
  const { past, asked, answers, settle } = heldLab();
  past.step(-1);
  await settle(() => answers[0]?.resolve());
  expect([past.isGoing, past.shown]).toEqual([true, null]);
  past.leave();
  expect(asked).toEqual(['past.step', 'past.leave']);
  past.fold(frame());
  expect([past.isGoing, past.shown]).toEqual([false, null]);
});

test('a frame that comes on the way does not end it; the one after the answer does', async () => {
  const { past, answers, settle } = heldLab();
  past.show(1000);
  past.fold(frame());
  expect(past.isGoing).toBe(true);
  await settle(() => answers[0]?.resolve());
  past.fold(frame(PAST));
  expect([past.isGoing, past.shown]).toEqual([false, PAST]);
});

test('of the wishes that come on the way only the newest counts, and to leave ends them all', async () => {
  const { past, asked, answers, settle } = heldLab();
  past.show(1000);
  past.show(2000);
  past.step(1);
  await settle(() => answers[0]?.resolve());
  expect(asked).toEqual(['past.show', 'past.step']);
  past.leave();
  await settle(() => answers[1]?.resolve());
  expect(asked).toEqual(['past.show', 'past.step', 'past.leave']);
  past.fold(frame());
  expect(past.isGoing).toBe(false);
});

test('a refusal is told, and nobody is on the way any more', async () => {
  const { past, answers, troubles, settle } = heldLab();
  past.step(-1);
  await settle(() => answers[0]?.reject(new Error('The past of this lab is not known yet.')));
  expect([past.isGoing, troubles]).toEqual([false, ['The past of this lab is not known yet.']]);
});

test('steps wished for on the way are one wish for all of them, and there and back again is none', async () => {
  const { past, steps, answers, settle } = heldLab();
  for (let times = 0; times < 10; times += 1) past.step(-1);
  await settle(() => answers[0]?.resolve());
  expect(steps).toEqual([-1, -9]);
  past.step(1);
  past.step(-1);
  await settle(() => answers[1]?.resolve());
  past.fold(frame(PAST));
  expect([steps, past.isGoing]).toEqual([[-1, -9], false]);
});
