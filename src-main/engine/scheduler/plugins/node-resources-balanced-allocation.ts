// Prefers nodes whose cpu and memory would be used to the same degree.
// upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
import { podFootprint } from '../pod-footprint.ts';
import { SCORE_MAX, type SchedulerPlugin } from './plugin.ts';

export const nodeResourcesBalancedAllocation: SchedulerPlugin = {
  name: 'NodeResourcesBalancedAllocation',
  local: true,
  weight: 1,
  planScore: (pod) => {
    const { requests } = podFootprint(pod);
    // A pod that asks for nothing changes no balance.
    if (requests.cpuMillis === 0 && requests.memoryBytes === 0) return null;
    return {
      score: ({ allocatable, requested }) => {
        const { cpuMillis, memoryBytes } = allocatable;
        if (cpuMillis === 0 || memoryBytes === 0) return SCORE_MAX;
        const cpu = Math.min(1, (requested.cpuMillis + requests.cpuMillis) / cpuMillis);
        const memory = Math.min(1, (requested.memoryBytes + requests.memoryBytes) / memoryBytes);
        // The standard deviation of two numbers is half their distance.
        return Math.trunc((1 - Math.abs(cpu - memory) / 2) * SCORE_MAX);
      },
    };
  },
};
