// A Deployment's status from its ReplicaSets, and what it tells of a rollout: complete, moving or out of time.
// upstream: pkg/controller/deployment/sync.go calculateStatus, pkg/controller/deployment/util/deployment_util.go
import { formatTimestamp, parseTimestamp } from '../../base/timestamp.ts';
import type { Deployment } from '../../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import { findCondition, removeCondition } from '../../meta/conditions.ts';
import { desiredReplicas, maxUnavailable } from './fenceposts.ts';
import { actualReplicas, availableReplicas, readyReplicas, type Sets, wantedReplicas } from './sets.ts';

export type DeploymentStatus = Deployment['status'];
export type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];

export const NEW_SET_AVAILABLE = 'NewReplicaSetAvailable';
export const TIMED_OUT = 'ProgressDeadlineExceeded';
const NO_LIMIT = 2_147_483_647;

/** upstream: calculateStatus */
export function deploymentStatus(deployment: Deployment, allSets: Sets, newSet: ReplicaSet | null, unixMs: number): DeploymentStatus {
  const available = availableReplicas(allSets);
  const enough = available >= desiredReplicas(deployment) - maxUnavailable(deployment);
  const condition = newCondition(
    'Available',
    enough ? 'True' : 'False',
    enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
    unixMs,
  );
  const { collisionCount } = deployment.status;
  return {
    observedGeneration: deployment.metadata.generation ?? 0,
    ...counted({
      replicas: actualReplicas(allSets),
      updatedReplicas: newSet === null ? 0 : actualReplicas([newSet]),
      readyReplicas: readyReplicas(allSets),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, wantedReplicas(allSets) - available),
    }),
    ...(collisionCount !== undefined && { collisionCount }),
    conditions: withCondition(deployment.status.conditions ?? [], condition),
  };
}

/** A count of none is left out. upstream: k8s.io/api/apps/v1 DeploymentStatus, omitempty */
function counted(counts: Readonly<Record<string, number>>): Partial<DeploymentStatus> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

/** upstream: DeploymentComplete */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = desiredReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === desired &&
    (status.replicas ?? 0) === desired &&
    (status.availableReplicas ?? 0) === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** upstream: DeploymentProgressing */
export function isProgressing(previous: DeploymentStatus, next: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (next.updatedReplicas ?? 0) > (previous.updatedReplicas ?? 0) ||
    old(next) < old(previous) ||
    (next.readyReplicas ?? 0) > (previous.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (previous.availableReplicas ?? 0)
  );
}

/** upstream: DeploymentTimedOut */
export function hasTimedOut(deployment: Deployment, status: DeploymentStatus, unixMs: number): boolean {
  const condition = findCondition(status.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || condition === undefined || condition.reason === NEW_SET_AVAILABLE) return false;
  return condition.reason === TIMED_OUT || deadlineMs(deployment, condition) < unixMs;
}

/** Milliseconds until a rollout that stands still must be looked at: 0 = soon, null = never. upstream: requeueStuckDeployment */
export function stuckCheckMs(deployment: Deployment, status: DeploymentStatus, unixMs: number): number | null {
  const condition = findCondition(deployment.status.conditions, 'Progressing');
  if (!hasProgressDeadline(deployment) || condition === undefined) return null;
  if (isComplete(deployment, status) || condition.reason === TIMED_OUT) return null;
  const after = deadlineMs(deployment, condition) - unixMs;
  return after < 1000 ? 0 : after;
}

export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds ?? NO_LIMIT;
  return seconds !== NO_LIMIT;
}

export function newCondition(type: string, status: string, reason: string, message: string, unixMs: number): DeploymentCondition {
  const now = formatTimestamp(unixMs);
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message };
}

/** Same status and reason: nothing changes, not even the text. upstream: SetDeploymentCondition */
export function withCondition(conditions: readonly DeploymentCondition[], condition: DeploymentCondition): readonly DeploymentCondition[] {
  const current = findCondition(conditions, condition.type);
  if (current?.status === condition.status && (current.reason ?? '') === (condition.reason ?? '')) return conditions;
  const since = current?.status === condition.status ? current.lastTransitionTime : condition.lastTransitionTime;
  return [...removeCondition(conditions, condition.type), { ...condition, ...(since !== undefined && { lastTransitionTime: since }) }];
}

function deadlineMs(deployment: Deployment, condition: DeploymentCondition): number {
  return (parseTimestamp(condition.lastUpdateTime ?? '') ?? 0) + (deployment.spec.progressDeadlineSeconds ?? NO_LIMIT) * 1000;
}
