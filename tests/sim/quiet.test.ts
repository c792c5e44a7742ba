// Quiet costs nothing, and changes nothing: worlds whose probes are run on every period, and whose volumes are all visited by every resync, live the same lives.
import { expect, test } from 'vitest';
import type { Cluster, ClusterOptions } from '../../src-main/engine/cluster.ts';
import { tickingKubelet } from '../../src-main/engine/kubelet/kubelet.ts';
import { makePlan, type Plan } from './plan.ts';
import { type Advance, atOnce, finish, History, startPlan } from './run.ts';

const FIRST_SEED = 7000;
const SEEDS = 24;
const SEEDS_IN_A_TEST = 6;
const SETTLE_MS = 900_000;
const BINDER = 'persistentvolume-controller';
const RESYNC_MS = 15_000;

interface Lived {
  readonly history: string;
  readonly entries: number;
}

function live(plan: Plan, advance: Advance, options: ClusterOptions = {}): Lived {
  const history = new History();
  const cluster = finish(history.follow(startPlan(plan, options)), plan, advance, SETTLE_MS);
  return { history: history.summary(), entries: cluster.timeline.processed };
}

/** Has the next resync of the volume binder visit everything there is, as upstream's does. */
function visitAll({ components, store, timeline }: Cluster): void {
  const memory = components.memoryOf(BINDER) as { readonly unsettled: Record<string, true>; resyncArmed: boolean } | undefined;
  // Its process has been stopped.
  if (memory === undefined) return;
  for (const key of store.table('PersistentVolumeClaim').keys()) memory.unsettled[`claim:${key}`] = true;
  for (const key of store.table('PersistentVolume').keys()) memory.unsettled[`volume:${key}`] = true;
  if (memory.resyncArmed) return;
  memory.resyncArmed = true;
  timeline.schedule(BINDER, 'resync', '', RESYNC_MS - (timeline.nowMs % RESYNC_MS));
}

const resyncing: Advance = (cluster, untilMs) => {
  while (cluster.timeline.nowMs < untilMs) {
    visitAll(cluster);
    cluster.advance(Math.min(untilMs, cluster.timeline.nowMs + RESYNC_MS - (cluster.timeline.nowMs % RESYNC_MS)));
  }
  return cluster;
};

for (let first = FIRST_SEED; first < FIRST_SEED + SEEDS; first += SEEDS_IN_A_TEST)
  test(`worlds ${first} to ${first + SEEDS_IN_A_TEST - 1} live the same lives, ticked or not`, () => {
    let [quiet, ticked, resynced] = [0, 0, 0];
    for (let seed = first; seed < first + SEEDS_IN_A_TEST; seed += 1) {
      const plan = makePlan(seed);
      const lived = live(plan, atOnce);
      const withTicks = live(plan, atOnce, { components: [tickingKubelet] });
      const withResyncs = live(plan, resyncing);
      expect(`seed ${seed} with every probe run: ${withTicks.history}`).toBe(`seed ${seed} with every probe run: ${lived.history}`);
      expect(`seed ${seed} with every volume visited: ${withResyncs.history}`).toBe(
        `seed ${seed} with every volume visited: ${lived.history}`,
      );
      quiet += lived.entries;
      ticked += withTicks.entries;
      resynced += withResyncs.entries;
    }
    expect(ticked).toBeGreaterThan(quiet);
    expect(resynced).toBeGreaterThan(quiet);
  });
