// DaemonSets on a real API server: which nodes they are on as nodes change, failed pods, history, adoption, and going on after a restart.
import { expect, test } from 'vitest';
import { targetNodeOf } from '../../../../src-main/engine/controllers/daemon-set/daemon-pod.ts';
import { daemonSetController } from '../../../../src-main/engine/controllers/daemon-set-controller.ts';
import { garbageCollector } from '../../../../src-main/engine/controllers/garbage-collector.ts';
import { controllerRevisionKind } from '../../../../src-main/engine/kinds/apps/controller-revision.ts';
import { daemonSetKind, templateGenerationAnnotation } from '../../../../src-main/engine/kinds/apps/daemon-set.ts';
import { type Node, nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { keyOf } from '../../../../src-main/engine/meta/object.ts';
import { ControllerWorld } from './controller-world.ts';

const KEY = 'default/agent';

function worldWith(spec: object = {}): ControllerWorld {
  const world = new ControllerWorld({ controllers: [daemonSetController, garbageCollector] });
  for (const name of ['n1', 'n2', 'n3'])
    world.create(nodeKind, { metadata: { name, labels: { disk: name === 'n3' ? 'ssd' : 'hdd' } }, spec: {} });
  world.create(daemonSetKind, manifest(spec));
  return world.run(5);
}

function manifest(spec: object = {}): object {
  return {
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'app', image: 'agent:1' }] } },
      ...spec,
    },
  };
}

/** Pods go to the nodes they are for. */
function settle(world: ControllerWorld, rounds = 1): ControllerWorld {
  for (let round = 0; round < rounds; round += 1) {
    for (const pod of world.list(podKind))
      if (pod.spec.nodeName === undefined) world.server.bind(keyOf(pod), { uid: '', node: targetNodeOf(pod) }, 'test');
    world.settlePods();
    world.run(5);
  }
  return world;
}

const placed = (world: ControllerWorld): string => world.list(podKind).map(targetNodeOf).toSorted().join(' ');

function changeNode(world: ControllerWorld, name: string, change: (node: Node) => Node): void {
  world.change(nodeKind, name, change);
  world.run(5);
}

function changeTemplate(world: ControllerWorld, spec: object): void {
  world.change(daemonSetKind, KEY, (set) => {
    const { template } = set.spec;
    return { ...set, spec: { ...set.spec, template: { ...template, spec: { containers: [], ...template.spec, ...spec } } } };
  });
  world.run(5);
}

const images = (world: ControllerWorld): string => world.list(podKind).map(({ spec }) => spec.containers[0]?.image).toSorted().join(' '); // biome-ignore format: one line

test('one pod for each node, and for each that comes', () => {
  const world = worldWith();
  expect(placed(settle(world))).toBe('n1 n2 n3');
  world.create(nodeKind, { metadata: { name: 'n4' }, spec: {} });
  expect(placed(world.run(5))).toBe('n1 n2 n3 n4');
  expect(settle(world).get(daemonSetKind, KEY).status).toEqual({
    currentNumberScheduled: 4,
    numberMisscheduled: 0,
    desiredNumberScheduled: 4,
    numberReady: 4,
    observedGeneration: 1,
    updatedNumberScheduled: 4,
    numberAvailable: 4,
  });
});

test('a NoSchedule taint keeps what is there, a NoExecute taint does not, and a label moves it', () => {
  const world = settle(worldWith({ template: { metadata: { labels: { app: 'agent' } }, spec: { nodeSelector: { disk: 'hdd' }, containers: [{ name: 'app', image: 'agent:1' }] } } })); // biome-ignore format: one line
  expect(placed(world)).toBe('n1 n2');
  changeNode(world, 'n1', (node) => ({ ...node, spec: { taints: [{ key: 'full', effect: 'NoSchedule' }] } }));
  expect(placed(settle(world))).toBe('n1 n2');
  expect(world.get(daemonSetKind, KEY).status).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 1 });
  changeNode(world, 'n1', (node) => ({ ...node, spec: { taints: [{ key: 'full', effect: 'NoExecute' }] } }));
  expect(placed(settle(world))).toBe('n2');
  changeNode(world, 'n3', (node) => ({ ...node, metadata: { ...node.metadata, labels: { disk: 'hdd' } } }));
  expect(placed(settle(world))).toBe('n2 n3');
});

test('cordoned nodes and nodes that are not ready keep their daemons', () => {
  const world = settle(worldWith());
  const taints = [
    { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  ];
  changeNode(world, 'n2', (node) => ({ ...node, spec: { unschedulable: true, taints } }));
  expect(placed(settle(world))).toBe('n1 n2 n3');
});

test('a failed pod is deleted at once, the next one of the node after a back-off', () => {
  const world = settle(worldWith());
  const fail = (): void => {
    const pod = world
      .list(podKind)
      .find((candidate) => targetNodeOf(candidate) === 'n1' && candidate.metadata.deletionTimestamp === undefined);
    world.changeStatus(podKind, keyOf(pod!), (now) => ({ ...now, status: { ...now.status, phase: 'Failed' } }));
    world.run(0.3);
  };
  const waiting = (): number => world.list(podKind).filter(({ metadata, status }) => status.phase === 'Failed' && metadata.deletionTimestamp === undefined).length; // biome-ignore format: one line
  fail();
  expect(waiting()).toBe(0);
  world.settlePods((pod) => pod.spec.nodeName !== undefined);
  world.run(0.3);
  fail();
  expect(waiting()).toBe(1);
  world.run(2);
  expect(waiting()).toBe(0);
  expect(world.events().filter((event) => event.startsWith('FailedDaemonPod'))[0]).toMatch(
    /^FailedDaemonPod: Found failed daemon pod default\/agent-\w+ on node n1, will try to kill it$/,
  );
});

test('an update goes node by node, and the template before it is the newest again', () => {
  const world = settle(worldWith());
  changeTemplate(world, { containers: [{ name: 'app', image: 'agent:2' }] });
  expect(world.get(daemonSetKind, KEY).metadata.annotations?.[templateGenerationAnnotation]).toBe('2');
  expect(world.list(podKind).filter(({ metadata }) => metadata.deletionTimestamp !== undefined)).toHaveLength(1);
  expect(images(settle(world, 6))).toBe('agent:2 agent:2 agent:2');
  changeTemplate(world, { containers: [{ name: 'app', image: 'agent:1' }] });
  expect(images(settle(world, 6))).toBe('agent:1 agent:1 agent:1');
  expect(world.list(controllerRevisionKind).map(({ revision }) => revision).toSorted()).toEqual([2, 3]); // biome-ignore format: one line
});

test('with OnDelete nothing is replaced but what somebody deletes; old revisions go beyond the limit', () => {
  const world = settle(worldWith({ updateStrategy: { type: 'OnDelete' }, revisionHistoryLimit: 0 }));
  changeTemplate(world, { containers: [{ name: 'app', image: 'agent:2' }] });
  expect(images(settle(world, 3))).toBe('agent:1 agent:1 agent:1');
  expect(world.list(controllerRevisionKind)).toHaveLength(2);
  for (const pod of world.list(podKind)) world.delete(podKind, keyOf(pod));
  expect(images(settle(world, 3))).toBe('agent:2 agent:2 agent:2');
  expect(world.list(controllerRevisionKind)).toHaveLength(1);
});

test('orphans are adopted, and it goes on from its JSON in the middle of an update', () => {
  const world = settle(worldWith());
  const before = world.list(podKind).map(({ metadata }) => metadata.uid);
  world.delete(daemonSetKind, KEY, { propagationPolicy: 'Orphan' });
  world.run(5);
  world.create(daemonSetKind, manifest());
  settle(world, 2);
  expect(world.list(podKind).map(({ metadata }) => metadata.uid)).toEqual(before);
  changeTemplate(world, { containers: [{ name: 'app', image: 'agent:2' }] });
  expect(images(settle(world.restored(), 6))).toBe('agent:2 agent:2 agent:2');
});

test('a template that no pod can be made of: the attempt stops with the first refusal', () => {
  const world = new ControllerWorld({ controllers: [daemonSetController] });
  for (const name of ['n1', 'n2', 'n3']) world.create(nodeKind, { metadata: { name }, spec: {} });
  const faulty = { template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [] } } };
  expect(() => world.create(daemonSetKind, manifest(faulty))).toThrow('spec.template.spec.containers: Required value');
});
