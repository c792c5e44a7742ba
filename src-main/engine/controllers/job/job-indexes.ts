// The book-keeping of an Indexed Job: which indexes have succeeded or failed, which come next, which pods are one too many.
// upstream: pkg/controller/job/indexed_job_utils.go
import { hasIndex, type Intervals, intervalsOf, mergeIntervals, parseIntervals } from '../../kinds/batch/index-intervals.ts';
import type { Job } from '../../kinds/batch/job.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { isPodActive } from '../pod-state.ts';
import { compareActivePods } from '../replica-set/delete-order.ts';
import { allFailures, countedFailures, finishedMs } from './back-off.ts';
import { judgeFailure } from './failure-policy.ts';
import { indexOf, isOwnIndex, isPodFailed, isTerminating, isTracked, NO_INDEX, replacesOnlyFailed } from './job-pods.ts';

/** Before, by the status, and now, with the pods that are not yet counted. upstream: calculateSucceededIndexes */
export function succeededIndexes(job: Job, pods: readonly Pod[]): { readonly before: Intervals; readonly now: Intervals } {
  const before = parseIntervals(job.status.completedIndexes ?? '', job.spec.completions ?? 0);
  const fresh = pods.filter((pod) => pod.status.phase === 'Succeeded' && isOwnIndex(indexOf(pod), job) && isTracked(pod));
  return { before, now: mergeIntervals(before, intervalsOf(fresh.map(indexOf))) };
}

/** upstream: calculateFailedIndexes */
export function failedIndexes(job: Job, pods: readonly Pod[]): Intervals {
  const before = parseIntervals(job.status.failedIndexes ?? '', job.spec.completions ?? 0);
  const fresh = pods.filter((pod) => isOwnIndex(indexOf(pod), job) && isTracked(pod) && failsIndex(job, pod));
  return mergeIntervals(before, intervalsOf(fresh.map(indexOf)));
}

/** The newest failed pod of each index that waits for a replacement: it carries the count of failures on. upstream: getPodsWithDelayedDeletionPerIndex */
export function podsToReplace(
  job: Job,
  pods: readonly Pod[],
  done: { readonly succeeded: Intervals; readonly failed: Intervals },
  removing: ReadonlySet<string>,
): ReadonlyMap<number, Pod> {
  const active = new Set(pods.filter(isPodActive).map(indexOf));
  const found = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOf(pod);
    if (!isTracked(pod) || removing.has(pod.metadata.uid) || !isOwnIndex(index, job) || !isPodFailed(pod, job)) continue;
    if (active.has(index) || hasIndex(done.succeeded, index) || hasIndex(done.failed, index)) continue;
    const last = found.get(index);
    if (last === undefined || (allFailures(last) <= allFailures(pod) && finishedMs(pod) >= finishedMs(last))) found.set(index, pod);
  }
  return found;
}

/** The first `count` indexes that nobody works on and that are not done. upstream: firstPendingIndexes */
export function nextIndexes(
  job: Job,
  pods: readonly Pod[],
  done: { readonly succeeded: Intervals; readonly failed: Intervals },
  count: number,
): readonly number[] {
  const busy = pods.filter((pod) => isPodActive(pod) || (replacesOnlyFailed(job) && isTerminating(pod)));
  const taken = mergeIntervals(
    mergeIntervals(done.succeeded, intervalsOf(busy.map(indexOf).filter((index) => index !== NO_INDEX))),
    done.failed,
  );
  const found: number[] = [];
  const completions = job.spec.completions ?? 0;
  let candidate = 0;
  for (const { first, last } of taken) {
    for (; candidate < Math.min(first, completions) && found.length < count; candidate += 1) found.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  for (; candidate < completions && found.length < count; candidate += 1) found.push(candidate);
  return found;
}

/** Of the active pods, those whose index is none of the Job's or is worked on by a better one. upstream: appendDuplicatedIndexPodsForRemoval */
export function superfluousPods(job: Job, active: readonly Pod[]): { readonly remove: readonly Pod[]; readonly keep: readonly Pod[] } {
  const remove: Pod[] = [];
  const keep: Pod[] = [];
  const byIndex = new Map<number, Pod[]>();
  for (const pod of inIndexOrder(active)) {
    const index = indexOf(pod);
    const same = byIndex.get(index);
    if (same === undefined) byIndex.set(index, [pod]);
    else same.push(pod);
  }
  for (const [index, pods] of byIndex) {
    if (!isOwnIndex(index, job)) remove.push(...pods);
    else {
      const ordered = pods.toSorted(compareActivePods);
      remove.push(...ordered.slice(0, -1));
      keep.push(...ordered.slice(-1));
    }
  }
  return { remove, keep };
}

export function inIndexOrder(pods: readonly Pod[]): readonly Pod[] {
  return pods.toSorted((a, b) => indexOf(a) - indexOf(b));
}

/** upstream: isIndexFailed */
function failsIndex(job: Job, pod: Pod): boolean {
  if (!isPodFailed(pod, job)) return false;
  const { action, counts } = judgeFailure(job.spec.podFailurePolicy, pod);
  if (action === 'FailIndex') return true;
  return counts && countedFailures(pod) >= (job.spec.backoffLimitPerIndex ?? 0);
}
