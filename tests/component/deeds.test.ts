// What a person does to objects, over a played pipe: what is asked of the lab, what takes it back, and a drain from outside the cluster.
import { waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import type { ActionResult, DrainPlan, ObjectAction } from '../../src-main/contract/object-action.ts';
import type { Frame } from '../../src-main/contract/view.ts';
import { actionsFor } from '../../src-renderer/app/actions.ts';
import { createLabClient } from '../../src-renderer/link/lab-client.ts';
import { deedsFor } from '../../src-renderer/panels/actions/object-deeds.ts';
import { Lab } from '../../src-renderer/stores/lab.svelte.ts';
import { language } from '../../src-renderer/stores/language.svelte.ts';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import { deadNodeFrame, shopFrame } from '../support/sample-world.ts';

beforeEach(() => {
  localStorage.clear();
  language.name = 'en';
});

interface Act {
  readonly action: ObjectAction;
  readonly names: readonly { readonly kind: string; readonly key: string }[];
}

async function open(answer: (act: Act) => readonly ActionResult[]): Promise<{ lab: Lab; fake: FakeLab; acts: () => string[] }> {
  const fake = fakeLab([shopFrame()], { 'object.act': answer as (params: never) => unknown });
  const lab = new Lab(createLabClient(fake.pipe));
  await waitFor(() => expect(lab.cluster.ready).toBe(true));
  const acts = (): string[] =>
    fake.asked
      .filter(({ method }) => method === 'object.act')
      .map(({ params }) => `${(params as Act).action.do} ${(params as Act).names.map(({ key }) => key).join(' ')}`);
  return { lab, fake, acts };
}

const done =
  (undo: ObjectAction | null) =>
  ({ names }: Act): readonly ActionResult[] =>
    names.map((name) => ({ ...name, refused: '', code: 200, undo }));
const node = (key: string): { kind: string; key: string } => ({ kind: 'Node', key });

test('what is done can be taken back, the last first; what cannot leaves no trace', async () => {
  const { lab, acts } = await open((act) => done(act.action.do === 'cordon' ? { do: 'uncordon' } : null)(act));
  await lab.deeds.act({ do: 'cordon' }, [node('worker-1'), node('worker-2')]);
  await lab.deeds.act({ do: 'restart' }, [{ kind: 'Deployment.apps', key: 'default/web' }]);
  expect(lab.notices.list.map(({ text, action }) => [text, action?.label ?? ''])).toEqual([['Restarted: default/web', '']]);
  await lab.deeds.undo();
  await lab.deeds.undo();
  expect(acts()).toEqual(['cordon worker-1 worker-2', 'restart default/web', 'uncordon worker-1 worker-2']);
  expect(lab.notices.list.map(({ text }) => text)).toEqual(['There is nothing to undo.']);
});

test('a failure that was healed begins again; to take its beginning back is no healing by hand', async () => {
  const fake = fakeLab([shopFrame(), deadNodeFrame()]);
  const lab = new Lab(createLabClient(fake.pipe));
  await waitFor(() => expect(lab.cluster.list('failures').length).toBeGreaterThan(0));
  const asked = (): string[] =>
    fake.asked.filter(({ method }) => method.startsWith('failure.')).map(({ method, params }) => `${method} ${JSON.stringify(params)}`);
  const [failure] = lab.cluster.list('failures');
  await lab.heal(failure?.id ?? '');
  await lab.deeds.undo();
  expect(asked()).toEqual([
    `failure.heal {"id":"${failure?.id}"}`,
    `failure.apply {"failure":"${failure?.failure}","target":"${failure?.target}"}`,
  ]);
  await lab.applyFailure('node-power-off', 'worker-1');
  await lab.deeds.undo();
  expect(asked().at(-1)).toBe('failure.heal {"id":"9"}');
  expect(lab.deeds.undos).toEqual([]);
});

test('a moved pod goes back; while the old one is still ending, the one that will be made is as it was', async () => {
  let later: { uid: string; manifest: string } | null = null;
  const fake = fakeLab([shopFrame()], {
    'pod.move': ({ key }: { key: string }) => ({ refused: '', key: later ? key : `${key}-new`, later, before: later ? 'kind: Pod' : '' }),
    'pod.moveBack': () => ({ refused: '', key: '', later: null, before: '' }),
    'object.act': () => [],
  });
  const lab = new Lab(createLabClient(fake.pipe));
  await waitFor(() => expect(lab.cluster.ready).toBe(true));
  await lab.places.move('default/web-1', 'worker-2');
  await lab.deeds.undo();
  expect(fake.asked.at(-1)).toMatchObject({ method: 'pod.moveBack', params: { key: 'default/web-1-new', manifest: '' } });
  const [old] = lab.cluster.list('pods');
  later = { uid: old?.id ?? '', manifest: 'pinned' };
  await lab.places.move('default/lone', 'worker-2');
  await lab.deeds.undo();
  fake.push({ clock: shopFrame().clock, delta: { pods: { put: [], remove: [old?.id ?? ''] } } });
  await waitFor(() =>
    expect(fake.asked.at(-1)).toMatchObject({ method: 'object.act', params: { action: { do: 'create', manifest: 'kind: Pod' } } }),
  );
});

test('what is suspended goes on again, what is not is suspended; a Deployment is paused', async () => {
  const { lab, fake } = await open(done(null));
  const object = (kind: string, suspended: boolean) => ({
    id: kind,
    kind,
    namespace: 'default',
    name: 'one',
    summary: '',
    simulated: true,
    ...(suspended ? { suspended: true as const } : {}),
  });
  const KINDS = ['Job.batch', 'CronJob.batch', 'Deployment.apps'];
  const offered = (): string[] =>
    KINDS.map((kind) =>
      deedsFor(lab, [{ kind, key: 'default/one' }])
        .map(({ name }) => name)
        .filter((name) => ['suspend', 'resume', 'pause', 'unpause', 'trigger'].includes(name))
        .join(' '),
    );
  const told = async (suspended: boolean): Promise<void> => {
    const put = KINDS.map((kind) => object(kind, suspended));
    fake.push({ clock: shopFrame().clock, delta: { objects: { put, remove: [] } } });
    await waitFor(() => expect(lab.cluster.table('objects').get('Job.batch')?.suspended ?? false).toBe(suspended));
  };
  await told(false);
  expect(offered()).toEqual(['suspend', 'trigger suspend', 'pause']);
  await told(true);
  expect(offered()).toEqual(['resume', 'trigger resume', 'unpause']);
});

test('refusals are told, each once; what was not refused counts as done', async () => {
  const { lab } = await open(({ names }) =>
    names.map((name, index) => ({ ...name, refused: index === 0 ? '' : 'not allowed', code: index === 0 ? 200 : 403, undo: null })),
  );
  await lab.deeds.act(
    { do: 'evict' },
    ['default/a', 'default/b', 'default/c'].map((key) => ({ kind: 'Pod', key })),
  );
  expect(lab.notices.list.map(({ kind, text }) => `${kind}: ${text}`)).toEqual(['trouble: not allowed', 'plain: Evicted: default/a']);
});

test('a drain cordons, evicts, asks again after five seconds for what was put off, and ends when all pods are gone', async () => {
  let refuses = true;
  const { lab, fake, acts } = await open((act) =>
    act.names.map((name) => {
      const isPutOff = act.action.do === 'evict' && refuses && name.key.endsWith('-2');
      return { ...name, refused: isPutOff ? 'Cannot evict pod' : '', code: isPutOff ? 429 : 201, undo: null };
    }),
  );
  const [one, two] = lab.cluster.list('pods');
  if (!one || !two) throw new Error('the sample world has pods');
  const evict = [
    { id: one.id, key: 'default/pod-1' },
    { id: two.id, key: 'default/pod-2' },
  ];
  const plan: DrainPlan = { evict, skipped: [], blocked: [] };
  const { nowMs } = lab.clock.record;
  await lab.drains.start(['worker-1'], plan, nowMs);
  const told = (): string => lab.drains.drains.map(({ total, left, putOff }) => `${left} of ${total}, ${putOff} put off`).join();
  expect(told()).toBe('2 of 2, 1 put off');
  const frame = (atMs: number, gone: readonly string[]): Frame => ({
    clock: { ...lab.clock.record, nowMs: atMs },
    delta: { pods: { put: [], remove: gone } },
  });
  fake.push(frame(nowMs + 4000, [one.id]));
  await waitFor(() => expect(told()).toBe('1 of 2, 1 put off'));
  refuses = false;
  fake.push(frame(nowMs + 5000, []));
  await waitFor(() => expect(told()).toBe('1 of 2, 0 put off'));
  fake.push(frame(nowMs + 9000, [two.id]));
  await waitFor(() => expect(told()).toBe('0 of 2, 0 put off'));
  expect(acts()).toEqual(['cordon worker-1', 'evict default/pod-1 default/pod-2', 'evict default/pod-2']);
});

test('an action is offered where it can be done', async () => {
  const { lab } = await open(done(null));
  const offered = (...refs: { kind: string; key: string }[]): string => deedsFor(lab, refs).map(({ name }) => name).join(' '); // biome-ignore format: one line
  expect(offered(node('worker-1'))).toBe('inspect edit cordon drain taint delete');
  expect(offered(node('worker-1'), node('worker-2'))).toBe('cordon drain taint delete');
  expect(offered({ kind: 'Deployment.apps', key: 'default/web' })).toBe('inspect edit scale restart rollback autoscale delete');
  expect(offered({ kind: 'Zone', key: 'zone-a' })).toBe('group');
  expect(offered({ kind: 'Zone', key: '' })).toBe('');
  expect(offered({ kind: 'Service', key: 'default/web' })).toBe('inspect edit load delete');
  const names = (text: string): string => actionsFor(lab, text).map(({ name }) => name).join(' '); // biome-ignore format: one line
  expect(names('drain')).toBe('');
  lab.selection.select(node('worker-1'));
  expect(names('drain')).toBe('deed.drain');
  expect(names('view table')).toBe('view.table');
});
