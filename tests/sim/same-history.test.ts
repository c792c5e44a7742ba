// One seed is one history: however time is passed, through files and beside forks, every change is the same, and so is the world in the end.
import { expect, test } from 'vitest';
import { Random } from '../../src-main/engine/base/random.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { KubeletState } from '../../src-main/engine/kubelet/kubelet-state.ts';
import { makePlan, type Plan } from './plan.ts';
import { type Advance, atOnce, differenceOf, finish, History, inBits, reopened, startPlan, stateHash } from './run.ts';

const FIRST_SEED = 5000;
const SEEDS = 25;
const SEEDS_IN_A_TEST = 5;
/** Enough for what was going on to matter. */
const SETTLE_MS = 900_000;

/** What was under way when a world was put into a file. */
const underWay = { pulling: 0, attaching: 0, backingOff: 0, failing: 0, goingInGrace: 0, newsOnTheWay: 0 };

function historyOf(plan: Plan, wayOf: (history: History) => Advance): string {
  const history = new History();
  const cluster = finish(history.follow(startPlan(plan)), plan, wayOf(history), SETTLE_MS);
  return `${history.summary()}, state ${stateHash(cluster)}`;
}

/** Stops at moments of the seed's choice: soon after an action, when much is under way, and later. `onwards` from the last of them. */
function stopping(random: Random, at: (cluster: Cluster, untilMs: number) => Cluster, onwards: Advance): Advance {
  return (start, untilMs) => {
    let cluster = start;
    for (const withinMs of [20, 3000, 60_000]) {
      const stopMs = cluster.timeline.nowMs + random.below(withinMs);
      if (stopMs >= untilMs || random.below(4) === 0) continue;
      cluster.advance(stopMs, 1 + random.below(2000));
      cluster = at(cluster, untilMs);
    }
    return onwards(cluster, untilMs);
  };
}

function inBitsAndThroughFiles(random: Random, history: History): Advance {
  const reopen = (cluster: Cluster): Cluster => {
    note(cluster);
    return history.follow(reopened(cluster));
  };
  return stopping(random, reopen, inBits(random));
}

/** A fork lives for a while as the world itself will; what happens in it afterwards is nobody else's business. */
function besideForks(random: Random): Advance {
  const live = (cluster: Cluster, untilMs: number): Cluster => {
    const fork = cluster.fork();
    expect(differenceOf(fork, cluster)).toBeNull();
    fork.advance(Math.min(untilMs, cluster.timeline.nowMs + random.below(5000)));
    const kept = fork.fork();
    const [lost] = fork.physics.all('machine').keys();
    fork.command({ type: 'fail', failure: 'node-power-off', target: lost ?? '' });
    fork.advance(fork.timeline.nowMs + 60_000);
    cluster.advance(kept.timeline.nowMs);
    expect(differenceOf(kept, cluster)).toBeNull();
    return cluster;
  };
  return stopping(random, live, atOnce);
}

function note({ timeline, physics, store, components, failures }: Cluster): void {
  const { nodes } = components.memoryOf('kubelet') as KubeletState;
  const waits = new Set(timeline.countdowns().map(({ countdown }) => countdown?.name));
  if (Object.values(nodes).some(({ pulls }) => pulls.length > 0)) underWay.pulling += 1;
  if (timeline.entriesOf('csi-attacher').length > 0) underWay.attaching += 1;
  if (waits.has('crash-back-off') || waits.has('image-back-off')) underWay.backingOff += 1;
  if (failures.active.length > 0 && physics.all('machine').size > 0) underWay.failing += 1;
  if ([...store.table('Pod').values()].some(({ metadata }) => metadata.deletionTimestamp !== undefined)) underWay.goingInGrace += 1;
  if (timeline.entriesOf('watch').length > 0) underWay.newsOnTheWay += 1;
}

for (let first = FIRST_SEED; first < FIRST_SEED + SEEDS; first += SEEDS_IN_A_TEST)
  test(`worlds ${first} to ${first + SEEDS_IN_A_TEST - 1} have one history each`, () => {
    for (let seed = first; seed < first + SEEDS_IN_A_TEST; seed += 1) {
      const plan = makePlan(seed);
      const chance = Random.seeded(seed + 1);
      const whole = historyOf(plan, () => atOnce);
      // That a second run is the same is part of each of these.
      const filed = historyOf(plan, (history) => inBitsAndThroughFiles(chance, history));
      expect(`seed ${seed} in bits and through files: ${filed}`).toBe(`seed ${seed} in bits and through files: ${whole}`);
      expect(`seed ${seed} beside forks: ${historyOf(plan, () => besideForks(chance))}`).toBe(`seed ${seed} beside forks: ${whole}`);
    }
  });

test('the files were written while everything that takes time was under way', () => {
  expect(Object.entries(underWay).filter(([, times]) => times === 0)).toEqual([]);
});
