// The one condition of a PodDisruptionBudget, which the controller and the Eviction API both write.
// upstream: k8s.io/component-helpers/apps/poddisruptionbudget/helpers.go
import { type Condition, findCondition, setStatusCondition } from '../../meta/conditions.ts';
import type { PodDisruptionBudget } from './pod-disruption-budget.ts';

const TYPE = 'DisruptionAllowed';

type Status = PodDisruptionBudget['status'];

/** The status with a condition that tells whether any disruption is allowed now. */
export function withDisruptionAllowed(status: Status, now: string): Status {
  return withCondition(status, { ...wanted(status), message: '' }, now);
}

/** The status after the controller could not count. upstream: failSafe */
export function withSyncFailed(status: Status, message: string, now: string): Status {
  const { observedGeneration = 0 } = status;
  const condition = { type: TYPE, status: 'False' as const, reason: 'SyncFailed', message, observedGeneration };
  return withCondition({ ...status, disruptionsAllowed: 0 }, condition, now);
}

/** upstream: ConditionsAreUpToDate */
export function isUpToDate({ metadata, status }: Pick<PodDisruptionBudget, 'metadata' | 'status'>): boolean {
  const condition = findCondition(status.conditions, TYPE);
  const { status: state, reason } = wanted(status);
  return condition?.observedGeneration === metadata.generation && condition?.status === state && condition.reason === reason;
}

function withCondition(status: Status, condition: Condition, now: string): Status {
  const before: readonly Condition[] = status.conditions ?? [];
  return { ...status, conditions: setStatusCondition(before, condition, now) as NonNullable<Status['conditions']> };
}

function wanted({ disruptionsAllowed, observedGeneration = 0 }: Status) {
  return disruptionsAllowed > 0
    ? { type: TYPE, status: 'True' as const, reason: 'SufficientPods', observedGeneration }
    : { type: TYPE, status: 'False' as const, reason: 'InsufficientPods', observedGeneration };
}
