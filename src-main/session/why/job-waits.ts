// Why a Job is not done: what ended it, what keeps its pods from being made, and how many failures are left to it.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Job } from '../../engine/kinds/batch/job.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';
import { eventsAbout } from '../object-events.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

const BACKOFF_LIMIT = 6;

export const jobWaits: Question = {
  name: 'jobWaits',
  answer: (cluster, kind, object) => {
    if (kind !== 'Job.batch') return [];
    const job = object as Job;
    if (isConditionTrue(job.status?.conditions, 'Complete')) return [];
    const failed = findCondition(job.status?.conditions, 'Failed');
    if (failed?.status === 'True') return [line('failed', { reason: failed.reason ?? '', message: failed.message ?? '' }), counts(job)];
    if (job.spec.suspend === true) return [line('suspended')];
    return [...refused(cluster, job), counts(job)];
  },
};

function counts({ spec, status }: Job): WhyLine {
  const { succeeded = 0, failed = 0, active = 0 } = status ?? {};
  const limit = spec.backoffLimit ?? BACKOFF_LIMIT;
  const wanted = spec.completions ?? 1;
  return line('counts', { succeeded, wanted, active, failed, limit }, { settings: { limit: settings.backoffLimit } });
}

/** Only while there is no pod: a refusal of earlier is over. */
function refused({ store }: Cluster, job: Job): readonly WhyLine[] {
  if ((job.status?.active ?? 0) > 0) return [];
  const last = eventsAbout(store, job).findLast(({ reason }) => reason === 'FailedCreate');
  return last === undefined ? [] : [line('refused', { message: last.message ?? '' })];
}
