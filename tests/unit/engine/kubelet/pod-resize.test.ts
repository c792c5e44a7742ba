// Pods that are given other resources while they run: what is refused, what waits for room, what starts containers anew.
import { expect, test } from 'vitest';
import { asHeld } from '../../../../src-main/engine/kinds/core/pod-resize.ts';
import type { JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../support/test-cluster.ts';
import { requestOf } from '../api/rest/rest-world.ts';

const pod = (name: string, resources: string, more = ''): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  containers: [{name: app, image: nginx, resources: ${resources}${more}}]
`;
const SMALL = '{requests: {cpu: 500m, memory: 100Mi}, limits: {memory: 200Mi}}';
const start = (): TestCluster => new TestCluster({ zones: 1, workers: 1, size: { cpu: '4', memory: '8Gi' } });

function resize(cluster: TestCluster, name: string, resources: JsonValue, more: object = {}): string {
  const body = { spec: { containers: [{ name: 'app', resources, ...more }] } };
  const options = { contentType: 'application/strategic-merge-patch+json' };
  const { answer } = cluster.world.command({
    type: 'request',
    request: requestOf(`PATCH /api/v1/namespaces/default/pods/${name}/resize`, body, options),
  });
  const { message = '' } = (answer?.body ?? {}) as { message?: string };
  return `${answer?.code} ${message}`.trim();
}

/** What the pod says of its resources: conditions, what it was given, what it runs with, restarts. */
function told(cluster: TestCluster, name = 'web'): string {
  const [found] = cluster.pods(name);
  const conditions = (found?.status.conditions ?? []).filter(({ type }) => type.startsWith('PodResize'));
  const [status] = found?.status.containerStatuses ?? [];
  const [given, has] = [status?.allocatedResources?.['cpu'], status?.resources?.requests?.['cpu']];
  const words = conditions.map(({ type, reason = '', message = '' }) => `${type} ${reason} ${message}`.trim());
  return [...words, `${given} given, ${has} in force, ${status?.restartCount} restarts`].join('; ');
}

function check(expected: readonly string[], steps: readonly ((cluster: TestCluster) => unknown)[]): void {
  const cluster = start();
  const seen = steps.map((step) => step(cluster)).filter((one) => typeof one === 'string');
  expect(seen).toEqual(expected);
}

const web = (cluster: TestCluster) => cluster.apply(pod('web', SMALL)).run('30s');
const wait = (time: string) => (cluster: TestCluster) => told(cluster.run(time));

test('more of what the node has: given at once, in force a moment later', () =>
  check(
    ['200', 'PodResizeInProgress; 800m given, 500m in force, 0 restarts', '800m given, 800m in force, 0 restarts'],
    [web, (cluster) => resize(cluster, 'web', { requests: { cpu: '800m' } }), wait('500ms'), wait('3s')],
  ));
test('more than the node has can never be', () =>
  check(
    [
      '200',
      "PodResizePending Infeasible Node didn't have enough capacity: cpu, requested: 9000, capacity: 4000; 500m given, 500m in force, 0 restarts",
      '200',
      '500m given, 500m in force, 0 restarts',
    ],
    [
      web,
      (cluster) => resize(cluster, 'web', { requests: { cpu: '9' } }),
      wait('2m'),
      (cluster) => resize(cluster, 'web', { requests: { cpu: '500m' } }),
      wait('5s'),
    ],
  ));
test('more than is free waits until there is room', () =>
  check(
    [
      '200',
      "PodResizePending Deferred Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000; 500m given, 500m in force, 0 restarts",
      '3 given, 3 in force, 0 restarts',
    ],
    [
      web,
      (cluster) => cluster.apply(pod('other', '{requests: {cpu: 2}}')).run('20s'),
      (cluster) => resize(cluster, 'web', { requests: { cpu: '3' } }),
      wait('3s'),
      (cluster) => cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/other', options: {} }),
      wait('3m'),
    ],
  ));
test('a container that wants it so starts anew', () => {
  const policy = ', resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]';
  const cluster = start()
    .apply(pod('web', SMALL, policy))
    .run('30s');
  expect(resize(cluster, 'web', { limits: { memory: '150Mi' } })).toBe('200');
  expect(told(cluster.run('20s'))).toBe('500m given, 500m in force, 1 restarts');
  const events = [...cluster.world.store.table('Event').values()] as unknown as readonly { message: string }[];
  expect(events.map(({ message }) => message)).toContain('Container app resize requires restart');
});

test.each<[string, JsonValue, object, string]>([
  [
    'a request that goes',
    { requests: { cpu: null } },
    {},
    'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
  ],
  [
    'less memory at most',
    { limits: { memory: '150Mi' } },
    {},
    'spec.containers[0].resources.limits[memory]: Forbidden: memory limits cannot be decreased unless resizePolicy is RestartContainer',
  ],
  [
    'another class of service',
    { requests: { cpu: '1', memory: '200Mi' }, limits: { cpu: '1', memory: '200Mi' } },
    {},
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  ],
  [
    'another kind of resource',
    { requests: { 'ephemeral-storage': '1Gi' } },
    {},
    'spec: Forbidden: only cpu and memory resources are mutable',
  ],
  [
    'a policy',
    {},
    { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    'spec: Forbidden: only cpu and memory resources are mutable',
  ],
])('refused: %s', (_name, resources, more, expected) => {
  const cluster = start().apply(pod('web', SMALL)).run('30s');
  expect(resize(cluster, 'web', resources, more)).toBe(`422 Pod "web" is invalid: ${expected}`);
});

test('nothing else of what is sent counts', () => {
  const cluster = start().apply(pod('web', SMALL)).run('30s');
  expect(resize(cluster, 'web', { requests: { cpu: '600m' } }, { image: 'redis' })).toBe('200');
  expect(cluster.pods('web')[0]?.spec.containers[0]?.image).toBe('nginx');
});

test('until it has what it wants it holds the most of all', () => {
  const cluster = start().apply(pod('web', SMALL)).run('30s');
  const held = () => asHeld(cluster.pods('web')[0] as never).spec.containers[0]?.resources?.requests?.['cpu'];
  resize(cluster, 'web', { requests: { cpu: '200m' } });
  cluster.run('500ms');
  expect(held()).toBe('500m');
  cluster.run('3s');
  expect(held()).toBe('200m');
  resize(cluster, 'web', { requests: { cpu: '9' } });
  cluster.run('3s');
  expect(held()).toBe('200m');
});

test('what a node that nobody reaches has not heard of is still held', () => {
  const cluster = start().apply(pod('web', SMALL)).run('30s');
  cluster.world.command({ type: 'fail', failure: 'kubelet-stop', target: 'worker-1' });
  resize(cluster.run('1s'), 'web', { requests: { cpu: '200m' } });
  const held = asHeld(cluster.run('10s').pods('web')[0] as never);
  expect(held.spec.containers[0]?.resources?.requests?.['cpu']).toBe('500m');
});
test('what does not run yet is given it without a resize', () => {
  const cluster = start().apply(pod('web', SMALL)).run('1s');
  expect(cluster.pods('web')[0]?.status.containerStatuses?.[0]?.state?.['waiting']).toBeDefined();
  expect(resize(cluster, 'web', { requests: { cpu: '200m' } })).toBe('200');
  expect(told(cluster.run('100ms'))).toBe('undefined given, undefined in force, 0 restarts');
  expect(told(cluster.run('30s'))).toBe('200m given, 200m in force, 0 restarts');
});

test('a world that is opened again goes on with it', () => {
  const cluster = start().apply(pod('web', SMALL)).run('30s').apply(pod('other', '{requests: {cpu: 2}}')).run('20s');
  resize(cluster, 'web', { requests: { cpu: '3' } });
  cluster.run('3s').reopen();
  cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/other', options: {} });
  expect(told(cluster.run('3m'))).toBe('3 given, 3 in force, 0 restarts');
});
