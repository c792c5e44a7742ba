// A volume opened: what was written to it outlives the pod that wrote it, and so does the memory of who had it.
import { expect, test } from 'vitest';
import { Chronicle } from '../../../src-main/session/timeline/chronicle.ts';
import { volumeLook } from '../../../src-main/session/volume-look.ts';
import { TestCluster } from '../../support/test-cluster.ts';

const CLAIM = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;
const POD = `
apiVersion: v1
kind: Pod
metadata: { name: writer }
spec:
  terminationGracePeriodSeconds: 1
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
  containers:
    - name: app
      image: busybox
      command: [sh, -c, 'echo hello > /data/greeting; sleep 3600']
      volumeMounts: [{ name: data, mountPath: /data }]
`;

test('files and owners', () => {
  const cluster = new TestCluster();
  const chronicle = new Chronicle(cluster.world);
  cluster.apply(CLAIM).apply(POD).run('2m');
  const [name = ''] = cluster.world.store.table('PersistentVolume').keys();
  cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/writer', options: {} });
  cluster.run('2m');
  const { files, history, hasDisk, isLost } = volumeLook(cluster.world, chronicle.steps, name);
  expect({ hasDisk, isLost }).toEqual({ hasDisk: true, isLost: false });
  expect(files.map(({ path, content }) => [path.split('/').at(-1), content.trim()])).toEqual([['greeting', 'hello']]);
  const told = history.map(({ what }) => what);
  for (const what of ['volume.created', 'volume.bound', 'attachment.asked', 'attachment.attached', 'attachment.gone'])
    expect(told).toContain(what);
  expect(told.indexOf('attachment.attached')).toBeLessThan(told.indexOf('attachment.gone'));
  // Who looks at the moment before hears nothing of what came later.
  const { atMs } = history.find(({ what }) => what === 'attachment.gone') ?? { atMs: 0 };
  const past = new TestCluster().apply(CLAIM).apply(POD).run('2m');
  expect(past.world.timeline.nowMs).toBeLessThan(atMs);
  expect(volumeLook(past.world, chronicle.steps, name).history.map(({ what }) => what)).not.toContain('attachment.gone');
});

test('a volume that is gone is said to be gone', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  expect(() => volumeLook(cluster.world, [], 'nothing')).toThrow('There is no PersistentVolume "nothing" (any more).');
});
