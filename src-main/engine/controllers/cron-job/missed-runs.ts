// Which run of a CronJob is due: the newest one that was missed, however many there were, and how long until the next.
// upstream: pkg/controller/cronjob/utils.go
import { parseTimestamp } from '../../base/timestamp.ts';
import type { CronJob } from '../../kinds/batch/cron-job.ts';
import { nextCronTime } from '../../meta/cron-next.ts';
import type { CronSchedule } from '../../meta/cron-schedule.ts';
import type { Parsed } from '../../meta/parsed.ts';

/** Clocks of machines differ a little. */
export const NEXT_RUN_DELTA_MS = 100;
const MANY = 100;

export interface MissedRuns {
  /** From where it was counted; Unix milliseconds, as all times here. */
  readonly earliestMs: number;
  readonly recentMs: number | null;
  readonly missed: 'none' | 'few' | 'many';
  /** The schedule makes no sense. */
  readonly error?: string;
}

/** upstream: mostRecentScheduleTime */
export function missedRuns(cronJob: CronJob, schedule: CronSchedule, unixMs: number, withDeadline: boolean): MissedRuns {
  const earliestMs = earliest(cronJob, unixMs, withDeadline);
  const first = nextCronTime(schedule, earliestMs);
  const second = first === null ? null : nextCronTime(schedule, first);
  if (first !== null && unixMs < first) return { earliestMs, recentMs: null, missed: 'none' };
  if (first !== null && second !== null && unixMs < second) return { earliestMs, recentMs: first, missed: 'none' };
  if (first === null || second === null || second - first < 500) {
    const error = 'time difference between two schedules is less than 1 second';
    return { earliestMs, recentMs: null, missed: 'none', error };
  }
  const gapMs = Math.round((second - first) / 1000) * 1000;
  const count = Math.floor((unixMs - first) / 1000 / (gapMs / 1000)) + 1;
  // As upstream, from where the gap between the first two would lead, and one back.
  let recentMs: number | null = null;
  let next = nextCronTime(schedule, first + (count - 2) * gapMs);
  while (next !== null && next <= unixMs) {
    recentMs = next;
    next = nextCronTime(schedule, next);
  }
  return { earliestMs, recentMs, missed: count > MANY ? 'many' : 'few' };
}

/** The run that is to be started now. upstream: nextScheduleTime */
export function dueRun(
  cronJob: CronJob,
  schedule: CronSchedule,
  unixMs: number,
): Parsed<{ readonly atMs: number | null; readonly tooMany: boolean }> {
  const { recentMs, missed, error } = missedRuns(cronJob, schedule, unixMs, true);
  if (error !== undefined) return { error };
  return { value: { atMs: recentMs, tooMany: recentMs !== null && missed === 'many' } };
}

/** Until the next run, and a moment more. upstream: nextScheduleTimeDuration */
export function untilNextRunMs(cronJob: CronJob, schedule: CronSchedule, unixMs: number): number {
  const { earliestMs, recentMs, missed, error } = missedRuns(cronJob, schedule, unixMs, false);
  const fromMs = error !== undefined ? unixMs : (recentMs ?? (missed === 'none' ? earliestMs : unixMs));
  const next = nextCronTime(schedule, fromMs);
  return next === null ? 0 : next + NEXT_RUN_DELTA_MS - unixMs;
}

function earliest({ metadata, spec, status }: CronJob, unixMs: number, withDeadline: boolean): number {
  const known = parseTimestamp(status.lastScheduleTime ?? '') ?? parseTimestamp(metadata.creationTimestamp ?? '') ?? 0;
  if (!withDeadline || spec.startingDeadlineSeconds === undefined) return known;
  return Math.max(known, unixMs - spec.startingDeadlineSeconds * 1000);
}
