// A pod that writes more to its node's disk than it said it would is evicted, and told which limit it passed.
import { expect, test } from 'vitest';
import { TestCluster } from '../../../support/test-cluster.ts';
import { requestOf } from '../api/rest/rest-world.ts';

const MEBIBYTE = 1024 * 1024;
const mount = { name: 'cache', mountPath: '/cache' };

/** A container that writes 49 kB into the cache, if it has one. */
const writer = (more: object = {}) => ({
  name: 'app',
  image: 'busybox:1',
  command: ['sh', '-c', 'sleep 5; test -d /cache && seq 1 10000 > /cache/numbers; sleep 600'],
  ...more,
});

/** One that makes a file of a size. */
const maker = (command: string, more: object = {}) => writer({ command: ['sh', '-c', `sleep 5; ${command}; sleep 600`], ...more });

/** What became of the pod: its phase, or why it was evicted. */
function check(spec: object, annotations: object, expected: string, act: (cluster: TestCluster) => void = () => {}): void {
  const histories = [false, true].map((isReopened) => {
    const cluster = new TestCluster({ zones: 1, workers: 1 });
    cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', annotations }, spec }));
    cluster.run('15s');
    act(cluster);
    if (isReopened) cluster.reopen();
    cluster.run('45s');
    const pod = cluster.world.store.table('Pod').get('default/p') as any;
    return pod.status.reason === undefined ? pod.status.phase : `${pod.status.reason}: ${pod.status.message}`;
  });
  expect(histories).toEqual([expected, expected]);
}

const cached = (emptyDir: object, more: object = {}) => ({
  containers: [writer({ volumeMounts: [mount], ...more })],
  volumes: [{ name: 'cache', emptyDir }],
});

test('an emptyDir that takes more than its size', () =>
  check(cached({ sizeLimit: '40Ki' }), {}, 'Evicted: Usage of EmptyDir volume "cache" exceeds the limit "40Ki". '));
test('an emptyDir that keeps to its size', () => check(cached({ sizeLimit: '52Ki' }), {}, 'Running'));
test('an emptyDir of memory cannot take more', () => check(cached({ sizeLimit: '40Ki', medium: 'Memory' }), {}, 'Running'));
test('an emptyDir that somebody fills by hand', () =>
  check(cached({ sizeLimit: '80Ki' }), {}, 'Evicted: Usage of EmptyDir volume "cache" exceeds the limit "80Ki". ', ({ world }) => {
    const { answer } = world.command({
      type: 'request',
      request: requestOf(
        'POST /api/v1/namespaces/default/pods/p/exec?container=app&stdout=true&command=cp&command=/cache/numbers&command=/cache/again',
        {},
        {},
      ),
    });
    expect(answer?.code).toBeLessThan(400);
  }));
test('what lies in an emptyDir counts for the pod', () =>
  check(
    cached({}, { resources: { limits: { 'ephemeral-storage': '40Ki' } } }),
    {},
    'Evicted: Pod ephemeral local storage usage exceeds the total limit of containers 40Ki. ',
  ));

const EXCEEDS = 'Evicted: Usage of EmptyDir volume "cache" exceeds the limit "100Mi". ';
test.each([
  ['dd fills an emptyDir', 'dd if=/dev/zero of=/cache/big bs=1M count=120', EXCEEDS],
  ['dd fills an emptyDir with many files', 'for i in 1 2 3; do dd if=/dev/urandom of=/cache/$i bs=1M count=40; done', EXCEEDS],
  ['dd keeps below', 'dd if=/dev/zero of=/cache/big bs=1M count=99', 'Running'],
  ['a file that is gone in time', 'fallocate -l 120M /cache/big; rm /cache/big', 'Running'],
  ['fallocate fills an emptyDir', 'fallocate -l 120M /cache/big', EXCEEDS],
  ['what truncate makes takes no room', 'truncate -s 120M /cache/big', 'Running'],
])('%s', (_, command, expected) =>
  check({ ...cached({ sizeLimit: '100Mi' }), containers: [maker(command, { volumeMounts: [mount] })] }, {}, expected),
);
test('dd fills the layer of a container', () =>
  check(
    { containers: [maker('fallocate -l 20M /tmp/big', limited('10Mi')), { ...writer(limited('100Mi')), name: 'side' }] },
    {},
    'Evicted: Container app exceeded its local ephemeral storage limit "10Mi". ',
  ));

const limited = (limit: string) => ({ resources: { limits: { 'ephemeral-storage': limit } } });
const fills = (name: string, mebibytes: number) => ({ [`orrery.dev/disk-bytes.${name}`]: `${mebibytes * MEBIBYTE}` });

test('of a pod with one container the pod as a whole is looked at first', () =>
  check(
    { containers: [writer(limited('1024Mi'))] },
    fills('app', 1025),
    'Evicted: Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
  ));
test('a container may not take what another one leaves', () =>
  check(
    { containers: [writer(limited('10Mi')), { ...writer(limited('100Mi')), name: 'side' }] },
    fills('app', 20),
    'Evicted: Container app exceeded its local ephemeral storage limit "10Mi". ',
  ));
test('what a container without a limit takes counts for the pod', () =>
  check(
    { containers: [writer(limited('10Mi')), { ...writer(), name: 'side' }] },
    fills('side', 20),
    'Evicted: Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ',
  ));
test('pods that keep to their limits stay', () =>
  check(
    { containers: [writer(limited('10Mi')), { ...writer(limited('30Mi')), name: 'side' }] },
    { ...fills('app', 9), ...fills('side', 29) },
    'Running',
  ));

test('all that are over their limits go at one look', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  for (const name of ['p', 'q', 'r']) {
    const spec = name === 'q' ? cached({ sizeLimit: '52Ki' }) : cached({ sizeLimit: '40Ki' });
    cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { ...spec, nodeName: 'worker-1' } }));
  }
  cluster.run('60s');
  const pods = ['p', 'q', 'r'].map((name) => cluster.world.store.table('Pod').get(`default/${name}`) as any);
  expect(pods.map(({ status }) => status.reason ?? status.phase)).toEqual(['Evicted', 'Running', 'Evicted']);
  const told = [...(cluster.world.store.table('Event').values() as Iterable<any>)].filter(({ reason }) => reason === 'Evicted');
  expect(told.map(({ involvedObject }) => involvedObject.name)).toEqual(['p', 'r']);
  expect(new Set(told.map(({ firstTimestamp }) => firstTimestamp)).size).toBe(1);
});
