// A lost node, from its last renewal to the deletion of its pods, and back; quiet and ticking worlds live the same life.
import { expect, test } from 'vitest';
import { nodeIpamController } from '../../../../src-main/engine/controllers/node-ipam-controller.ts';
import {
  nodeLifecycleController,
  tickingNodeLifecycleController,
} from '../../../../src-main/engine/controllers/node-lifecycle-controller.ts';
import { taintEvictionController } from '../../../../src-main/engine/controllers/taint-eviction-controller.ts';
import { leaseKind } from '../../../../src-main/engine/kinds/coordination/lease.ts';
import { type Event, eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import type { Kind } from '../../../../src-main/engine/kinds/kind.ts';
import { liveFields } from '../../../../src-main/engine/kubelet/heartbeat.ts';
import { beatingKubelet, kubelet } from '../../../../src-main/engine/kubelet/kubelet.ts';
import { ControllerWorld } from './controller-world.ts';

const UNREACHABLE = 'node.kubernetes.io/unreachable';
const NOT_READY = 'node.kubernetes.io/not-ready';

function worldOf(zones: readonly string[], ticking = false): ControllerWorld {
  const world = new ControllerWorld({
    controllers: [ticking ? tickingNodeLifecycleController : nodeLifecycleController, taintEvictionController, nodeIpamController],
    components: [ticking ? beatingKubelet : kubelet],
    machines: zones.map((zone, index) => ({ name: `worker-${index + 1}`, zone })),
  });
  return world.run(20);
}

function runPod(world: ControllerWorld, name: string, node: string): void {
  const toleration = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  world.create(podKind, {
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'app', image: 'nginx' }], tolerations: [toleration(UNREACHABLE), toleration(NOT_READY)] },
  });
  world.server.bind(`default/${name}`, { uid: '', node }, 'test');
}

function power(world: ControllerWorld, node: string, powered: boolean): void {
  world.physics.change('machine', node, powered ? { powered, bootedAtMs: world.timeline.nowMs } : { powered });
}

/** Every change of conditions, taints and deletion marks, with its second; waits for nothing else. */
function record(world: ControllerWorld): readonly string[] {
  const lines: string[] = [];
  const note = (text: string): void => {
    lines.push(`${world.timeline.nowMs} ${text}`);
  };
  world.store.onEveryChange(({ kind, key, object, previous, type }) => {
    if (kind === 'Node') {
      const ready = (node: unknown): string =>
        ((node as { status: { conditions?: readonly { type: string; status: string }[] } } | null)?.status.conditions ?? [])
          .filter((condition) => condition.type === 'Ready')
          .map(({ status }) => status)
          .join();
      const taints = (node: unknown): string =>
        ((node as { spec: { taints?: readonly { key: string; effect: string }[] } } | null)?.spec.taints ?? [])
          .map(({ key: name, effect }) => `${name.slice('node.kubernetes.io/'.length)}:${effect}`)
          .sort()
          .join(' ');
      if (ready(object) !== ready(previous)) note(`${key} Ready=${ready(object)}`);
      if (taints(object) !== taints(previous)) note(`${key} taints [${taints(object)}]`);
    } else if (kind === 'Pod') {
      const marked = (pod: unknown): boolean =>
        (pod as { metadata: { deletionTimestamp?: string } } | null)?.metadata.deletionTimestamp !== undefined;
      if (marked(object) !== marked(previous)) note(`${key} is being deleted`);
      if (type === 'DELETED') note(`${key} is gone`);
    }
  });
  return lines;
}

const seconds = (line: string): number => Number(line.split(' ')[0]) / 1000;

test('a node without power becomes Unknown after 50 s, is tainted a pass later, and loses its pods after 300 s more', () => {
  const world = worldOf(['a', 'b', 'b']);
  runPod(world, 'web', 'worker-1');
  world.run(60);
  expect(world.get(podKind, 'default/web').status.phase).toBe('Running');
  const lines = record(world);
  const lostMs = world.timeline.nowMs;
  power(world, 'worker-1', false);
  world.run(400);
  expect(lines.map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([
    'worker-1 Ready=Unknown',
    'worker-1 taints [unreachable:NoSchedule]',
    'worker-1 taints [unreachable:NoExecute unreachable:NoSchedule]',
    'default/web is being deleted',
  ]);
  const [unknown, , tainted, deleted] = lines.map((line) => seconds(line) - lostMs / 1000);
  expect(unknown).toBeGreaterThanOrEqual(40);
  expect(unknown).toBeLessThanOrEqual(56);
  expect(tainted! - unknown!).toBeCloseTo(5, 0);
  expect(deleted! - tainted!).toBeCloseTo(300, 0);
  const { conditions = [] } = world.get(podKind, 'default/web').status;
  expect(
    conditions.filter(({ type }) => type === 'Ready' || type === 'DisruptionTarget').map(({ type, status }) => `${type}=${status}`),
  ).toEqual(['Ready=False', 'DisruptionTarget=True']);
  expect(world.events()).toEqual(
    expect.arrayContaining([
      'RegisteredNode: Node worker-1 event: Registered Node worker-1 in Controller',
      'NodeNotReady: Node worker-1 status is now: NodeNotReady',
      'NodeNotReady: Node is not ready',
      'TaintManagerEviction: Marking for deletion Pod default/web',
    ]),
  );
});

test('a pod that is being deleted already is marked, and told, once more when another taint comes that it does not tolerate', () => {
  const world = worldOf(['a', 'a']);
  runPod(world, 'web', 'worker-1');
  power(world, 'worker-1', false);
  world.run(400);
  const marks = (): number =>
    world
      .list(eventKind as Kind<Event>)
      .filter(({ message }) => message === 'Marking for deletion Pod default/web')
      .reduce((sum, { count = 1 }) => sum + count, 0);
  expect(marks()).toBe(1);
  const outOfService = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' } as const;
  world.server.patch(
    nodeKind,
    'worker-1',
    (node) => ({ ...node, spec: { ...node.spec, taints: [...(node.spec.taints ?? []), outOfService] } }),
    'kubectl',
  );
  world.run(5);
  // upstream: taint_eviction.go processPodOnNode
  expect(marks()).toBe(2);
});

test('the countdowns are there to be drawn', () => {
  const world = worldOf(['a', 'b', 'b']);
  runPod(world, 'web', 'worker-1');
  world.run(60);
  power(world, 'worker-1', false);
  world.run(1);
  const arcs = () =>
    world.timeline
      .countdowns()
      .map(
        ({ countdown, dueMs }) =>
          `${countdown?.kind} ${countdown?.key} ${countdown?.name} ${Math.round((dueMs - (countdown?.fromMs ?? 0)) / 1000)}`,
      );
  const [grace] = arcs();
  expect(grace).toMatch(/^Node worker-1 node-monitor-grace 5\d$/);
  world.run(65);
  expect(arcs().sort()).toEqual(['Node worker-1 toleration 300', 'Pod default/web toleration 300']);
});

test('a node that returns in time keeps its pods', () => {
  const world = worldOf(['a', 'b', 'b']);
  runPod(world, 'web', 'worker-1');
  world.run(60);
  world.physics.set('link', 'worker-1', { cut: true });
  world.run(120);
  const lines = record(world);
  world.physics.set('link', 'worker-1', { cut: false });
  world.run(400);
  expect(lines.map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([
    'worker-1 Ready=True',
    'worker-1 taints [unreachable:NoExecute]',
    'worker-1 taints []',
  ]);
  expect(world.events()).toContain('TaintManagerEviction: Cancelling deletion of Pod default/web');
  expect(world.get(podKind, 'default/web').status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
});

test('the nodes of a lost zone are tainted one in ten seconds', () => {
  const world = worldOf(['a', 'a', 'a', 'b', 'b', 'b']);
  const lines = record(world);
  for (const node of ['worker-1', 'worker-2', 'worker-3']) power(world, node, false);
  world.run(120);
  const tainted = lines.filter((line) => line.includes('NoExecute')).map(seconds);
  expect(tainted).toHaveLength(3);
  expect(tainted[1]! - tainted[0]!).toBeCloseTo(10, 0);
  expect(tainted[2]! - tainted[1]!).toBeCloseTo(10, 0);
});

test('most of a small zone lost: nobody is evicted after the threshold is crossed', () => {
  const world = worldOf(['a', 'a', 'a', 'a', 'a', 'a']);
  const lines = record(world);
  for (const node of ['worker-1', 'worker-2', 'worker-3', 'worker-4']) power(world, node, false);
  world.run(900);
  expect(lines.filter((line) => line.includes('Ready=Unknown'))).toHaveLength(4);
  expect(lines.filter((line) => line.includes('NoExecute')).length).toBeLessThanOrEqual(1);
});

test("everything lost: taints go, because the fault may be the controller's own", () => {
  const world = worldOf(['a', 'b']);
  const lines = record(world);
  for (const node of ['worker-1', 'worker-2']) power(world, node, false);
  world.run(900);
  expect(lines.filter((line) => line.includes('Ready=Unknown'))).toHaveLength(2);
  for (const node of world.list(nodeKind)) expect((node.spec.taints ?? []).map(({ effect }) => effect)).toEqual(['NoSchedule']);
});

test('a reader sees the renewals that nobody wrote', () => {
  const world = worldOf(['a', 'b']);
  const renewTime = () => {
    const lease = world.get(leaseKind, 'kube-node-lease/worker-1');
    return Date.parse(liveFields(world.physics, lease, world.timeline.nowMs, world.timeline.epochMs).spec.renewTime ?? '');
  };
  const before = world.get(leaseKind, 'kube-node-lease/worker-1').metadata.resourceVersion;
  world.run(3600);
  expect(world.get(leaseKind, 'kube-node-lease/worker-1').metadata.resourceVersion).toBe(before);
  expect(world.timeline.unixMs - renewTime()).toBeLessThan(10_401);
  power(world, 'worker-1', false);
  world.run(600);
  expect(world.timeline.unixMs - renewTime()).toBeGreaterThan(599_000);
});

test('an hour without change costs nothing', () => {
  const world = worldOf(['a', 'b', 'b']);
  world.run(120);
  const before = world.timeline.processed;
  world.run(3600);
  expect(world.timeline.processed - before).toBe(0);
});

test('quiet and ticking worlds give the same conditions, taints and deletions at the same times', () => {
  const histories = [false, true].map((ticking) => {
    const world = worldOf(['a', 'a', 'a', 'b', 'b', 'b'], ticking);
    for (let index = 1; index <= 6; index += 1) runPod(world, `web-${index}`, `worker-${index}`);
    const lines = record(world);
    world.run(313);
    power(world, 'worker-1', false);
    world.run(37);
    world.physics.set('link', 'worker-2', { cut: true });
    world.run(201);
    world.physics.set('kubelet', 'worker-4', { running: false });
    world.run(99);
    world.physics.set('link', 'worker-2', { cut: false });
    world.run(300);
    power(world, 'worker-1', true);
    world.physics.set('kubelet', 'worker-4', { running: true });
    world.run(300);
    for (const node of ['worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5', 'worker-6']) power(world, node, false);
    world.run(130);
    power(world, 'worker-3', true);
    world.run(700);
    return lines.filter((line) => !line.includes('is gone'));
  });
  const rounded = (lines: readonly string[]) => lines.map((line) => `${Math.round(seconds(line))} ${line.slice(line.indexOf(' ') + 1)}`);
  expect(histories[0]!.length).toBeGreaterThan(25);
  expect(rounded(histories[0]!)).toEqual(rounded(histories[1]!));
});
