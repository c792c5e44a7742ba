// Finds and sets conditions with the transition times clients rely on; a list that does not change is returned as it is.
// upstream: apimachinery pkg/api/meta/conditions.go, kubernetes pkg/api/v1/pod/util.go UpdatePodCondition

import { extended } from '../base/extended.ts';
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/** A pod's condition is probed as well. */
export interface ProbedCondition extends Omit<Condition, 'lastTransitionTime'> {
  readonly lastProbeTime?: string | null;
  readonly lastTransitionTime?: string | null;
}

export function findCondition<C extends { readonly type: string }>(conditions: readonly C[] | undefined, type: string): C | undefined {
  if (conditions === undefined) return undefined;
  for (let index = 0; index < conditions.length; index += 1) {
    const condition = conditions[index] as C;
    if (condition.type === type) return condition;
  }
  return undefined;
}

export function isConditionTrue(
  conditions: readonly { readonly type: string; readonly status: string }[] | undefined,
  type: string,
): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/** Sets a `metav1.Condition`: its place is kept, and the transition time changes only with the status. upstream: SetStatusCondition */
export function setStatusCondition<C extends Condition>(conditions: readonly C[], condition: C, now: string): readonly C[] {
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const existing = conditions[index];
  const transition = condition.lastTransitionTime ?? now;
  if (existing === undefined) return [...conditions, extended(condition, { lastTransitionTime: transition }) as C];
  const sameStatus = existing.status === condition.status;
  if (sameStatus && sameText(existing, condition) && existing.observedGeneration === condition.observedGeneration) return conditions;
  const since = sameStatus ? (existing.lastTransitionTime ?? transition) : transition;
  return conditions.with(index, extended(condition, { lastTransitionTime: since }) as C);
}

export function removeCondition<C extends { readonly type: string }>(conditions: readonly C[], type: string): readonly C[] {
  return findCondition(conditions, type) === undefined ? conditions : conditions.filter((condition) => condition.type !== type);
}

/** Sets a pod's condition: it replaces the old one whole, and keeps the transition time while the status stays. upstream: UpdatePodCondition */
export function updatePodCondition<C extends ProbedCondition>(conditions: readonly C[], condition: C, now: string): readonly C[] {
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const existing = conditions[index];
  if (existing === undefined) return [...conditions, extended(condition, { lastTransitionTime: now }) as C];
  const sameStatus = existing.status === condition.status;
  const unprobed = (existing.lastProbeTime ?? null) === (condition.lastProbeTime ?? null);
  if (sameStatus && unprobed && sameText(existing, condition)) return conditions;
  const since = sameStatus ? (existing.lastTransitionTime ?? now) : now;
  return conditions.with(index, extended(condition, { lastTransitionTime: since }) as C);
}

interface Explained {
  readonly reason?: string;
  readonly message?: string;
}

function sameText(a: Explained, b: Explained): boolean {
  return (a.reason ?? '') === (b.reason ?? '') && (a.message ?? '') === (b.message ?? '');
}
