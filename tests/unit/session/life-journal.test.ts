import { expect, test } from 'vitest';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import { actOn } from '../../../src-main/session/actions/act-on.ts';
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
    'start !imageNameInvalid !imageUsable !pullForbidden !inImageBackOff waiting.pulling',
    'pulled !configIncomplete waiting.creating',
    'creation !commandMissing !hasPostStart running.up',
  ]);
  world.close();
});

test('a life that its object tells is written down as the object changes', () => {
  const world = shopAfter(120);
  world.cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-1' });
  run(world, 90);
  check(world, 'Node', 'worker-1', 'Node', [
    'look !inGrace lease.expired|ready.Unknown|eviction.none NodeStatusUnknown: Kubelet stopped posting node status.',
    'reportUnknown lease.expired|ready.Unknown|eviction.queued',
    'turn !isNotReady isUnknown lease.expired|ready.Unknown|eviction.unreachable',
    'look !inGrace stays',
  ]);
  world.cluster.command({ type: 'heal', id: 'node-power-off:worker-1' });
  run(world, 60);
  const node = world.cluster.store.get('Node', 'worker-1');
  if (node === undefined) throw new Error('worker-1 is there');
  const back = world.journal.ofObject('Node', node).find(({ to }) => to.includes('ready.Ready'));
  expect(back?.cause).toBe('KubeletReady: kubelet is posting ready status');
  world.close();
});

const claimOf = ({ cluster }: World): string => [...cluster.store.table('PersistentVolumeClaim').keys()][0] ?? '';

test('a claim in use says which guard holds it back', () => {
  const world = shopAfter(120);
  world.cluster.command({ type: 'delete', kind: 'PersistentVolumeClaim', key: claimOf(world), options: {} });
  run(world, 5);
  check(world, 'PersistentVolumeClaim', claimOf(world), 'PersistentVolumeClaim', [
    'bind phase.Bound|protection.protected',
    'phase.Bound|protection.terminating',
    'inspect !unused stays',
  ]);
  world.close();
});

test('a rollout tells each answer on its way', () => {
  const world = shopAfter(120);
  check(world, 'Deployment.apps', 'shop/database', 'Deployment', [
    'look !isDeleted !isPaused !wasResized !replacesAtOnce work.rolling.weighing|progress.progressing',
    'advance !newSetResizes !oldSetsShrink !isComplete work.rolling.waiting|progress.progressing',
    'count isComplete work.rolling.waiting|progress.complete MinimumReplicasAvailable: Deployment has minimum availability.',
    'look !isDeleted !isPaused !wasResized !replacesAtOnce work.rolling.weighing|progress.complete',
    'advance !newSetResizes !oldSetsShrink isComplete work.settled|progress.complete',
  ]);
  world.close();
});

test('what is known of a moment of the past is what was known then', () => {
  const world = shopAfter(120);
  world.cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-1' });
  const beforeMs = world.cluster.timeline.nowMs;
  run(world, 90);
  const node = world.cluster.store.get('Node', 'worker-1');
  if (node === undefined) throw new Error('worker-1 is there');
  const known = (atMs: number): number => world.journal.until(atMs).ofObject('Node', node).length;
  expect([known(beforeMs), known(beforeMs + 90_000)]).toEqual([0, 3]);
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

test('a rollout tells each of its steps at its time and with its reason; of looks that find nothing one after the other, the last', () => {
  const world = shopAfter(120);
  const { cluster, journal } = world;
  const key = 'shop/web';
  const stepsOf = () => objectDetail(cluster, 'Deployment.apps', key, journal).lives[0]?.steps.filter(({ from, to }) => from !== to) ?? [];
  const before = stepsOf().length;
  actOn(cluster, { do: 'restart' }, [{ kind: 'Deployment.apps', key }]);
  run(world, 60);
  const steps = stepsOf().slice(before);
  expect(steps.map(({ atMs }) => atMs)).toEqual(steps.map(({ atMs }) => atMs).toSorted((one, other) => one - other));
  expect(steps.filter(({ on }) => on === '')).toEqual([]);
  const leaf = (state: string): string => state.split('|')[0] ?? '';
  expect([leaf(steps[0]?.from ?? ''), leaf(steps.at(-1)?.to ?? '')]).toEqual(['work.settled', 'work.settled']);
  const finds = steps.map(({ on, from }, at) => on === 'look' && steps[at + 1]?.to === from);
  expect(finds.filter((nothing, at) => nothing && finds[at + 2] === true)).toEqual([]);
  world.close();
});
