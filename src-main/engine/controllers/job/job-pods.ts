// What a Job's controller asks about a pod: has it been counted, which index is it, has it failed.
// upstream: pkg/controller/job/job_controller.go, indexed_job_utils.go

import type { Job } from '../../kinds/batch/job.ts';
import { INDEX_ANNOTATION, TRACKING_FINALIZER } from '../../kinds/batch/job-labels.ts';
import type { Pod } from '../../kinds/core/pod.ts';

/** Of a pod that has none, or none that can be read. */
export const NO_INDEX = -1;

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(TRACKING_FINALIZER) === true;
}

export function indexOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[INDEX_ANNOTATION] ?? '';
  return /^\+?\d+$/.test(text) ? Number(text) : NO_INDEX;
}

/** An index that the Job has. */
export function isOwnIndex(index: number, { spec }: Pick<Job, 'spec'>): boolean {
  return index !== NO_INDEX && index < (spec.completions ?? 0);
}

/** Deleted, and not yet ended. upstream: IsPodTerminating */
export function isTerminating({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && status.phase !== 'Failed' && status.phase !== 'Succeeded';
}

/** A pod that goes away is replaced only when it has failed. upstream: onlyReplaceFailedPods */
export function replacesOnlyFailed({ spec }: Pick<Job, 'spec'>): boolean {
  return spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;
}

/** A deleted pod may never come to say that it failed. */
export function isPodFailed(pod: Pod, job: Pick<Job, 'spec'>): boolean {
  if (pod.status.phase === 'Failed') return true;
  if (replacesOnlyFailed(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded';
}
