// Every view and every mark in both themes, as SVG files that are reviewed as pictures; run with -u to draw them again.
import { expect, test } from 'vitest';
import type { NodePlacement } from '../../src-main/contract/placement.ts';
import type { ContainerPart, ProbePart } from '../../src-main/contract/pod-parts.ts';
import type { Frame, PodLook } from '../../src-main/contract/view.ts';
import { claim, node, pod, volume } from '../../src-renderer/gallery/make-records.ts';
import { countdownLabel, countdownMarks, timeLeft } from '../../src-renderer/scene/countdown.ts';
import { glyphNames } from '../../src-renderer/scene/glyphs.ts';
import type { Mark, Picture } from '../../src-renderer/scene/mark.ts';
import { placementMarks } from '../../src-renderer/scene/placement-marks.ts';
import { podPartsMarks } from '../../src-renderer/scene/pod-parts-marks.ts';
import { StorageScene } from '../../src-renderer/scene/storage-scene.ts';
import { toSvg } from '../../src-renderer/scene/to-svg.ts';
import { TopologyScene } from '../../src-renderer/scene/topology-scene.ts';
import { PALETTES, type ThemeName } from '../../src-renderer/ui/tokens.ts';
import { attachment, countdown, deadNodeFrame, put, shopFrame } from '../support/sample-world.ts';
import { WORDS } from '../support/scene-words.ts';

const NOW_MS = deadNodeFrame().clock.nowMs;

async function check(name: string, picture: Picture, theme: ThemeName = 'dark'): Promise<void> {
  const { x, y, width, height } = picture.bounds;
  const bounds = { x: x - 12, y: y - 12, width: width + 24, height: height + 24 };
  await expect(toSvg({ ...picture, bounds }, PALETTES[theme])).toMatchFileSnapshot(`./${name}.${theme}.svg`);
}

function topology(...frames: readonly Frame[]): Picture {
  const scene = new TopologyScene(WORDS.topology);
  for (const { opened, delta } of frames) scene.fold(opened !== undefined, delta);
  const marks = [...scene.parts()].flatMap(({ key }) => scene.marks(key));
  for (const arc of scene.countdowns()) {
    const box = arc.subjectKind === 'Node' ? scene.nodeBox(arc.subjectKey) : scene.podBox(arc.subjectKey);
    if (!box) continue;
    marks.push(...countdownMarks(arc, box, NOW_MS, 0));
    if (arc.subjectKind === 'Node') marks.push(...countdownLabel([`${arc.name} ${timeLeft(arc.dueMs, NOW_MS)}`], box));
  }
  return { bounds: scene.bounds(), marks };
}

/** What is used beside what was asked for: less, more, and more than there is. */
function used(): Picture {
  const scene = new TopologyScene(WORDS.topology);
  const requested = { cpuMillis: 1600, memoryBytes: 3 * 2 ** 30, pods: 4 };
  scene.fold(true, {
    nodes: put([
      node('little', 'zone-a', { requested }),
      node('much', 'zone-a', { requested }),
      node('all', 'zone-b', { requested: { cpuMillis: 4000, memoryBytes: 2 ** 33, pods: 110 } }),
      node('unmeasured', 'zone-b', { requested }),
    ]),
  });
  const change = scene.tellUsage(
    new Map([
      ['little', { cpuMillis: 300, memoryBytes: 2 ** 30 }],
      ['much', { cpuMillis: 3200, memoryBytes: 5 * 2 ** 30 }],
      ['all', { cpuMillis: 4100, memoryBytes: 2 ** 33 }],
      ['unmeasured', null],
    ]),
  );
  expect([...change.dirty.keys()]).toEqual(['node:little', 'node:much', 'node:all']);
  expect([...scene.tellUsage(new Map([['much', { cpuMillis: 3200, memoryBytes: 5 * 2 ** 30 }]])).dirty.keys()]).toEqual([
    'node:little',
    'node:all',
  ]);
  scene.tellUsage(
    new Map([
      ['little', { cpuMillis: 300, memoryBytes: 2 ** 30 }],
      ['much', { cpuMillis: 3200, memoryBytes: 5 * 2 ** 30 }],
      ['all', { cpuMillis: 4100, memoryBytes: 2 ** 33 }],
    ]),
  );
  return { bounds: scene.bounds(), marks: [...scene.parts()].flatMap(({ key }) => scene.marks(key)) };
}

/** From far away, as cells. */
function far(...frames: readonly Frame[]): Picture {
  const scene = new TopologyScene(WORDS.topology);
  for (const { opened, delta } of frames) scene.fold(opened !== undefined, delta);
  return { bounds: scene.bounds(), marks: [...scene.parts()].flatMap(({ key }) => scene.marks(key, 'far')) };
}

/** What the scheduler says of every node while a pod hangs above worker-2. */
function held(): Picture {
  const scene = new TopologyScene(WORDS.topology);
  scene.fold(true, shopFrame().delta);
  const marks = [...scene.parts()].flatMap(({ key }) => scene.marks(key));
  const said: Readonly<Record<string, NodePlacement>> = {
    'control-plane': {
      node: 'control-plane',
      plugin: 'TaintToleration',
      reasons: ['node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }'],
    },
    'worker-1': { node: 'worker-1', plugin: '', reasons: [] },
    'worker-2': { node: 'worker-2', plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu', 'Insufficient memory'] },
    'worker-3': { node: 'worker-3', plugin: 'NodeUnschedulable', reasons: ['node(s) were unschedulable'] },
  };
  const fits = { node: '', plugin: '', reasons: [] };
  for (const { key, box } of scene.parts())
    if (key.startsWith('node:'))
      marks.push(...placementMarks(said[key.slice(5)] ?? fits, box, ['node:worker-2', 'node:worker-1'].includes(key)));
  return { bounds: scene.bounds(), marks };
}

/** The web pods in the light. */
function light(): Picture {
  const scene = new TopologyScene(WORDS.topology);
  for (const { opened, delta } of [shopFrame(), deadNodeFrame()]) scene.fold(opened !== undefined, delta);
  scene.lit = new Set(scene.nodesIn(scene.bounds()).flatMap((node) => scene.podsOf(node).filter((key) => key.includes('cart'))));
  return { bounds: scene.bounds(), marks: [...scene.parts()].flatMap(({ key }) => scene.marks(key)) };
}

/** Pods from near, one beside the other. */
function near(): Picture {
  const part = (name: string, state: ContainerPart['state'], more: Partial<ContainerPart> = {}): ContainerPart => ({
    name,
    isInit: false,
    state,
    reason: '',
    ready: state === 'running',
    restarts: 0,
    probes: [],
    ...more,
  });
  const probes = (...states: readonly ProbePart['state'][]): readonly ProbePart[] =>
    states.map((state, index) => ({ type: (['startup', 'liveness', 'readiness'] as const)[index] ?? 'readiness', state }));
  const pods: readonly (readonly [PodLook, readonly ContainerPart[]])[] = [
    ['ready', [part('app', 'running', { probes: probes('over', 'passing', 'passing') })]],
    ['not-ready', [part('app', 'running', { ready: false, probes: probes('over', 'passing', 'failing') }), part('proxy', 'running')]],
    [
      'creating',
      [
        part('prepare', 'running', { isInit: true, ready: false }),
        part('app', 'waiting', { reason: 'PodInitializing', probes: probes('waiting') }),
      ],
    ],
    [
      'back-off',
      [
        part('app', 'waiting', { reason: 'CrashLoopBackOff', probes: probes('waiting', 'waiting') }),
        part('log', 'running'),
        part('proxy', 'running'),
      ],
    ],
    ['failed', [part('import', 'failed', { reason: 'Error' })]],
    ['succeeded', [part('report', 'succeeded', { reason: 'Completed' })]],
    ['terminating', [part('app', 'running', { ready: false, probes: probes('over', 'failing', 'failing') })]],
    ['unknown', [part('app', 'running', { probes: probes('over', 'passing', 'passing') })]],
  ];
  const marks = pods.flatMap(([look, containers], index) =>
    podPartsMarks(look, { key: look, containers }, { x: (index % 4) * 130, y: Math.floor(index / 4) * 130, width: 120, height: 120 }),
  );
  return { bounds: { x: 0, y: 0, width: 510, height: 250 }, marks };
}

function storage(...frames: readonly Frame[]): Picture {
  const scene = new StorageScene(WORDS.storage);
  for (const { opened, delta } of frames) scene.fold(opened !== undefined, delta);
  const { bounds, links, items } = scene.picture();
  const marks = [...links, ...items.flatMap((item) => item.marks)];
  for (const arc of scene.countdowns()) {
    const item = scene.item(arc.subjectKind, arc.subjectKey);
    if (item) marks.push(...countdownMarks(arc, item.box, NOW_MS, 0), ...countdownLabel([timeLeft(arc.dueMs, NOW_MS)], item.box));
  }
  return { bounds, marks };
}

function frame(delta: Frame['delta']): Frame {
  return { ...shopFrame(), delta };
}

function everyGlyph(): Picture {
  const marks: Mark[] = glyphNames().flatMap((glyph, index): Mark[] => {
    const x = (index % 4) * 190;
    const y = Math.floor(index / 4) * 44;
    return [
      { kind: 'glyph', glyph, x, y, size: 32 },
      { kind: 'text', x: x + 42, y: y + 20, text: glyph, size: 12, fill: 'text' },
    ];
  });
  return { bounds: { x: 0, y: 0, width: 760, height: Math.ceil(glyphNames().length / 4) * 44 }, marks };
}

const LOOKS: readonly PodLook[] = [
  'unscheduled',
  'creating',
  'not-ready',
  'ready',
  'back-off',
  'failed',
  'succeeded',
  'terminating',
  'unknown',
];
const STATUS_OF: Readonly<Partial<Record<PodLook, string>>> = { 'back-off': 'CrashLoopBackOff', failed: 'Error' };
const everyLook = frame({
  nodes: put([node('worker-1', 'zone-a')]),
  pods: put(
    LOOKS.map((look, index) =>
      pod(look, look === 'unscheduled' ? '' : 'worker-1', look, {
        restarts: look === 'back-off' ? 3 : index % 2,
        ...(STATUS_OF[look] ? { status: STATUS_OF[look] } : {}),
      }),
    ),
  ),
});

const everyNode = frame({
  nodes: put([
    node('ready', 'zone-a'),
    node('not-ready', 'zone-a', { ready: 'False', status: 'NotReady', taints: ['node.kubernetes.io/not-ready=:NoSchedule'] }),
    node('unknown', 'zone-a', { ready: 'Unknown', status: 'NotReady' }),
    node('cordoned', 'zone-b', { cordoned: true, status: 'Ready,SchedulingDisabled' }),
    node('pressures', 'zone-b', { pressures: ['memory', 'disk', 'pid'], taints: ['a=b:NoSchedule', 'c=d:NoExecute', 'e=f:NoSchedule'] }),
    node('full', 'zone-b', { requested: { cpuMillis: 4000, memoryBytes: 2 ** 33, pods: 110 } }),
    node('powered-off', '', { powered: false, kubeletRunning: false }),
    node('network-cut', '', { linkCut: true }),
    node('kubelet-stopped', '', { kubeletRunning: false }),
  ]),
});

const densities = frame({
  nodes: put([
    node('three', 'a'),
    node('six', 'a'),
    node('thirty', 'a'),
    node('sixty', 'a'),
    node('hundred', 'a'),
    node('two-hundred', 'a'),
  ]),
  pods: put(
    [3, 6, 30, 60, 100, 200].flatMap((count, index) =>
      Array.from({ length: count }, (_, at) =>
        pod(`p${index}-${at}`, ['three', 'six', 'thirty', 'sixty', 'hundred', 'two-hundred'][index] ?? ''),
      ),
    ),
  ),
});

const everyVolume = frame({
  classes: shopFrame().delta.classes!,
  nodes: put([node('up', 'zone-a'), node('down', 'zone-b', { ready: 'Unknown', status: 'NotReady', powered: false })]),
  volumes: put([
    volume('bound', 'Bound', { claim: 'default/bound' }),
    volume('pending', 'Pending'),
    volume('available', 'Available'),
    volume('released', 'Released', { claim: 'default/gone', reclaimPolicy: 'Retain' }),
    volume('failed', 'Failed', { reclaimPolicy: 'Recycle' }),
    volume('leaving', 'Bound', { terminating: true, claim: 'default/leaving' }),
    volume('lost', 'Bound', { diskLost: true, claim: 'default/lost' }),
  ]),
  claims: put([
    claim('bound', 'Bound', { volume: 'bound', accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }),
    claim('waiting', 'Pending'),
    claim('lost', 'Lost', { volume: 'lost' }),
    claim('leaving', 'Bound', { volume: 'leaving', terminating: true }),
    claim('shared', 'Bound', { accessModes: ['ReadWriteMany'] }),
  ]),
  pods: put([
    pod('one', 'up', 'ready', { claims: ['default/bound'] }),
    pod('old', 'down', 'terminating', { claims: ['default/leaving'] }),
    pod('next', 'up', 'creating', { claims: ['default/leaving'] }),
    ...Array.from({ length: 9 }, (_, at) => pod(`s${at}`, 'up', 'ready', { claims: ['default/shared'] })),
  ]),
  attachments: put([
    attachment('bound', 'up'),
    attachment('available', 'up', { state: 'attaching' }),
    attachment('released', 'up', { state: 'detaching' }),
    attachment('leaving', 'down', { state: 'detaching', stuck: true }),
  ]),
  countdowns: put([countdown('force-detach', 'PersistentVolume', 'leaving', NOW_MS - 60_000, NOW_MS + 300_000)]),
});

/** Every arc around what it is drawn around. */
const ARCS: readonly (readonly [name: string, kind: 'Node' | 'Pod'])[] = [
  ['node-monitor-grace', 'Node'],
  ['toleration', 'Node'],
  ['node-start', 'Node'],
  ['image-pull', 'Pod'],
  ['startup-probe', 'Pod'],
  ['crash-back-off', 'Pod'],
  ['image-back-off', 'Pod'],
  ['termination-grace', 'Pod'],
  ['toleration', 'Pod'],
];
const POD_OF: Readonly<Record<string, PodLook>> = {
  'image-pull': 'creating',
  'startup-probe': 'not-ready',
  'termination-grace': 'terminating',
  toleration: 'unknown',
};
const everyArc = frame({
  nodes: put([
    node('node-monitor-grace', 'zone-a', { powered: false }),
    node('toleration', 'zone-a', { ready: 'Unknown', status: 'NotReady', powered: false }),
    node('node-start', 'zone-a', { ready: 'Unknown', status: 'NotReady' }),
    node('creating', 'zone-b'),
    node('failing', 'zone-b'),
    node('going', 'zone-b'),
  ]),
  pods: put(
    ARCS.filter(([, kind]) => kind === 'Pod').map(([name], index) =>
      pod(name, ['creating', 'failing', 'going'][Math.floor(index / 2)] ?? '', POD_OF[name] ?? 'back-off', { status: name }),
    ),
  ),
  countdowns: put(
    ARCS.map(([name, kind], index) =>
      countdown(name, kind, kind === 'Node' ? name : `default/${name}`, NOW_MS - 10_000, NOW_MS + (index + 1) * 5000),
    ),
  ),
});

/** What waits, and why: by the scheduler's word in the tray, by a triangle on a node. */
const waiting = frame({
  nodes: put([
    node('worker-1', 'zone-a', { taints: ['node.kubernetes.io/unreachable=:NoSchedule', 'node.kubernetes.io/unreachable=:NoExecute'] }),
  ]),
  pods: put([
    pod('batch-6f7d9c8b5-4kzpw', '', 'unscheduled', {
      status: 'Pending',
      waiting:
        '0/10 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 9 Insufficient cpu. preemption: 0/10',
    }),
    pod('a-name-that-goes-on-and-on-until-there-is-no-room-for-it-7xk2p', '', 'unscheduled', {
      status: 'Pending',
      waiting: '0/10 nodes are available: 10 Too many pods.',
    }),
    pod('db-59cf8d9d7b-x2pld', 'worker-1', 'creating', { status: 'ContainerCreating', waiting: 'Multi-Attach error for volume "pvc-1"' }),
    pod('web-59cf8d9d7b-7xk2p', 'worker-1', 'creating', { status: 'ContainerCreating' }),
    pod('mailer-59cf8d9d7b-q8x1l', 'worker-1', 'back-off', { status: 'CrashLoopBackOff', restarts: 4 }),
  ]),
});

const ghosts: Frame = {
  clock: shopFrame().clock,
  delta: { pods: { put: [], remove: ['frontend-7d9f8b6c5d-2xk4p', 'db-59cf8d9d7b-l6xkq'].map((name) => `uid-${name}`) } },
};

test('every mark', () => check('marks', everyGlyph()));
test('every mark in the light', () => check('marks', everyGlyph(), 'light'));
test('a pod of every look', () => check('pods', topology(everyLook)));
test('a node in every state', () => check('nodes', topology(everyNode)));
test('what nodes use, and what was asked for', async () => {
  await check('nodes-used', used());
  await check('nodes-used', used(), 'light');
});
test('cards of every density', () => check('densities', topology(densities)));
test('the shop at rest', () => check('topology', topology(shopFrame())));
test('the shop at rest, in the light', () => check('topology', topology(shopFrame()), 'light'));
test('the shop with dead nodes', () => check('topology-dead-nodes', topology(shopFrame(), deadNodeFrame())));
test('the shop with dead nodes, in the light', () => check('topology-dead-nodes', topology(shopFrame(), deadNodeFrame()), 'light'));
test('an arc for every wait', () => check('arcs', topology(everyArc)));
test('pods that wait, and why', () => check('waiting', topology(waiting)));
test('ghosts where pods died', () => check('topology-ghosts', topology(shopFrame(), ghosts)));
test('a cluster without anything', () => check('topology-empty', topology(frame({}))));
test('the storage of the shop', () => check('storage', storage(shopFrame())));
test('a volume roped to a dead node', () => check('storage-stuck', storage(shopFrame(), deadNodeFrame())));
test('a volume roped to a dead node, in the light', () => check('storage-stuck', storage(shopFrame(), deadNodeFrame()), 'light'));
test('volumes, claims and ropes in every state', () => check('storage-states', storage(everyVolume)));
test('volumes, claims and ropes in the light', () => check('storage-states', storage(everyVolume), 'light'));

test('the topology from far away, at rest and with dead nodes', async () => {
  await check('topology-far', far(shopFrame()));
  await check('topology-far-dead-nodes', far(shopFrame(), deadNodeFrame()));
  await check('topology-far-dead-nodes', far(shopFrame(), deadNodeFrame()), 'light');
});
test('a pod above the nodes', async () => {
  await check('topology-held', held());
  await check('topology-held', held(), 'light');
});
test('what is searched for stays in the light', () => check('topology-light', light()));
test('pods from near', async () => {
  await check('pods-near', near());
  await check('pods-near', near(), 'light');
});
