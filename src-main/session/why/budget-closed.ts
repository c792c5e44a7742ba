// Why a budget lets nobody evict its pods now: how many are healthy, and how many must be.
import type { PodDisruptionBudget } from '../../engine/kinds/policy/pod-disruption-budget.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { line, type Question } from './question.ts';

export const budgetClosed: Question = {
  name: 'budgetClosed',
  answer: (_cluster, kind, object) => {
    const { status } = object as PodDisruptionBudget;
    if (kind !== 'PodDisruptionBudget.policy' || (status?.disruptionsAllowed ?? 0) > 0) return [];
    const { expectedPods = 0, currentHealthy: healthy = 0, desiredHealthy: desired = 0 } = status ?? {};
    if (expectedPods === 0) return [line('noPods')];
    const condition = findCondition(status?.conditions, 'DisruptionAllowed');
    const counts = line('counts', { pods: expectedPods, healthy, desired });
    return condition?.reason === 'SyncFailed' ? [line('failed', { message: condition.message ?? '' }), counts] : [counts];
  },
};
