// What stands behind a Service, as EndpointSlices and as Endpoints.
import { expect, test } from 'vitest';
import { endpointSliceController } from '../../../../src-main/engine/controllers/endpoint-slice-controller.ts';
import { endpointsController } from '../../../../src-main/engine/controllers/endpoints-controller.ts';
import { endpointsKind } from '../../../../src-main/engine/kinds/core/endpoints.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { serviceKind } from '../../../../src-main/engine/kinds/core/service.ts';
import { endpointSliceKind } from '../../../../src-main/engine/kinds/discovery/endpoint-slice.ts';
import { ControllerWorld } from './controller-world.ts';

function worldWith(pods: number): ControllerWorld {
  const world = new ControllerWorld({ controllers: [endpointSliceController, endpointsController] });
  world.create(nodeKind, { metadata: { name: 'worker-1', labels: { 'topology.kubernetes.io/zone': 'a' } }, spec: {}, status: {} });
  for (let index = 1; index <= pods; index += 1)
    world.create(podKind, {
      metadata: { name: `web-${index}`, namespace: 'default', labels: { app: 'web' } },
      spec: { containers: [{ name: 'app', image: 'nginx', ports: [{ name: 'http', containerPort: 8080 }] }] },
    });
  world.create(serviceKind, {
    metadata: { name: 'web', namespace: 'default', labels: { team: 'shop' } },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
  });
  return world.run(10);
}

/** Endpoints by slice, the fullest first, and the legacy object's addresses. */
function summary(world: ControllerWorld): object {
  const slices = world.list(endpointSliceKind).map(({ endpoints }) => (endpoints ?? []).length);
  const ready = world
    .list(endpointSliceKind)
    .flatMap(({ endpoints }) => (endpoints ?? []).filter(({ conditions }) => conditions?.ready)).length;
  const [subset] = world.get(endpointsKind, 'default/web').subsets ?? [];
  return {
    slices: slices.sort((a, b) => b - a),
    ready,
    addresses: subset?.addresses?.length ?? 0,
    notReady: subset?.notReadyAddresses?.length ?? 0,
  };
}

test('a Service without pods has one empty slice', () => {
  expect(summary(worldWith(0))).toEqual({ slices: [0], ready: 0, addresses: 0, notReady: 0 });
});

test('ready pods come in, by name, with their zone and the port their container names', () => {
  const world = worldWith(2);
  world.settlePods();
  world.run(10);
  expect(summary(world)).toEqual({ slices: [2], ready: 2, addresses: 2, notReady: 0 });
  const [slice] = world.list(endpointSliceKind);
  expect(slice?.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
  expect(slice?.metadata.labels).toEqual({
    team: 'shop',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': 'web',
  });
  expect(slice?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
  expect(slice?.endpoints[0]).toMatchObject({
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: 'worker-1',
    zone: 'a',
  });
});

test('a hundred to a slice; what leaves makes room for what comes', () => {
  const world = worldWith(250);
  world.settlePods();
  world.run(30);
  expect(summary(world)).toEqual({ slices: [100, 100, 50], ready: 250, addresses: 250, notReady: 0 });
  for (let index = 1; index <= 60; index += 1) world.delete(podKind, `default/web-${index}`, { gracePeriodSeconds: 0 });
  world.run(30);
  expect(summary(world)).toMatchObject({ ready: 190, addresses: 190 });
});

test('a pod that is being deleted still serves but is not ready', () => {
  const world = worldWith(1);
  world.settlePods();
  world.run(10);
  world.delete(podKind, 'default/web-1');
  world.run(10);
  const [slice] = world.list(endpointSliceKind);
  expect(slice?.endpoints[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
  expect(summary(world)).toMatchObject({ addresses: 0, notReady: 0 });
});

test('a pod that is not ready is told apart', () => {
  const world = worldWith(2);
  world.settlePods();
  world.run(10);
  world.changeStatus(podKind, 'default/web-1', (pod) => ({
    ...pod,
    status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }] },
  }));
  world.run(10);
  expect(summary(world)).toEqual({ slices: [2], ready: 1, addresses: 1, notReady: 1 });
});

test('Endpoints that somebody takes away are made again', () => {
  const world = worldWith(1);
  world.settlePods();
  world.run(10);
  world.delete(endpointsKind, 'default/web');
  world.run(10);
  expect(summary(world)).toMatchObject({ addresses: 1 });
});

test('a headless Service may have no ports; a pod without the port that one names has no address', () => {
  const world = worldWith(1);
  const headless = (name: string, ports: object): void => {
    const spec = { clusterIP: 'None', selector: { app: 'web' }, ...ports };
    world.create(serviceKind, { metadata: { name, namespace: 'default' }, spec });
  };
  headless('bare', {});
  headless('other', { ports: [{ port: 80, targetPort: 'metrics' }] });
  world.settlePods();
  world.run(10);
  const addresses = (name: string) => world.get(endpointsKind, `default/${name}`).subsets?.map((subset) => subset.addresses?.length);
  expect([addresses('bare'), addresses('other')]).toEqual([[1], []]);
});
