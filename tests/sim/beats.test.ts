// Heartbeats cost nothing, and change nothing: where each Lease is renewed and each node looked at in upstream's rhythm, nodes are lost and found at the same times.
import { expect, test } from 'vitest';
import type { ClusterOptions } from '../../src-main/engine/cluster.ts';
import { tickingNodeLifecycleController } from '../../src-main/engine/controllers/node-lifecycle-controller.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import { beatingKubelet } from '../../src-main/engine/kubelet/kubelet.ts';
import { makePlan, type Plan } from './plan.ts';
import { atOnce, finish, startPlan } from './run.ts';

const FIRST_SEED = 8000;
const WORLDS = 20;
const WORLDS_IN_A_TEST = 5;
const SETTLE_MS = 400_000;
/** Each renewal is one more change whose news draws its chance: the others come some milliseconds sooner or later. */
const NEWS_MS = 1000;

interface Step {
  readonly atMs: number;
  readonly says: string;
}

/** What the control plane says of each node, and when. Pods come to other places in the one world than in the other, and pressure with them. */
function livesOf(
  plan: Plan,
  options: ClusterOptions = {},
): { readonly lives: ReadonlyMap<string, readonly Step[]>; readonly entries: number } {
  const start = startPlan(plan, options);
  const begun = [...(start.store.table('Node') as ReadonlyMap<string, Node>)];
  const lives = new Map(begun.map(([key, node]): [string, Step[]] => [key, [{ atMs: 0, says: summary(node) }]]));
  start.store.onEveryChange(({ atMs, type, kind, key, object }) => {
    if (kind !== 'Node') return;
    const life = lives.get(key) ?? [];
    lives.set(key, life);
    const says = type === 'DELETED' ? 'is gone' : summary(object as Node);
    if (life.at(-1)?.says !== says) life.push({ atMs, says });
  });
  const cluster = finish(start, plan, atOnce, SETTLE_MS);
  return { lives, entries: cluster.timeline.processed };
}

function summary({ spec, status }: Node): string {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const taints = (spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).filter((taint) => !taint.includes('-pressure'));
  return `${ready?.status} ${ready?.reason} ${taints.sort().join(' ')}`;
}

/** Steps of the one that the other does not take at the same time. Those in between two that follow one another at once may be one. */
function missing(steps: readonly Step[], others: readonly Step[]): readonly string[] {
  return steps
    .filter(({ atMs }, index) => (steps[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) - atMs > NEWS_MS)
    .filter(({ atMs, says }) => !others.some((other) => other.says === says && Math.abs(other.atMs - atMs) <= NEWS_MS))
    .map(({ atMs, says }) => `${atMs} ${says}`);
}

for (let first = FIRST_SEED; first < FIRST_SEED + WORLDS; first += WORLDS_IN_A_TEST)
  test(`worlds ${first} to ${first + WORLDS_IN_A_TEST - 1} lose and find their nodes at the same times, with beating hearts or without`, () => {
    for (let seed = first; seed < first + WORLDS_IN_A_TEST; seed += 1) {
      const plan = makePlan(seed);
      // Pods decide how many machines a group has.
      const actions = plan.actions.filter(({ what }) => what !== 'node-group');
      const quiet = livesOf({ ...plan, actions });
      const beating = livesOf({ ...plan, actions }, { controllers: [tickingNodeLifecycleController], components: [beatingKubelet] });
      const faults = [...quiet.lives].flatMap(([node, life]) => {
        const other = beating.lives.get(node) ?? [];
        return [
          ...missing(life, other).map((step) => `${node} quiet ${step}`),
          ...missing(other, life).map((step) => `${node} beating ${step}`),
        ];
      });
      expect([seed, ...faults]).toEqual([seed]);
      expect(beating.entries).toBeGreaterThan(quiet.entries);
    }
  });
