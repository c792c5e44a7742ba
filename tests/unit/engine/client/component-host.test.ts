import { expect, test } from 'vitest';
import { TestCluster } from '../../../support/test-cluster.ts';

const objects = [
  'apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: constructor}\nspec: {storageClassName: manual, capacity: {storage: 2Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}',
  'apiVersion: v1\nkind: Node\nmetadata: {name: constructor, labels: {topology.kubernetes.io/zone: constructor}}',
  'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: constructor}\nprovisioner: block.csi.orrery.dev',
  'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: constructor}\nspec: {storageClassName: manual, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}',
];

test('what is named constructor lives and dies as everything else', () => {
  const cluster = new TestCluster({ workers: 1 });
  for (const object of objects) cluster.apply(object);
  const named = (kind: string): any => cluster.world.store.table(kind).get('constructor');
  cluster.run('30s').reopen().run('3m');
  expect(named('PersistentVolume').status.phase).toBe('Bound');
  expect(named('Node').spec.taints.map(({ key }: { key: string }) => key)).toContain('node.kubernetes.io/unreachable');
});
