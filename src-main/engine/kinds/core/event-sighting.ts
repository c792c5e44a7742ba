// When and how often an Event was seen, and who says so: older recorders and the scheduler's say it in different fields. upstream: kubectl pkg/describe DescribeEvents
import type { Event } from './event.ts';

export function countOf({ series, count = 1 }: Pick<Event, 'series' | 'count'>): number {
  return series?.count ?? count;
}

export function lastSeenAt({ series, lastTimestamp, eventTime, metadata }: Event): string {
  return series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
}

export function firstSeenAt({ firstTimestamp, eventTime, metadata }: Event): string {
  return eventTime ?? firstTimestamp ?? metadata.creationTimestamp;
}

export function speakerOf({ source, reportingComponent = '' }: Pick<Event, 'source' | 'reportingComponent'>): string {
  const component = source?.component ?? '';
  return component === '' ? reportingComponent : component;
}
