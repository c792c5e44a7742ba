// What a person looks at: tables, events of one object, conditions, single fields, files.
import { paths } from '../../src-main/engine/api/managed-fields/field-set.ts';
import { ownersOf } from '../../src-main/engine/api/managed-fields/owners-of.ts';
import { parseTimestamp } from '../../src-main/engine/base/timestamp.ts';
import type { Event } from '../../src-main/engine/kinds/core/event.ts';
import { countOf, firstSeenAt, lastSeenAt, speakerOf } from '../../src-main/engine/kinds/core/event-sighting.ts';
import { nodeKind } from '../../src-main/engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../src-main/engine/kinds/core/pod.ts';
import type { Kind } from '../../src-main/engine/kinds/kind.ts';
import { humanDuration } from '../../src-main/engine/meta/duration.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../src-main/engine/meta/object.ts';
import { kubectlTable } from '../support/kubectl-table.ts';
import { thing } from './acts.ts';
import { claimFiles, containerFiles } from './container-files.ts';
import { conditionsOf } from './observer.ts';
import type { Act, Call } from './story.ts';

export const looks: Readonly<Record<string, Act>> = {
  get: (call) => {
    const [word = ''] = call.words;
    if (word.includes('/')) {
      const { kind, key } = thing(call, word);
      return table(call, kind, [call.cluster.world.server.get(kind, key)]);
    }
    const kind = call.cluster.kind(word);
    return table(call, kind, call.cluster.world.server.list(kind, kind.namespaced ? (call.options['n'] ?? 'default') : undefined));
  },
  top: ({ cluster, names, words: [word = ''] }) => {
    const { world } = cluster;
    const cells = (use: { readonly cpuNanos: number; readonly memoryBytes: number } | null): readonly string[] =>
      use === null ? ['<unknown>', '<unknown>'] : [`${Math.ceil(use.cpuNanos / 1e6)}m`, `${Math.floor(use.memoryBytes / 2 ** 20)}Mi`];
    const isNode = ['node', 'nodes', 'no'].includes(word);
    const rows = isNode
      ? world.server.list(nodeKind).map((node) => [node.metadata.name, ...cells(world.metrics.ofNode(node))])
      : world.server.list(podKind, 'default').flatMap((pod) => {
          const use = world.metrics.ofPod(pod);
          if (use === null) return [];
          const sum = { cpuNanos: 0, memoryBytes: 0 };
          for (const container of use.containers) {
            sum.cpuNanos += container.cpuNanos;
            sum.memoryBytes += container.memoryBytes;
          }
          return [[names.tell(pod.metadata.name), ...cells(sum)]];
        });
    rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    return rows.length === 0 ? ['No resources found'] : kubectlTable(['NAME', 'CPU(cores)', 'MEMORY(bytes)'], rows);
  },
  events: (call) => {
    const { kind, key } = thing(call, call.words[0] ?? '');
    const name = key.slice(key.indexOf('/') + 1);
    const events = [...(call.cluster.world.store.table('Event').values() as Iterable<Event>)].filter(
      ({ involvedObject }) => involvedObject.kind === kind.kind && involvedObject.name === name,
    );
    // upstream: kubectl pkg/util/event SortableEvents
    events.sort((a, b) => ((a.lastTimestamp ?? '') < (b.lastTimestamp ?? '') ? -1 : 1));
    return events.length === 0
      ? ['<none>']
      : kubectlTable(
          ['TYPE', 'REASON', 'AGE', 'FROM', 'MESSAGE'],
          events.map((event) => eventRow(call, event)),
        );
  },
  owners: (call) => {
    const { kind, key } = thing(call, call.words[0] ?? '');
    const rows = ownersOf(kind, call.cluster.world.server.get(kind, key) as unknown as JsonObject).map(
      ({ manager, operation, subresource = '', fieldsV1 }) => [manager, operation, subresource, String([...paths(fieldsV1)].length)],
    );
    return kubectlTable(['MANAGER', 'OPERATION', 'SUBRESOURCE', 'FIELDS'], rows);
  },
  conditions: (call) => {
    const { kind, key } = thing(call, call.words[0] ?? '');
    return conditionsOf(call.cluster.world.look(call.cluster.world.server.get(kind, key)));
  },
  field: (call) => {
    const [word = '', ...paths] = call.words;
    const { kind, key } = thing(call, word);
    const object = call.cluster.world.look(call.cluster.world.server.get(kind, key));
    return paths.map((path) => `${path}: ${fieldText(object as unknown as JsonValue, path)}`);
  },
  files: (call) => {
    const { kind, key } = thing(call, call.words[0] ?? '');
    if (kind.kind === 'Pod') return containerFiles(call.cluster, call.cluster.world.server.get(kind, key) as Pod);
    return Object.entries(claimFiles(call.cluster, key)).map(([path, text]) => `${path}: ${text.trimEnd()}`);
  },
};

function table({ cluster, names, options }: Call, kind: Kind, objects: readonly ApiObject[]): readonly string[] {
  if (objects.length === 0) return ['No resources found'];
  const columns = kind.columns.filter(({ priority = 0 }) => priority === 0 || options['o'] === 'wide');
  const rows = objects.map((object) => columns.map(({ value }) => names.tell(String(value(object, cluster.world.timeline.unixMs)))));
  rows.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return kubectlTable(
    columns.map(({ name }) => name.toUpperCase()),
    rows,
  );
}

/** upstream: kubectl pkg/describe DescribeEvents */
function eventRow({ cluster, names }: Call, event: Event): readonly string[] {
  const nowMs = cluster.world.timeline.unixMs;
  const age = (timestamp: string | undefined): string => humanDuration(nowMs - (parseTimestamp(timestamp ?? '') ?? nowMs));
  const [first, count] = [age(firstSeenAt(event)), countOf(event)];
  const when = count > 1 ? `${age(lastSeenAt(event))} (x${count} over ${first})` : first;
  return [event.type ?? '', event.reason ?? '', when, speakerOf(event), names.tell(event.message ?? '')];
}

/** `.status.containerStatuses[0].lastState`, `.metadata.labels[app.kubernetes.io/name]` */
function fieldText(object: JsonValue, path: string): string {
  let value: JsonValue | undefined = object;
  for (const step of [...path.matchAll(/\[([^\]]+)\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ''))
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, JsonValue>>)[step] : undefined;
  if (value === undefined) return '<none>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
