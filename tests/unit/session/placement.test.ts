// A person holds a pod above the nodes: what the scheduler says of each, what a drop does, and who cannot be moved.
import { beforeEach, expect, test } from 'vitest';
import type { NodePlacement, PodMove } from '../../../src-main/contract/placement.ts';
import { inOneGo } from '../../../src-main/engine/base/in-one-go.ts';
import type { Pod } from '../../../src-main/engine/kinds/core/pod.ts';
import { isConditionTrue } from '../../../src-main/engine/meta/conditions.ts';
import { movePod, movePodBack, podPlacement } from '../../../src-main/session/placement.ts';
import { volumePlacement } from '../../../src-main/session/volume-placement.ts';
import { TestCluster } from '../../support/test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster({ zones: 3, workers: 3, size: { cpu: '4', pods: '10' } });
});

const pods = (): readonly Pod[] => [...(cluster.world.store.table('Pod').values() as Iterable<Pod>)];
const keyOf = (prefix: string): string => `default/${pods().find(({ metadata }) => metadata.name.startsWith(prefix))?.metadata.name}`;
const pod = (key: string): Pod | undefined => cluster.world.store.get('Pod', key) as Pod | undefined;
const live = (prefix: string): readonly Pod[] =>
  pods().filter(({ metadata }) => metadata.name.startsWith(prefix) && metadata.deletionTimestamp === undefined);
const isReady = ({ status }: Pod): boolean => isConditionTrue(status.conditions, 'Ready');
const answers = (key: string): readonly NodePlacement[] => inOneGo(podPlacement(cluster.world, key)).nodes;
const said = (key: string): Readonly<Record<string, string>> =>
  Object.fromEntries(answers(key).map(({ node, plugin, reasons }) => [node, plugin && `${plugin}: ${reasons.join(', ')}`]));
const move = (key: string, node: string): PodMove => movePod(cluster.world, key, node);

const bare = (name: string, cpu: string, more = ''): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  terminationGracePeriodSeconds: 5
  ${more}
  containers: [{ name: app, image: nginx, resources: { requests: { cpu: "${cpu}" } } }]
`;
const deployment = (replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: app, image: nginx, resources: { requests: { cpu: 100m } } }]
`;

test('every node is told, each with the first plugin that refuses it; asking leaves no trace', () => {
  cluster
    .apply(bare('heavy', '3', 'nodeName: worker-2'))
    .run('30s')
    .apply(bare('web', '2', 'nodeName: worker-1'))
    .run('30s');
  cluster.world.command({
    type: 'apply',
    object: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-3' }, spec: { unschedulable: true } },
  });
  cluster.run('5s');
  const before = JSON.stringify(cluster.world.save());
  expect(said('default/web')).toEqual({
    'control-plane': 'TaintToleration: node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }',
    'worker-1': '',
    'worker-2': 'NodeResourcesFit: Insufficient cpu',
    'worker-3': 'NodeUnschedulable: node(s) were unschedulable',
  });
  expect(JSON.stringify(cluster.world.save())).toBe(before);
});

test('a pod of a Deployment: the new one takes the place of the old one, and no third is made', () => {
  cluster.apply(deployment(3)).run('60s');
  const old = keyOf('web');
  const from = pod(old)?.spec.nodeName ?? '';
  const to = ['worker-1', 'worker-2', 'worker-3'].find((name) => name !== from) ?? '';
  const { key, refused, later } = move(old, to);
  expect([refused, later]).toEqual(['', null]);
  cluster.run('60s');
  expect(pod(old)).toBeUndefined();
  expect(pod(key)?.spec.nodeName).toBe(to);
  expect(live('web').map(isReady)).toEqual([true, true, true]);
  expect(pod(key)?.metadata.ownerReferences?.[0]?.kind).toBe('ReplicaSet');
  // The name of a node that somebody asked for does not keep the pod from another.
  expect(Object.values(said(key)).filter((text) => text === '')).toHaveLength(3);
});

test('a pod that nobody makes again waits until its name is free', () => {
  cluster.apply(bare('lone', '1')).run('30s');
  const uid = pod('default/lone')?.metadata.uid;
  const { later } = move('default/lone', 'worker-3');
  expect(later?.uid).toBe(uid);
  cluster.run('30s');
  expect(pod('default/lone')).toBeUndefined();
  cluster.apply(later?.manifest ?? '').run('30s');
  expect([pod('default/lone')?.spec.nodeName, pod('default/lone') && isReady(pod('default/lone') as Pod)]).toEqual(['worker-3', true]);
});

test('taken back: the pod as it was comes again, free to go anywhere; a Deployment makes one of its own', () => {
  cluster.apply(bare('lone', '1')).run('30s');
  const { later, before } = move('default/lone', 'worker-3');
  cluster
    .run('30s')
    .apply(later?.manifest ?? '')
    .run('30s');
  const back = movePodBack(cluster.world, 'default/lone', before);
  expect(back.later?.uid).toBe(pod('default/lone')?.metadata.uid);
  cluster
    .run('30s')
    .apply(back.later?.manifest ?? '')
    .run('30s');
  expect(pod('default/lone')?.spec.affinity).toBeUndefined();
  expect(isReady(pod('default/lone') as Pod)).toBe(true);

  cluster.apply(deployment(2)).run('60s');
  const moved = move(keyOf('web'), 'worker-2');
  cluster.run('60s');
  expect(moved.before).toBe('');
  expect(movePodBack(cluster.world, moved.key, moved.before)).toEqual({ refused: '', key: moved.key, later: null, before: '' });
  cluster.run('60s');
  expect(pod(moved.key)).toBeUndefined();
  expect(live('web').map((one) => [isReady(one), one.spec.affinity])).toEqual([
    [true, undefined],
    [true, undefined],
  ]);
});

test('who is made again by a controller under the same name stays where it is', () => {
  cluster.apply(`
apiVersion: v1
kind: Pod
metadata:
  name: db-0
  ownerReferences: [{ apiVersion: apps/v1, kind: StatefulSet, name: db, uid: 1-2-3, controller: true }]
spec:
  containers: [{ name: app, image: nginx }]
`);
  expect(inOneGo(podPlacement(cluster.world, 'default/db-0')).fixed).toEqual({
    says: 'controlled',
    values: { kind: 'StatefulSet', name: 'db' },
  });
  expect(() => move('default/db-0', 'worker-1')).toThrow('cannot be put on a node by hand');
});

test('a volume: its own zone, and why not the others', () => {
  cluster.apply(`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
${'---'}${bare('db', '1', 'volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]')}`);
  cluster.run('2m');
  const [volume] = [...cluster.world.store.table('PersistentVolume').keys()];
  const zones = volumePlacement(cluster.world, volume ?? '').zones;
  const home = zones.find(({ fits }) => fits)?.zone;
  expect(zones.map(({ zone, fits, line }) => [fits, line.says, zone === home])).toHaveLength(3);
  for (const { zone, fits, line } of zones)
    expect([fits, line]).toEqual(
      zone === home ? [true, { says: 'onlyHere', values: { zone } }] : [false, { says: 'elsewhere', values: { zone, homes: home } }],
    );
});
