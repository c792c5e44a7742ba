// Pods nobody else removes: orphans after their quarantine, unscheduled ones being deleted, those of nodes out of service.
import { expect, test } from 'vitest';
import { podGarbageCollector } from '../../../../src-main/engine/controllers/pod-garbage-collector.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { ControllerWorld } from './controller-world.ts';

function worldWith(finalizers: readonly string[] = []): ControllerWorld {
  const world = new ControllerWorld({ controllers: [podGarbageCollector] });
  const conditions = [{ type: 'Ready', status: 'Unknown' }];
  world.create(nodeKind, { metadata: { name: 'worker-1' }, spec: {}, status: { conditions } });
  world.create(podKind, {
    metadata: { name: 'web', namespace: 'default', finalizers },
    spec: { containers: [{ name: 'app', image: 'nginx' }] },
  });
  world.server.bind('default/web', { uid: '', node: 'worker-1' }, 'test');
  return world.run(100);
}

/** Seconds until the pod is gone; null when it stays for five minutes. */
function goneAfter(world: ControllerWorld): number | null {
  const startMs = world.timeline.nowMs;
  for (let second = 0; second < 300; second += 1) {
    world.run(1);
    if (world.list(podKind).length === 0) return (world.timeline.nowMs - startMs) / 1000;
  }
  return null;
}

test('a pod of a node that is there stays', () => expect(goneAfter(worldWith())).toBeNull());

test('a pod of a node that was deleted goes after the quarantine', () => {
  const world = worldWith();
  world.delete(nodeKind, 'worker-1');
  const seconds = goneAfter(world);
  expect(seconds).toBeGreaterThan(40);
  expect(seconds).toBeLessThanOrEqual(80);
});

test('it is marked before it goes', () => {
  const world = worldWith(['test/hold']);
  world.delete(nodeKind, 'worker-1');
  expect(goneAfter(world)).toBeNull();
  const { phase, conditions = [] } = world.get(podKind, 'default/web').status;
  expect(phase).toBe('Failed');
  expect(conditions.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({ status: 'True', reason: 'DeletionByPodGC' });
});

test('a pod being deleted on a lost node stays until the node is out of service', () => {
  const world = worldWith();
  world.delete(podKind, 'default/web');
  expect(goneAfter(world)).toBeNull();
  world.change(nodeKind, 'worker-1', (node) => ({
    ...node,
    spec: { ...node.spec, taints: [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }] },
  }));
  expect(goneAfter(world)).toBeLessThanOrEqual(21);
});

test('when nothing is to be collected nothing runs', () => {
  const world = worldWith();
  const before = world.timeline.processed;
  world.run(3600);
  expect(world.timeline.processed - before).toBe(0);
});
