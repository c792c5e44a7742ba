// What a kubelet ends by itself: pods whose time is over, whatever happened to the kubelet meanwhile; and what is forgotten with it.
import { expect, test } from 'vitest';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { KubeletLab } from './kubelet-lab.ts';

const RUNNING = 'Running Ready [ready] restarts=0';
const sleeper = { name: 'app', image: 'busybox:1', command: ['sleep', '6000'] };
/** Heeds SIGTERM after twenty seconds. */
const slow = { name: 'app', image: 'nginx:1.27', lifecycle: { preStop: { exec: { command: ['sleep', '20'] } } } };

function lab(spec: object): KubeletLab {
  const made = new KubeletLab();
  made.create({ name: 'p', spec: spec as never });
  return made.run(20);
}
function restartKubelet(at: KubeletLab, seconds: number): void {
  at.physics.change('kubelet', 'n1', { running: false });
  at.run(seconds);
  at.physics.change('kubelet', 'n1', { running: true });
  at.run(5);
}
const reasonOf = (at: KubeletLab) => at.pod('p')?.status.reason;
const setDeadline = (at: KubeletLab, activeDeadlineSeconds: number) =>
  at.server.patch(podKind, 'default/p', (pod) => ({ ...pod, spec: { ...pod.spec, activeDeadlineSeconds } }), 'test', 'spec');

test('the time of a pod ends though its kubelet was restarted', () => {
  const at = lab({ activeDeadlineSeconds: 60, terminationGracePeriodSeconds: 1, containers: [sleeper] });
  restartKubelet(at, 5);
  at.run(25);
  expect(at.summary('p')).toBe(RUNNING);
  at.run(15);
  expect(reasonOf(at)).toBe('DeadlineExceeded');
});

test('the time of a pod that ended while its kubelet was away ends it at once', () => {
  const at = lab({ activeDeadlineSeconds: 30, terminationGracePeriodSeconds: 1, containers: [sleeper] });
  restartKubelet(at, 60);
  at.run(5);
  expect(reasonOf(at)).toBe('DeadlineExceeded');
});

test('a pod may be given a time, and less of it, while it runs', () => {
  const at = lab({ terminationGracePeriodSeconds: 1, containers: [sleeper] });
  setDeadline(at, 600);
  at.run(100);
  expect(at.summary('p')).toBe(RUNNING);
  setDeadline(at, 130);
  at.run(5);
  expect(at.summary('p')).toBe(RUNNING);
  at.run(10);
  expect(reasonOf(at)).toBe('DeadlineExceeded');
});

test('an eviction that had begun is forgotten with the kubelet: the pod goes on', () => {
  const spec = { terminationGracePeriodSeconds: 60, containers: [slow] };
  const at = new KubeletLab();
  const annotations = { 'orrery.dev/disk-bytes.app': `${20 * 1024 * 1024}` };
  at.create({
    name: 'p',
    annotations,
    spec: { ...spec, containers: [{ ...slow, resources: { limits: { 'ephemeral-storage': '10Mi' } } }] },
  });
  at.run(2);
  while (!at.events('p').some((event) => event.startsWith('Warning Evicted'))) at.run(0.5);
  at.physics.change('kubelet', 'n1', { running: false });
  at.run(30);
  at.pod('p');
  at.server.patch(podKind, 'default/p', (pod) => ({ ...pod, metadata: { ...pod.metadata, annotations: {} } }), 'test', 'spec');
  at.physics.change('kubelet', 'n1', { running: true });
  at.run(120);
  expect([at.pod('p')?.status.phase, reasonOf(at)]).toEqual(['Running', undefined]);
  expect(at.summary('p')).toMatch(/^Running Ready/);
});
