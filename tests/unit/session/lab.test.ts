// Windows that share one lab: what one of them asks does not end what another one asked, nor does time go on that somebody stopped.
import { afterEach, expect, test } from 'vitest';
import type { Prediction } from '../../../src-main/contract/bridge.ts';
import type { Frame } from '../../../src-main/contract/view.ts';
import { Lab } from '../../../src-main/session/lab.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';

/** A busy machine is no fault. */
const PATIENT = { timeout: 20_000 };
const labs: Lab[] = [];
afterEach(() => {
  for (const lab of labs.splice(0)) lab.close();
});

/** A lab that has stood for two minutes. */
function standing(): Lab {
  const lab = new Lab({ scenario: builtInScenario('web-shop', 1), speed: 0.1, playing: false });
  labs.push(lab);
  lab.world.cluster.advance(120_000);
  return lab;
}

/** A window on it; `seen` is what its last frame told. */
function windowOn(lab: Lab) {
  const waiting = new Map<number, (answer: { readonly ok: boolean; readonly result?: unknown; readonly error?: string }) => void>();
  const seen: { frame: Frame | undefined } = { frame: undefined };
  const session = lab.openSession((text) => {
    const message = JSON.parse(text);
    if (message.frame !== undefined) seen.frame = message.frame;
    else waiting.get(message.id)?.(message);
  });
  let asked = 0;
  const ask = (method: string, params: unknown = {}): Promise<unknown> =>
    new Promise((done, refused) => {
      asked += 1;
      waiting.set(asked, ({ ok, result, error }) => (ok ? done(result) : refused(new Error(error))));
      session.receive(JSON.stringify({ id: asked, method, params }));
    });
  return { ask, seen };
}

test('of two moments of the past that are asked for at once the later wish is shown', async () => {
  const { ask, seen } = windowOn(standing());
  await ask('clock.play');
  await Promise.all([ask('past.show', { atMs: 60_000 }), ask('past.show', { atMs: 30_000 })]);
  await expect
    .poll(() => [seen.frame?.clock.nowMs, seen.frame?.past === undefined, seen.frame?.clock.playing], PATIENT)
    .toEqual([30_000, false, false]);
  await ask('past.leave');
  await expect.poll(() => [seen.frame?.past === undefined, seen.frame?.clock.playing], PATIENT).toEqual([true, true]);
});

test('several steps of the timeline at once are as many one after the other, as far as there are steps', async () => {
  const { ask, seen } = windowOn(standing());
  await ask('past.show', { atMs: 90_000 });
  const moment = async (by: number): Promise<number> => {
    await ask('past.step', { by });
    const written = seen.frame;
    await expect.poll(() => seen.frame !== written, PATIENT).toBe(true);
    return seen.frame?.clock.nowMs ?? Number.NaN;
  };
  const back = [];
  for (let times = 0; times < 3; times += 1) back.push(await moment(-1));
  expect(back).toEqual(back.toSorted((one, other) => other - one));
  expect(await moment(2)).toBe(back[0]);
  expect(await moment(-2)).toBe(back[2]);
  const first = await moment(-100_000);
  expect(first).toBeLessThan(back[2] ?? 0);
  await ask('past.step', { by: 100_000 });
  await expect.poll(() => seen.frame?.past, PATIENT).toBe(undefined);
});

test('time that another window stops stays stopped when the one that looked back returns', async () => {
  const lab = standing();
  const [one, other] = [windowOn(lab), windowOn(lab)];
  await one.ask('clock.play');
  await one.ask('past.show', { atMs: 60_000 });
  await expect.poll(() => one.seen.frame?.past === undefined, PATIENT).toBe(false);
  await other.ask('clock.play');
  await other.ask('clock.pause');
  await one.ask('past.leave');
  await expect.poll(() => [one.seen.frame?.past === undefined, one.seen.frame?.clock.playing], PATIENT).toEqual([true, false]);
});

test('a question about the future ends an older one of its own window, and none of another', async () => {
  const lab = standing();
  const [one, other] = [windowOn(lab), windowOn(lab)];
  const question = { failure: 'node-power-off', target: 'worker-1' };
  const older = one.ask('failure.predict', { failure: 'kubelet-stop', target: 'worker-1' });
  older.catch(() => {});
  const [own, theirs] = (await Promise.all([one.ask('failure.predict', question), other.ask('failure.predict', question)])) as Prediction[];
  await expect(older).rejects.toThrow('A newer question took the place of this one.');
  expect(own?.steps[0]?.what).toBe('node-unknown');
  expect(theirs).toEqual(own);
});

test('the next thing that shows is none that shows already', () => {
  const nextAt = (isDrawn: boolean): number => {
    const { world } = standing();
    world.projection.refresh();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'nobody-acts-on-it', namespace: 'default' } };
    world.cluster.command({ type: 'apply', object });
    if (isDrawn) world.projection.refresh();
    for (const _ of world.next());
    return world.cluster.timeline.nowMs;
  };
  expect(nextAt(false)).toBe(nextAt(true));
});

test('a window hears that objects were written, also where none of its records says anything else', async () => {
  const lab = standing();
  const { ask, seen } = windowOn(lab);
  const apply = (value: number): Promise<unknown> =>
    ask('manifest.apply', {
      files: [{ name: 'a.yaml', text: `{ apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { a: "${value}" } }` }],
    });
  await apply(1);
  await expect.poll(() => seen.frame?.delta.objects?.put.some(({ name }) => name === 'a') ?? false, PATIENT).toBe(true);
  await apply(2);
  await expect.poll(() => [seen.frame?.delta, seen.frame?.written], PATIENT).toEqual([{}, true]);
  await ask('clock.speed', { speed: 1 });
  await expect.poll(() => [seen.frame?.clock.speed, seen.frame?.written], PATIENT).toEqual([1, undefined]);
});
