// hostPath volumes: what has to lie on the node, what is made there, and what containers see of it.
import { describe, expect, test } from 'vitest';
import { hostPathFault } from '../../../../src-main/engine/kubelet/host-path.ts';
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
