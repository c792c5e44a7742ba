// Objects that are listed rather than drawn, by their kind's own printer columns; and events and countdowns.
import type { CountdownRecord, EventRecord, ObjectRecord } from '../../contract/view.ts';
import { parseTimestamp } from '../../engine/base/timestamp.ts';
import type { Event } from '../../engine/kinds/core/event.ts';
import { countOf, lastSeenAt, speakerOf } from '../../engine/kinds/core/event-sighting.ts';
import { type Kind, kindKey } from '../../engine/kinds/kind.ts';
import type { ApiObject } from '../../engine/meta/object.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';
import type { Entry } from '../../engine/time/timeline.ts';

/** Counts say nothing without their heads; a time that has passed goes on by itself, and a record does not. */
const NOT_IN_SUMMARY = new Set([
  'Name',
  'Age',
  'Data',
  'Up-to-date',
  'Available',
  'Current',
  'Active',
  'Suspend',
  'Duration',
  'Last Schedule',
  'Reference',
  'MinPods',
  'MaxPods',
]);
const SUMMARY_COLUMNS_MAX = 3;

export function objectRecord(kind: Kind, object: ApiObject, unixMs: number): ObjectRecord {
  return {
    id: object.metadata.uid,
    kind: kindKey(kind),
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    summary: summaryOf(kind, object, unixMs),
    simulated: kind.simulated,
    ...(isSuspended(object) ? { suspended: true } : {}),
    ...(controllerOf(object) === undefined ? {} : { owned: true }),
  };
}

function summaryOf(kind: Kind, object: ApiObject, unixMs: number): string {
  const textOf = (column: Kind['columns'][number]): string => String(column.value(object, unixMs) ?? '');
  const [desired, ready] = ['Desired', 'Ready'].map((name) => kind.columns.find((column) => column.name === name));
  if (desired !== undefined && ready !== undefined) return `${textOf(ready)}/${textOf(desired)}`;
  return kind.columns
    .filter((column) => (column.priority ?? 0) === 0 && column.type !== 'date' && !NOT_IN_SUMMARY.has(column.name))
    .slice(0, SUMMARY_COLUMNS_MAX)
    .map(textOf)
    .filter((value) => value !== '' && value !== '<none>')
    .join(' · ');
}

/** Jobs and CronJobs say `suspend`, Deployments `paused`. */
function isSuspended(object: ApiObject): boolean {
  const { spec } = object as { readonly spec?: { readonly suspend?: boolean; readonly paused?: boolean } };
  return spec?.suspend === true || spec?.paused === true;
}

export function eventRecord(event: Event, epochMs: number): EventRecord {
  const { namespace, name = '', kind = '' } = event.involvedObject;
  const host = event.source?.host ?? '';
  return {
    id: event.metadata.uid,
    atMs: (parseTimestamp(lastSeenAt(event)) ?? epochMs) - epochMs,
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    regardingKind: kind,
    regardingKey: namespace === undefined || namespace === '' ? name : `${namespace}/${name}`,
    count: countOf(event),
    source: `${speakerOf(event)}${host === '' ? '' : `, ${host}`}`,
  };
}

export function countdownRecord(entry: Entry): CountdownRecord | null {
  const { countdown } = entry;
  if (countdown === null) return null;
  return {
    id: String(entry.sequence),
    subjectKind: countdown.kind,
    subjectKey: countdown.key,
    name: countdown.name,
    fromMs: countdown.fromMs,
    dueMs: entry.dueMs,
  };
}
