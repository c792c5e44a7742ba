// Which finished jobs of a CronJob are too many to keep. upstream: pkg/controller/cronjob/cronjob_controllerv2.go cleanupFinishedJobs
import { compareText } from '../../base/compare-text.ts';
import { parseTimestamp } from '../../base/timestamp.ts';
import type { CronJob } from '../../kinds/batch/cron-job.ts';
import type { Job } from '../../kinds/batch/job.ts';
import { isConditionTrue } from '../../meta/conditions.ts';

export function jobsBeyondHistory({ spec }: CronJob, jobs: readonly Job[]): readonly Job[] {
  const succeeded = jobs.filter(({ status }) => isConditionTrue(status.conditions, 'Complete'));
  const failed = jobs.filter(
    ({ status }) => isConditionTrue(status.conditions, 'Failed') && !isConditionTrue(status.conditions, 'Complete'),
  );
  return [...oldest(succeeded, spec.successfulJobsHistoryLimit), ...oldest(failed, spec.failedJobsHistoryLimit)];
}

/** Oldest first, those that never started last. upstream: byJobStartTime */
export function inStartOrder(jobs: readonly Job[]): readonly Job[] {
  const startOf = ({ status }: Job): number => parseTimestamp(status.startTime ?? '') ?? Number.MAX_SAFE_INTEGER;
  return jobs.toSorted((a, b) => startOf(a) - startOf(b) || compareText(a.metadata.name, b.metadata.name));
}

function oldest(jobs: readonly Job[], limit: number | undefined): readonly Job[] {
  return limit === undefined || jobs.length <= limit ? [] : inStartOrder(jobs).slice(0, jobs.length - limit);
}
