// The past is lived again, not remembered: whatever moment is asked for, in whatever order, the world is to the byte what it was.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TableName, ViewDelta } from '../../../../src-main/contract/view.ts';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { inSlices } from '../../../../src-main/session/in-slices.ts';
import { LookBack } from '../../../../src-main/session/past/look-back.ts';
import { relive } from '../../../../src-main/session/past/relive.ts';
import { WindowSight } from '../../../../src-main/session/past/window-sight.ts';
import { TABLE_NAMES } from '../../../../src-main/session/projection/table-set.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';
import { openSnapshot, packSnapshot } from '../../../../src-main/session/snapshot-file.ts';
import { type Sight, World } from '../../../../src-main/session/world.ts';

const textOf = (cluster: Cluster): string => JSON.stringify(cluster.save());

interface Story {
  readonly world: World;
  readonly lookBack: LookBack;
  /** The world as text, by moment. */
  readonly was: ReadonlyMap<number, string>;
}

/** A worker dies and comes back, and something is deleted in between. */
async function story(): Promise<Story> {
  const world = new World(Cluster.start(builtInScenario('web-shop', 1)));
  const { cluster } = world;
  const lookBack = new LookBack(world);
  await lookBack.ready;
  const was = new Map<number, string>();
  const startMs = cluster.timeline.nowMs;
  const run = (seconds: number): void => void cluster.advance(cluster.timeline.nowMs + seconds * 1000);
  const note = (): void => void was.set(cluster.timeline.nowMs - startMs, textOf(cluster));
  run(30);
  note();
  run(10);
  const failed = cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-1' });
  run(60);
  note();
  run(40);
  cluster.command({ type: 'delete', kind: 'Pod', key: [...cluster.store.table('Pod').keys()][3] ?? '', options: {} });
  run(0.5);
  cluster.command({ type: 'heal', id: failed.id ?? '' });
  run(400);
  note();
  return { world, lookBack, was };
}

let told: Story;
beforeAll(async () => {
  told = await story();
});
afterAll(() => told.world.close());

test('any moment, forwards and backwards, is what it was', async () => {
  const { world, lookBack, was } = told;
  const startMs = lookBack.fromMs;
  let shown: Sight | null = null;
  for (const afterMs of [100_000, 30_000, 540_500, 100_000]) {
    shown = (await inSlices(lookBack.worldAt(startMs + afterMs, shown))) ?? null;
    expect(shown === null ? '' : textOf(shown.cluster)).toBe(was.get(afterMs));
  }
  expect(textOf(world.cluster)).toBe(was.get(540_500));
});

test('a moment ends after the last thing that was done in it', async () => {
  const { lookBack } = told;
  const commandsAt = async (afterMs: number): Promise<number | undefined> =>
    (await inSlices(lookBack.worldAt(lookBack.fromMs + afterMs, null)))?.cluster.log().length;
  expect([await commandsAt(39_999), await commandsAt(40_000), await commandsAt(140_499)]).toEqual([0, 1, 2]);
});

test('a window that goes to the past and back has seen exactly what is there', async () => {
  const { world, lookBack } = told;
  const sight = new WindowSight(world);
  const seen = new Map(TABLE_NAMES.map((name) => [name, new Map<string, unknown>()]));
  const look = (): void => {
    const { delta } = sight.take(Number.POSITIVE_INFINITY);
    for (const [name, { put, remove }] of Object.entries(delta) as [TableName, NonNullable<ViewDelta['pods']>][]) {
      for (const id of remove) seen.get(name)?.delete(id);
      for (const record of put) {
        if (name === 'events') seen.get(name)?.delete(record.id);
        seen.get(name)?.set(record.id, record);
      }
    }
    const { tables } = sight.world.projection;
    for (const name of TABLE_NAMES) {
      const rows = [...tables.rows(name)];
      // Events are told in their order, the rest in any.
      expect([name, name === 'events' ? [...(seen.get(name) ?? [])] : new Map(seen.get(name))]).toEqual([
        name,
        name === 'events' ? rows : new Map(rows),
      ]);
    }
  };
  look();
  const { nowMs } = world.cluster.timeline;
  for (const agoMs of [400_000, 300_000, 500_000]) {
    await sight.goTo(lookBack, nowMs - agoMs);
    look();
    expect([sight.isPast, sight.world.cluster.timeline.nowMs]).toEqual([true, nowMs - agoMs]);
  }
  sight.leave();
  look();
  expect([sight.isPast, sight.world === world]).toEqual([false, true]);
});

test('what a restored world went through is lived again: the same steps, the same ways of lives', async () => {
  const { world } = told;
  const restored = new World(openSnapshot(packSnapshot(world.cluster.save())));
  expect(restored.chronicle.steps.length).toBeLessThan(world.chronicle.steps.length + 1);
  const node = restored.cluster.store.get('Node', 'worker-1');
  if (node === undefined) throw new Error('worker-1 is there');
  expect(restored.journal.ofObject('Node', node)).toEqual([]);
  const relived = await inSlices(relive(restored.cluster));
  if (relived === null || relived === undefined) throw new Error('it came out otherwise');
  restored.journal.remember(relived.journal);
  restored.chronicle.remember(relived.chronicle);
  expect(restored.chronicle.steps).toEqual(world.chronicle.steps);
  expect(restored.journal.ofObject('Node', node)).toEqual(world.journal.ofObject('Node', node));
  restored.close();
});

test('a world that is not what its commands make of its scenario has no past that could be told', async () => {
  const { world } = told;
  const state = world.cluster.save();
  const other = Cluster.restore({ ...state, log: state.log.slice(1) });
  expect(await inSlices(relive(other))).toBeNull();
});
