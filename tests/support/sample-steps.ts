// Steps of the web shop as the main process would send them: it starts, a worker loses its power, its pods are replaced.
import type { AvailabilityRecord, StepLane, StepRecord, StepTone, TimelineNews } from '../../src-main/contract/timeline.ts';

type Line = readonly [atMs: number, lane: StepLane, tone: StepTone, what: string, kind: string, key: string, values?: StepRecord['values']];

const LOST = 'default/cart-64d7bb8c6f-5vx2j';
const NEW = 'default/cart-64d7bb8c6f-mm8wz';
const LINES: readonly Line[] = [
  [9000, 'nodes', 'plain', 'node.registered', 'Node', 'worker-5'],
  [10_000, 'nodes', 'good', 'node.ready', 'Node', 'worker-5'],
  [10_020, 'workloads', 'plain', 'object.created', 'Deployment.apps', 'default/cart'],
  [10_030, 'pods', 'plain', 'pod.createdBy', 'Pod', LOST, { ownerKind: 'ReplicaSet', owner: 'cart-64d7bb8c6f' }],
  [10_050, 'pods', 'plain', 'pod.scheduled', 'Pod', LOST, { node: 'worker-5' }],
  [10_050, 'events', 'plain', 'event.Scheduled', 'Pod', LOST, { message: `Successfully assigned ${LOST} to worker-5` }],
  [14_000, 'storage', 'good', 'attachment.attached', 'PersistentVolume', 'pvc-1', { volume: 'pvc-1', node: 'worker-5' }],
  [21_000, 'events', 'bad', 'event.Unhealthy', 'Pod', LOST, { message: 'Startup probe failed: connection refused' }],
  [25_000, 'pods', 'good', 'pod.ready', 'Pod', LOST],
  [60_000, 'actions', 'bad', 'failure.begins', 'Node', 'worker-5', { failure: 'node-power-off', target: 'worker-5', lasting: 1 }],
  [105_020, 'nodes', 'bad', 'node.unknown', 'Node', 'worker-5'],
  [105_020, 'pods', 'bad', 'pod.notReadyByNode', 'Pod', LOST, { node: 'worker-5' }],
  [105_030, 'services', 'bad', 'service.down', 'Service', 'default/cart', { ready: 0, all: 1 }],
  [110_100, 'nodes', 'bad', 'node.lostNoExecute', 'Node', 'worker-5', { taint: 'node.kubernetes.io/unreachable:NoExecute' }],
  [410_100, 'pods', 'plain', 'pod.evictedByTaint', 'Pod', LOST, { grace: 30 }],
  [410_110, 'pods', 'plain', 'pod.createdBy', 'Pod', NEW, { ownerKind: 'ReplicaSet', owner: 'cart-64d7bb8c6f' }],
  [416_000, 'pods', 'good', 'pod.ready', 'Pod', NEW],
  [416_010, 'services', 'good', 'service.up', 'Service', 'default/cart', { ready: 1, all: 2 }],
  [600_000, 'actions', 'good', 'failure.ends', 'Node', 'worker-5', { failure: 'node-power-off', target: 'worker-5', lasting: 1 }],
];
const ACTORS: Readonly<Record<StepLane, readonly [actor: string, trigger: string]>> = {
  actions: ['', 'command'],
  events: ['kubelet', 'kubelet relist'],
  nodes: ['node-controller', 'node-controller silent'],
  pods: ['taint-eviction-controller', 'taint-eviction-controller queue/run'],
  storage: ['csi-attacher', 'csi-attacher attach'],
  workloads: ['kubernetes-admin', 'command'],
  services: ['endpoint-slice-controller', 'endpoint-slice-controller queue/run'],
};

export function step(id: number, [atMs, lane, tone, what, kind, key, values = {}]: Line): StepRecord {
  const [actor, trigger] = ACTORS[lane];
  return { id, atMs, untilMs: atMs, lane, tone, what, kind, key, values, actor, trigger, count: 1 };
}

export const shopSteps: readonly StepRecord[] = LINES.map((line, index) => step(index + 1, line));
export const shopServices: readonly AvailabilityRecord[] = [
  {
    key: 'default/cart',
    points: [
      [10_040, 0, 1],
      [25_010, 1, 1],
      [105_030, 0, 1],
      [416_010, 1, 2],
      [605_000, 1, 1],
    ],
  },
  {
    key: 'default/frontend',
    points: [
      [10_100, 0, 3],
      [20_000, 2, 3],
      [24_000, 3, 3],
    ],
  },
];

/** Answers `timeline.read` as the lab does. */
export function timelineAnswer({ edition, nextId }: { readonly edition: number; readonly nextId: number }): TimelineNews {
  const steps = edition === 1 ? shopSteps.filter(({ id }) => id >= nextId) : shopSteps;
  return { edition: 1, nextId: shopSteps.length + 1, nextPoint: 9, more: false, steps, services: edition === 1 ? [] : shopServices };
}
