// Records of a small web shop with a database, as the main process would send them: at rest, and with a worker without power.
import type { LabInfo } from '../../src-main/contract/lab-info.ts';
import type {
  AttachmentRecord,
  CountdownRecord,
  EventRecord,
  FailureRecord,
  Frame,
  NodeRecord,
  ObjectRecord,
  PodLook,
  PodRecord,
  ViewDelta,
} from '../../src-main/contract/view.ts';
import { definitionOf } from '../../src-main/engine/statecharts/definition.ts';
import { charts } from '../../src-main/engine/statecharts/registry.ts';
import { claim, node, pod, volume } from '../../src-renderer/gallery/make-records.ts';

/** What the lab of these records is and can do. */
export const LAB_INFO: LabInfo = {
  version: '0.1.0',
  kubernetes: '1.33',
  kept: false,
  seed: 1,
  scenario: 'web-shop',
  failures: [
    { name: 'node-power-off', target: 'node' },
    { name: 'node-network-cut', target: 'node' },
    { name: 'kubelet-stop', target: 'node' },
    { name: 'zone-outage', target: 'zone' },
    { name: 'disk-loss', target: 'disk' },
    { name: 'container-crash', target: 'container' },
    { name: 'registry-down', target: 'registry' },
  ],
  recovered: false,
  scenarios: ['web-shop', 'empty'],
  charts: charts.map(definitionOf),
};

const EPOCH_MS = Date.UTC(2026, 0, 5, 9, 0, 0);
const GIBIBYTE = 2 ** 30;

export function attachment(of: string, to: string, changes: Partial<AttachmentRecord> = {}): AttachmentRecord {
  return { id: `uid-${of}-${to}`, volume: of, node: to, state: 'attached', stuck: false, ...changes };
}

export function countdown(name: string, subjectKind: string, subjectKey: string, fromMs: number, dueMs: number): CountdownRecord {
  return { id: `${name} ${subjectKey}`, subjectKind, subjectKey, name, fromMs, dueMs };
}

function event(
  id: number,
  atMs: number,
  type: EventRecord['type'],
  reason: string,
  regarding: readonly [string, string],
  message: string,
  count = 1,
): EventRecord {
  return {
    id: String(id),
    atMs,
    type,
    reason,
    message,
    regardingKind: regarding[0],
    regardingKey: regarding[1],
    count,
    source: 'kubelet',
  };
}

function object(kind: string, name: string, summary: string, simulated = true): ObjectRecord {
  return { id: `uid-${kind}-${name}`, kind, namespace: 'default', name, summary, simulated };
}

const DATABASE = 'pvc-3f1c9a52-07d1-4f0e-9a52-8e1f60b2c7aa';
const ZONES = ['zone-a', 'zone-b', 'zone-c'];
const workers = (): NodeRecord[] =>
  ZONES.flatMap((zone, index) => [1, 2, 3].map((number) => node(`worker-${index * 3 + number}`, zone, requests(index * 3 + number))));

function requests(seed: number): Partial<NodeRecord> {
  const share = ((seed * 37) % 60) / 100 + 0.12;
  return { requested: { cpuMillis: 4000 * share, memoryBytes: 8 * GIBIBYTE * (share * 0.8), pods: 2 + (seed % 4) } };
}

const shopPods = (): PodRecord[] => [
  pod('frontend-7d9f8b6c5d-2xk4p', 'worker-1'),
  pod('frontend-7d9f8b6c5d-9hvqz', 'worker-4'),
  pod('frontend-7d9f8b6c5d-tt7wd', 'worker-7'),
  pod('catalog-5c6b7d4f9-8mlkx', 'worker-2'),
  pod('catalog-5c6b7d4f9-kq2zn', 'worker-8'),
  pod('cart-64d7bb8c6f-5vx2j', 'worker-5'),
  pod('cart-64d7bb8c6f-zr9ln', 'worker-3'),
  pod('checkout-86f5c9d7bb-qwm4t', 'worker-9'),
  pod('worker-queue-6bd5f7c8d4-h2xvl', 'worker-6'),
  pod('db-59cf8d9d7b-l6xkq', 'worker-5', 'ready', { claims: ['default/db-data'] }),
];

const storage = (): Pick<ViewDelta, 'classes' | 'volumes' | 'claims' | 'attachments'> => ({
  classes: put([
    {
      id: 'uid-standard',
      name: 'standard',
      provisioner: 'csi.orrery.dev',
      reclaimPolicy: 'Delete',
      bindingMode: 'WaitForFirstConsumer',
      isDefault: true,
    },
    {
      id: 'uid-archive',
      name: 'archive',
      provisioner: 'csi.orrery.dev',
      reclaimPolicy: 'Retain',
      bindingMode: 'Immediate',
      isDefault: false,
    },
  ]),
  volumes: put([
    volume(DATABASE, 'Bound', { claim: 'default/db-data' }),
    volume('pv-archive-2024', 'Released', {
      claim: 'default/old-archive',
      storageClass: 'archive',
      reclaimPolicy: 'Retain',
      capacity: '50Gi',
    }),
    volume('pv-spare', 'Available', { storageClass: 'archive', reclaimPolicy: 'Retain', capacity: '20Gi', zone: '' }),
  ]),
  claims: put([
    claim('db-data', 'Bound', { volume: DATABASE }),
    claim('uploads', 'Pending', { requested: '5Gi', waiting: 'waiting for first consumer to be created before binding' }),
  ]),
  attachments: put([attachment(DATABASE, 'worker-5')]),
});

/** Everything runs. */
export function shopFrame(): Frame {
  return {
    opened: LAB_INFO,
    clock: clock(312_000),
    delta: {
      nodes: put([
        node('control-plane', 'zone-a', { controlPlane: true, taints: ['node-role.kubernetes.io/control-plane=:NoSchedule'] }),
        ...workers(),
      ]),
      pods: put(shopPods()),
      ...storage(),
      objects: put([
        object('Deployment.apps', 'frontend', '3/3 · 3 · 3'),
        object('Deployment.apps', 'catalog', '2/2 · 2 · 2'),
        object('Deployment.apps', 'cart', '2/2 · 2 · 2'),
        object('Deployment.apps', 'checkout', '1/1 · 1 · 1'),
        object('Deployment.apps', 'worker-queue', '1/1 · 1 · 1'),
        object('Deployment.apps', 'db', '1/1 · 1 · 1'),
        object('Service', 'frontend', 'LoadBalancer · 10.96.12.7 · 203.0.113.9'),
        object('Service', 'db', 'ClusterIP · 10.96.0.41'),
        object('HorizontalPodAutoscaler.autoscaling', 'frontend', '', false),
      ]),
      events: put([
        event(
          1,
          4000,
          'Normal',
          'Scheduled',
          ['Pod', 'default/db-59cf8d9d7b-l6xkq'],
          'Successfully assigned default/db-59cf8d9d7b-l6xkq to worker-5',
        ),
        event(
          2,
          6000,
          'Normal',
          'SuccessfulAttachVolume',
          ['Pod', 'default/db-59cf8d9d7b-l6xkq'],
          `AttachVolume.Attach succeeded for volume "${DATABASE}"`,
        ),
        event(
          3,
          9000,
          'Normal',
          'Pulled',
          ['Pod', 'default/db-59cf8d9d7b-l6xkq'],
          'Successfully pulled image "mysql:8.4" in 2.8s (2.8s including waiting). Image size: 231105024 bytes.',
        ),
        event(
          4,
          21_000,
          'Warning',
          'Unhealthy',
          ['Pod', 'default/db-59cf8d9d7b-l6xkq'],
          'Startup probe failed: dial tcp 10.244.5.3:3306: connect: connection refused',
          3,
        ),
        event(
          5,
          38_000,
          'Normal',
          'ScalingReplicaSet',
          ['Deployment.apps', 'default/frontend'],
          'Scaled up replica set frontend-7d9f8b6c5d from 0 to 3',
        ),
      ]),
    },
  };
}

/** Worker 5 lost its power six minutes ago; worker 8 was lost just now; the zone c is quiet. */
export function deadNodeFrame(): Frame {
  const nowMs = 700_000;
  const lost = { powered: false, kubeletRunning: false } as const;
  const unreachable = ['node.kubernetes.io/unreachable=:NoSchedule', 'node.kubernetes.io/unreachable=:NoExecute'];
  const failure = (id: string, name: string, target: string): FailureRecord => ({ id, failure: name, target, sinceMs: 330_000 });
  return {
    clock: clock(nowMs),
    delta: {
      nodes: put([
        node('worker-5', 'zone-b', { ...requests(5), ...lost, ready: 'Unknown', status: 'NotReady', taints: unreachable }),
        node('worker-8', 'zone-c', { ...requests(8), ...lost }),
        node('worker-3', 'zone-a', { ...requests(3), kubeletRunning: false, ready: 'Unknown', status: 'NotReady', taints: unreachable }),
        node('worker-6', 'zone-b', { ...requests(6), cordoned: true, status: 'Ready,SchedulingDisabled', pressures: ['memory'] }),
      ]),
      pods: put([
        pod('db-59cf8d9d7b-l6xkq', 'worker-5', 'terminating', { status: 'Terminating', claims: ['default/db-data'] }),
        pod('cart-64d7bb8c6f-5vx2j', 'worker-5', 'terminating', { status: 'Terminating' }),
        pod('cart-64d7bb8c6f-zr9ln', 'worker-3', 'unknown', { status: 'Running' }),
        pod('db-59cf8d9d7b-x2pld', 'worker-4', 'creating', {
          status: 'ContainerCreating',
          claims: ['default/db-data'],
          waiting: `Multi-Attach error for volume "${DATABASE}" Volume is already exclusively attached to one node and can't be attached to another`,
        }),
        pod('cart-64d7bb8c6f-mm8wz', 'worker-9', 'not-ready'),
        pod('report-28391040-n5l2k', 'worker-2', 'succeeded', { status: 'Completed' }),
        pod('mailer-7c9d8f6b5-xj4qq', 'worker-7', 'back-off', { status: 'CrashLoopBackOff', restarts: 3 }),
        pod('import-x7k2p', 'worker-1', 'failed', { status: 'Error' }),
        pod('batch-6f7d9c8b5-4kzpw', '', 'unscheduled', {
          status: 'Pending',
          waiting: '0/10 nodes are available: 1 node(s) had untolerated taint(s), 9 Insufficient cpu.',
        }),
        pod('batch-6f7d9c8b5-9xq2m', '', 'unscheduled', { status: 'Pending' }),
      ]),
      attachments: put([attachment(DATABASE, 'worker-5', { stuck: true })]),
      countdowns: put([
        countdown('node-monitor-grace', 'Node', 'worker-8', nowMs - 18_000, nowMs + 32_000),
        countdown('toleration', 'Node', 'worker-3', nowMs - 100_000, nowMs + 200_000),
        countdown('crash-back-off', 'Pod', 'default/mailer-7c9d8f6b5-xj4qq', nowMs - 12_000, nowMs + 28_000),
        countdown('termination-grace', 'Pod', 'default/cart-64d7bb8c6f-5vx2j', nowMs - 10_000, nowMs + 20_000),
        countdown('force-detach', 'PersistentVolume', DATABASE, nowMs - 120_000, nowMs + 240_000),
      ]),
      failures: put([
        failure('1', 'node-power-off', 'worker-5'),
        failure('2', 'node-power-off', 'worker-8'),
        failure('3', 'kubelet-stop', 'worker-3'),
      ]),
      events: put([
        event(10, 385_000, 'Normal', 'NodeNotReady', ['Node', 'worker-5'], 'Node worker-5 status is now: NodeNotReady'),
        event(
          11,
          688_000,
          'Normal',
          'TaintManagerEviction',
          ['Pod', 'default/db-59cf8d9d7b-l6xkq'],
          'Marking for deletion Pod default/db-59cf8d9d7b-l6xkq',
        ),
        event(
          12,
          690_000,
          'Warning',
          'FailedAttachVolume',
          ['Pod', 'default/db-59cf8d9d7b-x2pld'],
          `Multi-Attach error for volume "${DATABASE}" Volume is already exclusively attached to one node and can't be attached to another`,
        ),
      ]),
    },
  };
}

/** Many nodes with many pods, most of them Ready. */
export function largeFrame(nodes: number, podsPerNode: number): Frame {
  const names = Array.from({ length: nodes }, (_, index) => `node-${index + 1}`);
  const looks: readonly PodLook[] = [
    'ready',
    'ready',
    'ready',
    'ready',
    'ready',
    'ready',
    'ready',
    'creating',
    'not-ready',
    'ready',
    'back-off',
  ];
  return {
    opened: LAB_INFO,
    clock: clock(1000),
    delta: {
      nodes: put(names.map((name, index) => node(name, ZONES[index % 3] ?? '', requests(index)))),
      pods: put(
        names.flatMap((name, index) =>
          Array.from({ length: podsPerNode }, (_, at) =>
            pod(`web-${index * podsPerNode + at}`, name, looks[(index * 7 + at * 5) % looks.length]),
          ),
        ),
      ),
    },
  };
}

export function put<Item>(items: readonly Item[]): { readonly put: readonly Item[]; readonly remove: readonly string[] } {
  return { put: items, remove: [] };
}

function clock(nowMs: number): Frame['clock'] {
  return { nowMs, unixMs: EPOCH_MS + nowMs, playing: false, speed: 60, achieved: 0 };
}
