// Sums and orders over a Deployment's ReplicaSets, which every step of a rollout counts with.
// upstream: pkg/controller/deployment/util/deployment_util.go, pkg/controller/controller_utils.go
import { compareText } from '../../base/compare-text.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import { desiredReplicas } from './fenceposts.ts';

export type Sets = readonly ReplicaSet[];

/** Sets that want pods. upstream: FilterActiveReplicaSets */
export function activeSets(sets: Sets): Sets {
  return sets.filter((set) => desiredReplicas(set) > 0);
}

/** Pods the sets want. upstream: GetReplicaCountForReplicaSets */
export function wantedReplicas(sets: Sets): number {
  return sum(sets, desiredReplicas);
}

/** Pods the sets have. upstream: GetActualReplicaCountForReplicaSets */
export function actualReplicas(sets: Sets): number {
  return sum(sets, (set) => set.status.replicas ?? 0);
}

export function readyReplicas(sets: Sets): number {
  return sum(sets, (set) => set.status.readyReplicas ?? 0);
}

export function availableReplicas(sets: Sets): number {
  return sum(sets, (set) => set.status.availableReplicas ?? 0);
}

/** Older first. upstream: ReplicaSetsByCreationTimestamp */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || compareText(a.metadata.name, b.metadata.name);
}

/** The one set that counts when there is no rollout: the only active one, or the newest. upstream: FindActiveOrLatest */
export function activeOrLatest(newSet: ReplicaSet | null, oldSets: Sets): ReplicaSet | null {
  const active = activeSets(newSet === null ? oldSets : [...oldSets, newSet]);
  if (active.length === 0) return newSet ?? oldSets.toSorted(byAge).at(-1) ?? null;
  return active.length === 1 ? (active[0] ?? null) : null;
}

function sum(sets: Sets, of: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + of(set), 0);
}
