// events.k8s.io/v1 of an Event: the same object under newer names. upstream: pkg/apis/events/v1/conversion.go
import type { ApiObject, JsonObject } from '../../meta/object.ts';
import type { KindVersion } from '../kind.ts';

/** upstream: AddFieldLabelConversionsForEvent */
const selectableNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((name) => [
      `regarding.${name}`,
      `involvedObject.${name}`,
    ]),
  ),
  'metadata.name': 'metadata.name',
  'metadata.namespace': 'metadata.namespace',
  reason: 'reason',
  reportingController: 'reportingComponent',
  type: 'type',
};

export const eventsV1: KindVersion = { group: 'events.k8s.io', version: 'v1', fromStored, toStored, selectableNames };

/** Name of a field in events.k8s.io, and in core. */
const renamed: readonly (readonly [string, string])[] = [
  ['regarding', 'involvedObject'],
  ['note', 'message'],
  ['reportingController', 'reportingComponent'],
  ['deprecatedSource', 'source'],
  ['deprecatedFirstTimestamp', 'firstTimestamp'],
  ['deprecatedLastTimestamp', 'lastTimestamp'],
  ['deprecatedCount', 'count'],
];
const newNames = new Map(renamed.map(([name, old]) => [old, name]));
const oldNames = new Map(renamed);

function fromStored(object: ApiObject): ApiObject {
  const shown = renamedBy(object as unknown as JsonObject, newNames);
  // Clients of this version want a time to be there, whether the writer of the Event told one or not.
  return { ...shown, eventTime: shown['eventTime'] ?? assumedTime(shown), apiVersion: 'events.k8s.io/v1' } as unknown as ApiObject;
}

function toStored(object: ApiObject): ApiObject {
  const { eventTime, ...given } = object as unknown as JsonObject;
  const isTold = eventTime !== undefined && eventTime !== assumedTime(given);
  return { ...renamedBy(given, oldNames), ...(isTold ? { eventTime } : {}), apiVersion: 'v1' } as unknown as ApiObject;
}

function assumedTime({ deprecatedFirstTimestamp: first }: JsonObject): string | null {
  return typeof first === 'string' ? first.replace(/Z$/, '.000000Z') : null;
}

function renamedBy(object: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]));
}
