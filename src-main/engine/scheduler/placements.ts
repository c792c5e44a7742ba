// Where a pod could go if it were made anew: what the filters say of every node, asked beside the scheduler's own work and without a trace in it.
// A person who holds a pod above the nodes is told what the scheduler would say, by the very plugins that will say it.
import type { Pod } from '../kinds/core/pod.ts';
import { keyOf } from '../meta/object.ts';
import type { ClusterView } from './cluster-view.ts';
import { firstRejection } from './node-answers.ts';
import type { Rejection, SchedulerPlugin } from './plugins/plugin.ts';
import { countBeforehand, outside, planFilters } from './scheduling-cycle.ts';

export interface Placement {
  readonly node: string;
  /** null: the pod may go there. */
  readonly rejection: Rejection | null;
}

/** Few enough nodes that nothing else has to wait for them. */
const BATCH = 64;

/** The pod of that name is taken to be gone. Yields now and then; the answer holds for the moment of the first step. */
export function* placements(pod: Pod, current: ClusterView, plugins: readonly SchedulerPlugin[]): Generator<void, readonly Placement[]> {
  const view = yield* current.without(keyOf(pod));
  yield* countBeforehand(pod, view, plugins) ?? [];
  const nodes = view.nodes();
  const plan = planFilters(pod, view, plugins);
  if ('rejection' in plan) return nodes.map(({ name }) => ({ node: name, rejection: plan.rejection }));
  const { filters, nodeNames, narrowedBy } = plan;
  const found: Placement[] = [];
  for (const node of nodes) {
    const admitted = nodeNames?.has(node.name) ?? true;
    found.push({ node: node.name, rejection: admitted ? firstRejection(filters, node) : outside(narrowedBy) });
    if (found.length % BATCH === 0) yield;
  }
  return found;
}
