// What a container's log tells of programs that the lab does not have, and of those that the image does not have.
import { expect, test } from 'vitest';
import { TestCluster } from '../../../support/test-cluster.ts';
import { requestOf } from '../api/rest/rest-world.ts';

/** Of a pod that is to end. */
function logOf(container: object): string {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const spec = { restartPolicy: 'Never', containers: [{ name: 'app', ...container }] };
  cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec })).run('60s');
  return cluster.world.command({ type: 'request', request: requestOf('GET /api/v1/namespaces/default/pods/p/log', {}, {}) }).answer
    ?.body as string;
}

function check(script: string, expected: string): void {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const spec = { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox:1', command: ['sh', '-c', script] }] };
  cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec })).run('20s');
  const request = requestOf('GET /api/v1/namespaces/default/pods/p/log', {}, {});
  const log = cluster.world.command({ type: 'request', request }).answer?.body;
  const { terminated } = (cluster.world.store.get('Pod', 'default/p') as any).status.containerStatuses[0].state;
  expect(`${log}=${terminated.exitCode}`).toBe(expected);
}

test('one that the image has', () => check('sed s/a/b/ /f', 'sed: the lab does not model this program\n=126'));
test('one that it has not', () => check('bash -c true', 'sh: bash: not found\n=127'));
test('complaints that go nowhere', () => check('bash 2> /dev/null || echo none', 'none\n=0'));
test('a script that is more than the lab knows', () =>
  check(
    'read a',
    "orrery: the lab's shell knows no background jobs and no eval, and reads only what a file or a pipe holds: instead of this script the image's program is run. The annotations of orrery.dev say how it behaves.\n=0",
  ));
test('one program reads what another writes', () => check('seq 3 | tail -n 1 | tee /f; wc -l < /f', '3\n1\n=0'));

test('a container that shows what another one writes', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const container = (name: string, script: string): object => ({
    ...{ name, image: 'busybox:1', command: ['sh', '-c', script], volumeMounts: [{ name: 'logs', mountPath: '/logs' }] },
  });
  const containers = [
    container('writes', 'n=0; while true; do n=$((n+1)); echo "line $n" >> /logs/a; sleep 10; done'),
    container('shows', 'tail -n+1 -F /logs/a'),
    container('shows-ends', 'sleep 15; tail -n 1 -f /logs/a'),
  ];
  const spec = { containers, volumes: [{ name: 'logs', emptyDir: {} }] };
  cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec })).run('28s');
  const logOf = (name: string): unknown => {
    const request = requestOf(`GET /api/v1/namespaces/default/pods/p/log?container=${name}`, {}, {});
    return cluster.world.command({ type: 'request', request }).answer?.body;
  };
  expect([logOf('shows'), logOf('shows-ends')]).toEqual(['line 1\nline 2\nline 3\n', 'line 2\nline 3\n']);
});

test('an init container that brings parts of its image to the others', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const volumeMounts = [{ name: 'apps', mountPath: '/apps' }];
  const brings = (image: string, ...command: string[]): object => ({ name: `c${command.length}`, image, command, volumeMounts });
  const check = (name: string, container: object, phase: string, files: readonly string[]): void => {
    const spec = {
      ...{ restartPolicy: 'Never', initContainers: [container], volumes: [{ name: 'apps', emptyDir: {} }] },
      containers: [{ name: 'sees', image: 'busybox', command: ['sleep', '300'], volumeMounts }],
    };
    cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })).run('20s');
    const pod = cluster.world.store.get('Pod', `default/${name}`) as any;
    const seen = phase === 'Failed' ? [] : (cluster.world.filesOf(pod.metadata.uid, 'sees')?.map(({ path }) => path) ?? []);
    expect([pod.status.phase, seen.filter((path: string) => path.startsWith('/apps/'))]).toEqual([phase, files]);
  };
  check('file', brings('acme/shop', 'cp', '/shop.war', '/apps'), 'Running', ['/apps/shop.war']);
  check('folder', brings('acme/shop', 'cp', '-r', '/srv/dist', '/apps/www'), 'Running', ['/apps/www/']);
  check('all', brings('acme/shop', 'sh', '-c', 'cp -a /plugins/. /apps && cp /plugins/* /apps'), 'Running', []);
  check('nothing-there', brings('busybox', 'cp', '/shop.war', '/apps'), 'Failed', []);
  check('not-in-the-volume', brings('acme/shop', 'cp', '/apps/a', '/apps/b'), 'Failed', []);
});

test('programs that somebody installs are there from then on', () => {
  const run = (image: string, script: string): string => logOf({ image, command: ['sh', '-c', script] });
  expect(run('alpine:3.22', 'curl -V 2> /dev/null || echo none; apk add --no-cache curl=8 jq && which curl && ls /usr/bin')).toBe(
    'none\n(1/2) Installing curl\n(2/2) Installing jq\n/bin/curl\ncurl\njq\n',
  );
  expect(run('debian:13', 'apt-get update -qq && apt-get install -y netcat-openbsd && nc -z nowhere 80')).toBe(
    "Setting up netcat-openbsd ...\nnc: bad address 'nowhere'\n",
  );
  expect(run('busybox:1', 'apk add curl')).toBe('sh: apk: not found\n');
});
test('a step of a Job is not its image as a service; the image itself, by its name, is', () => {
  expect(logOf({ image: 'mysql:8', command: ['sh', '-c', 'mysqldump --all > /dump && echo dumped'] })).toBe('dumped\n');
  expect(logOf({ image: 'perl:5', command: ['sh', '-c', "perl -e 'print 1' && echo counted"] })).toBe('counted\n');
  expect(logOf({ image: 'python:3.13', command: ['sh', '-c', 'python migrate.py && echo migrated'] })).toBe('migrated\n');
  expect(logOf({ image: 'nginx:1.28', command: ['sh', '-c', 'echo on; exec nginx; echo never'] })).toBe('on\n');
});

test('a server made of a script is asked over the network', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const pod = (name: string, command: readonly string[]): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: name } },
      spec: { containers: [{ name: 'a', image: 'busybox', command }] },
    });
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8081 }] },
  };
  cluster
    .apply(pod('web', ['sh', '-c', 'echo hi > /index.html; httpd -f -p 8081']))
    .apply(JSON.stringify(service))
    .run('20s');
  cluster.apply(pod('asks', ['sh', '-c', 'wget -qO- http://web || echo refused; sleep 300'])).run('20s');
  const log = cluster.world.command({ type: 'request', request: requestOf('GET /api/v1/namespaces/default/pods/asks/log', {}, {}) }).answer
    ?.body;
  expect(log).toBe('busybox in pod web answers GET /\n');
});

test('what only the program of an unknown image could make is there once it is up', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  const readinessProbe = { exec: { command: ['stat', '/tmp/ready'] }, periodSeconds: 1 };
  const isReady = (name: string, image: string): unknown => {
    const spec = { containers: [{ name: 'a', image, readinessProbe, command: image === 'busybox' ? ['sleep', '99'] : undefined }] };
    cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })).run('20s');
    return (cluster.world.store.get('Pod', `default/${name}`) as any).status.containerStatuses[0].ready;
  };
  expect([isReady('unknown', 'acme/shop'), isReady('known', 'busybox'), isReady('served', 'nginx')]).toEqual([true, false, false]);
});
