// Scores a node by how much of its resources would be used with the pod on it: least, most, or along a line that somebody drew.
// upstream: pkg/scheduler/framework/plugins/noderesources/resource_allocation.go, least_allocated.go, most_allocated.go, requested_to_capacity_ratio.go
import type { Pod } from '../../kinds/core/pod.ts';
import type { PodRequests } from '../../kinds/core/pod-requests.ts';
import type { NodeInfo } from '../node-info.ts';
import { podFootprint } from '../pod-footprint.ts';
import { type ShapePoint, scoreOnLine } from './broken-line.ts';
import { SCORE_MAX } from './plugin.ts';

export interface WeighedResource {
  readonly name: string;
  readonly weight: number;
}

/** upstream: kubescheduler.config.k8s.io ScoringStrategy */
export interface ScoringStrategy {
  readonly type: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
  readonly resources: readonly WeighedResource[];
  /** Scores from 0 to 10; for the ratio alone. */
  readonly shape: readonly ShapePoint[];
}

/** upstream: apis/config/v1/defaults.go defaultResourceSpec */
export const cpuAndMemory: readonly WeighedResource[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];

/** What would be used of what the node has. */
export interface Allocation {
  readonly weight: number;
  readonly used: number;
  readonly capacity: number;
}

/** Resources that the node lacks are left out, as are extended ones that the pod does not ask for. `real`: bare containers count nothing. */
export function allocations(pod: Pod, node: NodeInfo, resources: readonly WeighedResource[], real: boolean): readonly Allocation[] {
  const { requests, scoredCpuMillis, scoredMemoryBytes } = podFootprint(pod);
  const { allocatable, requested, scored } = node;
  const found: Allocation[] = [];
  const add = (weight: number, used: number, capacity: number): void => {
    if (capacity > 0) found.push({ weight, used, capacity });
  };
  for (const { name, weight } of resources) {
    if (name === 'cpu') {
      const used = real ? requested.cpuMillis + requests.cpuMillis : scored.cpuMillis + scoredCpuMillis;
      add(weight, used, allocatable.cpuMillis);
    } else if (name === 'memory') {
      const used = real ? requested.memoryBytes + requests.memoryBytes : scored.memoryBytes + scoredMemoryBytes;
      add(weight, used, allocatable.memoryBytes);
    } else if (name === 'ephemeral-storage') add(weight, requested.ephemeralBytes + requests.ephemeralBytes, allocatable.ephemeralBytes);
    else if (asks(requests, name))
      add(weight, (requested.others.get(name) ?? 0) + (requests.others.get(name) ?? 0), allocatable.others.get(name) ?? 0);
  }
  return found;
}

/** Does the pod ask for any of the resources? upstream: isBestEffortPod */
export function asksForAny(pod: Pod, resources: readonly WeighedResource[]): boolean {
  const { requests } = podFootprint(pod);
  return resources.some(({ name }) => {
    if (name === 'cpu') return requests.cpuMillis > 0;
    if (name === 'memory') return requests.memoryBytes > 0;
    return name === 'ephemeral-storage' ? requests.ephemeralBytes > 0 : asks(requests, name);
  });
}

export function strategyScore({ type, resources, shape }: ScoringStrategy): (pod: Pod, node: NodeInfo) => number {
  if (type === 'RequestedToCapacityRatio') {
    const line = shape.map(({ utilization, score }) => ({ utilization, score: score * POINTS_PER_STEP }));
    return (pod, node) => ratioScore(allocations(pod, node, resources, false), line);
  }
  const one = type === 'LeastAllocated' ? leastAllocated : mostAllocated;
  return (pod, node) => {
    let sum = 0;
    let weights = 0;
    for (const { weight, used, capacity } of allocations(pod, node, resources, false)) {
      sum += weight * one(used, capacity);
      weights += weight;
    }
    return weights === 0 ? 0 : Math.trunc(sum / weights);
  };
}

/** upstream: MaxCustomPriorityScore is 10 */
const POINTS_PER_STEP = SCORE_MAX / 10;
const UTILIZATION_MAX = 100;

function asks({ others }: PodRequests, name: string): boolean {
  return (others.get(name) ?? 0) > 0;
}

function leastAllocated(used: number, capacity: number): number {
  return used > capacity ? 0 : Math.trunc(((capacity - used) * SCORE_MAX) / capacity);
}

function mostAllocated(used: number, capacity: number): number {
  return Math.trunc((Math.min(used, capacity) * SCORE_MAX) / capacity);
}

// A resource without a score has no say in the average.
function ratioScore(found: readonly Allocation[], line: readonly ShapePoint[]): number {
  let sum = 0;
  let weights = 0;
  for (const { weight, used, capacity } of found) {
    const utilization = used > capacity ? UTILIZATION_MAX : Math.trunc((used * UTILIZATION_MAX) / capacity);
    const score = scoreOnLine(line, utilization);
    if (score <= 0) continue;
    sum += weight * score;
    weights += weight;
  }
  return weights === 0 ? 0 : Math.round(sum / weights);
}
