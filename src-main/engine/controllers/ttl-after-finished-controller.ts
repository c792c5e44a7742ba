// Deletes Jobs that have ended when the time they were to be kept is over. upstream: pkg/controller/ttlafterfinished
import { parseTimestamp } from '../base/timestamp.ts';
import { type ControllerContext, defineController } from '../client/component.ts';
import { isJobFinished, type Job, jobKind } from '../kinds/batch/job.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';

export const ttlAfterFinishedController = defineController<Record<string, never>>({
  name: 'ttl-after-finished-controller',
  workers: 5,
  initialState: () => ({}),
  start: (context) => {
    const jobs = context.cache(jobKind);
    jobs.onChange((next) => {
      if (next !== undefined && next.metadata.deletionTimestamp === undefined && expires(next)) context.queue.add(keyOf(next));
    });
    if (!context.restored) for (const job of jobs.values()) if (expires(job)) context.queue.add(keyOf(job));
    return { reconcile: (key) => reconcile(context, jobs.get(key), key) };
  },
});

function reconcile(context: ControllerContext<Record<string, never>>, known: Job | undefined, key: string): void {
  if (known === undefined || !isOver(context, known)) return;
  try {
    // The cache may not have heard that somebody has given the Job more time.
    const job = context.client.get(jobKind, key);
    if (!isOver(context, job)) return;
    context.client.delete(jobKind, key, { propagationPolicy: 'Foreground', preconditions: { uid: job.metadata.uid } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** When it is not, the Job is looked at again then. upstream: processTTL */
function isOver({ queue, time }: ControllerContext<Record<string, never>>, job: Job): boolean {
  if (job.metadata.deletionTimestamp !== undefined || !expires(job)) return false;
  const leftMs = finishedMs(job) + (job.spec.ttlSecondsAfterFinished ?? 0) * 1000 - time.unixMs;
  if (leftMs > 0) queue.addAfter(keyOf(job), leftMs);
  return leftMs <= 0;
}

function expires(job: Job): boolean {
  return job.spec.ttlSecondsAfterFinished !== undefined && isJobFinished(job);
}

function finishedMs({ status }: Job): number {
  const end = status.conditions?.find(({ type, status: holds }) => (type === 'Complete' || type === 'Failed') && holds === 'True');
  return parseTimestamp(end?.lastTransitionTime ?? '') ?? 0;
}
