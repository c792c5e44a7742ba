// One step of a rolling update as sizes: how large the new set may grow and which old pods may go.
// upstream: pkg/controller/deployment/rolling.go, pkg/controller/deployment/util/deployment_util.go NewRSNewReplicas
import type { Deployment } from '../../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import { desiredReplicas, isRollingUpdate, maxSurge, maxUnavailable } from './fenceposts.ts';
import { availableReplicas, byAge, type Sets, wantedReplicas } from './sets.ts';

/** Sizes by ReplicaSet name; a set that is not named keeps its size. */
export type Sizes = ReadonlyMap<string, number>;

/** upstream: NewRSNewReplicas */
export function newSetReplicas(deployment: Deployment, allSets: Sets, newSet: { readonly spec: { readonly replicas?: number } }): number {
  const desired = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment)) return desired;
  const current = desiredReplicas(newSet);
  const room = desired + maxSurge(deployment) - wantedReplicas(allSets);
  return room <= 0 ? current : current + Math.min(room, desired - current);
}

/** The size of the new set after this step. upstream: reconcileNewReplicaSet */
export function scaleNew(deployment: Deployment, allSets: Sets, newSet: ReplicaSet): number {
  const desired = desiredReplicas(deployment);
  const current = desiredReplicas(newSet);
  if (current >= desired) return desired;
  return newSetReplicas(deployment, allSets, newSet);
}

/** The sizes of the old sets after this step. upstream: reconcileOldReplicaSets */
export function scaleOld(deployment: Deployment, oldSets: Sets, newSet: ReplicaSet): Sizes {
  if (wantedReplicas(oldSets) === 0) return new Map();
  const least = desiredReplicas(deployment) - maxUnavailable(deployment);
  const newUnavailable = desiredReplicas(newSet) - (newSet.status.availableReplicas ?? 0);
  const spare = wantedReplicas(oldSets) + desiredReplicas(newSet) - least - newUnavailable;
  if (spare <= 0) return new Map();
  const { sizes, stale } = cleanUp(oldSets, spare);
  if (stale) return sizes;
  const smaller = oldSets.map((set) => withReplicas(set, sizes.get(set.metadata.name) ?? desiredReplicas(set)));
  return new Map([...sizes, ...scaleDownOld(deployment, smaller, newSet)]);
}

/** Pods that are not available go first, whichever set they are of. upstream: cleanupUnhealthyReplicas */
export function cleanUpUnhealthy(oldSets: Sets, cleanupMax: number): Sizes {
  return cleanUp(oldSets, cleanupMax).sizes;
}

/** `stale`: a set reports more available pods than it wants, so that nobody knows yet how many are left; nothing more may go now. */
function cleanUp(oldSets: Sets, cleanupMax: number): { readonly sizes: Sizes; readonly stale: boolean } {
  const sizes = new Map<string, number>();
  let left = cleanupMax;
  for (const set of oldSets.toSorted(byAge)) {
    if (left <= 0) break;
    const replicas = desiredReplicas(set);
    const unhealthy = Math.min(left, replicas - (set.status.availableReplicas ?? 0));
    if (replicas === 0 || unhealthy === 0) continue;
    if (unhealthy < 0) return { sizes, stale: true };
    sizes.set(set.metadata.name, replicas - unhealthy);
    left -= unhealthy;
  }
  return { sizes, stale: false };
}

/** upstream: scaleDownOldReplicaSetsForRollingUpdate */
export function scaleDownOld(deployment: Deployment, oldSets: Sets, newSet: ReplicaSet | null): Sizes {
  const sizes = new Map<string, number>();
  const least = desiredReplicas(deployment) - maxUnavailable(deployment);
  let left = availableReplicas(newSet === null ? oldSets : [...oldSets, newSet]) - least;
  for (const set of oldSets.toSorted(byAge)) {
    if (left <= 0) break;
    const replicas = desiredReplicas(set);
    if (replicas === 0) continue;
    const down = Math.min(replicas, left);
    sizes.set(set.metadata.name, replicas - down);
    left -= down;
  }
  return sizes;
}

function withReplicas(set: ReplicaSet, replicas: number): ReplicaSet {
  return replicas === desiredReplicas(set) ? set : { ...set, spec: { ...set.spec, replicas } };
}
