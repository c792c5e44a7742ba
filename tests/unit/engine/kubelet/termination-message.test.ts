import { expect, test } from 'vitest';
import { KubeletLab } from './kubelet-lab.ts';

/** What the ended container of a pod says of its end. */
function check(script: string, more: Record<string, unknown>, expected: string | undefined, volumes?: readonly unknown[]): void {
  const lab = new KubeletLab();
  const container = { name: 'app', image: 'busybox:1.36', command: ['sh', '-c', script], ...more };
  lab.create({ name: 'p', spec: { restartPolicy: 'Never', containers: [container], ...(volumes === undefined ? {} : { volumes }) } });
  lab.run(20);
  expect(lab.pod('p')?.status.containerStatuses?.[0]?.state?.terminated?.message).toBe(expected);
}

const BY_LOG = { terminationMessagePolicy: 'FallbackToLogsOnError' };

test('a container tells of its end in a file', () => {
  check('echo "no database" > /dev/termination-log; exit 1', {}, 'no database\n');
  check('echo fine > /dev/termination-log', {}, 'fine\n');
  check('echo elsewhere > /tmp/why; exit 1', {}, undefined);
  check('echo here > /tmp/why; exit 1', { terminationMessagePath: '/tmp/why' }, 'here\n');
  check('echo lost > /dev/null; exit 1', {}, undefined);
});

test('the file is its own, also where a volume is mounted around it', () =>
  check(
    'echo here > /tmp/why; exit 1',
    { terminationMessagePath: '/tmp/why', volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] },
    'here\n',
    [{ name: 'tmp', emptyDir: {} }],
  ));

test('the end of its log stands in where it is asked to and the container failed', () => {
  check('echo one; echo two; exit 1', {}, undefined);
  check('echo one; echo two; exit 1', BY_LOG, 'one\ntwo\n');
  check('echo one; echo two', BY_LOG, undefined);
  check('echo log; echo file > /dev/termination-log; exit 1', BY_LOG, 'file\n');
  check('for i in 1 2 3 4 5 6 7 8 9; do echo $i; done; exit 1', BY_LOG, '1\n2\n3\n4\n5\n6\n7\n8\n9\n');
});

test('only the end of much is kept', () => {
  const loop = 'for i in 1 2 3 4 5 6 7 8 9 10; do for j in 1 2 3 4 5 6 7 8 9 10; do echo $i.$j; done; done; exit 1';
  const lines = Array.from({ length: 80 }, (_, at) => `${Math.floor((at + 20) / 10) + 1}.${((at + 20) % 10) + 1}\n`);
  check(loop, BY_LOG, lines.join(''));
  const long = 'x'.repeat(5000);
  check(`echo ${long} > /dev/termination-log; exit 1`, {}, `${'x'.repeat(4095)}\n`);
  check(`echo ${long}; exit 1`, BY_LOG, `${'x'.repeat(2047)}\n`);
});
