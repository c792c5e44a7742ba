// Where a file system ends, writing ends: disks behind claims, emptyDir volumes of memory, and the node's own disk.
import { expect, test } from 'vitest';
import { quantityValue } from '../../../../src-main/engine/meta/quantity.ts';
import { TestCluster } from '../../../support/test-cluster.ts';
import { requestOf } from '../api/rest/rest-world.ts';

const FULL = 'No space left on device';

/** A pod whose volume is mounted at /v, with what its claim needs. */
function withVolume(volume: object, backend?: string, resources: object = {}): TestCluster {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const claim = {
    ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c' } },
    spec: { storageClassName: 'sc', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  };
  const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'sc' }, provisioner: backend };
  if (backend !== undefined) cluster.apply(JSON.stringify({ ...storageClass, allowVolumeExpansion: true })).apply(JSON.stringify(claim));
  const container = {
    name: 'app',
    image: 'busybox:1',
    command: ['sleep', '36000'],
    volumeMounts: [{ name: 'v', mountPath: '/v' }],
    resources,
  };
  const spec = { containers: [container], volumes: [{ name: 'v', ...volume }] };
  return cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec })).run('60s');
}

const onDisk = (backend = 'block.csi.orrery.dev') => withVolume({ persistentVolumeClaim: { claimName: 'c' } }, backend);
const inMemory = (emptyDir: object = {}, resources: object = {}) =>
  withVolume({ emptyDir: { medium: 'Memory', ...emptyDir } }, undefined, resources);

/** What is said, on either stream, and `$?` of the last command. */
function said({ world }: TestCluster, script: string): string {
  const words = ['sh', '-c', `${script}; echo =$?`].map((word) => `&command=${encodeURIComponent(word)}`).join('');
  const line = `POST /api/v1/namespaces/default/pods/p/exec?container=app&stdout=true&stderr=true${words}`;
  const body = world.command({ type: 'request', request: requestOf(line, {}, {}) }).answer?.body as { output: string; complaints: string };
  return `${body.complaints}${body.output}`;
}

test('dd fills a disk, and says how far it got', () =>
  expect(said(onDisk(), 'dd if=/dev/zero of=/v/f bs=64k count=20; ls -l /v')).toBe(
    `dd: error writing '/v/f': ${FULL}\n17+0 records in\n16+0 records out\n1048576 bytes (1.0MB) copied, 0.002097 seconds, 476.8MB/s\n` +
      'total 1024\n-rw-r--r--    1 root     root       1048576 Jun  2 08:00 f\n=0\n',
  ));

const filled = 'fallocate -l 1M /v/f; ';

test.each([
  ['echo', 'echo one >> /v/f', `sh: write error: ${FULL}\n=1\n`],
  ['cat', 'cat /etc/hosts > /v/more', `cat: write error: ${FULL}\n=1\n`],
  ['head', 'head -c 9 /dev/zero > /v/more', `head: standard output: ${FULL}\n=1\n`],
  ['tee, which has forgotten why', 'echo one | tee /v/more', 'tee: /v/more: I/O error\none\n=1\n'],
  ['cp', 'cp /etc/hosts /v/more', `cp: write error: ${FULL}\n=1\n`],
  ['mkdir', 'mkdir /v/more', `mkdir: can't create directory '/v/more': ${FULL}\n=1\n`],
  ['fallocate', 'fallocate -l 2M /v/f', `fallocate: fallocate '/v/f': ${FULL}\n=1\n`],
  ['dd', 'dd if=/dev/zero of=/v/more count=1 status=none', `dd: error writing '/v/more': ${FULL}\n=1\n`],
  ['a file without content takes no room', 'touch /v/more', '=0\n'],
  ['nor does a hole', 'truncate -s 1G /v/more', '=0\n'],
  ['nor does another name', 'mv /v/f /v/more; du -k /v', '1028\t/v\n=0\n'],
  ['what is removed makes room', 'rm /v/f; echo one > /v/f; cat /v/f', 'one\n=0\n'],
  ['what comes from elsewhere stays there', 'echo one > /tmp/o; mv /tmp/o /v/o; cat /tmp/o', `mv: write error: ${FULL}\none\n=0\n`],
])('on a full disk: %s', (_, script, expected) => expect(said(onDisk(), filled + script)).toBe(expected));

test('what there was room for is kept', () =>
  expect(said(onDisk(), 'fallocate -l 1020k /v/f; seq 1 2000 > /v/numbers; wc -c /v/numbers; df /v')).toBe(
    `seq: standard output: ${FULL}\n4096 /v/numbers\nFilesystem           1K-blocks      Used Available Use% Mounted on\n/dev/sdb                  1024      1024         0 100% /v\n=0\n`,
  ));

test('a disk that has grown has room again, in a world that was saved and opened, too', () => {
  const cluster = onDisk();
  expect(said(cluster, 'fallocate -l 2M /v/f')).toBe(`fallocate: fallocate '/v/f': ${FULL}\n=1\n`);
  const claim = cluster.world.store.get('PersistentVolumeClaim', 'default/c') as any;
  const spec = { ...claim.spec, resources: { requests: { storage: '2Mi' } } };
  cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c' }, spec }));
  cluster.reopen().run('10m');
  expect(said(cluster, 'fallocate -l 2M /v/f')).toBe('=0\n');
});

test.each([
  ['a directory of a file server ends nowhere', 'nfs.csi.k8s.io', '=0\n'],
  ['a quota speaks for itself', 'cephfs.csi.ceph.com', "fallocate: fallocate '/v/f': Disk quota exceeded\n=1\n"],
])('%s', (_, backend, expected) => expect(said(onDisk(backend), 'fallocate -l 2M /v/f')).toBe(expected));

const room = 'fallocate -l 100G /v/f 2> /dev/null; df -k /v | tail -n 1 | cut -c 22-31 | tr -d " "';
const limited = (memory: string) => ({ limits: { memory } });

test.each([
  ['its own size', inMemory({ sizeLimit: '64Mi' }, limited('128Mi')), 65_536],
  ['the limit of its pod, when that is less', inMemory({ sizeLimit: '256Mi' }, limited('128Mi')), 131_072],
  ['the limit of its pod, when it says none', inMemory({}, limited('128Mi')), 131_072],
  ['what the node has for pods, when nobody says one', inMemory(), 0],
])('memory ends at %s', (_, cluster, kibibytes) => {
  const node = cluster.world.store.table('Node').get('worker-1') as any;
  const ofNode = quantityValue(node.status.allocatable.memory) / 1024;
  expect(said(cluster, room).split('\n').at(-3)).toBe(String(kibibytes || ofNode));
});

test("the node's disk ends, whatever an emptyDir says of its size", () => {
  const cluster = withVolume({ emptyDir: { sizeLimit: '1Gi' } });
  expect(said(cluster, 'fallocate -l 2G /v/f')).toBe('=0\n');
  expect(said(cluster, 'dd if=/dev/zero of=/tmp/f bs=1G count=2000 status=none; echo one > /v/more')).toBe(
    `dd: error writing '/tmp/f': ${FULL}\nsh: write error: ${FULL}\n=1\n`,
  );
});
