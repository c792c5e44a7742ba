// The lab is saved in slices while it goes on: what is kept at any moment leads to the same world.
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Cluster, type LoggedCommand } from '../../../src-main/engine/cluster.ts';
import { LabKeeper, type LabStorage } from '../../../src-main/session/lab-keeper.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';
import { openSnapshot, packInSlices, packSnapshot } from '../../../src-main/session/snapshot-file.ts';

interface Kept {
  saves: number;
  isFull: boolean;
  bytes: Uint8Array;
  commands: (readonly [number, LoggedCommand])[];
}

function keeperOf(cluster: Cluster) {
  const kept: Kept = { saves: 0, isFull: false, bytes: new Uint8Array(), commands: [] };
  const storage: LabStorage = {
    saveWorld: (_world, bytes, later) => Object.assign(kept, { saves: kept.saves + 1, bytes, commands: [...later] }),
    saveCommand: (_world, index, command) => {
      if (!kept.isFull) kept.commands.push([index, command]);
      return !kept.isFull;
    },
  };
  let nowMs = 0;
  const keeper = new LabKeeper(storage, cluster, false, () => nowMs);
  const passes = (ms: number): void => {
    nowMs += ms;
    keeper.advanced();
  };
  const label = (name: string): void => {
    cluster.command({ type: 'apply', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } } });
    keeper.acted();
  };
  return { kept, keeper, passes, label };
}

/** What a new program makes of what was kept, at the time of the world that went on. */
function check({ bytes, commands }: Kept, cluster: Cluster): void {
  const again = openSnapshot(bytes);
  const known = again.log().length;
  again.redo(commands.filter(([index]) => index >= known).map(([, command]) => command));
  again.advance(cluster.timeline.nowMs);
  expect(JSON.stringify(again.save()) === JSON.stringify(cluster.save())).toBe(true);
}

const world = (): Cluster => Cluster.start(builtInScenario('web-shop', 3));

test('commands that come while a save is under way stay beside the world', async () => {
  const cluster = world();
  const { kept, passes, label } = keeperOf(cluster);
  label('first');
  expect(kept.saves).toBe(1);
  cluster.advance(cluster.timeline.nowMs + 1000);
  label('second');
  passes(60_000);
  expect(kept.commands.map(([index]) => index)).toEqual([1]);
  for (const name of ['third', 'fourth']) {
    cluster.advance(cluster.timeline.nowMs + 777);
    label(name);
    check(kept, cluster);
  }
  await expect.poll(() => kept.saves, { timeout: 20_000 }).toBe(2);
  expect(kept.commands.map(([index]) => index)).toEqual([2, 3]);
  check(kept, cluster);
  cluster.advance(cluster.timeline.nowMs + 777);
  label('fifth');
  expect(kept.commands.map(([index]) => index)).toEqual([2, 3, 4]);
  check(kept, cluster);
});

test('commands that a full disk did not take are saved once there is room again', () => {
  const cluster = world();
  const { kept, label } = keeperOf(cluster);
  label('first');
  for (const [name, isFull] of [
    ['second', true],
    ['third', true],
    ['fourth', false],
  ] as const) {
    cluster.advance(cluster.timeline.nowMs + 777);
    kept.isFull = isFull;
    label(name);
  }
  expect(kept.commands.map(([index]) => index)).toEqual([1, 2, 3]);
  check(kept, cluster);
});

test('a save is given up when another world is opened, and when the lab ends', async () => {
  const cluster = world();
  const { kept, keeper, passes } = keeperOf(cluster);
  passes(3000);
  const other = Cluster.start(builtInScenario('empty', 1));
  keeper.begin(other);
  expect(kept.saves).toBe(1);
  other.advance(other.timeline.nowMs + 1000);
  passes(60_000);
  keeper.close();
  await packInSlices(cluster);
  await packInSlices(cluster);
  expect(kept.saves).toBe(1);
  check(kept, other);
});

test('packed in slices while it goes on, a world is what it was in one piece', async () => {
  const cluster = world();
  const before = packSnapshot(cluster.save());
  const packing = packInSlices(cluster);
  cluster.advance(cluster.timeline.nowMs + 60_000);
  const after = await packing;
  expect(gunzipSync(after ?? '').equals(gunzipSync(before))).toBe(true);
  expect(after?.equals(before)).toBe(true);
});
