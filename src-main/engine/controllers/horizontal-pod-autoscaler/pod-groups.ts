// Sorts the pods of an autoscaler's target: whose samples count, whose are set aside, who has none. upstream: pkg/controller/podautoscaler/replica_calculator.go groupPods
import { parseTimestamp } from '../../base/timestamp.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { findCondition } from '../../meta/conditions.ts';
import type { Sample, Samples } from './metric-samples.ts';

/** What Go takes a time for that is not set: the first day of the first year. */
export const BEGINNING_MS = -62_135_596_800_000;

export interface Readiness {
  readonly nowMs: number;
  /** --horizontal-pod-autoscaler-cpu-initialization-period */
  readonly cpuInitializationMs: number;
  /** --horizontal-pod-autoscaler-initial-readiness-delay */
  readonly initialReadinessMs: number;
}

export interface PodGroups {
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  readonly ignored: readonly string[];
}

export function groupPods(pods: readonly Pod[], samples: Samples, resource: string, readiness: Readiness): PodGroups {
  const groups = { ready: 0, unready: [] as string[], missing: [] as string[], ignored: [] as string[] };
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const { phase } = pod.status;
    const sample = samples.get(name);
    if (deletionTimestamp !== undefined || phase === 'Failed') groups.ignored.push(name);
    else if (phase === 'Pending') groups.unready.push(name);
    else if (sample === undefined) groups.missing.push(name);
    else if (resource === 'cpu' && isStarting(pod, sample, readiness)) groups.unready.push(name);
    else groups.ready += 1;
  }
  return groups;
}

/** What a pod burns while it starts says nothing of its load. */
function isStarting({ status }: Pod, { atMs, windowMs }: Sample, { nowMs, cpuInitializationMs, initialReadinessMs }: Readiness): boolean {
  const condition = findCondition(status.conditions, 'Ready');
  const startMs = parseTimestamp(status.startTime ?? '');
  if (condition === undefined || startMs === null) return true;
  const sinceMs = parseTimestamp(condition.lastTransitionTime ?? '') ?? BEGINNING_MS;
  const isUnready = condition.status === 'False';
  if (startMs + cpuInitializationMs > nowMs) return isUnready || atMs < sinceMs + windowMs;
  return isUnready && startMs + initialReadinessMs > sinceMs;
}
