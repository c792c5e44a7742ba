// Runs a plan: starts its world, acts at its times, heals everything and lets the world settle, however time is passed.
import { createHash } from 'node:crypto';
import type { Delta } from '../../src-main/engine/api/store.ts';
import { Cluster, type ClusterOptions } from '../../src-main/engine/cluster.ts';
import { readSnapshotText, snapshotText } from '../../src-main/session/snapshot-file.ts';
import { perform } from './act.ts';
import { convergenceFaults } from './convergence.ts';
import { healAll, restartForgotten } from './heal.ts';
import type { Plan } from './plan.ts';
import { Safety } from './safety.ts';
import { stateOf, unlike } from './world-state.ts';

/** Time for every clock to run out after all is healed: back-offs of 300 s, six minutes of a detach that nobody answers, rates of eviction. */
const SETTLE_MS = 2_400_000;
/** Most worlds rest long before; a brief run looks then, and goes on only where something is still amiss. */
const BRIEF_SETTLE_MS = 900_000;
/** A world that runs in circles is stopped. */
const ENTRIES_MAX = 400_000;
const THOROUGH_EVERY = 50;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** How time is passed until a moment: at once, in bits, with a check after each entry, through a file... The world may be another one afterwards. */
export type Advance = (cluster: Cluster, untilMs: number) => Cluster;

export function startPlan({ scenario }: Plan, options: ClusterOptions = {}): Cluster {
  return Cluster.start(scenario, { freezes: true, ...options });
}

/** Performs the actions, heals everything and lets the world settle. */
export function finish(start: Cluster, { actions, healMs }: Plan, advance: Advance, settleMs = SETTLE_MS): Cluster {
  let cluster = start;
  const pass = (untilMs: number): Cluster => {
    cluster = advance(cluster, untilMs);
    return cluster;
  };
  for (const action of actions) perform(pass(Math.max(action.atMs, cluster.timeline.nowMs)), action);
  healAll(pass(healMs));
  restartForgotten(cluster, pass);
  return pass(healMs + settleMs);
}

/** What is wrong with the world that a plan makes; null: nothing. */
export function faultOf(plan: Plan, brief = false): string | null {
  try {
    const cluster = startPlan(plan);
    const advance = checked(cluster);
    finish(cluster, plan, advance, brief ? BRIEF_SETTLE_MS : SETTLE_MS);
    if (brief && convergenceFaults(cluster).length > 0) advance(cluster, plan.healMs + SETTLE_MS);
    const faults = convergenceFaults(cluster);
    return faults.length === 0 ? null : faults.join('\n');
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

export const atOnce: Advance = (cluster, untilMs) => {
  cluster.advance(untilMs);
  return cluster;
};

/** In steps of any length, with budgets of entries. */
export function inBits(random: { below(limit: number): number }): Advance {
  return (cluster, untilMs) => {
    while (cluster.timeline.nowMs < untilMs) {
      const stopMs = Math.min(untilMs, cluster.timeline.nowMs + 1 + random.below(30_000));
      const budget = 1 + random.below(200);
      while (!cluster.advance(stopMs, budget)) if (random.below(4) === 0) break;
    }
    cluster.advance(untilMs);
    return cluster;
  };
}

/** Checks after each entry. */
export function checked(cluster: Cluster): Advance {
  const safety = new Safety(cluster);
  let entries = 0;
  return (_same, untilMs) => {
    for (;;) {
      const due = cluster.timeline.nextDueMs();
      if (due === null || due > untilMs) break;
      cluster.timeline.step();
      safety.afterEntry();
      entries += 1;
      if (entries % THOROUGH_EVERY === 0) safety.thorough();
      if (entries > ENTRIES_MAX) throw new Error(`more than ${ENTRIES_MAX} entries by ${cluster.timeline.nowMs} ms`);
    }
    cluster.advance(untilMs);
    safety.thorough();
    return cluster;
  };
}

/** The same world from its file. */
export function reopened(cluster: Cluster, options: ClusterOptions = {}): Cluster {
  return Cluster.restore(readSnapshotText(snapshotText(cluster.save())), { freezes: true, ...options });
}

/** Every change of a world from now on, whichever restored copy of it makes them. */
export class History {
  readonly #hash = createHash('sha256');
  #deltas = 0;

  follow(cluster: Cluster): Cluster {
    cluster.store.onEveryChange((delta) => this.#add(delta));
    return cluster;
  }

  /** Ends it. */
  summary(): string {
    return `${this.#deltas} changes, ${this.#hash.digest('hex').slice(0, 16)}`;
  }

  #add({ revision, atMs, type, kind, key, object, cause }: Delta): void {
    this.#deltas += 1;
    this.#hash.update(JSON.stringify([revision, atMs, type, kind, key, object, cause]));
  }
}

/** The whole world in one line. */
export const stateHash = (cluster: Cluster): string => digest(JSON.stringify(stateOf(cluster))).slice(0, 16);

/** Where two worlds first differ, by the members that lead there; null: nowhere. What they share is not looked at, so that this costs little beside a hash. */
export const differenceOf = (one: Cluster, other: Cluster): string | null => unlike(stateOf(one), stateOf(other), 'world');
