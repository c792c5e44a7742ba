// A Service that prefers what is close has its ready endpoints hinted to their own zones, and nothing else has hints.
import { expect, test } from 'vitest';
import { endpointSliceController } from '../../../../../src-main/engine/controllers/endpoint-slice-controller.ts';
import { nodeKind } from '../../../../../src-main/engine/kinds/core/node.ts';
import { podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';
import { type Service, serviceKind } from '../../../../../src-main/engine/kinds/core/service.ts';
import { type EndpointSlice, endpointSliceKind } from '../../../../../src-main/engine/kinds/discovery/endpoint-slice.ts';
import { ControllerBench } from '../../../../../src-main/hosts/cli/conformance/controller-bench.ts';

const labels = { app: 'web' };

function bench(service: object): ControllerBench {
  const made = new ControllerBench(endpointSliceController, 0);
  for (const [name, zone] of [
    ['worker-1', 'zone-a'],
    ['worker-2', 'zone-b'],
    ['worker-3', undefined],
  ] as const) {
    const zoned = zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone };
    made.place(nodeKind, { metadata: { name, labels: zoned }, spec: {}, status: {} } as never);
    for (const ready of ['True', 'False']) {
      const metadata = { name: `${name}-${ready}`, namespace: 'default', labels };
      const status = { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: ready }] };
      made.place(podKind, { metadata, spec: { nodeName: name, containers: [] }, status } as never);
    }
  }
  made.place(serviceKind, service as Service);
  made.reconcile('default/web');
  return made;
}

function serviceWith(spec: object, annotations: object = {}): object {
  const metadata = { name: 'web', namespace: 'default', uid: 'web', annotations };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 80 }], ...spec } };
}

function hintsOf(made: ControllerBench): Record<string, string> {
  const [slice] = made.objects(endpointSliceKind);
  const named = (slice?.endpoints ?? []).map(({ targetRef, hints }) => [targetRef?.name, hints?.forZones?.map(({ name }) => name).join()]);
  return Object.fromEntries(named.filter(([, zones]) => zones !== undefined)) as Record<string, string>;
}

test('ready endpoints that have a zone are for it', () => {
  const expected = { 'worker-1-True': 'zone-a', 'worker-2-True': 'zone-b' };
  expect(hintsOf(bench(serviceWith({ trafficDistribution: 'PreferClose' })))).toEqual(expected);
});

test('no wish, no hint; the annotation wins over the field', () => {
  expect(hintsOf(bench(serviceWith({})))).toEqual({});
  const mode = { 'service.kubernetes.io/topology-mode': 'Auto' };
  expect(hintsOf(bench(serviceWith({ trafficDistribution: 'PreferClose' }, mode)))).toEqual({});
});

test('hints go with the wish', () => {
  const made = bench(serviceWith({ trafficDistribution: 'PreferClose' }));
  const [slice] = made.objects(endpointSliceKind);
  // What was written is heard of.
  made.place(endpointSliceKind, { ...(slice as EndpointSlice), metadata: { ...(slice as EndpointSlice).metadata, resourceVersion: '9' } });
  made.place(serviceKind, serviceWith({}) as Service);
  made.reconcile('default/web');
  expect(hintsOf(made)).toEqual({});
});

test('slices of an earlier Service of the name are not taken over, and its labels are not copied where they are reserved', () => {
  const made = bench(serviceWith({}));
  const [slice] = made.objects(endpointSliceKind) as [EndpointSlice];
  made.place(endpointSliceKind, { ...slice, metadata: { ...slice.metadata, resourceVersion: '9' } });
  const again = serviceWith({}) as Service;
  const labelled = { ...again.metadata, uid: 'second', labels: { tier: 'front', 'service.kubernetes.io/headless': 'x' } };
  made.place(serviceKind, { ...again, metadata: labelled });
  made.reconcile('default/web');
  const after = made.objects(endpointSliceKind);
  expect(after.map(({ metadata }) => [metadata.ownerReferences?.[0]?.uid, metadata.name === slice.metadata.name])).toEqual([
    ['second', false],
  ]);
  expect(Object.keys(after[0]?.metadata.labels ?? {}).toSorted()).toEqual([
    'endpointslice.kubernetes.io/managed-by',
    'kubernetes.io/service-name',
    'tier',
  ]);
});
