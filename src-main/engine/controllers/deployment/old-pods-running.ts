// May a Recreate deployment start its new pods: are the old ones gone?
import type { Pod } from '../../kinds/core/pod.ts';
import { isPodTerminal } from '../pod-state.ts';
import { actualReplicas, type Sets } from './sets.ts';

/** `pods` are those of all sets but the new one; a terminating pod still runs. upstream: pkg/controller/deployment/recreate.go oldPodsRunning */
export function oldPodsRunning(oldSets: Sets, pods: Iterable<Pod>): boolean {
  if (actualReplicas(oldSets) > 0) return true;
  for (const pod of pods) if (!isPodTerminal(pod)) return true;
  return false;
}
