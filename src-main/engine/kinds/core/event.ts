// Event: its type and all of its API rules. upstream: pkg/registry/core/event/strategy.go, printers.go printEvent
import type { Event as OpenApiEvent } from 'kubernetes-types/core/v1.d.ts';
import { FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import { pathSegmentName } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageOf, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { eventsV1 } from './events-v1.ts';

export type Event = StoredInNamespace<OpenApiEvent>;

export const eventKind = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  otherVersions: [eventsV1],
  validateName: pathSegmentName,
  // It is no pointer upstream: an Event without it regards an object without a name.
  defaults: (event) => ((event.involvedObject as object | undefined) === undefined ? { ...event, involvedObject: {} } : event),
  validate: ({ metadata, involvedObject }) => {
    const { namespace = '' } = involvedObject;
    const fits =
      namespace === '' ? metadata.namespace === 'default' || metadata.namespace === 'kube-system' : namespace === metadata.namespace;
    return fits ? [] : [fieldInvalid(new FieldPath('involvedObject', 'namespace'), namespace, 'does not match event.namespace')];
  },
  selectableFields: (event) => {
    const { kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath } = event.involvedObject;
    return {
      'involvedObject.kind': kind ?? '',
      'involvedObject.namespace': namespace ?? '',
      'involvedObject.name': name ?? '',
      'involvedObject.uid': uid ?? '',
      'involvedObject.apiVersion': apiVersion ?? '',
      'involvedObject.resourceVersion': resourceVersion ?? '',
      'involvedObject.fieldPath': fieldPath ?? '',
      reason: event.reason ?? '',
      reportingComponent: event.reportingComponent ?? '',
      source: event.source?.component ?? event.reportingComponent ?? '',
      type: event.type ?? '',
    };
  },
  columns: eventColumns(),
});

function eventColumns(): readonly PrinterColumn<Event>[] {
  return [
    { name: 'Last Seen', type: 'string', value: lastSeen },
    { name: 'Type', type: 'string', value: ({ type }) => type ?? '' },
    { name: 'Reason', type: 'string', value: ({ reason }) => reason ?? '' },
    { name: 'Object', type: 'string', value: ({ involvedObject }) => objectText(involvedObject) },
    { name: 'Subobject', type: 'string', priority: 1, value: ({ involvedObject }) => involvedObject.fieldPath ?? '' },
    { name: 'Source', type: 'string', priority: 1, value: sourceText },
    { name: 'Message', type: 'string', value: ({ message }) => (message ?? '').trim() },
    { name: 'First Seen', type: 'string', priority: 1, value: firstSeen },
    {
      name: 'Count',
      type: 'integer',
      priority: 1,
      value: ({ series, count }) => series?.count ?? (count !== undefined && count > 0 ? count : 1),
    },
    { ...nameColumn, priority: 1 },
  ];
}

function firstSeen({ firstTimestamp, eventTime }: Event, nowMs: number): string {
  return ageOf(firstTimestamp ?? eventTime, nowMs);
}

function lastSeen(event: Event, nowMs: number): string {
  if (event.series !== undefined) return ageOf(event.series.lastObservedTime, nowMs);
  return event.lastTimestamp === undefined || event.lastTimestamp === null ? firstSeen(event, nowMs) : ageOf(event.lastTimestamp, nowMs);
}

function objectText({ kind = '', name = '' }: Event['involvedObject']): string {
  return name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

/** upstream: formatEventSource */
function sourceText({ source, reportingComponent, reportingInstance }: Event): string {
  const component = (source?.component ?? '') === '' ? reportingComponent : source?.component;
  const host = (source?.host ?? '') === '' ? reportingInstance : source?.host;
  return (host ?? '') === '' ? (component ?? '') : `${component ?? ''}, ${host}`;
}
