import { expect, test } from 'vitest';
import { node, pod } from '../../../src-renderer/gallery/make-records.ts';
import { TopologyScene } from '../../../src-renderer/scene/topology-scene.ts';
import { deadNodeFrame, put, shopFrame } from '../../support/sample-world.ts';
import { WORDS } from '../../support/scene-words.ts';

function shop(): TopologyScene {
  const scene = new TopologyScene(WORDS.topology);
  scene.fold(true, shopFrame().delta);
  return scene;
}

/** Which tiles a change makes dirty, and where pods fly. */
function check(
  delta: Parameters<TopologyScene['fold']>[1],
  expected: { dirty: readonly string[]; flights?: readonly string[]; moved?: boolean },
): void {
  const change = shop().fold(false, delta);
  expect({ dirty: [...change.dirty.keys()].sort(), flights: change.flights.map((flight) => flight.pod.name), moved: change.moved }).toEqual(
    {
      flights: [],
      moved: false,
      ...expected,
    },
  );
}

test('a pod that changes its look dirties its node alone', () =>
  check({ pods: put([pod('db-59cf8d9d7b-l6xkq', 'worker-5', 'not-ready')]) }, { dirty: ['node:worker-5'] }));
test('a pod that waits dirties the tray', () => check({ pods: put([pod('new', '', 'unscheduled')]) }, { dirty: ['top'] }));
test('a removed pod dirties its node', () =>
  check({ pods: { put: [], remove: ['uid-db-59cf8d9d7b-l6xkq'] } }, { dirty: ['node:worker-5'] }));
test('a node that changes dirties its card', () =>
  check({ nodes: put([node('worker-1', 'zone-a', { cordoned: true })]) }, { dirty: ['node:worker-1'] }));
test('a countdown dirties nothing: it is drawn above', () => check({ countdowns: deadNodeFrame().delta.countdowns! }, { dirty: [] }));

test('a pod that finds its node flies there from the tray', () => {
  const scene = shop();
  scene.fold(false, { pods: put([pod('new', '', 'unscheduled')]) });
  const from = scene.podBox('default/new');
  const change = scene.fold(false, { pods: put([pod('new', 'worker-7', 'creating')]) });
  expect([...change.dirty.keys()].sort()).toEqual(['node:worker-7', 'top']);
  expect(change.flights).toEqual([{ pod: pod('new', 'worker-7', 'creating'), from, to: scene.podBox('default/new') }]);
});

test('nothing that did not change moves, whatever else happens', () => {
  const scene = shop();
  const names = ['default/frontend-7d9f8b6c5d-2xk4p', 'default/catalog-5c6b7d4f9-kq2zn', 'default/checkout-86f5c9d7bb-qwm4t'];
  const places = (): unknown => names.map((name) => scene.podBox(name));
  const before = places();
  scene.fold(false, deadNodeFrame().delta);
  scene.fold(false, { pods: { put: [pod('x', 'worker-1'), pod('y', 'worker-8')], remove: ['uid-cart-64d7bb8c6f-5vx2j'] } });
  scene.fold(false, { nodes: { put: [], remove: ['uid-worker-2'] } });
  expect(places()).toEqual(before);
});

test('what is under a point is the pod before its node, and a zone by its head', () => {
  const scene = shop();
  const middle = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }): [number, number] => [
    x + width / 2,
    y + height / 2,
  ];
  const hits = [
    scene.hit(...middle(scene.podBox('default/db-59cf8d9d7b-l6xkq')!)),
    scene.hit(scene.nodeBox('worker-5').x + 5, scene.nodeBox('worker-5').y + 5),
    scene.hit(scene.zoneBox('zone-b').x + 20, scene.zoneBox('zone-b').y + 10),
    scene.hit(-50, -50),
  ].map((hit) => hit && `${hit.kind} ${hit.key}`);
  expect(hits).toEqual(['Pod default/db-59cf8d9d7b-l6xkq', 'Node worker-5', 'Zone zone-b', null]);
});

test('what a pod says beside its name: silent with its node, not Ready, or why it waits; the reason of many stands above them once', () => {
  const scene = shop();
  const texts = (part: string): readonly string[] => scene.marks(part).flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
  const waiting = '0/9 nodes are available: 9 Insufficient cpu.';
  scene.fold(false, {
    nodes: put([node('worker-5', 'zone-b', { ready: 'Unknown', status: 'NotReady', readySinceMs: 155_000 })]),
    pods: put([
      pod('db-59cf8d9d7b-l6xkq', 'worker-5', 'unknown'),
      pod('large', '', 'unscheduled', { status: 'Pending', waiting }),
      pod('probed', 'worker-9', 'not-ready'),
    ]),
  });
  expect(texts('node:worker-5')).toContain('silent since 155 s');
  expect(texts('node:worker-5')).not.toContain('Running');
  expect(texts('top')).toContain('9 Insufficient cpu');
  const many = Array.from({ length: 30 }, (_, at) => pod(`large-${at}`, '', 'unscheduled', { status: 'Pending', waiting }));
  scene.fold(false, { pods: put(many) });
  expect(texts('top')).toEqual(expect.arrayContaining(['31: 9 Insufficient cpu']));
  expect(texts('top').filter((text) => text === '9 Insufficient cpu')).toEqual([]);
});

test('where pods have no room for words, what ails them stands at the foot of the card, counted, behind their sign, the worst first', () => {
  const scene = new TopologyScene(WORDS.topology);
  const crashing = { status: 'CrashLoopBackOff' };
  const foot = (): readonly string[] => {
    const { y, height } = scene.nodeBox('worker');
    return scene
      .marks('node:worker')
      .flatMap((mark) => (mark.y < y + height - 25 ? [] : mark.kind === 'text' ? [mark.text] : mark.kind === 'glyph' ? [mark.glyph] : []));
  };
  const pods = [pod('a', 'worker', 'not-ready'), pod('b', 'worker', 'back-off', crashing), pod('c', 'worker')];
  scene.fold(true, { nodes: put([node('worker', 'zone')]), pods: put(pods) });
  expect(foot(), 'beside the names there is room').toEqual([]);
  scene.fold(false, { pods: put([pod('d', 'worker', 'back-off', crashing), pod('e', 'worker', 'unknown')]) });
  expect(foot(), 'no room for the words of the second').toEqual(['pod-back-off', 'CrashLoopBackOff ×2', 'pod-not-ready', '×1']);
  scene.fold(false, { pods: put([pod('f', 'worker', 'failed', { status: 'Error' })]) });
  expect(foot(), 'nor for those of the third').toEqual(['pod-back-off', 'CrashLoopBackOff ×2', 'pod-failed', '×1', 'pod-not-ready', '×1']);
  scene.fold(false, { pods: put([pod('f', 'worker')]) });
  scene.fold(false, { pods: put([pod('d', 'worker', 'ready')]) });
  expect(foot(), 'two that have room').toEqual(['pod-back-off', 'CrashLoopBackOff', 'pod-not-ready', 'Not ready']);
  scene.fold(false, { pods: put([pod('d', 'worker', 'back-off', crashing)]) });
  scene.lit = new Set(['default/b', 'default/c']);
  expect(foot(), 'of what is searched for').toEqual(['pod-back-off', 'CrashLoopBackOff']);
  scene.lit = null;
  scene.fold(false, { nodes: put([node('worker', 'zone', { taints: ['dedicated=database:NoSchedule'] })]) });
  expect(foot(), 'a taint leaves room for the worst').toEqual([
    'dedicated=database:NoSchedule',
    'pod-back-off',
    'CrashLoopBackOff ×2',
    'pod-not-ready',
    '×1',
  ]);
});

test('another world forgets everything', () => {
  const scene = shop();
  scene.fold(true, { nodes: put([node('only', 'z')]) });
  expect([...scene.parts()].map(({ key }) => key)).toEqual(['top', 'zone:z', 'node:only']);
});

test('who comes back finds every pod in its place, and a ghost where one died meanwhile', () => {
  const scene = shop();
  const { pods, nodes } = shopFrame().delta;
  const [gone, changed, ...rest] = pods?.put ?? [];
  const places = (): unknown => [changed, ...rest].map((pod) => scene.podBox(`${pod?.namespace}/${pod?.name}`));
  const before = places();
  const now = { ...changed!, look: 'not-ready' as const };
  const change = scene.rejoin({ pods: put(rest.toReversed().concat(now)), nodes: nodes! });
  expect(places()).toEqual(before);
  expect(scene.podBox(`${gone?.namespace}/${gone?.name}`)).toBeUndefined();
  expect(scene.pod(`${now.namespace}/${now.name}`)).toBe(now);
  expect(change.flights).toEqual([]);
});
