// Objects, keys and labels named as what every JavaScript object inherits: they work, and a saved world of them goes on as the other does.
import { expect, test } from 'vitest';
import { openSnapshot, packSnapshot } from '../../../src-main/session/snapshot-file.ts';
import { TestCluster } from '../../support/test-cluster.ts';

const N = 'constructor';
const labels = { app: N, [N]: 'toString', toString: 'valueOf' };
const selector = { matchLabels: { app: N } };

const template = (volume: object, more: object = {}): object => ({
  metadata: { labels, annotations: { [N]: 'x', hasOwnProperty: 'z' } },
  spec: {
    nodeSelector: { [N]: 'valueOf' },
    containers: [
      {
        ...{ name: N, image: N, ports: [{ name: N, containerPort: 80 }], volumeMounts: [{ name: N, mountPath: '/data' }] },
        env: [{ name: 'toString', valueFrom: { configMapKeyRef: { name: N, key: N } } }],
        readinessProbe: { httpGet: { path: '/', port: N } },
      },
    ],
    volumes: [{ name: N, ...volume }],
    ...more,
  },
});

const empty = template({ emptyDir: {} });
const claimed = { persistentVolumeClaim: { claimName: N } };
const objects: readonly (readonly [apiVersion: string, kind: string, rest: object])[] = [
  ['v1', 'ConfigMap', { data: { [N]: '1', toString: '2' } }],
  ['v1', 'Secret', { stringData: { [N]: '1', valueOf: '2' } }],
  ['v1', 'ServiceAccount', {}],
  ['v1', 'PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
  ['v1', 'Service', { spec: { selector: { app: N }, ports: [{ name: N, port: 80, targetPort: N }] } }],
  ['v1', 'ReplicationController', { spec: { replicas: 1, selector: { app: N }, template: empty } }],
  ['apps/v1', 'Deployment', { spec: { replicas: 2, selector, template: template(claimed) } }],
  ['apps/v1', 'StatefulSet', { spec: { serviceName: N, replicas: 2, selector, template: empty } }],
  ['apps/v1', 'DaemonSet', { spec: { selector, template: template({ configMap: { name: N } }) } }],
  [
    'batch/v1',
    'CronJob',
    {
      spec: {
        schedule: '*/2 * * * *',
        jobTemplate: { spec: { template: template({ secret: { secretName: N } }, { restartPolicy: 'OnFailure' }) } },
      },
    },
  ],
  ['policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, selector } }],
  ['scheduling.k8s.io/v1', 'PriorityClass', { value: 5 }],
  ['v1', 'Namespace', {}],
];

test('named as what is inherited', () => {
  const cluster = new TestCluster({ zones: 2, workers: 2 });
  const { world } = cluster;
  for (const name of ['worker-1', 'worker-2'])
    cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { [N]: 'valueOf' } } }));
  for (const [apiVersion, kind, rest] of objects)
    cluster.apply(JSON.stringify({ apiVersion, kind, metadata: { name: N, labels }, ...rest })).run('1s');
  for (const minute of [0, 4, 8, 12]) {
    if (minute === 8) cluster.fail('node-power-off', 'worker-1');
    const restored = openSnapshot(packSnapshot(world.save()));
    cluster.run('4m');
    restored.advance(world.timeline.nowMs);
    expect(restored.save()).toEqual(world.save());
    if (minute === 4)
      for (const kind of ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'ReplicationController'])
        expect(world.store.get(kind, `default/${N}`)).toMatchObject({
          status: { observedGeneration: 1, [kind.startsWith('Daemon') ? 'numberReady' : 'readyReplicas']: kind.startsWith('Repl') ? 1 : 2 },
        });
  }
  expect(world.store.table('Job.batch').size).toBeGreaterThan(3);
});
