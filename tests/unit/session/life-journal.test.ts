import { expect, test } from 'vitest';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import { objectDetail } from '../../../src-main/session/object-detail.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';
import { World } from '../../../src-main/session/world.ts';

function shopAfter(seconds: number): World {
  const world = new World(Cluster.start(builtInScenario('web-shop', 1)));
  run(world, seconds);
  return world;
}

function run({ cluster }: World, seconds: number): void {
  cluster.advance(cluster.timeline.nowMs + seconds * 1000, 10_000_000);
}

/** A line a step of the life with this title: event, guards as they answered, where it led, and why. */
function check(world: World, kind: string, prefix: string, title: string, expected: readonly string[]): void {
  const { cluster, journal } = world;
  const key = [...cluster.store.table(kind).keys()].find((text) => text.startsWith(prefix)) ?? '';
  const life = objectDetail(cluster, kind, key, journal).lives.find((one) => one.title === title);
  const lines = life?.steps.map(({ from, to, on, guards, cause }) =>
    [on, ...guards.map(({ name, said }) => (said ? name : `!${name}`)), from === to ? 'stays' : to, cause].filter(Boolean).join(' '),
  );
  expect(lines).toEqual(expected);
}

test('a life that a component holds tells its way here with what the guards said', () => {
  const world = shopAfter(120);
  check(world, 'Pod', 'shop/database-', 'postgres', [
    'waiting.held',
    'start !imageUsable !pullForbidden !inImageBackOff waiting.pulling',
    'pulled !configIncomplete waiting.creating',
    'creation !commandMissing running.up',
  ]);
  world.close();
});

test('a life that its object tells is written down as the object changes', () => {
  const world = shopAfter(120);
  world.cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-1' });
  run(world, 90);
  check(world, 'Node', 'worker-1', 'Node', [
    'lease.expired|ready.Unknown|eviction.none NodeStatusUnknown: Kubelet stopped posting node status.',
    'lease.expired|ready.Unknown|eviction.unreachable',
  ]);
  world.close();
});

test('nothing is kept of a world that is closed', () => {
  const world = shopAfter(0);
  world.close();
  run(world, 120);
  check(world, 'Pod', 'shop/database-', 'postgres', []);
});

test('what a fork that looks ahead does is not noted', () => {
  const world = shopAfter(60);
  const fork = world.cluster.fork();
  const before = world.journal.noted;
  fork.command({ type: 'fail', failure: 'node-power-off', target: 'worker-1' });
  fork.advance(fork.timeline.nowMs + 10, 10_000_000);
  const atOnce = world.journal.noted;
  fork.advance(fork.timeline.nowMs + 600_000, 10_000_000);
  expect(before).toBeGreaterThan(100);
  expect(world.journal.noted).toBe(atOnce);
  world.close();
});
