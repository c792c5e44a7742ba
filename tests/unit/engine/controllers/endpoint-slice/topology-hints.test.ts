// Endpoints are hinted to zones by the zones' share of processors: an endpoint may be for another zone than its own, and a hint stays where it does.
import { expect, test } from 'vitest';
import { isOverloaded, withTopologyHints, zoneShares } from '../../../../../src-main/engine/controllers/endpoint-slice/topology-hints.ts';
import { endpointSliceController } from '../../../../../src-main/engine/controllers/endpoint-slice-controller.ts';
import { type Node, nodeKind } from '../../../../../src-main/engine/kinds/core/node.ts';
import { podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';
import { type Service, serviceKind } from '../../../../../src-main/engine/kinds/core/service.ts';
import { type EndpointSlice, endpointSliceKind } from '../../../../../src-main/engine/kinds/discovery/endpoint-slice.ts';
import { ControllerBench } from '../../../../../src-main/hosts/cli/conformance/controller-bench.ts';

type Endpoints = EndpointSlice['endpoints'];

const ZONE = 'topology.kubernetes.io/zone';
const ready = (zone: string, hint?: string): Endpoints[number] => ({
  addresses: ['10.0.0.1'],
  conditions: { ready: true },
  ...(zone !== '' && { zone }),
  ...(hint !== undefined && { hints: { forZones: [{ name: hint }] } }),
});

/** Zones of the endpoints of one new slice, and what they are hinted to; or why there are no hints. */
function check(shares: Readonly<Record<string, number>> | null, zones: readonly string[], expected: readonly string[] | string): void {
  const plan = { create: [{ ports: [], endpoints: zones.map((zone) => ready(zone)) }], update: new Map(), remove: [] };
  const hinted = withTopologyHints(plan, [], shares === null ? null : new Map(Object.entries(shares)));
  const hints = hinted.plan.create[0]?.endpoints.map((endpoint) => endpoint.hints?.forZones?.[0]?.name);
  expect(hinted.fault ?? hints).toEqual(expected);
  if (hinted.fault !== null) expect(hints).toEqual(zones.map(() => undefined));
}

test('where zones have what they should, each endpoint is for its own', () => {
  check({ a: 0.5, b: 0.5 }, ['a', 'a', 'b', 'b'], ['a', 'a', 'b', 'b']);
});

test('a zone that has more gives to one that has less', () => {
  check({ a: 0.5, b: 0.5 }, ['a', 'a', 'a', 'a', 'b', 'b'], ['b', 'a', 'a', 'a', 'b', 'b']);
  check({ a: 0.25, b: 0.75 }, ['a', 'a', 'b', 'b'], ['b', 'a', 'b', 'b']);
});

test('why there are no hints', () => {
  check(null, ['a', 'b'], 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes');
  check({ a: 0.4, b: 0.3, c: 0.3 }, ['a', 'b'], 'Insufficient number of endpoints (2 endpoints, 3 zones)');
  check(
    { a: 0.7, b: 0.3 },
    ['a', 'b'],
    'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (2 endpoints, 2 zones)',
  );
  check({ a: 0.5, b: 0.5 }, ['a', 'b', 'a', ''], 'One or more endpoints do not have a zone specified');
});

test('a slice whose hints do stays as it is; one without is drawn in', () => {
  const slice = (endpoints: Endpoints): EndpointSlice => ({ metadata: {}, ports: [], endpoints }) as unknown as EndpointSlice;
  const [fine, bare] = [slice([ready('a', 'a'), ready('b', 'b')]), slice([ready('a'), ready('b')])];
  const shares = new Map([
    ['a', 0.5],
    ['b', 0.5],
  ]);
  const { plan, zones } = withTopologyHints({ create: [], update: new Map(), remove: [] }, [fine, bare], shares);
  expect([...plan.update.keys()]).toEqual([bare]);
  expect(zones).toEqual({ a: 2, b: 2 });
});

function node(name: string, zone: string | undefined, more: { labels?: object; cpu?: string; ready?: string } = {}): Node {
  const labels = { ...(zone !== undefined && { [ZONE]: zone }), ...more.labels };
  const conditions = [{ type: 'Ready', status: more.ready ?? 'True' }];
  return { metadata: { name, labels }, spec: {}, status: { allocatable: { cpu: more.cpu ?? '2' }, conditions } } as unknown as Node;
}

test('shares count ready workers alone, and all of them must say their zone', () => {
  const workers = [node('1', 'b'), node('2', 'a', { cpu: '6' })];
  const head = node('0', 'a', { labels: { 'node-role.kubernetes.io/control-plane': '' } });
  expect([...(zoneShares([head, ...workers, node('3', 'a', { ready: 'False' })]) ?? [])]).toEqual([
    ['a', 0.75],
    ['b', 0.25],
  ]);
  expect(zoneShares([...workers, node('3', undefined)])).toBeNull();
  expect(zoneShares([node('1', 'a')])).toBeNull();
});

test('a zone is overloaded with fewer endpoints than its share needs', () => {
  const shares = new Map([
    ['a', 0.5],
    ['b', 0.5],
  ]);
  expect(isOverloaded({ a: 3, b: 3 }, shares)).toBe(false);
  expect(isOverloaded({ a: 5, b: 1 }, shares)).toBe(true);
  expect(isOverloaded({ a: 5 }, shares)).toBe(true);
  expect(isOverloaded({ a: 3, b: 3 }, null)).toBe(true);
});

test('the controller hints by the annotation, and does not write twice', () => {
  const bench = new ControllerBench(endpointSliceController, 0);
  const labels = { app: 'web' };
  for (const zone of ['a', 'b']) {
    bench.place(nodeKind, node(`worker-${zone}`, zone));
    for (const number of [1, 2]) {
      const status = { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] };
      const metadata = { name: `${zone}-${number}`, namespace: 'default', labels };
      bench.place(podKind, { metadata, spec: { nodeName: `worker-${zone}`, containers: [] }, status } as never);
    }
  }
  const annotations = { 'service.kubernetes.io/topology-mode': 'Auto' };
  const metadata = { name: 'web', namespace: 'default', uid: 'web', annotations };
  const service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 80 }] } };
  bench.place(serviceKind, service as unknown as Service);
  const look = (): EndpointSlice => {
    bench.reconcile('default/web');
    const [slice] = bench.objects(endpointSliceKind) as [EndpointSlice];
    return bench.place(endpointSliceKind, { ...slice, metadata: { ...slice.metadata, resourceVersion: '9' } });
  };
  const first = look();
  expect(first.endpoints.map(({ zone, hints }) => zone === hints?.forZones?.[0]?.name)).toEqual([true, true, true, true]);
  expect(look().endpoints).toBe(first.endpoints);
  bench.place(serviceKind, { ...service, metadata: { ...metadata, annotations: {} } } as unknown as Service);
  expect(look().endpoints.map(({ hints }) => hints)).toEqual([undefined, undefined, undefined, undefined]);
});
