// What a workload answers of its pods that are not Ready, and what a pod answers that something of its own holds up.
import { test } from 'vitest';
import { TestCluster } from '../../support/test-cluster.ts';
import { check, pod } from './why-in-words.ts';

test('a pod that an init container, a sidecar or a postStart hook holds up', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  const app = 'containers: [{ name: app, image: nginx }]';
  const slow = '{ name: first, image: busybox, command: [sh, -c, exit 0] }, { name: slow, image: busybox, command: [sh, -c, sleep 900] }';
  const never = '{ exec: { command: [cat, /no] }, failureThreshold: 60 }';
  const sidecar = `{ name: proxy, image: nginx, restartPolicy: Always, startupProbe: ${never} }`;
  const hook = 'lifecycle: { postStart: { exec: { command: [sh, -c, sleep 900] } } }';
  cluster
    .apply(pod('init', `{ initContainers: [${slow}], ${app} }`))
    .apply(pod('sidecar', `{ initContainers: [${sidecar}], ${app} }`))
    .apply(pod('hook', `{ containers: [{ name: app, image: nginx, ${hook} }] }`))
    .run('60s');
  check(cluster, 'pod', 'default/init', [
    /^startHeldUp: Init container slow runs since 0:00:\d\d: .* Init containers that are done: 1 of 2\.$/,
  ]);
  check(cluster, 'pod', 'default/sidecar', [
    /^startHeldUp: Sidecar proxy runs since 0:00:\d\d, and its startupProbe has not succeeded: .* done: 0 of 1\.$/,
    /^endpointNotReady: startupProbe of container proxy in sidecar failed \d × in a row \(exec cat \/no\), every 10 s; after 60 /,
  ]);
  check(cluster, 'pod', 'default/hook', [
    /^startHeldUp: Container app runs since 0:0[01]:\d\d, and its postStart hook is not done: until then it does not count as running/,
  ]);
});

test('a pod whose sidecar is not Ready', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  const sidecar = '{ name: proxy, image: nginx, restartPolicy: Always, readinessProbe: { exec: { command: [cat, /no] } } }';
  cluster.apply(pod('web', `{ initContainers: [${sidecar}], containers: [{ name: app, image: nginx }] }`)).run('60s');
  check(cluster, 'pod', 'default/web', [
    /^endpointNotReady: readinessProbe of container proxy in web fails \(exec cat \/no\): \d × in a row so far, asked every 10 s\.$/,
  ]);
});

const set = (head: string, name: string, spec: string): string =>
  `${head}\nmetadata: { name: ${name}, namespace: default }\nspec: { replicas: 2, ${spec} }\n`;
const template = (name: string, spec: string): string =>
  `selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: ${spec} }`;
const REPLICA_SET = 'apiVersion: apps/v1\nkind: ReplicaSet';

test('a ReplicaSet with pods that are not Ready leads to what they say; one whose pods are refused says so', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  const held =
    '{ initContainers: [{ name: slow, image: busybox, command: [sh, -c, sleep 900] }], containers: [{ name: app, image: nginx }] }';
  cluster.apply(set(REPLICA_SET, 'held', template('held', held))).run('60s');
  check(cluster, 'replicaset', 'default/held', [
    'replicaSetWaits: Replicas wanted: 2; there: 2, Ready: 0.',
    /^podsUnready: 2 Pods are not Ready for reasons of one kind; held-\w+ says: \[held-\w+, held-\w+\]$/,
    /^podsUnready: Init container slow runs since 0:00:\d\d: .* Init containers that are done: 0 of 1\.$/,
  ]);
  const quota = 'apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: none, namespace: default }\nspec: { hard: { pods: "2" } }\n';
  cluster.apply(quota).run('10s');
  cluster.apply(set(REPLICA_SET, 'web', template('web', '{ containers: [{ name: app, image: nginx }] }'))).run('10s');
  check(cluster, 'replicaset', 'default/web', [
    'replicaSetWaits: Replicas wanted: 2; there: 0, Ready: 0.',
    /^replicaSetWaits: Pods are refused: FailedCreate: pods "web-\w+" is forbidden: exceeded quota: none/,
  ]);
});

test('a ReplicationController whose pod crashes, and whose other one is on a node that nobody hears', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  const spec =
    'selector: { app: rc }, template: { metadata: { labels: { app: rc } }, spec: { containers: [{ name: app, image: busybox, command: [sh, -c, exit 1] }] } }';
  cluster.apply(set('apiVersion: v1\nkind: ReplicationController', 'rc', spec)).run('60s');
  const lost = cluster.pods('rc-')[0]?.spec.nodeName ?? '';
  cluster.fail('node-power-off', lost).run('60s');
  const said = [
    /^podsUnready: rc-\w+ is not Ready:$/,
    new RegExp(`^podsUnready: Node ${lost} is not Ready, so its Pod rc-\\w+ is taken for not Ready\\.$`),
    /^podsUnready: rc-\w+ is not Ready:$/,
    /^podsUnready: Container app ended with exit code 1 \(Error\); restarts so far: \d\.$/,
    /^podsUnready: Container app is started again after a back-off of \d+ s\. <\d+ s>$/,
  ];
  check(cluster, 'rc', 'default/rc', ['replicaSetWaits: Replicas wanted: 2; there: 2, Ready: 0.', ...said]);
});
