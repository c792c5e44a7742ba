// Prefers nodes whose resources would be used to the same degree.
// upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
import type { Pod } from '../../kinds/core/pod.ts';
import type { NodeInfo } from '../node-info.ts';
import { SCORE_MAX, type SchedulerPlugin } from './plugin.ts';
import { allocations, asksForAny, cpuAndMemory, type WeighedResource } from './resource-score.ts';

export function balancedAllocation(resources: readonly WeighedResource[]): SchedulerPlugin {
  return {
    name: 'NodeResourcesBalancedAllocation',
    local: true,
    weight: 1,
    // A pod that asks for nothing changes no balance.
    planScore: (pod) => (asksForAny(pod, resources) ? { score: (node) => balance(pod, node, resources) } : null),
  };
}

export const nodeResourcesBalancedAllocation: SchedulerPlugin = balancedAllocation(cpuAndMemory);

function balance(pod: Pod, node: NodeInfo, resources: readonly WeighedResource[]): number {
  const fractions = allocations(pod, node, resources, true).map(({ used, capacity }) => Math.min(1, used / capacity));
  return Math.trunc((1 - deviation(fractions)) * SCORE_MAX);
}

/** The standard deviation. */
function deviation(fractions: readonly number[]): number {
  const [first = 0, second = 0] = fractions;
  if (fractions.length === 2) return Math.abs((first - second) / 2);
  if (fractions.length < 2) return 0;
  let sum = 0;
  for (const fraction of fractions) sum += fraction;
  const mean = sum / fractions.length;
  let squares = 0;
  for (const fraction of fractions) squares += (fraction - mean) * (fraction - mean);
  return Math.sqrt(squares / fractions.length);
}
