// hostPath volumes: what has to lie on the node, what is made there, and what containers see of it.
import { describe, expect, test } from 'vitest';
import { persistentVolumeKind } from '../../../../src-main/engine/kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import { hostPathFault, localPathFault } from '../../../../src-main/engine/kubelet/host-path.ts';
import { KubeletLab } from './kubelet-lab.ts';

/** The fault, and what lies on the node afterwards. */
function check(path: string, type: string, expected: string, made: readonly string[] = []): void {
  const files: Record<string, string> = { '/srv/notes': 'hello', '/data/deep/file': '' };
  expect(hostPathFault(files, { path, type })).toBe(expected);
  expect(Object.keys(files).slice(2)).toEqual(made);
}

const fault = (path: string, noun: string) => `hostPath type check failed: ${path} is not a ${noun}`;

describe('a path of the node', () => {
  test('may be anything or nothing where no type is said', () => check('/nowhere', '', ''));
  test('is a directory that somebody made', () => check('/data/deep/', 'Directory', ''));
  test('is a directory that every node has', () => check('/var/log', 'Directory', ''));
  test('is the root', () => check('/', 'Directory', ''));
  test('is no directory', () => check('/srv/notes', 'Directory', fault('/srv/notes', 'directory')));
  test('is not there', () => check('/nowhere', 'Directory', fault('/nowhere', 'directory')));
  test('becomes a directory', () => check('/var/local/aaa', 'DirectoryOrCreate', '', ['/var/local/aaa/']));
  test('is a file already', () => check('/srv/notes', 'DirectoryOrCreate', fault('/srv/notes', 'directory')));
  test('is a file', () => check('/srv/notes', 'File', ''));
  test('is no file', () => check('/data', 'File', fault('/data', 'file')));
  test('becomes a file', () => check('/var/local/1.txt', 'FileOrCreate', '', ['/var/local/1.txt']));
  test('becomes no file without its directory', () =>
    check('/var/local/aaa/1.txt', 'FileOrCreate', 'open /var/local/aaa/1.txt: no such file or directory'));
  test('is a socket', () => check('/run/containerd/containerd.sock', 'Socket', ''));
  test('is the socket of another runtime', () => check('/var/run/docker.sock', 'Socket', fault('/var/run/docker.sock', 'socket file')));
  test('is a device', () => {
    check('/dev/fuse', 'CharDevice', '');
    check('/dev/sdz', 'CharDevice', fault('/dev/sdz', 'character device'));
    check('/dev/sdz', 'BlockDevice', fault('/dev/sdz', 'block device'));
  });
});

const mount = { name: 'v', mountPath: '/v' };
const reader = (script: string) => ({ name: 'app', image: 'busybox:1', command: ['sh', '-c', script], volumeMounts: [mount] });
const pod = (name: string, hostPath: object, script = 'sleep 600') => ({
  name,
  spec: { restartPolicy: 'Never', containers: [reader(script)], volumes: [{ name: 'v', hostPath }] },
});

test('a pod waits for the directory it wants, says so, and starts when somebody has made it', () => {
  const lab = new KubeletLab();
  lab.create(pod('waiting', { path: '/data/shop', type: 'Directory' }));
  lab.run(5);
  expect(lab.summary('waiting')).toBe('Pending [ContainerCreating] restarts=0');
  expect(lab.events('waiting')).toContainEqual(
    expect.stringMatching(
      /^Warning FailedMount MountVolume\.SetUp failed for volume "v" : hostPath type check failed: \/data\/shop is not a directory/,
    ),
  );
  lab.create(pod('maker', { path: '/data/shop', type: 'DirectoryOrCreate' }));
  lab.run(60);
  expect([lab.summary('maker'), lab.summary('waiting')]).toEqual(['Running Ready [ready] restarts=0', 'Running Ready [ready] restarts=0']);
});

test('a container that mounts a path that is not there makes a directory of it', () => {
  const lab = new KubeletLab();
  lab.create(pod('plain', { path: '/data/plain' }));
  lab.run(10);
  lab.create(pod('strict', { path: '/data/plain', type: 'Directory' }));
  lab.run(10);
  expect(lab.summary('strict')).toBe('Running Ready [ready] restarts=0');
});

test('a file of the node is mounted by itself', () => {
  const lab = new KubeletLab();
  lab.create(pod('writer', { path: '/srv/' }, 'echo hello > /v/notes'));
  lab.run(10);
  lab.create(pod('reader', { path: '/srv/notes', type: 'File' }, 'test -f /v && grep hello /v && ls /v | grep /v'));
  lab.run(10);
  expect([lab.summary('writer'), lab.summary('reader')]).toEqual([
    'Succeeded [Completed:0] restarts=0',
    'Succeeded [Completed:0] restarts=0',
  ]);
});

describe('a mount at a path that is told by variables', () => {
  const env = [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }];
  const expressed = (name: string, subPathExpr: string, script: string) => {
    const container = { ...reader(script), env, volumeMounts: [{ ...mount, subPathExpr }] };
    return { name, spec: { restartPolicy: 'Never', containers: [container], volumes: [{ name: 'v', hostPath: { path: '/logs' } }] } };
  };
  test('leads where they say', () => {
    const lab = new KubeletLab();
    lab.create(expressed('one', 'of/$(POD_NAME)', 'echo hello > /v/log'));
    lab.run(10);
    lab.create(pod('all', { path: '/logs' }, 'grep hello /v/of/one/log'));
    lab.run(10);
    expect([lab.summary('one'), lab.summary('all')]).toEqual(['Succeeded [Completed:0] restarts=0', 'Succeeded [Completed:0] restarts=0']);
  });
  test.each([
    ['$(NOBODY)/$(ANOTHER)', 'missing value for ANOTHER, NOBODY'],
    ['$(UP)/x', 'missing value for UP'],
  ])('%s is a fault of the configuration', (expression, message) => {
    const lab = new KubeletLab();
    lab.create(expressed('p', expression, 'sleep 600'));
    lab.run(9);
    expect(lab.summary('p')).toBe('Pending [CreateContainerConfigError] restarts=0');
    expect(lab.events('p')).toContain(`Warning Failed Error: ${message}`);
  });
});

/** A claim `data` that is bound to a local volume. */
function withLocalVolume(lab: KubeletLab, path: string): KubeletLab {
  const capacity = { storage: '1Gi' };
  const accessModes = ['ReadWriteOnce'];
  const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data' };
  const required = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n1'] }] }] };
  const spec = { capacity, accessModes, local: { path }, nodeAffinity: { required }, claimRef, persistentVolumeReclaimPolicy: 'Retain' };
  lab.server.create(persistentVolumeKind, { metadata: { name: 'pv' }, spec } as never, 'test');
  const claim = { accessModes, resources: { requests: capacity }, volumeName: 'pv' };
  lab.server.create(persistentVolumeClaimKind, { metadata: { name: 'data', namespace: 'default' }, spec: claim } as never, 'test');
  const bound = (object: object) => ({ ...object, status: { phase: 'Bound' } }) as never;
  lab.server.patch(persistentVolumeClaimKind, 'default/data', bound, 'test', 'status');
  return lab.run(1);
}
const claimer = (name: string, script: string) => ({
  name,
  spec: {
    restartPolicy: 'Never',
    containers: [reader(script)],
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
  },
});

test('a local volume is not mounted before its directory is there, and what is written to it lies there', () => {
  const lab = withLocalVolume(new KubeletLab(), '/mnt/disks/ssd1');
  lab.create(claimer('writer', 'echo hello > /v/notes'));
  lab.run(10);
  expect(lab.summary('writer')).toBe('Pending [ContainerCreating] restarts=0');
  expect(lab.events('writer')).toContainEqual(
    expect.stringMatching(
      /^Warning FailedMount MountVolume\.NewMounter initialization failed for volume "pv" : path "\/mnt\/disks\/ssd1" does not exist/,
    ),
  );
  lab.create(pod('maker', { path: '/mnt/disks/ssd1', type: 'DirectoryOrCreate' }));
  lab.run(60);
  lab.create(claimer('reader', 'grep hello /v/notes'));
  lab.create(pod('looker', { path: '/mnt/disks' }, 'grep hello /v/ssd1/notes'));
  lab.run(10);
  for (const name of ['writer', 'reader', 'looker']) expect(lab.summary(name)).toBe('Succeeded [Completed:0] restarts=0');
});

test('a local volume is a directory', () => {
  const files = { '/srv/notes': 'hello' };
  const faults = ['/srv/', '/srv/notes', '/nowhere'].map((path) => localPathFault(files, path));
  expect(faults).toEqual(['', 'only directory and block device are supported', 'path "/nowhere" does not exist']);
});
