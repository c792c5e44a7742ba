// What the lab answers when somebody asks why: each question in a world in which it arises, in the words of the window.
import { expect, test } from 'vitest';
import { actOn } from '../../../src-main/session/actions/act-on.ts';
import { objectDetail } from '../../../src-main/session/object-detail.ts';
import { settings } from '../../../src-main/session/settings.ts';
import { TestCluster } from '../../support/test-cluster.ts';
import { check, pod } from './why-in-words.ts';

test('a pod that no node takes: each plugin with its reason, the odd node first, and what the pod asks for', () => {
  const cluster = new TestCluster({ zones: 1, workers: 4 }).run('30s');
  cluster.apply(pod('big', '{ containers: [{ name: app, image: nginx, resources: { requests: { cpu: "64" } } }] }')).run('5s');
  check(cluster, 'pod', 'default/big', [
    /^pendingPod: 1 node, refused by plugin TaintToleration: node\(s\) had untolerated taint .* \[control-plane\]$/,
    'pendingPod: 4 nodes, refused by plugin NodeResourcesFit: Insufficient cpu. [4: worker-1, worker-2, worker-3, worker-4]',
    'pendingPod: It asks for 64 of cpu.',
    /^pendingPod: Last tried at 0:00:\d\d\.$/,
  ]);
});

test('an image that does not exist: what the registry said, and when it is asked again', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.apply(pod('shop', '{ containers: [{ name: app, image: "nginx:9.9.9" }] }')).run('20s');
  check(cluster, 'pod', 'default/shop', [
    /^imagePull: Container app: registry docker.io did not give nginx:9.9.9: .*not found/,
    /^imagePull: Container app: docker.io is asked for nginx:9.9.9 again after a back-off of \d+ s\. <\d+ s>$/,
  ]);
});

test('a container that crashes: its exit code, and when it starts again', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.apply(pod('job', '{ containers: [{ name: app, image: busybox, command: [sh, -c, exit 3] }] }')).run('40s');
  check(cluster, 'pod', 'default/job', [
    /^crashBackOff: Container app ended with exit code 3 \(Error\); restarts so far: \d\.$/,
    /^crashBackOff: Container app is started again after a back-off of \d+ s\. <\d+ s>$/,
    /^endpointNotReady: Container app of job does not run: CrashLoopBackOff\.$/,
  ]);
});

test('a probe that fails: which one, what it asks, how often it failed; and the Service that sends nothing', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  const probe = 'readinessProbe: { exec: { command: [cat, /tmp/ready] }, periodSeconds: 5 }';
  cluster
    .apply(pod('web', `{ containers: [{ name: app, image: nginx, ${probe} }] }`))
    .apply(
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: default }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n',
    )
    .run('30s');
  const told = /: readinessProbe of container app in web fails \(exec cat \/tmp\/ready\): \d+ × in a row so far, asked every 5 s\.$/;
  check(cluster, 'pod', 'default/web', [told, 'endpointNotReady: So it gets nothing from 1 of its Services. [web]']);
  check(cluster, 'service', 'default/web', ['endpointNotReady: 1 of 1 Pods takes no traffic.', told]);
});

test('of the pods of a Service those that go are told, too, and those that have ended are none', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  const labels = '{ app: web }';
  const forever = 'containers: [{ name: app, image: nginx }]';
  cluster
    .apply(pod('done', `{ restartPolicy: Never, containers: [{ name: app, image: busybox, command: [sh, -c, exit 1] }] }`, labels))
    .apply(pod('good', `{ ${forever} }`, labels))
    .apply(pod('lost', `{ nodeName: worker-2, tolerations: [{ operator: Exists }], ${forever} }`, labels))
    .apply(
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: default }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n',
    )
    .run('30s')
    .fail('kubelet-stop', 'worker-2');
  cluster.world.server.delete(cluster.kind('pod'), 'default/lost', {}, 'admin');
  cluster.run('20s');
  check(cluster, 'service', 'default/web', [
    'endpointNotReady: 1 of 2 Pods takes no traffic.',
    'endpointNotReady: Pod lost is being deleted: it gets no new traffic.',
  ]);
  expect(objectDetail(cluster.world, 'Service', 'default/web').headline[0]?.values).toMatchObject({ count: 1, all: 2 });
});

const claim = (name: string, more: string): string =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: ${name}, namespace: default }\n` +
  `spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } }, ${more} }\n`;
const volume = (name: string, spec: string): string =>
  `apiVersion: v1\nkind: PersistentVolume\nmetadata: { name: ${name} }\nspec: { hostPath: { path: /data }, ${spec} }\n`;
const manualClass =
  'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: manual }\nprovisioner: kubernetes.io/no-provisioner\n';

test('a claim without a volume: its class, and each volume with the condition that it does not meet', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster
    .apply(manualClass)
    .apply(volume('small', 'capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce], storageClassName: manual'))
    .apply(volume('reader', 'capacity: { storage: 9Gi }, accessModes: [ReadOnlyMany], storageClassName: manual'))
    .apply(volume('other', 'capacity: { storage: 9Gi }, accessModes: [ReadWriteOnce], storageClassName: fast'))
    .apply(claim('data', 'storageClassName: manual'))
    .run('10s');
  check(cluster, 'pvc', 'default/data', [
    /^claimPending: Class manual: provisioner kubernetes.io\/no-provisioner is to make a volume/,
    'claimPending: Nothing in this lab is the provisioner kubernetes.io/no-provisioner: a volume has to be there already.',
    'claimPending: 1 volume: smaller than 5Gi. [small]',
    'claimPending: 1 volume: access modes do not include ReadWriteOnce. [reader]',
    'claimPending: 1 volume: not of class manual. [other]',
  ]);
});

test('a claim that waits for its first pod, and one whose class is not there', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.apply(claim('data', 'storageClassName: standard')).apply(claim('lost', 'storageClassName: gold')).run('10s');
  check(cluster, 'pvc', 'default/data', [
    'claimPending: Class standard binds WaitForFirstConsumer: no Pod uses the claim yet.',
    'claimPending: There is no PersistentVolume at all.',
  ]);
  check(cluster, 'pvc', 'default/lost', [
    'claimPending: There is no StorageClass gold.',
    'claimPending: There is no PersistentVolume at all.',
  ]);
});

test('a deleted claim in use, and a finalizer that nobody takes away', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.apply(claim('data', 'storageClassName: standard'));
  cluster.apply(
    pod('db', '{ containers: [{ name: app, image: nginx }], volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }] }'),
  );
  cluster
    .apply('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: held, namespace: default, finalizers: [example.com/mine] }\n')
    .run('60s');
  for (const [kind, key] of [
    ['PersistentVolumeClaim', 'default/data'],
    ['ConfigMap', 'default/held'],
  ] as const)
    cluster.world.command({ type: 'delete', kind, key, options: {} });
  cluster.run('5s');
  check(cluster, 'pvc', 'default/data', ['terminating: Finalizer kubernetes.io/pvc-protection stays while 1 Pod uses the claim. [db]']);
  check(cluster, 'configmap', 'default/held', [
    'terminating: Finalizer example.com/mine: nothing in this lab removes it. Who put it there has to, or you edit the YAML.',
  ]);
});

const web = (image: string): string =>
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: default }\n' +
  'spec: { replicas: 4, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, ' +
  `spec: { containers: [{ name: app, image: "${image}" }] } } }\n`;

/** An image that is not there, told by a pod or by what owns it. */
const notFound = (question: string, container: string): readonly RegExp[] => [
  new RegExp(`^${question}: Container ${container}: registry docker.io did not give nginx:9.9.9: .*not found$`),
  new RegExp(`^${question}: Container ${container}: docker.io is asked for nginx:9.9.9 again after a back-off of \\d+ s\\. <\\d+ s>$`),
];

test('a rollout that stands: which number binds it, the pods that it waits for, and its deadline', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s').apply(web('nginx:1.27')).run('60s').expectReady('web', 4);
  check(cluster, 'deployment', 'default/web', []);
  cluster.apply(web('nginx:9.9.9')).run('60s');
  const lines = [
    'deploymentStuck: Replicas wanted: 4; of the new version: 2, of older ones: 3; available: 3.',
    'deploymentStuck: No new Pod may be added: there are 5 of at most 5 (maxSurge 1).',
    'deploymentStuck: No old Pod may go: at least 3 must be available (maxUnavailable 1); available now: 3.',
    /^deploymentStuck: 2 Pods of the new version are not Ready: they are what the rollout waits for\. \[web-.*\]$/,
  ];
  const ofPods = [
    /^podsUnready: 2 Pods are not Ready for reasons of one kind; web-\S+ says: \[web-\S+, web-\S+\]$/,
    ...notFound('podsUnready', 'app'),
  ];
  check(cluster, 'deployment', 'default/web', [...lines, ...ofPods]);
  cluster.run('11m');
  check(cluster, 'deployment', 'default/web', [
    ...lines,
    'deploymentStuck: No progress for 600 s: the controller says ProgressDeadlineExceeded, but goes on trying.',
    ...ofPods,
  ]);
});

test('a StatefulSet: the pod that the others wait for, and a lost one that nothing replaces', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  const set = (image: string) =>
    `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db, namespace: default }\nspec: { replicas: 2, serviceName: db, selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: app, image: "${image}" }] } } }\n`;
  cluster.apply(set('nginx:1.28')).run('60s');
  check(cluster, 'statefulset', 'default/db', []);
  cluster.apply(set('nginx:9.9.9')).run('60s');
  check(cluster, 'statefulset', 'default/db', [
    'statefulSetWaits: Replicas wanted: 2; Ready: 1, of the newest template: 1.',
    'statefulSetWaits: db-1 is not Ready: the Pods after it are not made, updated or removed before it is (OrderedReady).',
    'statefulSetWaits: 1 Pod still has an older template; Pods are updated one after the other, from the highest ordinal down. [db-0]',
    'podsUnready: db-1 is not Ready:',
    ...notFound('podsUnready', 'app'),
  ]);
  const node = cluster.pods('db').find(({ metadata }) => metadata.name === 'db-0')?.spec.nodeName ?? '';
  cluster.fail('node-power-off', node).run('7m');
  check(cluster, 'statefulset', 'default/db', [
    'statefulSetWaits: Replicas wanted: 2; Ready: 0, of the newest template: 1.',
    'statefulSetWaits: db-0 is being deleted: until it is gone, nothing takes its name, its claims and its place.',
    /^statefulSetWaits: Node worker-\d does not answer, so nobody can say whether db-0 still runs\. No replacement comes/,
    'statefulSetWaits: 1 Pod still has an older template; Pods are updated one after the other, from the highest ordinal down. [db-0]',
    'podsUnready: db-1 is not Ready:',
    ...notFound('podsUnready', 'app'),
  ]);
});

test('a DaemonSet: the nodes that lack a ready pod, and the limit of its update', () => {
  const cluster = new TestCluster({ zones: 1, workers: 3 }).run('30s');
  const set = (image: string) =>
    `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: agent, namespace: default }\nspec: { selector: { matchLabels: { app: agent } }, template: { metadata: { labels: { app: agent } }, spec: { containers: [{ name: app, image: "${image}" }] } } }\n`;
  cluster.apply(set('nginx:1.28')).run('60s');
  check(cluster, 'daemonset', 'default/agent', []);
  cluster.apply(set('nginx:9.9.9')).run('60s');
  check(cluster, 'daemonset', 'default/agent', [
    'daemonSetWaits: Nodes that are to have a Pod: 3; with one that is Ready: 2, of the newest template: 1.',
    'daemonSetWaits: On 1 node the Pod is not Ready. [worker-1]',
    'daemonSetWaits: The update goes on while nodes without an available Pod are no more than 1 (maxUnavailable); these still have an older one. [worker-2, worker-3]',
    /^podsUnready: agent-\w+ is not Ready:$/,
    ...notFound('podsUnready', 'app'),
  ]);
});

test('a volume that hangs on a dead node: who holds it, the pod that still counts, then the forced detach', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s').apply(claim('data', 'storageClassName: standard'));
  const podSpec = '{ containers: [{ name: app, image: nginx }], volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }] }';
  cluster
    .apply(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: db, namespace: default }\n' +
        `spec: { replicas: 1, selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, spec: ${podSpec} } }\n`,
    )
    .run('90s')
    .expectReady('db', 1);
  const [first] = cluster.pods('db');
  const node = first?.spec.nodeName ?? '';
  cluster.fail('node-power-off', node).run('10s');
  check(cluster, 'node', node, [
    /^nodeSilent: Its kubelet has stopped renewing the lease; without a sign of life for 50 s the node becomes Unknown\. <\d+ s>$/,
  ]);
  cluster.run('7m');
  check(cluster, 'pod', `default/${first?.metadata.name}`, [
    `terminating: Its node ${node} does not answer: only that kubelet can say that the containers are gone.`,
    /^terminating: Its grace of 30 s was over at 0:0\d:\d\d\.$/,
  ]);
  const second = cluster.pods('db').find(({ metadata }) => metadata.name !== first?.metadata.name);
  check(cluster, 'pod', `default/${second?.metadata.name}`, [
    new RegExp(`^volumeStuck: Volume pvc-\\S+ is attached to node ${node}\\.$`),
    new RegExp(`^volumeStuck: 1 Pod on ${node} still counts as its user: until that Pod is gone, nobody detaches it\\. \\[db-`),
  ]);
  cluster.world.command({ type: 'delete', kind: 'Pod', key: `default/${first?.metadata.name}`, options: { gracePeriodSeconds: 0 } });
  cluster.run('20s');
  check(cluster, 'pod', `default/${second?.metadata.name}`, [
    new RegExp(`^volumeStuck: Volume pvc-\\S+ is attached to node ${node}\\.$`),
    new RegExp(`^volumeStuck: ${node} does not answer, so nobody knows that pvc-\\S+ is unmounted\\.$`),
    /^volumeStuck: It is detached by force after 6 m\. <\d+ s>$/,
  ]);
  cluster.run('7m').expectReady('db', 1);
});

test('a job: why it has failed, and how many failures it had; one that a quota refuses says so', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  const job = (name: string): string =>
    `apiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, namespace: default }\nspec: { backoffLimit: 0, template: { spec: { restartPolicy: Never, containers: [{ name: x, image: busybox, command: [sh, -c, "exit 3"] }] } } }\n`;
  cluster.apply(job('broken')).run('60s');
  check(cluster, 'job', 'default/broken', [
    'jobWaits: It has failed and is not tried again (BackoffLimitExceeded): Job has reached the specified backoff limit',
    'jobWaits: Completions: 0 of 1; Pods that run: 0, that have failed: 1; 0 may fail before it gives up.',
  ]);
  cluster
    .apply('apiVersion: v1\nkind: ResourceQuota\nmetadata: { name: none, namespace: default }\nspec: { hard: { pods: "0" } }\n')
    .run('10s');
  cluster.apply(job('refused')).run('60s');
  check(cluster, 'job', 'default/refused', [
    /^jobWaits: Its pod is refused: .*exceeded quota: none, requested: pods=1, used: pods=\d, limited: pods=0$/,
    'jobWaits: Completions: 0 of 1; Pods that run: 0, that have failed: 0; 0 may fail before it gives up.',
  ]);
});

test('a budget that lets nobody go says by how many pods', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.apply(pod('shop', '{ containers: [{ name: app, image: nginx }] }'));
  cluster
    .apply(
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: shop, namespace: default }\nspec: { minAvailable: 1, selector: { matchLabels: { app: shop } } }\n',
    )
    .run('60s');
  check(cluster, 'pdb', 'default/shop', ['budgetClosed: Pods that it covers: 1; healthy: 1; at least 1 must be healthy.']);
});

test('every number says its default, who sets it, and a page', () => {
  for (const setting of Object.values(settings)) {
    expect(setting.default).not.toBe('');
    expect(setting.setBy).not.toBe('');
    expect(setting.page).toMatch(/^docs\/[a-z0-9./-]+\/(#[a-z-]+)?$/);
  }
});

test('all is well: nothing is asked', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.apply(pod('web', '{ containers: [{ name: app, image: nginx }] }')).run('60s');
  check(cluster, 'pod', 'default/web', []);
  check(cluster, 'node', 'worker-1', []);
});

test('a process of the control plane that is not there: nobody places pods, nobody acts on Deployments', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster.world.command({ type: 'fail', failure: 'component-stop', target: 'kube-scheduler' });
  cluster.world.command({ type: 'fail', failure: 'component-stop', target: 'kube-controller-manager' });
  cluster.apply(pod('shop', '{ containers: [{ name: app, image: nginx }] }')).run('5s');
  check(cluster, 'pod', 'default/shop', ['pendingPod: The kube-scheduler is not running.']);
  check(cluster, 'node', 'worker-1', ['controlPlaneDown: The kube-controller-manager is not running.']);
  cluster.world.command({ type: 'heal', id: 'component-stop:kube-scheduler' });
  cluster.run('5s');
  check(cluster, 'pod', 'default/shop', [
    'pendingPod: The kube-scheduler is back, and waits until the lease of the one before it has run out.',
  ]);
  cluster.run('20s');
  check(cluster, 'pod', 'default/shop', []);
});

const task = (head: string, script: string): string =>
  `${head}template: { spec: { restartPolicy: Never, containers: [{ name: app, image: busybox, command: [sh, -c, "${script}"] }] } } }`;
const job = (name: string, spec: string, script: string): string =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, namespace: default }\nspec: ${task(`{ ${spec}, `, script)}\n`;

test('a Job between two failed pods: when the next is made; one that is suspended, and one whose pod does not start', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster
    .apply(job('fails', 'backoffLimit: 1', 'sleep 2; exit 1'))
    .apply(job('rests', 'suspend: true', 'exit 0'))
    .run('8s');
  check(cluster, 'job', 'default/fails', [
    'jobWaits: Completions: 0 of 1; Pods that run: 0, that have failed: 1; 1 may fail before it gives up.',
    /^jobWaits: The next Pod is made after a back-off \(10 s, 20 s, .*\)\. <\d s>$/,
  ]);
  check(cluster, 'job', 'default/rests', ['jobWaits: It is suspended (spec.suspend): it has no pods until that is taken back.']);
  cluster.apply(job('held', 'parallelism: 1', 'sleep 9').replace('image: busybox', 'image: "nginx:9.9.9"')).run('30s');
  check(cluster, 'job', 'default/held', [
    'jobWaits: Completions: 0 of 1; Pods that run: 1, that have failed: 0; 6 may fail before it gives up.',
    /^jobWaits: 1 Pod is not Ready\. \[held-\w+\]$/,
    /^podsUnready: held-\w+ is not Ready:$/,
    ...notFound('podsUnready', 'app'),
  ]);
});

test('a CronJob: when it runs next, and the run that keeps it from it', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  cluster
    .apply(
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: tidy, namespace: default }\n' +
        `spec: { schedule: "* * * * *", concurrencyPolicy: Forbid, jobTemplate: { spec: ${task('{ ', 'sleep 600')} } }\n`,
    )
    .run('1s');
  check(cluster, 'cronjob', 'default/tidy', [/^cronJobWaits: Its next time comes by the schedule \* \* \* \* \*\. <\d+ s>$/]);
  cluster.run('1m');
  check(cluster, 'cronjob', 'default/tidy', [
    /^cronJobWaits: tidy-\d+ still runs, and with the policy Forbid no second run is started beside it\.$/,
    /^cronJobWaits: Its next time comes by the schedule/,
  ]);
});

test('a pod that the kubelet evicted: its words, and the pressure that is still there', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1, size: { memory: '4Gi' } }).run('30s');
  const greedy = '{ orrery.dev/memory-bytes: "3758096384", orrery.dev/memory-growth-bytes-per-second: "8388608" }';
  cluster
    .apply(
      `apiVersion: v1\nkind: Pod\nmetadata: { name: greedy, namespace: default, annotations: ${greedy} }\n` +
        'spec: { containers: [{ name: app, image: nginx, resources: { requests: { memory: 256Mi } } }] }\n',
    )
    .run('2m');
  check(cluster, 'pod', 'default/greedy', [
    /^stoppedPod: The kubelet says Evicted: The node was low on resource: memory\./,
    'stoppedPod: worker-1 still has MemoryPressure, and keeps it until it has had enough for 5 m.',
    'stoppedPod: It does not run again; only the object is left, until somebody deletes it.',
    'endpointNotReady: Container app of greedy has ended with exit code 0.',
  ]);
  check(cluster, 'node', 'worker-1', [
    /^nodePressure: MemoryPressure is True since 0:0\d:\d\d: kubelet has insufficient memory available$/,
    'nodePressure: The kubelet says so below its thresholds (memory.available<100Mi, nodefs.available<10%), evicts Pods until it has enough again, and keeps the condition until it has had enough for 5 m.',
    'nodePressure: New Pods that do not tolerate it go elsewhere: node.kubernetes.io/memory-pressure:NoSchedule.',
  ]);
});

const workload = (name: string, request: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, namespace: default }\n` +
  `spec: { replicas: 3, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, ` +
  `spec: { containers: [{ name: app, image: nginx, resources: { requests: { ${request} } } }] } } }\n`;
const scaler = (name: string, max = 5): string =>
  `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: ${name}, namespace: default }\n` +
  `spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }, minReplicas: 1, maxReplicas: ${max}, ` +
  'metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }] }\n';

test('an autoscaler: what it has nothing to divide by, what it does not find, how long it waits, and the bound that holds it', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  for (const text of [workload('bare', ''), scaler('bare'), scaler('ghost'), workload('idle', 'cpu: 100m'), scaler('idle')])
    cluster.apply(text);
  cluster.apply(workload('held', 'cpu: 100m')).apply(scaler('held', 2)).run('2m');
  check(cluster, 'hpa', 'default/bare', [
    /^autoscaler: It has no number \(FailedGetResourceMetric\): .*missing request for cpu in container app of Pod bare-/,
    /^autoscaler: A percentage is one of the request, and container app of bare-\S+ asks for no cpu: its request is 0\.$/,
  ]);
  check(cluster, 'hpa', 'default/ghost', [
    'autoscaler: It does not find Deployment ghost, which it is to resize: the HPA controller was unable to get the target\'s current scale: deployments/scale.apps "ghost" not found',
  ]);
  check(cluster, 'hpa', 'default/idle', [
    /^autoscaler: It measures cpu: \d+%\/50%: the replicas stay 3\. Within 10 % of the target nothing changes\.$/,
    'autoscaler: It would have fewer, and keeps the highest number of the last 300 s.',
  ]);
  check(cluster, 'hpa', 'default/held', [
    /^autoscaler: It measures cpu: \d+%\/50%: the replicas stay 2\./,
    'autoscaler: It would have fewer, and keeps the highest number of the last 300 s.',
    'autoscaler: It would have more than the 2 that it may have.',
  ]);
});

const policy = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: default }\nspec: ${spec}\n`;

test('a network policy: whom it isolates, what its rules let through, and whose calls come to nothing', () => {
  const cluster = new TestCluster({ zones: 1, workers: 2 }).run('30s');
  const caller = '{ containers: [{ name: app, image: busybox, command: [sh, -c, "while sleep 1; do wget -q -O- http://web; done"] }] }';
  cluster
    .apply(pod('web', '{ containers: [{ name: app, image: nginx, ports: [{ containerPort: 80 }] }] }'))
    .apply(
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: default }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n',
    )
    .apply(pod('stranger', caller))
    .apply(policy('nobody', '{ podSelector: { matchLabels: { app: nobody } }, policyTypes: [Ingress] }'))
    .apply(policy('closed', '{ podSelector: { matchLabels: { app: stranger } }, policyTypes: [Egress] }'))
    .apply(
      policy(
        'web',
        '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { app: friend } } }], ports: [{ port: 80 }] }] }',
      ),
    )
    .run('30s');
  check(cluster, 'networkpolicy', 'default/nobody', [
    'networkPolicy: It selects the labels app=nobody, and no Pod of its namespace has them.',
  ]);
  check(cluster, 'networkpolicy', 'default/web', [
    'networkPolicy: It isolates 1 Pod. [web]',
    'networkPolicy: web lets in from: app=friend; ports: TCP/80.',
  ]);
  check(cluster, 'pod', 'default/stranger', [
    'networkPolicy: 1 policy selects it for what goes out: only what a rule names gets through. [closed]',
    'networkPolicy: closed lets nothing out.',
    'networkPolicy: It calls default/web, and does not reach web on port 80: no rule here lets it out. [closed]',
  ]);
  cluster.world.command({ type: 'delete', kind: 'NetworkPolicy.networking.k8s.io', key: 'default/closed', options: {} });
  cluster.apply(policy('open', '{ podSelector: {}, policyTypes: [Egress], egress: [{}] }')).run('5s');
  check(cluster, 'pod', 'default/stranger', [
    'networkPolicy: 1 policy selects it for what goes out: only what a rule names gets through. [open]',
    'networkPolicy: open lets out to: *; ports: *.',
    'networkPolicy: It calls default/web, and does not reach web on port 80: no rule there lets it in. [web]',
  ]);
});

test('a pod that wants more than its node has now, or could ever give: what it runs with meanwhile', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('30s');
  const asks = (cpu: string): string => `{ containers: [{ name: app, image: nginx, resources: { requests: { cpu: ${cpu} } } }] }`;
  cluster
    .apply(pod('web', asks('500m')))
    .apply(pod('neighbour', asks('"2"')))
    .run('30s');
  const resize = (cpu: string): unknown =>
    actOn(cluster.world, { do: 'resize', containers: [{ name: 'app', requests: { cpu }, limits: {} }] }, [
      { kind: 'Pod', key: 'default/web' },
    ]);
  check(cluster, 'pod', 'default/web', []);
  resize('3');
  cluster.run('3s');
  check(cluster, 'pod', 'default/web', [
    /^resizeWaits: Node worker-1 has no room for it at the moment: .*cpu.*\. Its kubelet looks again after 60–90 s\. <\d+ s>$/,
    'resizeWaits: Container app wants requests.cpu 3 and runs with requests.cpu 500m.',
  ]);
  resize('64');
  cluster.run('3s');
  check(cluster, 'pod', 'default/web', [
    /^resizeWaits: Node worker-1 could not give it even if nothing else ran there: Node didn't have enough capacity: cpu, requested: 64000/,
    'resizeWaits: Container app wants requests.cpu 64 and runs with requests.cpu 500m.',
  ]);
  resize('1');
  cluster.run('5s');
  check(cluster, 'pod', 'default/web', []);
});

test('a Service that asks for topology hints and has too few endpoints for them', () => {
  const cluster = new TestCluster({ zones: 3, workers: 3 }).run('30s');
  cluster.apply(pod('shop', '{ containers: [{ name: app, image: nginx }] }'));
  cluster.apply(
    'apiVersion: v1\nkind: Service\nmetadata: { name: shop, namespace: default, annotations: { service.kubernetes.io/topology-mode: Auto } }\nspec: { selector: { app: shop }, ports: [{ port: 80 }] }\n',
  );
  cluster.run('60s');
  check(cluster, 'service', 'default/shop', [
    /^topologyHints: The Service asks for topology hints, but the endpoint slice controller gives none: .*addressType: IPv4\.$/,
  ]);
});
