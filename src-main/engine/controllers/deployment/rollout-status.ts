// A Deployment's status after a step of its rollout: what was counted, with the conditions Progressing and ReplicaFailure.
// upstream: pkg/controller/deployment/progress.go syncRolloutStatus
import type { Deployment } from '../../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import { findCondition, removeCondition } from '../../meta/conditions.ts';
import { stepProgress } from './progress.ts';
import type { Sets } from './sets.ts';
import { type DeploymentCondition, type DeploymentStatus, deploymentStatus, withCondition } from './status.ts';

/** The status after a rollout step, with Progressing and ReplicaFailure. upstream: syncRolloutStatus */
export function rolloutStatus(deployment: Deployment, allSets: Sets, newSet: ReplicaSet | null, unixMs: number): DeploymentStatus {
  const status = deploymentStatus(deployment, allSets, newSet, unixMs);
  const set = newSet === null ? {} : { set: newSet.metadata.name };
  let conditions = stepProgress(deployment, status, 'count', { ...set, unixMs });
  const failure = replicaFailure(allSets, newSet);
  conditions = failure === undefined ? removeCondition(conditions, 'ReplicaFailure') : withCondition(conditions, failure);
  return { ...status, conditions };
}

/** upstream: getReplicaFailures */
function replicaFailure(allSets: Sets, newSet: ReplicaSet | null): DeploymentCondition | undefined {
  const failureOf = (set: ReplicaSet): DeploymentCondition | undefined => {
    const condition = findCondition(set.status.conditions, 'ReplicaFailure');
    return condition && { lastUpdateTime: condition.lastTransitionTime ?? '', ...condition };
  };
  const fromNew = newSet === null ? undefined : failureOf(newSet);
  if (fromNew !== undefined) return fromNew;
  for (const set of allSets) {
    const failure = failureOf(set);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
