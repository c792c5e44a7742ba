// What controllers ask about a pod: is it alive, ready, available.
// upstream: pkg/controller/controller_utils.go, pkg/api/v1/pod/util.go
import { parseTimestamp } from '../base/timestamp.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { findCondition } from '../meta/conditions.ts';

/** Finished for good. upstream: IsPodTerminal */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded';
}

/** Counts as a replica. upstream: IsPodActive */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function isPodReady(pod: Pod): boolean {
  return findCondition(pod.status.conditions, 'Ready')?.status === 'True';
}

/** When the pod became ready, in Unix milliseconds; null when it is not or does not say. */
export function podReadySinceMs(pod: Pod): number | null {
  const condition = findCondition(pod.status.conditions, 'Ready');
  return condition?.status === 'True' ? parseTimestamp(condition.lastTransitionTime ?? '') : null;
}

/** Ready for long enough. upstream: IsPodAvailable */
export function isPodAvailable(pod: Pod, minReadySeconds: number, unixMs: number): boolean {
  if (!isPodReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = podReadySinceMs(pod);
  return since !== null && since + minReadySeconds * 1000 <= unixMs;
}
