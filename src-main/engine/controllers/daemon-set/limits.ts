// How many nodes of a DaemonSet may be without an available pod during an update, and how many may have a second one.
// upstream: pkg/controller/daemon/util/daemonset_util.go SurgeCount, UnavailableCount, update.go updatedDesiredNodeCounts
import type { DaemonSet } from '../../kinds/apps/daemon-set.ts';
import { scaledIntOrPercent } from '../../meta/int-or-string.ts';

export interface UpdateLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** `nodes`: how many the set wants to be on. Both rounded up; with neither, one may be unavailable. */
export function updateLimits(set: DaemonSet, nodes: number): UpdateLimits {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  if (type !== 'RollingUpdate' || rollingUpdate === undefined) return { maxSurge: 0, maxUnavailable: nodes > 0 ? 1 : 0 };
  const maxSurge = scaledIntOrPercent(rollingUpdate.maxSurge ?? 0, nodes, true).value ?? 0;
  const maxUnavailable = scaledIntOrPercent(rollingUpdate.maxUnavailable ?? 0, nodes, true).value ?? 0;
  return { maxSurge, maxUnavailable: nodes > 0 && maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable };
}

export function allowsSurge(set: DaemonSet): boolean {
  return updateLimits(set, 1).maxSurge > 0;
}
