// The job that a CronJob makes for one run; its name tells the run, so that none is started twice.
// upstream: pkg/controller/cronjob/utils.go getJobFromTemplate2, getJobName
import { formatTimestamp } from '../../base/timestamp.ts';
import type { CronJob } from '../../kinds/batch/cron-job.ts';
import { SCHEDULED_ANNOTATION } from '../../kinds/batch/job-labels.ts';
import { newControllerReference } from '../../meta/owner-references.ts';
import { localTime, timeZone, utc } from '../../meta/time-zone.ts';

export function jobName({ metadata }: CronJob, atMs: number): string {
  return `${metadata.name}-${Math.floor(atMs / 60_000)}`;
}

export function jobDraft(cronJob: CronJob, atMs: number) {
  const { metadata = {}, spec = { template: {} } } = cronJob.spec.jobTemplate;
  const annotations = { ...metadata.annotations, [SCHEDULED_ANNOTATION]: zonedTimestamp(cronJob, atMs) };
  return {
    scheduledTime: formatTimestamp(atMs),
    metadata: {
      name: jobName(cronJob, atMs),
      namespace: cronJob.metadata.namespace,
      annotations,
      ...(metadata.labels && { labels: metadata.labels }),
      ownerReferences: [newControllerReference(cronJob)],
    },
    spec,
  };
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** `Sun, 01 Jun 2025 08:00:00 +0000`. upstream: Go time.RFC1123Z */
export function rfc1123(unixMs: number): string {
  const { year, month, day, hour, minute, second, weekday } = localTime(utc, Math.floor(unixMs / 1000));
  return `${WEEKDAYS[weekday]}, ${two(day)} ${MONTHS[month - 1]} ${year} ${two(hour)}:${two(minute)}:${two(second)} +0000`;
}

/** RFC 3339 in the CronJob's zone. */
function zonedTimestamp({ spec }: CronJob, unixMs: number): string {
  const { value: zone = utc } = timeZone(spec.timeZone ?? '');
  const offset = zone.offsetAt(Math.floor(unixMs / 1000));
  if (offset === 0) return formatTimestamp(unixMs);
  const minutes = Math.floor(Math.abs(offset) / 60);
  const text = formatTimestamp(unixMs + offset * 1000).slice(0, -1);
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
