// What a run ends with: every object with the columns kubectl shows, as data and as tables.
import { parseTimestamp } from '../../../engine/base/timestamp.ts';
import type { Cluster } from '../../../engine/cluster.ts';
import { type Event, eventKind } from '../../../engine/kinds/core/event.ts';
import { lastSeenAt } from '../../../engine/kinds/core/event-sighting.ts';
import type { Kind } from '../../../engine/kinds/kind.ts';
import { kindKey } from '../../../engine/kinds/kind.ts';
import type { ApiObject } from '../../../engine/meta/object.ts';
import { digestOf } from '../../../session/snapshot-file.ts';

type Cell = string | number | boolean;

/** One object: kind, namespace, name, and kubectl's columns in camel case (`ready`, `status`, `restarts`, `upToDate`, `age`). */
export type ObjectRow = { readonly kind: string; readonly namespace: string; readonly name: string } & Readonly<Record<string, Cell>>;

/** Events are a history, not a state; they have a file of their own. */
const HISTORIES: ReadonlySet<string> = new Set(['Event']);

/** What a person wants to see at the end, in this order. */
const SHOWN = [
  ...['Node', 'Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'ReplicationController', 'Job.batch', 'CronJob.batch'],
  ...['HorizontalPodAutoscaler.autoscaling', 'Service', 'PersistentVolumeClaim', 'PersistentVolume', 'Pod'],
];
const ROWS_MAX = 60;
const WARNINGS_MAX = 10;
const STORED = 'stored, not simulated';

/** Every object but Events, by kind, namespace and name. */
export function objectRows(cluster: Cluster): readonly ObjectRow[] {
  return [...cluster.kinds.all()]
    .filter((kind) => !HISTORIES.has(kindKey(kind)))
    .flatMap((kind) => sorted(cluster.server.list(kind)).map((object) => rowOf(kind, object, cluster.timeline.unixMs)));
}

/** Names the whole state of the world: two runs that lived the same have the same. */
export function stateHash(cluster: Cluster): string {
  return digestOf(cluster.save());
}

/** Tables as kubectl prints them, what nothing acts on, and the latest warnings: a person who asks what went wrong finds it there. */
export function tableLines(cluster: Cluster): readonly string[] {
  const shown = SHOWN.flatMap((key) => {
    const kind = cluster.kinds.byKey(key);
    return kind === undefined ? [] : section(`${kind.plural}:`, kind, sorted(cluster.server.list(kind)), cluster);
  });
  const stored = [...cluster.kinds.all()]
    .filter((kind) => !kind.simulated)
    .flatMap((kind) =>
      section(`${kind.plural} (${STORED}):`, kind, sorted(cluster.server.list(kind).filter(isBroughtTo(cluster))), cluster),
    );
  const warnings = cluster.server
    .list(eventKind)
    .filter(({ type }) => type === 'Warning')
    .sort((a, b) => secondsOf(b) - secondsOf(a))
    .slice(0, WARNINGS_MAX);
  return [...shown, ...stored, ...section('latest warnings:', eventKind as unknown as Kind, warnings, cluster)];
}

/** Not made by the API server itself, and not there from the beginning. */
function isBroughtTo({ timeline }: Cluster): (object: ApiObject) => boolean {
  return ({ metadata: { creationTimestamp, managedFields = [] } }) =>
    (parseTimestamp(creationTimestamp) ?? 0) > timeline.epochMs && managedFields[0]?.manager !== 'kube-apiserver';
}

function secondsOf(event: Event): number {
  return parseTimestamp(lastSeenAt(event)) ?? 0;
}

function section(title: string, kind: Kind, objects: readonly ApiObject[], { timeline }: Cluster): readonly string[] {
  return objects.length === 0 ? [] : ['', title, ...tableOf(kind, objects, timeline.unixMs)];
}

function tableOf(kind: Kind, objects: readonly ApiObject[], unixMs: number): readonly string[] {
  const columns = kind.columns.filter(({ priority = 0 }) => priority === 0);
  const head = [...(kind.namespaced ? ['NAMESPACE'] : []), ...columns.map(({ name }) => name.toUpperCase())];
  const rows = objects
    .slice(0, ROWS_MAX)
    .map((object) => [
      ...(kind.namespaced ? [object.metadata.namespace ?? ''] : []),
      ...columns.map(({ value }) => String(value(object, unixMs) ?? '<none>')),
    ]);
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd((widths[index] ?? 0) + 3))
      .join('')
      .trimEnd();
  const more = objects.length > ROWS_MAX ? [`... and ${objects.length - ROWS_MAX} more`] : [];
  return [line(head), ...rows.map(line), ...more];
}

function rowOf(kind: Kind, object: ApiObject, unixMs: number): ObjectRow {
  const { namespace = '', name } = object.metadata;
  const columns = kind.columns.filter((column) => column.name !== 'Name');
  const cells = Object.fromEntries(columns.map((column) => [camelCase(column.name), column.value(object, unixMs)]));
  return { kind: kind.kind, namespace, name, ...cells, ...(kind.simulated ? {} : { note: STORED }) };
}

/** `Up-to-date` → `upToDate`, `Port(s)` → `ports`, `External-IP` → `externalIp`, `ReclaimPolicy` → `reclaimPolicy`. */
function camelCase(title: string): string {
  const words = title.replace(/[()]/g, '').split(/[^A-Za-z0-9]+/);
  return words
    .map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
    .map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('');
}

function sorted(objects: readonly ApiObject[]): readonly ApiObject[] {
  const key = ({ metadata }: ApiObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  return objects.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
