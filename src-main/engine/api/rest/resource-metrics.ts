// metrics.k8s.io: what pods and nodes use, computed for whoever asks; nothing of it is stored.
// upstream: kubernetes-sigs/metrics-server pkg/api (pod.go, node.go)
import { formatTimestamp } from '../../base/timestamp.ts';
import { nameColumn } from '../../kinds/columns.ts';
import { type Node, nodeKind } from '../../kinds/core/node.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { defineKind } from '../../kinds/define-kind.ts';
import type { Kind, PrinterColumn } from '../../kinds/kind.ts';
import type { ResourceMetrics } from '../../kinds/metrics/resource-metrics.ts';
import { type ApiObject, keyOf, type ObjectMeta } from '../../meta/object.ts';
import { parseQuantity, printQuantity } from '../../meta/quantity.ts';
import { notFound } from '../../meta/status-error.ts';
import type { ApiServer } from '../server.ts';
import { negotiate } from './negotiate.ts';
import type { VirtualKind } from './resource-catalogue.ts';
import { methodNotAllowed, parameter, type RestAnswer, type RestRequest } from './rest-request.ts';
import type { ResourceRoute } from './route.ts';
import { selectionOf } from './selection.ts';
import { includeObject, partialMetadata, tableOf } from './table.ts';

const GROUP = 'metrics.k8s.io';
const VERSION = 'v1beta1';

export interface MeasuredWorld {
  readonly server: ApiServer;
  /** `epochMs`: Unix time of virtual time zero. */
  readonly measured: { readonly metrics: ResourceMetrics; readonly epochMs: number } | undefined;
  readonly unixMs: number;
}

interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

interface Measured extends ApiObject {
  readonly timestamp: string;
  readonly window: string;
  /** Of a node. */
  readonly usage?: Usage;
  readonly containers?: readonly { readonly name: string; readonly usage: Usage }[];
}

const columns: readonly PrinterColumn<Measured>[] = [
  nameColumn,
  { name: 'cpu', type: 'string', value: (measured) => nanosText(sumOf(measured, 'cpu')) },
  { name: 'memory', type: 'string', value: (measured) => bytesText(sumOf(measured, 'memory')) },
  { name: 'window', type: 'string', value: ({ window }) => window },
];

const names = { group: GROUP, version: VERSION, columns } as const;
const ofNodes = defineKind<Measured>({ ...names, kind: 'NodeMetrics', plural: 'nodes', namespaced: false });
const ofPods = defineKind<Measured>({ ...names, kind: 'PodMetrics', plural: 'pods', namespaced: true });

/** For discovery. */
export const measuredKinds: readonly VirtualKind[] = [ofNodes, ofPods].map(({ group, version, kind, plural, namespaced }) => ({
  ...{ group, version, kind, plural, namespaced },
  verbs: ['get', 'list'],
}));

/** undefined: it is not metrics that are asked for. */
export function answerMetrics(route: ResourceRoute, request: RestRequest, world: MeasuredWorld): RestAnswer | undefined {
  if (route.group !== GROUP || route.version !== VERSION || route.subresource !== '') return undefined;
  const kind = [ofNodes, ofPods].find(({ plural }) => plural === route.plural);
  if (kind === undefined) return undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  const { form, contentType } = negotiate(request.accept, ['table', 'metadata']);
  const objects = route.name === '' ? listed(kind, route, request, world) : [one(kind, route, world)];
  const listMeta = { resourceVersion: '' };
  const asked = { nowMs: world.unixMs, include: includeObject(parameter(request, 'includeObject')) };
  const whole = (): unknown => (route.name === '' ? listOf(kind, objects) : objects[0]);
  const part = (): unknown =>
    route.name === ''
      ? { ...listOf(kind, objects.map(partialMetadata)), kind: 'PartialObjectMetadataList' }
      : partialMetadata(objects[0] as Measured);
  const body = form === 'table' ? tableOf(kind as unknown as Kind, objects, listMeta, asked) : form === 'metadata' ? part() : whole();
  return { code: 200, contentType, body, warnings: [] };
}

function listOf({ kind, group, version }: Pick<Kind, 'kind' | 'group' | 'version'>, items: readonly object[]): object {
  return { kind: `${kind}List`, apiVersion: `${group}/${version}`, metadata: {}, items };
}

function listed(kind: Kind<Measured>, { namespace }: ResourceRoute, request: RestRequest, world: MeasuredWorld): readonly Measured[] {
  const { matches } = selectionOf(kind as unknown as Kind, namespace, request);
  const found: Measured[] = [];
  const base: Iterable<Pod | Node> = kind.namespaced ? world.server.list(podKind) : world.server.list(nodeKind);
  for (const object of base) {
    if (!matches(object)) continue;
    const measured = measure(object, world);
    if (measured !== null) found.push(measured);
  }
  return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function one(kind: Kind<Measured>, { namespace, name }: ResourceRoute, world: MeasuredWorld): Measured {
  const key = kind.namespaced ? `${namespace}/${name}` : name;
  const object = kind.namespaced ? world.server.find(podKind, key) : world.server.find(nodeKind, key);
  const measured = object === undefined ? null : measure(object, world);
  if (measured === null) throw notFound({ group: GROUP, resource: kind.kind.toLowerCase() }, key);
  return measured;
}

function measure(object: Pod | Node, { measured, unixMs }: MeasuredWorld): Measured | null {
  if (measured === undefined) return null;
  const { metrics, epochMs } = measured;
  const { name, namespace, labels } = object.metadata;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp: formatTimestamp(unixMs),
    ...(labels === undefined ? {} : { labels }),
  } as ObjectMeta;
  const around = (kind: Kind<Measured>, { atMs, windowMs }: { readonly atMs: number; readonly windowMs: number }) => ({
    kind: kind.kind,
    apiVersion: `${GROUP}/${VERSION}`,
    metadata,
    timestamp: formatTimestamp(epochMs + atMs),
    window: `${windowMs / 1000}s`,
  });
  if (object.kind === 'Node') {
    const use = metrics.ofNode(object as Node);
    return use === null ? null : { ...around(ofNodes, use), usage: usageOf(use) };
  }
  const pod = object as Pod;
  const use = pod.status.phase === 'Running' ? metrics.ofPod(pod) : null;
  if (use === null) return null;
  return { ...around(ofPods, use), containers: use.containers.map((container) => ({ name: container.name, usage: usageOf(container) })) };
}

/** Of all containers, in billionths. */
function sumOf({ usage, containers = [] }: Measured, resource: keyof Usage): bigint {
  const uses = usage === undefined ? containers.map((container) => container.usage) : [usage];
  return uses.reduce((sum, use) => sum + (parseQuantity(use[resource]).value?.nanos ?? 0n), 0n);
}

/** Memory is counted in pages. */
const PAGE = 4096;

function usageOf({ cpuNanos, memoryBytes }: { readonly cpuNanos: number; readonly memoryBytes: number }): Usage {
  return { cpu: nanosText(BigInt(cpuNanos)), memory: bytesText(BigInt(Math.ceil(memoryBytes / PAGE) * PAGE) * NANOS) };
}

const NANOS = 1_000_000_000n;

function nanosText(nanos: bigint): string {
  return printQuantity({ nanos, format: 'DecimalSI' });
}

function bytesText(nanos: bigint): string {
  return printQuantity({ nanos, format: 'BinarySI' });
}
