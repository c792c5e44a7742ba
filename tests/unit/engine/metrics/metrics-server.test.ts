// What the metrics server tells of pods that come, work and go, and of nodes, as `kubectl top` asks for it.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const pod = (name: string, annotations: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} }, annotations: { ${annotations} } }
spec: { nodeName: worker-1, containers: [{ name: a, image: "nginx:1.28" }, { name: b, image: "redis:7" }] }
`;

function items(cluster: TestCluster, path: string): readonly any[] {
  const user = { name: 'admin', groups: ['system:masters'] };
  const [resource = '', selector = ''] = path.split('?labelSelector=');
  const query: readonly (readonly [string, string])[] = selector === '' ? [] : [['labelSelector', selector]];
  const request = { method: 'GET', path: `/apis/metrics.k8s.io/v1beta1/${resource}`, query, accept: '', contentType: '', user, agent: '' };
  return (cluster.world.rest.answer(request).body as { items: JsonValue[] }).items;
}

test('a pod is measured when it has run for a round, each container by itself', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(
    pod('one', 'orrery.dev/cpu-millis.a: "250", orrery.dev/memory-bytes.b: "10000000"'),
  );
  cluster.run('12s');
  expect(items(cluster, 'pods')).toEqual([]);
  cluster.run('40s');
  expect(items(cluster, 'pods')).toMatchObject([
    {
      metadata: { name: 'one', namespace: 'default', labels: { app: 'one' } },
      timestamp: '2025-06-02T08:01:00Z',
      window: '15s',
      containers: [
        { name: 'a', usage: { cpu: '250m', memory: '8Mi' } },
        { name: 'b', usage: { cpu: '2m', memory: '9768Ki' } },
      ],
    },
  ]);
  expect(items(cluster, 'pods?labelSelector=app!=one')).toEqual([]);
  expect(items(cluster, 'namespaces/other/pods')).toEqual([]);
  cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/one', options: { gracePeriodSeconds: 0 } });
  expect(items(cluster, 'pods')).toEqual([]);
});

test('a node uses what its pods use, and something itself; the last round of a silent one is remembered until the next one fails', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(pod('one', 'orrery.dev/cpu-millis: "500"')).run('1m');
  const usage = () => items(cluster, 'nodes').map((node) => `${node.metadata.name} ${node.usage.cpu} ${node.usage.memory}`);
  expect(usage()).toEqual(['control-plane 60m 420Mi', 'worker-1 1060m 436Mi']);
  const measured = () => items(cluster, 'pods').map(({ timestamp, containers }) => ({ timestamp, containers }));
  const before = measured();
  cluster.fail('kubelet-stop', 'worker-1').run('1s');
  expect(usage()).toEqual(['control-plane 60m 420Mi', 'worker-1 1060m 436Mi']);
  expect(measured()).toEqual(before);
  cluster.run('15s');
  expect(usage()).toEqual(['control-plane 60m 420Mi']);
  expect(items(cluster, 'pods')).toEqual([]);
});

test.each(['node-network-cut', 'node-power-off'])('a round that waits for a node fails after ten seconds: %s', (failure) => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(pod('one', 'orrery.dev/cpu-millis: "500"')).run('1m');
  const nowMs = () => cluster.world.timeline.nowMs;
  const measured = () => items(cluster, 'pods').map(({ timestamp, containers }) => ({ timestamp, containers }));
  const before = measured();
  cluster.fail(failure, 'worker-1');
  const nextMs = nowMs() - (nowMs() % 15_000) + 15_000;
  cluster.reopen().run(`${(nextMs + 9500 - nowMs()) / 1000}s`);
  expect(measured()).toEqual(before);
  cluster.run('1s');
  expect([items(cluster, 'pods'), items(cluster, 'nodes').map(({ metadata }) => metadata.name)]).toEqual([[], ['control-plane']]);
  cluster.heal(failure, 'worker-1').run('1s');
  expect(items(cluster, 'pods').length).toBe(failure === 'node-power-off' ? 0 : 1);
});

test('a container never uses more CPU than its limit', () => {
  const limited = pod('one', 'orrery.dev/cpu-millis: "500"').replace(
    'image: "nginx:1.28"',
    'image: "nginx:1.28", resources: { limits: { cpu: 100m } }',
  );
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(limited).run('1m');
  expect(items(cluster, 'pods')[0].containers.map(({ usage }: { usage: { cpu: string } }) => usage.cpu)).toEqual(['100m', '500m']);
});
