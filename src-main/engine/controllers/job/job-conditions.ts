// Conditions of a Job: what it is about to become comes first, and what it is in the end follows when no pod is left.
// upstream: pkg/controller/job/job_controller.go newCondition, ensureJobConditionStatus
import type { JobStatus } from '../../kinds/batch/job.ts';
import { findCondition } from '../../meta/conditions.ts';

export type JobCondition = NonNullable<JobStatus['conditions']>[number];

export function jobCondition(type: string, reason: string, message: string, now: string, status = 'True'): JobCondition {
  const text = { ...(reason !== '' && { reason }), ...(message !== '' && { message }) };
  return { type, status, lastProbeTime: now, lastTransitionTime: now, ...text };
}

/** The condition of that type, if it holds. */
export function trueCondition(status: JobStatus, type: string): JobCondition | null {
  const found = findCondition(status.conditions, type);
  return found?.status === 'True' ? found : null;
}

/** The same list when nothing changes; a condition that never held is not added as False. */
export function withCondition(conditions: readonly JobCondition[], next: JobCondition): readonly JobCondition[] {
  const index = conditions.findIndex(({ type }) => type === next.type);
  const known = conditions[index];
  if (known === undefined) return next.status === 'False' ? conditions : [...conditions, next];
  const same =
    known.status === next.status && (known.reason ?? '') === (next.reason ?? '') && (known.message ?? '') === (next.message ?? '');
  return same ? conditions : conditions.with(index, next);
}

/** The end that an interim condition announces. */
export function finalCondition({ type, reason = '', message = '' }: JobCondition, now: string): JobCondition {
  return jobCondition(type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed', reason, message, now);
}
