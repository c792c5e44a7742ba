// Why a CronJob starts nothing: it is suspended, its last run still goes on, or its time has not come.
import type { Cluster } from '../../engine/cluster.ts';
import type { CronJobControllerMemory } from '../../engine/controllers/cron-job-controller.ts';
import type { CronJob } from '../../engine/kinds/batch/cron-job.ts';
import { keyOf } from '../../engine/meta/object.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

export const cronJobWaits: Question = {
  name: 'cronJobWaits',
  answer: (cluster, kind, object) => {
    if (kind !== 'CronJob.batch') return [];
    const cronJob = object as CronJob;
    const { suspend, concurrencyPolicy, schedule, timeZone } = cronJob.spec;
    if (suspend === true) return [line('suspended')];
    const [active] = cronJob.status.active ?? [];
    const key = `${cronJob.metadata.namespace}/${active?.name ?? ''}`;
    const forbidden =
      active === undefined || concurrencyPolicy !== 'Forbid'
        ? []
        : [
            line(
              'stillActive',
              { job: active.name ?? '', policy: concurrencyPolicy },
              { about: { kind: 'Job.batch', key }, settings: { policy: settings.concurrencyPolicy } },
            ),
          ];
    return [...forbidden, ...nextRun(cluster, cronJob, timeZone === undefined ? schedule : `${schedule} (${timeZone})`)];
  },
};

function nextRun({ components }: Cluster, cronJob: CronJob, schedule: string) {
  const memory = components.memoryOf('cronjob-controller') as CronJobControllerMemory | undefined;
  const dueMs = memory?.waiting[keyOf(cronJob)]?.dueMs;
  return dueMs === undefined ? [] : [line('nextRun', { schedule }, { dueMs })];
}
