// What a node, a Job and a volume answer while failures last: why no pod is driven off, what is waited for, and what a driver said.
import { test } from 'vitest';
import type { Node } from '../../../src-main/engine/kinds/core/node.ts';
import type { ApiObject } from '../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../support/test-cluster.ts';
import { check, pod } from './why-in-words.ts';

const UNKNOWN = [
  /^nodeSilent: Ready is Unknown since 0:0\d:\d\d: Kubelet stopped posting node status\.$/,
  'nodeSilent: The node controller says so when it has seen no lease renewal for 50 s.',
];

test('a node of a zone that has lost most of its nodes: nobody is driven off, and why', () => {
  const cluster = new TestCluster({ zones: 2, workers: 6 }).run('60s').fail('zone-outage', 'zone-a').run('3m');
  check(cluster, 'node', 'worker-1', [
    ...UNKNOWN,
    /^nodeSilent: No Pods are driven away: nodes of its zone that are not Ready: 3 of 4, more than 2 and at least the share 0\.55\. In a zone of no more than 50 /,
  ]);
});

test('a node that waits for its turn among those of its zone', () => {
  const cluster = new TestCluster({ zones: 2, workers: 6 }).run('60s').fail('zone-outage', 'zone-b').run('57s');
  const queued = ['worker-4', 'worker-5', 'worker-6'].filter(
    (name) => !JSON.stringify(cluster.world.store.get('Node', name)).includes('NoExecute'),
  );
  const [next = '', last = ''] = queued;
  const turn =
    /^nodeSilent: It waits for the taint that drives its Pods away; nodes of its zone that come before it: 0 \(nodes: 0\.1 \/ s\)\. <\d s>$/;
  check(cluster, 'node', next, [...UNKNOWN, turn]);
  check(cluster, 'node', last, [
    ...UNKNOWN,
    /^nodeSilent: It waits for the taint that drives its Pods away; 1 node of its zone comes before it/,
  ]);
});

test('where no zone has a node that is Ready, the controller trusts itself least', () => {
  const cluster = new TestCluster({ zones: 2, workers: 2 }).run('60s').fail('zone-outage', 'zone-a').fail('zone-outage', 'zone-b');
  cluster.fail('node-power-off', 'control-plane').run('10m');
  check(cluster, 'node', 'worker-1', [...UNKNOWN, /^nodeSilent: In no zone is any node Ready\. .* it drives no Pods away/]);
});

const job = (name: string, spec: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, namespace: default }\n` +
  `spec: { ${spec}, template: { spec: { restartPolicy: Never, containers: [{ name: c, image: busybox, command: [sh, -c, sleep 3600] }] } } }\n`;

test('a Job whose pod is on a dead node: going to fail, waiting for the pod to end, or going on at once', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster
    .apply(job('once', 'backoffLimit: 0'))
    .apply(job('patient', 'backoffLimit: 2, podReplacementPolicy: Failed'))
    .apply(job('hasty', 'backoffLimit: 2'))
    .run('60s')
    .fail('node-power-off', 'worker-1')
    .run('7m');
  check(cluster, 'job', 'default/once', [
    'jobWaits: It is going to fail (BackoffLimitExceeded): Job has reached the specified backoff limit',
    'jobWaits: Completions: 0 of 1; Pods that run: 0, that have failed: 1; 0 may fail before it gives up.',
    /^jobWaits: 1 Pod is being deleted: the Job counts as failed when it has ended\. \[once-\w+\]$/,
  ]);
  check(cluster, 'job', 'default/patient', [
    'jobWaits: Completions: 0 of 1; Pods that run: 0, that have failed: 0; 2 may fail before it gives up.',
    /^jobWaits: 1 Pod is being deleted; with the policy Failed none takes its place before it has ended\. \[patient-\w+\]$/,
  ]);
  check(cluster, 'job', 'default/hasty', [
    'jobWaits: Completions: 0 of 1; Pods that run: 1, that have failed: 1; 2 may fail before it gives up.',
    /^jobWaits: 1 Pod is not Ready\. \[hasty-\w+\]$/,
    /^jobWaits: 1 Pod is being deleted; with the policy TerminatingOrFailed another one takes its place at once\. \[hasty-\w+\]$/,
    /^podsUnready: hasty-\w+ is not Ready:$/,
    /^podsUnready: 1 node, refused by plugin TaintToleration: /,
    /^podsUnready: 1 node, refused by plugin TaintToleration: /,
    /^podsUnready: Last tried at/,
  ]);
});

test('a volume whose disk has failed says what its driver says, and so does its attachment', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  cluster.apply(
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db, namespace: default }\nspec: { serviceName: db, selector: { matchLabels: { app: db } }, ' +
      'template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: nginx, volumeMounts: [{ name: data, mountPath: /d }] }] } }, ' +
      'volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }] }\n',
  );
  cluster.run('60s').expectReady('db', 1);
  const volume = [...cluster.world.store.table('PersistentVolume').keys()][0] ?? '';
  cluster.fail('disk-loss', volume);
  const node = cluster.pods('db')[0]?.spec.nodeName ?? '';
  const cordoned = (object: ApiObject): ApiObject => ({ ...object, spec: { ...(object as Node).spec, unschedulable: true } }) as ApiObject;
  cluster.edit(cluster.kind('node'), node, cordoned);
  cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/db-0', options: {} });
  cluster.run('2m');
  const said = new RegExp(`^volumeStuck: Volume ${volume} cannot be attached to worker-\\d: rpc error: .*the volume has failed$`);
  check(cluster, 'pv', volume, [said]);
  check(cluster, 'volumeattachment', '', [said]);
});

test('a StatefulSet whose pods do not wait for one another does not speak of an update that is none', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.apply(
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db, namespace: default }\nspec: { replicas: 2, podManagementPolicy: Parallel, serviceName: db, ' +
      'selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: "nginx:9.9.9" }] } } }\n',
  );
  cluster.run('60s');
  check(cluster, 'statefulset', 'default/db', [
    'statefulSetWaits: Replicas wanted: 2; Ready: 0, of the newest template: 2.',
    'statefulSetWaits: db-0 is not Ready; with the policy Parallel no other Pod waits for it.',
    'podsUnready: 2 Pods are not Ready for reasons of one kind; db-0 says: [db-0, db-1]',
    /^podsUnready: Container db: registry docker\.io did not give nginx:9\.9\.9/,
    /^podsUnready: Container db: docker\.io is asked for nginx:9\.9\.9 again/,
  ]);
});

test('volumes while nobody attaches or binds: what the scheduler and the kubelet wait for, and who is not there', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  const claim = (name: string): string =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: ${name}, namespace: default }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }\n`;
  const user = (name: string, of: string): string =>
    pod(name, `{ containers: [{ name: app, image: nginx }], volumes: [{ name: data, persistentVolumeClaim: { claimName: ${of} } }] }`);
  cluster.apply(claim('old')).apply(user('first', 'old')).run('60s').expectReady('first', 1);
  cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/first', options: {} });
  cluster.run('30s').fail('component-stop', 'kube-controller-manager');
  cluster.apply(user('again', 'old')).apply(claim('new')).apply(user('fresh', 'new')).run('60s');
  check(cluster, 'pod', 'default/fresh', [
    /^pendingPod: The scheduler has chosen worker-1, and before it binds the Pod there its claims must be bound to volumes; it waits for at most 600 s\. \[new\] <540 s>$/,
  ]);
  check(cluster, 'pod', 'default/again', [
    /^volumeStuck: Volume pvc-\S+ is being attached to worker-1\.$/,
    'volumeStuck: The kube-controller-manager is not running.',
  ]);
});

test('a budget that nobody counts any more says so', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s').apply(pod('shop', '{ containers: [{ name: app, image: nginx }] }'));
  const budget = 'spec: { maxUnavailable: 1, selector: { matchLabels: { app: shop } } }';
  cluster.apply(`apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: shop, namespace: default }\n${budget}\n`).run('60s');
  cluster.fail('component-stop', 'kube-controller-manager').run('5s');
  check(cluster, 'pdb', 'default/shop', ['controlPlaneDown: The kube-controller-manager is not running.', /^budgetClosed: /]);
});

test('a node whose pods have different patience: the next one to go, and when', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  const patience = (seconds: number): string =>
    `tolerations: [{ key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: ${seconds} }]`;
  const on = (seconds: number): string => `{ nodeName: worker-1, ${patience(seconds)}, containers: [{ name: app, image: nginx }] }`;
  cluster
    .apply(pod('soon', on(30)))
    .apply(pod('late', on(200)))
    .run('30s')
    .fail('node-power-off', 'worker-1')
    .run('70s');
  const tainted = 'nodeSilent: Its taints drive Pods away: node.kubernetes.io/unreachable.';
  const next = (seconds: number): RegExp =>
    new RegExp(`^nodeSilent: Pods that tolerate it only for ${seconds} s are deleted next\\. <\\d+ s>$`);
  check(cluster, 'node', 'worker-1', [...UNKNOWN, tainted, next(30)]);
  cluster.run('60s');
  check(cluster, 'node', 'worker-1', [...UNKNOWN, tainted, next(200)]);
  cluster.run('3m');
  check(cluster, 'node', 'worker-1', [...UNKNOWN, tainted]);
});
