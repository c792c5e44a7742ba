// The steps of sets, jobs, autoscalers and budgets: when they have what they ask for, lose it, end, resize, or forbid evictions.
import type { Delta } from '../../engine/api/store.ts';
import type { DaemonSet } from '../../engine/kinds/apps/daemon-set.ts';
import type { StatefulSet } from '../../engine/kinds/apps/stateful-set.ts';
import type { HorizontalPodAutoscaler } from '../../engine/kinds/autoscaling/autoscaler.ts';
import type { Job } from '../../engine/kinds/batch/job.ts';
import type { PodDisruptionBudget } from '../../engine/kinds/policy/pod-disruption-budget.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';
import type { ApiObject } from '../../engine/meta/object.ts';
import { NO_STEPS, type StepDraft, type StepReader } from './step-draft.ts';
import { objectSteps } from './workload-steps.ts';

const lane = 'workloads';

/** Reads what a change of the object means; made and gone are told alike for all. */
function reader<T extends ApiObject>(read: (now: T, before: T) => readonly StepDraft[]): StepReader {
  return (delta: Delta) => (delta.type === 'MODIFIED' ? read(delta.object as T, delta.previous as T) : objectSteps(delta));
}

export const statefulSetSteps = reader<StatefulSet>((now, before) =>
  readySteps([before.status?.readyReplicas ?? 0, before.spec.replicas ?? 1], [now.status?.readyReplicas ?? 0, now.spec.replicas ?? 1]),
);

export const daemonSetSteps = reader<DaemonSet>(({ status: now }, { status: before }) =>
  readySteps([before?.numberReady ?? 0, before?.desiredNumberScheduled ?? 0], [now?.numberReady ?? 0, now?.desiredNumberScheduled ?? 0]),
);

export const jobSteps = reader<Job>(({ status: now }, { status: before }) => {
  const steps: StepDraft[] = [];
  for (const [type, what, tone] of JOB_ENDS) {
    const condition = findCondition(now?.conditions, type);
    if (condition?.status !== 'True' || isConditionTrue(before?.conditions, type)) continue;
    steps.push({ lane, tone, what, values: { reason: condition.reason ?? '', message: condition.message ?? '' } });
  }
  return steps;
});
const JOB_ENDS = [
  ['Complete', 'job.complete', 'good'],
  ['Failed', 'job.failed', 'bad'],
  ['Suspended', 'job.suspended', 'plain'],
] as const;

export const autoscalerSteps = reader<HorizontalPodAutoscaler>(({ status: now }, { status: before }) => {
  const [from, to] = [before?.desiredReplicas ?? 0, now?.desiredReplicas ?? 0];
  return from === to ? NO_STEPS : [{ lane, tone: 'plain', what: to > from ? 'autoscaler.up' : 'autoscaler.down', values: { from, to } }];
});

export const budgetSteps = reader<PodDisruptionBudget>(({ status: now }, { status: before }) => {
  const allowed = now?.disruptionsAllowed ?? 0;
  if (allowed > 0 === (before?.disruptionsAllowed ?? 0) > 0) return NO_STEPS;
  const values = { allowed, healthy: now?.currentHealthy ?? 0, desired: now?.desiredHealthy ?? 0 };
  return [allowed > 0 ? { lane, tone: 'good', what: 'budget.open', values } : { lane, tone: 'plain', what: 'budget.closed', values }];
});

/** All of what is asked for, and the moment that it is no longer all. */
function readySteps(before: readonly [ready: number, asked: number], now: readonly [ready: number, asked: number]): readonly StepDraft[] {
  const isWhole = ([ready, asked]: readonly [number, number]): boolean => asked > 0 && ready >= asked;
  if (isWhole(before) === isWhole(now)) return NO_STEPS;
  const [ready, asked] = now;
  if (isWhole(now)) return [{ lane, tone: 'good', what: 'set.whole', values: { ready, asked } }];
  return asked === 0 ? NO_STEPS : [{ lane, tone: ready < before[0] ? 'bad' : 'plain', what: 'set.short', values: { ready, asked } }];
}
