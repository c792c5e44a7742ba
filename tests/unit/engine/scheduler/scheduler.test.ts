// The scheduler at work: who gets which node, what is said when nobody can, and what brings a rejected pod back.
import { expect, test } from 'vitest';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { SchedulerWorld } from './scheduler-world.ts';

const big = { containers: [{ name: 'app', image: 'nginx', resources: { requests: { cpu: '3' } } }] };
const taint = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

test('a pod gets a node, the condition and the event', () => {
  const world = new SchedulerWorld().node('worker-1').pod('web').run(100);
  expect(world.nodeOf('web')).toBe('worker-1');
  expect(world.get('web').status.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual(['PodScheduled=True']);
  expect(world.events('web')).toEqual(['Scheduled: Successfully assigned default/web to worker-1']);
  expect(world.state.assumed).toEqual({});
});

test('what it assumed counts before the API server has said so', () => {
  const world = new SchedulerWorld().node('worker-1').pod('a', big).pod('b', big).run(30);
  expect([world.nodeOf('a'), world.nodeOf('b')]).toEqual(['worker-1', undefined]);
});

test('the sentence names every reason with its number of nodes, in the order of texts', () => {
  const world = new SchedulerWorld().node('control-plane', { spec: { taints: [taint] } });
  for (let index = 1; index <= 10; index += 1) world.node(`worker-${index}`, { cpu: '1' });
  world
    .node('cordoned', { spec: { unschedulable: true } })
    .run(50)
    .pod('web', big)
    .run(100);
  const message =
    '0/12 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 1 node(s) were unschedulable, ' +
    '10 Insufficient cpu. preemption: 0/12 nodes are available: 12 Preemption is not helpful for scheduling.';
  expect(world.events('web')).toEqual([`FailedScheduling: ${message}`]);
  const [condition] = world.get('web').status.conditions ?? [];
  expect(condition).toMatchObject({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message });
  const why = world.state.verdicts['default/web'];
  expect(why?.nodesByReason['Insufficient cpu']).toHaveLength(10);
  expect(why?.nodesByReason['node(s) were unschedulable']).toEqual(['cordoned']);
  expect(why?.pluginByReason).toEqual({
    'node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }': 'TaintToleration',
    'node(s) were unschedulable': 'NodeUnschedulable',
    'Insufficient cpu': 'NodeResourcesFit',
  });
});

test('a node that is full but large enough could be freed: there is only nobody to take away', () => {
  const world = new SchedulerWorld().node('worker-1').pod('a', big).run(50).pod('b', big).run(50);
  expect(world.events('b')).toEqual([
    'FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu. ' +
      'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
  ]);
});

test('without nodes it says so, and tries again after the back-off', () => {
  const world = new SchedulerWorld().pod('web').run(500);
  expect(world.events('web')).toEqual(['FailedScheduling: no nodes available to schedule pods']);
  world.node('worker-1').run(2_000);
  expect(world.nodeOf('web')).toBe('worker-1');
});

test('the back-off after an error doubles from one second to ten', () => {
  const world = new SchedulerWorld().pod('web');
  const seen = new Set<number>();
  for (let step = 0; step < 200; step += 1) seen.add(world.run(250).state.verdicts['default/web']?.atMs ?? -1);
  const attemptsMs = [...seen];
  expect(attemptsMs.slice(1).map((ms) => ms % 1_000)).toEqual(attemptsMs.slice(1).map(() => 0));
  // The first attempt came some milliseconds after a whole second, so the first wait ends at the second one.
  expect(attemptsMs.map((ms) => Math.floor(ms / 1_000))).toEqual([0, 1, 3, 7, 15, 25, 35, 45]);
});

test('a pod that leaves brings a pod back that found no room', () => {
  const world = new SchedulerWorld().node('worker-1').pod('a', big).run(50).pod('b', big).run(1_000);
  world.server.delete(podKind, 'default/a', { gracePeriodSeconds: 0 }, 'test');
  world.run(100);
  expect(world.nodeOf('b')).toBe('worker-1');
});

test('an event that cannot help does not bring it back', () => {
  const world = new SchedulerWorld()
    .node('worker-1')
    .pod('web', { nodeSelector: { disk: 'ssd' } })
    .run(1_000);
  world.server.patch(nodeKind, 'worker-1', (node) => ({ ...node, spec: { ...node.spec, taints: [taint] } }), 'test');
  world.pod('other').run(100_000);
  expect(world.events('web')).toHaveLength(1);
  world.server.patch(
    nodeKind,
    'worker-1',
    (node) => ({ ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, disk: 'ssd' } } }),
    'test',
  );
  world.server.patch(nodeKind, 'worker-1', ({ spec: { taints: _, ...spec }, ...node }) => ({ ...node, spec }), 'test');
  world.run(2_000);
  expect(world.nodeOf('web')).toBe('worker-1');
});

test('after five minutes it looks again by itself', () => {
  const world = new SchedulerWorld()
    .node('worker-1')
    .pod('web', { nodeSelector: { disk: 'ssd' } })
    .run(300_000);
  expect(world.events('web')).toHaveLength(1);
  world.run(60_000);
  // Of another version of the pod: its condition came after the first.
  expect(world.events('web')).toHaveLength(2);
  world.run(330_000);
  expect(world.events('web')[1]).toContain('FailedScheduling x2');
});

test('priority goes before age', () => {
  const world = new SchedulerWorld().pod('low', { ...big, priority: 0 }).pod('high', { ...big, priority: 10 });
  world.node('worker-1').run(5_000);
  expect([world.nodeOf('low'), world.nodeOf('high')]).toEqual([undefined, 'worker-1']);
});

test('a node that goes may be the one that spreading has waited for', () => {
  const constraint = { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' };
  const spread = { topologySpreadConstraints: [{ ...constraint, labelSelector: { matchLabels: { app: 'web' } } }] };
  const named = { labels: { app: 'web' } };
  const world = new SchedulerWorld().node('worker-1').node('worker-2', { zone: 'zone-b', cpu: '50m' }).run(50);
  world.pod('a', spread, named).run(50).pod('b', spread, named).run(1_000);
  expect([world.nodeOf('a'), world.nodeOf('b')]).toEqual(['worker-1', undefined]);
  world.server.delete(nodeKind, 'worker-2', {}, 'test');
  world.run(100);
  expect(world.nodeOf('b')).toBe('worker-1');
});

test('room that was kept for a pod is looked at again when the pod goes, by those that had to leave it to the pod', () => {
  const world = new SchedulerWorld()
    .node('worker-1')
    .pod('old', { ...big, priority: 0 })
    .run(50);
  world.server.patch(
    podKind,
    'default/old',
    (pod) => ({ ...pod, metadata: { ...pod.metadata, finalizers: ['example.com/wait'] } }),
    'test',
  );
  world
    .pod('urgent', { ...big, priority: 100 })
    .run(100)
    .pod('waiting', { ...big, priority: 50 })
    .run(1_000);
  expect(world.get('urgent').status.nominatedNodeName).toBe('worker-1');
  expect(world.events('waiting')).toHaveLength(1);
  world.server.delete(podKind, 'default/urgent', { gracePeriodSeconds: 0 }, 'test');
  world.run(100);
  expect(world.events('waiting')).toHaveLength(2);
});

test('pods of other schedulers and gated pods are left alone', () => {
  const world = new SchedulerWorld().node('worker-1').pod('theirs', { schedulerName: 'other' });
  world.pod('gated', { schedulingGates: [{ name: 'example.com/wait' }] }).run(1_000);
  expect([world.nodeOf('theirs'), world.nodeOf('gated')]).toEqual([undefined, undefined]);
  world.server.patch(podKind, 'default/gated', ({ spec: { schedulingGates: _, ...spec }, ...pod }) => ({ ...pod, spec }), 'test');
  world.run(100);
  expect(world.nodeOf('gated')).toBe('worker-1');
});

test('a saved world goes on as the first would have', () => {
  const world = new SchedulerWorld();
  for (let index = 1; index <= 6; index += 1) world.node(`worker-${index}`, { zone: `zone-${index % 3}` });
  for (let index = 0; index < 30; index += 1) world.pod(`web-${index}`, index % 3 === 0 ? big : {});
  world.run(14);
  const again = new SchedulerWorld(world.save());
  const outcome = (one: SchedulerWorld) => one.run(20_000).server.store.save();
  expect(JSON.stringify(outcome(again)) === JSON.stringify(outcome(world))).toBe(true);
  expect(world.server.list(podKind).filter(({ spec }) => spec.nodeName !== undefined).length).toBeGreaterThan(20);
});

test('a quiet scheduler does nothing', () => {
  const world = new SchedulerWorld().node('worker-1').pod('web').run(10_000);
  expect(world.timeline.pending).toBe(0);
});
