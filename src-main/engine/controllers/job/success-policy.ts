// When enough of a Job's indexes have succeeded for the whole. upstream: pkg/controller/job/success_policy.go
import { countOf, countShared, type Intervals, parseIntervals } from '../../kinds/batch/index-intervals.ts';
import type { JobSpec } from '../../kinds/batch/job.ts';

/** The index of the first rule that is met; null when none is. */
export function metSuccessRule(policy: JobSpec['successPolicy'] | null, completions: number, succeeded: Intervals): number | null {
  if (succeeded.length === 0) return null;
  const met = (policy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && countOf(succeeded) >= succeededCount;
    const wanted = parseIntervals(succeededIndexes, completions);
    if (wanted.length === 0) return false;
    const shared = countShared(wanted, succeeded);
    return shared === countOf(wanted) || (succeededCount !== undefined && shared >= succeededCount);
  });
  return met < 0 ? null : met;
}

export function successMessage(rule: number): string {
  return `Matched rules at index ${rule}`;
}
