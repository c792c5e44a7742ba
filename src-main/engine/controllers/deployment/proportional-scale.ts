// Scaling outside a rollout step: the difference is spread over the sets in proportion to their size, so that a half-done rollout keeps its balance.
// upstream: pkg/controller/deployment/sync.go scale, pkg/controller/deployment/util/deployment_util.go
import type { Deployment } from '../../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import { desiredReplicasAnnotation, maxReplicasAnnotation } from './annotations.ts';
import { desiredReplicas, isRollingUpdate, maxSurge } from './fenceposts.ts';
import type { Sizes } from './rolling.ts';
import { activeOrLatest, activeSets, byAge, type Sets, wantedReplicas } from './sets.ts';

/** New sizes by name; a set named with its own size only gets its annotations refreshed. */
export function proportionalSizes(deployment: Deployment, newSet: ReplicaSet | null, oldSets: Sets): Sizes {
  const desired = desiredReplicas(deployment);
  const only = activeOrLatest(newSet, oldSets);
  if (only !== null) return new Map(desiredReplicas(only) === desired ? [] : [[only.metadata.name, desired]]);
  if (isSaturated(deployment, newSet)) return new Map(activeSets(oldSets).map((set) => [set.metadata.name, 0]));
  if (!isRollingUpdate(deployment)) return new Map();
  const sets = activeSets(newSet === null ? oldSets : [...oldSets, newSet]);
  const allowed = desired > 0 ? desired + maxSurge(deployment) : 0;
  return spread(deployment, sets, allowed - wantedReplicas(sets));
}

/** The change of one set's size that keeps its share. upstream: getReplicaSetFraction */
export function replicaSetFraction(set: ReplicaSet, deployment: Deployment): number {
  const size = desiredReplicas(set);
  if (desiredReplicas(deployment) === 0) return -size;
  const most = desiredReplicas(deployment) + maxSurge(deployment);
  const before = maxReplicasAnnotation(set) || (deployment.status.replicas ?? 0);
  if (before === 0) return 0;
  return roundHalfAway((size * most) / before) - size;
}

/** Has the new set all pods, available? upstream: IsSaturated */
export function isSaturated(deployment: Deployment, set: ReplicaSet | null): boolean {
  if (set === null) return false;
  const desired = desiredReplicas(deployment);
  return desiredReplicas(set) === desired && desiredReplicasAnnotation(set) === desired && (set.status.availableReplicas ?? 0) === desired;
}

function spread(deployment: Deployment, sets: Sets, toAdd: number): Sizes {
  const ordered = sets.toSorted((a, b) => desiredReplicas(b) - desiredReplicas(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  const sizes = new Map<string, number>();
  let added = 0;
  for (const set of ordered) {
    const share = toAdd === 0 ? 0 : proportion(set, deployment, toAdd, added);
    sizes.set(set.metadata.name, desiredReplicas(set) + share);
    added += share;
  }
  const first = ordered[0]?.metadata.name;
  if (first !== undefined && toAdd !== 0) sizes.set(first, Math.max(0, (sizes.get(first) ?? 0) + toAdd - added));
  return sizes;
}

/** upstream: GetReplicaSetProportion */
function proportion(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (desiredReplicas(set) === 0 || toAdd === added) return 0;
  const fraction = replicaSetFraction(set, deployment);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
}

function roundHalfAway(value: number): number {
  return value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5);
}
