// What a run ends with: every object with the columns kubectl shows, as data and as tables.
import { createHash } from 'node:crypto';
import type { Cluster } from '../../../engine/cluster.ts';
import type { Kind } from '../../../engine/kinds/kind.ts';
import { kindKey } from '../../../engine/kinds/kind.ts';
import type { ApiObject } from '../../../engine/meta/object.ts';
import { writeSnapshot } from '../../../persistence/snapshot.ts';

type Cell = string | number | boolean;

/** One object: kind, namespace, name, and kubectl's columns in camel case (`ready`, `status`, `restarts`, `upToDate`, `age`). */
export type ObjectRow = { readonly kind: string; readonly namespace: string; readonly name: string } & Readonly<
  Record<string, string | number>
>;

/** Events are a history, not a state; they have a file of their own. */
const HISTORIES: ReadonlySet<string> = new Set(['Event']);

/** What a person wants to see at the end, in this order. */
const SHOWN = ['Node', 'Deployment.apps', 'ReplicationController', 'Service', 'PersistentVolumeClaim', 'PersistentVolume', 'Pod'];
const ROWS_MAX = 60;

/** Every object but Events, by kind, namespace and name. */
export function objectRows(cluster: Cluster): readonly ObjectRow[] {
  return [...cluster.kinds.all()]
    .filter((kind) => !HISTORIES.has(kindKey(kind)))
    .flatMap((kind) => sorted(cluster.server.list(kind)).map((object) => rowOf(kind, object, cluster.timeline.unixMs)));
}

/** Names the whole state of the world: two runs that lived the same have the same. */
export function stateHash(cluster: Cluster): string {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  let hash = '';
  writeSnapshot(cluster.save(), (body) => {
    hash = digest(body);
    return hash;
  });
  return hash;
}

/** Tables as kubectl prints them. */
export function tableLines(cluster: Cluster): readonly string[] {
  return SHOWN.flatMap((key) => {
    const kind = cluster.kinds.byKey(key);
    const objects = kind === undefined ? [] : sorted(cluster.server.list(kind));
    return kind === undefined || objects.length === 0 ? [] : ['', ...tableOf(kind, objects, cluster.timeline.unixMs)];
  });
}

function tableOf(kind: Kind, objects: readonly ApiObject[], unixMs: number): readonly string[] {
  const columns = kind.columns.filter(({ priority = 0 }) => priority === 0);
  const head = [...(kind.namespaced ? ['NAMESPACE'] : []), ...columns.map(({ name }) => name.toUpperCase())];
  const rows = objects
    .slice(0, ROWS_MAX)
    .map((object) => [
      ...(kind.namespaced ? [object.metadata.namespace ?? ''] : []),
      ...columns.map(({ value }) => String(value(object, unixMs))),
    ]);
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd((widths[index] ?? 0) + 3))
      .join('')
      .trimEnd();
  const more = objects.length > ROWS_MAX ? [`... and ${objects.length - ROWS_MAX} more`] : [];
  return [`${kind.plural}:`, line(head), ...rows.map(line), ...more];
}

function rowOf(kind: Kind, object: ApiObject, unixMs: number): ObjectRow {
  const row: Record<string, Cell> = {};
  for (const column of kind.columns) if (column.name !== 'Name') row[camelCase(column.name)] = column.value(object, unixMs);
  return { ...row, kind: kind.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

/** `Up-to-date` → `upToDate`, `Port(s)` → `ports`, `External-IP` → `externalIp`. */
function camelCase(title: string): string {
  const words = title
    .replace(/[()]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join('');
}

function sorted(objects: readonly ApiObject[]): readonly ApiObject[] {
  const key = ({ metadata }: ApiObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  return objects.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
