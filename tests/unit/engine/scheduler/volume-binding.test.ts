// Pods with claims: what is chosen, what is written, what is waited for, and what is said.
import { expect, test } from 'vitest';
import { type PersistentVolume, persistentVolumeKind } from '../../../../src-main/engine/kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import { storageClassKind } from '../../../../src-main/engine/kinds/storage/storage-class.ts';
import { SchedulerWorld } from './scheduler-world.ts';

const USER = 'test';
const mounting = (claimName: string) => ({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] });

function world(): SchedulerWorld {
  const made = new SchedulerWorld().node('worker-a', { zone: 'zone-a' }).node('worker-b', { zone: 'zone-b' });
  const zoneB = [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['zone-b'] }] }];
  const create = (name: string, more: object): unknown => made.server.create(storageClassKind, { metadata: { name }, ...more }, USER);
  create('late', { provisioner: 'csi.example.com', volumeBindingMode: 'WaitForFirstConsumer', allowedTopologies: zoneB });
  create('local', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' });
  create('early', { provisioner: 'csi.example.com', volumeBindingMode: 'Immediate' });
  return made;
}

function claim({ server }: SchedulerWorld, name: string, storageClassName: string, accessModes = ['ReadWriteOnce']): void {
  const spec = { accessModes, storageClassName, resources: { requests: { storage: '1Gi' } } };
  server.create(persistentVolumeClaimKind, { metadata: { name, namespace: 'default' }, spec }, USER);
}

function volume({ server }: SchedulerWorld, name: string, storageClassName: string, zone: string, claimRef?: object): void {
  const matchExpressions = [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }];
  const spec = {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '1Gi' },
    storageClassName,
    csi: { driver: 'csi.example.com', volumeHandle: name },
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
    persistentVolumeReclaimPolicy: 'Retain',
    ...(claimRef && { claimRef }),
  };
  server.create(persistentVolumeKind, { metadata: { name }, spec }, USER);
  const available = (current: PersistentVolume): PersistentVolume => ({ ...current, status: { ...current.status, phase: 'Available' } });
  server.patch(persistentVolumeKind, name, available, USER, 'status');
}

/** What the volume binder does when both halves are there. */
function bindClaim({ server }: SchedulerWorld, name: string, volumeName: string): void {
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes' };
  server.patch(
    persistentVolumeClaimKind,
    `default/${name}`,
    (current) => ({
      ...current,
      metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, ...annotations } },
      spec: { ...current.spec, volumeName },
    }),
    USER,
  );
}

const claimOf = ({ server }: SchedulerWorld, name: string) => server.get(persistentVolumeClaimKind, `default/${name}`);

test('a claim that waits for its first consumer gets a node, then its volume, then the pod is bound', () => {
  const lab = world();
  claim(lab, 'data', 'late');
  lab.pod('db', mounting('data')).run(500);
  expect(claimOf(lab, 'data').metadata.annotations).toMatchObject({ 'volume.kubernetes.io/selected-node': 'worker-b' });
  expect(lab.nodeOf('db')).toBeUndefined();
  lab.run(10_000);
  expect(lab.nodeOf('db')).toBeUndefined();
  volume(lab, 'made', 'late', 'zone-b');
  bindClaim(lab, 'data', 'made');
  lab.run(1_100);
  expect(lab.nodeOf('db')).toBe('worker-b');
});

test('a volume that is there is reserved for the claim, and the node is one that reaches it', () => {
  const lab = world();
  claim(lab, 'data', 'local');
  volume(lab, 'disk-1', 'local', 'zone-a');
  lab.pod('db', mounting('data')).run(500);
  const { spec, metadata } = lab.server.get(persistentVolumeKind, 'disk-1');
  expect(spec.claimRef).toMatchObject({ namespace: 'default', name: 'data', uid: claimOf(lab, 'data').metadata.uid });
  expect(metadata.annotations).toMatchObject({ 'pv.kubernetes.io/bound-by-controller': 'yes' });
  bindClaim(lab, 'data', 'disk-1');
  lab.run(1_100);
  expect(lab.nodeOf('db')).toBe('worker-a');
});

test('two pods do not get one volume', () => {
  const lab = world();
  claim(lab, 'one', 'local');
  claim(lab, 'two', 'local');
  volume(lab, 'disk-1', 'local', 'zone-a');
  lab.run(50).pod('first', mounting('one')).pod('second', mounting('two')).run(200);
  // News of the volume's reservation makes the scheduler look a second time.
  const why =
    "FailedScheduling: 0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. " +
    'preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';
  expect(lab.events('second')).toEqual([why, why]);
});

test('a bound volume in another zone holds the pod back', () => {
  const lab = world();
  claim(lab, 'data', 'early');
  volume(lab, 'made', 'early', 'zone-a');
  bindClaim(lab, 'data', 'made');
  lab
    .run(50)
    .pod('db', { ...mounting('data'), nodeSelector: { 'topology.kubernetes.io/zone': 'zone-b' } })
    .run(200);
  expect(lab.events('db')).toEqual([
    "FailedScheduling: 0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had volume node affinity conflict. " +
      'preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
  ]);
});

test('claims that should be bound already are waited for, and news of them brings the pod back', () => {
  const lab = world();
  lab.pod('db', mounting('data')).run(200);
  claim(lab, 'data', 'early');
  lab.run(3_000);
  const preemption = 'preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.';
  expect(lab.events('db')).toEqual([
    `FailedScheduling: 0/2 nodes are available: persistentvolumeclaim "data" not found. ${preemption}`,
    `FailedScheduling: 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. ${preemption}`,
  ]);
  volume(lab, 'made', 'early', 'zone-b');
  bindClaim(lab, 'data', 'made');
  lab.run(3_000);
  expect(lab.nodeOf('db')).toBe('worker-b');
});

test('after ten minutes it gives up and tries anew', () => {
  const lab = world();
  claim(lab, 'data', 'late');
  lab.run(50).pod('db', mounting('data')).run(601_500);
  expect(lab.events('db')).toEqual([
    'FailedScheduling: running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
  ]);
});

test('a claim for one pod only is used by one pod', () => {
  const lab = world();
  claim(lab, 'data', 'early', ['ReadWriteOncePod']);
  volume(lab, 'made', 'early', 'zone-a');
  bindClaim(lab, 'data', 'made');
  lab.pod('one', mounting('data')).run(200).pod('two', mounting('data')).run(200);
  const reason = 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';
  expect([lab.nodeOf('one'), lab.events('two')[0]?.includes(`2 ${reason}`)]).toEqual(['worker-a', true]);
});
