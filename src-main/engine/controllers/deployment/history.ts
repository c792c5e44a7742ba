// Which old ReplicaSets a Deployment gives up: the empty ones beyond revisionHistoryLimit, lowest revisions first.
// upstream: pkg/controller/deployment/sync.go cleanupDeployment
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import { revisionOf } from './annotations.ts';
import { desiredReplicas } from './fenceposts.ts';
import { byAge, type Sets } from './sets.ts';

const NO_LIMIT = 2_147_483_647;

export function setsBeyondHistory(oldSets: Sets, revisionHistoryLimit: number | undefined): Sets {
  if (revisionHistoryLimit === undefined || revisionHistoryLimit === NO_LIMIT) return [];
  const alive = oldSets.filter((set) => set.metadata.deletionTimestamp === undefined);
  const surplus = alive.length - revisionHistoryLimit;
  if (surplus <= 0) return [];
  return alive
    .toSorted((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b))
    .slice(0, surplus)
    .filter(isUnused);
}

function isUnused(set: ReplicaSet): boolean {
  const observed = (set.metadata.generation ?? 0) <= (set.status.observedGeneration ?? 0);
  return (set.status.replicas ?? 0) === 0 && desiredReplicas(set) === 0 && observed;
}
