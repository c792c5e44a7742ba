// An add-on that is stopped does nothing, and its webhook changes no pod; when it runs again it goes on with what it has kept.
import { expect, test } from 'vitest';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const web = (replicas: number): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { orrery.dev/cpu-millis: "120", orrery.dev/memory-bytes: "300000000" } }
    spec: { containers: [{ name: web, image: "nginx:1.28", resources: { requests: { cpu: "2", memory: 1Gi } } }] }
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: { name: web, namespace: default }
spec:
  targetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  updatePolicy: { updateMode: Initial }
`;

const tableOf = (cluster: TestCluster, kind: string): readonly ApiObject[] => [...cluster.world.store.table(kind).values()];
const isRecommended = (cluster: TestCluster): boolean =>
  tableOf(cluster, 'VerticalPodAutoscaler.autoscaling.k8s.io').some(
    (one) => (one as unknown as { status?: { recommendation?: unknown } }).status?.recommendation !== undefined,
  );
const changed = (cluster: TestCluster): number => cluster.pods('web').filter(({ metadata }) => metadata.annotations?.['vpaUpdates']).length;

test('the vertical autoscaler recommends nothing while it is stopped', () => {
  const cluster = new TestCluster({ zones: 1, workers: 3 }).run('20s');
  cluster.fail('component-stop', 'vertical-pod-autoscaler').apply(web(2)).run('5m');
  expect(isRecommended(cluster)).toBe(false);
  cluster.heal('component-stop', 'vertical-pod-autoscaler').run('3m');
  expect(isRecommended(cluster)).toBe(true);
});

test('pods that are made while it is stopped are as their template says', () => {
  const cluster = new TestCluster({ zones: 1, workers: 3 }).run('20s').apply(web(1)).run('5m');
  expect(isRecommended(cluster)).toBe(true);
  cluster.fail('component-stop', 'vertical-pod-autoscaler').apply(web(2)).run('20s');
  expect(changed(cluster)).toBe(0);
  cluster.heal('component-stop', 'vertical-pod-autoscaler').apply(web(3)).run('20s');
  expect(changed(cluster)).toBe(1);
});

test('the cluster autoscaler asks for no machine while it is stopped, also in a world that is opened again', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('20s');
  const group = { zone: 'zone-a', minSize: 1, maxSize: 3, cpu: '4', memory: '8Gi', pods: '110' };
  cluster.world.command({ type: 'node-group', name: 'pool', group });
  cluster.fail('component-stop', 'cluster-autoscaler').apply(web(3)).run('5m').reopen().run('1m');
  const workers = (): number => tableOf(cluster, 'Node').length;
  const before = workers();
  cluster.heal('component-stop', 'cluster-autoscaler').run('5m');
  expect(workers()).toBe(before + 1);
});
