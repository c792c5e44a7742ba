// Jobs at rest: each has ended with all of its pods counted, or something that was made so holds it up; CronJobs keep no more of them than they may.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { CronJob } from '../../src-main/engine/kinds/batch/cron-job.ts';
import { isJobFinished, type Job } from '../../src-main/engine/kinds/batch/job.ts';
import { TRACKING_FINALIZER } from '../../src-main/engine/kinds/batch/job-labels.ts';
import { isConditionTrue } from '../../src-main/engine/meta/conditions.ts';
import { isOver, podsOf, tableOf } from './convergence.ts';
import { ENDLESS } from './job-workloads.ts';

/** A Job that a CronJob has just made is still at work. */
const RECENT_MS = 400_000;

export function jobFaults(cluster: Cluster): readonly string[] {
  return [
    ...tableOf<Job>(cluster, 'Job.batch').flatMap((job) => faultsOf(cluster, job)),
    ...tableOf<CronJob>(cluster, 'CronJob.batch').flatMap((cronJob) => historyFaults(cluster, cronJob)),
  ];
}

function faultsOf(cluster: Cluster, job: Job): readonly string[] {
  const { metadata, status, spec } = job;
  const name = `job ${metadata.name}`;
  const pods = podsOf(cluster, metadata.uid);
  if (isJobFinished(job)) {
    const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
    const tracked = pods.filter((pod) => pod.metadata.finalizers?.includes(TRACKING_FINALIZER) === true);
    return [
      ...(succeeded.length + failed.length > 0 ? [`${name} has ended and counts on`] : []),
      ...tracked.map((pod) => `${name} has ended and holds ${pod.metadata.name}`),
    ];
  }
  if (spec.suspend === true || spec.parallelism === 0 || metadata.annotations?.[ENDLESS] !== undefined) return [];
  if (cluster.timeline.unixMs - Date.parse(metadata.creationTimestamp) < RECENT_MS) return [];
  const waits = pods.some((pod) => !isOver(pod) && (pod.spec.nodeName ?? '') === '');
  return waits ? [] : [`${name} has not ended: ${JSON.stringify(status)}`];
}

function historyFaults(cluster: Cluster, { metadata, spec }: CronJob): readonly string[] {
  const jobs = tableOf<Job>(cluster, 'Job.batch').filter(
    (job) => job.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) === true,
  );
  const count = (type: string): number => jobs.filter(({ status }) => isConditionTrue(status.conditions, type)).length;
  const [succeeded, failed] = [count('Complete'), count('Failed')];
  return [
    ...(succeeded > (spec.successfulJobsHistoryLimit ?? 3) ? [`cronjob ${metadata.name} keeps ${succeeded} jobs that succeeded`] : []),
    ...(failed > (spec.failedJobsHistoryLimit ?? 1) ? [`cronjob ${metadata.name} keeps ${failed} jobs that failed`] : []),
  ];
}
