// What a node does when less memory or disk is left than its settings keep free, however the settings and the pods came to be so.
import { expect, test } from 'vitest';
import { TestCluster } from '../../../support/test-cluster.ts';
import { requestOf } from '../api/rest/rest-world.ts';

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;

const pod = (name: string, annotations: Readonly<Record<string, string>> = {}): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, annotations: ${JSON.stringify(annotations)}}
spec: {containers: [{name: app, image: nginx, resources: {limits: {memory: 10Mi}}}]}
`;
const fat = (mebibytes: number) => ({ 'orrery.dev/memory-bytes': `${mebibytes * MEBIBYTE}` });

function annotate(path: string, annotations: Readonly<Record<string, string>>) {
  const options = { contentType: 'application/merge-patch+json' };
  return ({ world }: TestCluster) => {
    const { answer } = world.command({ type: 'request', request: requestOf(`PATCH ${path}`, { metadata: { annotations } }, options) });
    expect(answer?.code).toBe(200);
  };
}
const settings = (text: string) => annotate('/api/v1/nodes/worker-1', { 'orrery.dev/eviction-hard': text });

type Step = (cluster: TestCluster) => unknown;

/** The pods that were evicted, and when: the same of a world that is opened again after each step. */
function check(expected: readonly string[], steps: readonly Step[]): void {
  const histories = [false, true].map((isReopened) => {
    const cluster = new TestCluster({ zones: 1, workers: 1, size: { memory: '1Gi' } });
    for (const step of steps) {
      step(cluster);
      if (isReopened) cluster.reopen();
    }
    const told = [...cluster.world.store.table('Event').values()] as unknown as readonly Record<string, never>[];
    return told
      .filter(({ reason }) => reason === 'Evicted')
      .map(({ involvedObject, firstTimestamp }) => `${involvedObject?.['name']} ${firstTimestamp}`);
  });
  expect(histories).toEqual([expected, expected]);
}

const apply =
  (...manifests: readonly string[]): Step =>
  (cluster) => {
    for (const manifest of manifests) cluster.apply(manifest);
  };
const run =
  (time: string): Step =>
  (cluster) =>
    cluster.run(time);

test('enough is left', () => check([], [apply(pod('one'), pod('two')), run('5m')]));
test('more is to be kept free than is left', () =>
  check(['one 2025-06-02T08:00:50Z'], [apply(pod('one')), run('30s'), settings('memory.available<1020Mi'), run('30s')]));
test('less is to be kept free than is, again', () =>
  check([], [apply(pod('one')), run('30s'), settings('memory.available<1020Mi'), settings('memory.available<100Mi'), run('5m')]));
test('settings of long ago count for the pod that comes', () =>
  check(
    ['one 2025-06-02T08:01:50Z'],
    [apply(pod('one')), run('30s'), settings('memory.available<1010Mi'), run('1m'), apply(pod('two')), run('1m')],
  ));
test('a pod takes more than it did', () =>
  check(
    ['one 2025-06-02T08:00:50Z'],
    [apply(pod('one')), run('30s'), annotate('/api/v1/namespaces/default/pods/one', fat(1000)), run('1m')],
  ));
test('images alone fill a disk', () =>
  check(['one 2025-06-02T09:13:40Z'], [apply(pod('one', { 'orrery.dev/image-bytes': `${94 * GIBIBYTE}` })), run('75m')]));

const shell = (name: string, command: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: {containers: [{name: app, image: busybox, command: [sh, -c, "sleep 5; ${command}; sleep 3600"]}]}
`;
test('files that somebody makes fill a disk, and the pod that made them goes', () =>
  check(
    ['big 2025-06-02T08:00:20Z'],
    [apply(shell('big', 'fallocate -l 95G /tmp/big'), shell('small', 'fallocate -l 1M /tmp/small')), run('5m')],
  ));
test('files that are gone do not', () =>
  check([], [apply(shell('big', 'fallocate -l 95G /tmp/big; rm /tmp/big'), shell('small', 'true')), run('5m')]));
