// What others write into the status of a pod: the kubelet puts its own parts back, and looks at readiness gates at once.
import { expect, test } from 'vitest';
import { type Pod, podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { KubeletLab } from './kubelet-lab.ts';

type Status = Record<string, unknown>;

const CONTAINERS = [{ name: 'a', image: 'nginx:1.27' }];
const RUNNING = 'Running Ready [ready] restarts=0';

interface Expected {
  /** After it was written, and after the kubelet's next sync of statuses. */
  readonly written: string;
  readonly later: string;
  readonly status?: Status;
}

/** Writes into the status of a pod that runs. */
function check(change: (status: Pod['status']) => Status, expected: Expected, spec: Record<string, unknown> = {}, before?: string): void {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec: { containers: CONTAINERS, ...spec } });
  lab.run(30);
  expect(lab.summary('p')).toBe(before ?? RUNNING);
  const own = lab.pod('p')?.status;
  lab.server.patch(podKind, 'default/p', (pod) => ({ ...pod, status: { ...pod.status, ...change(pod.status) } }) as Pod, 'test', 'status');
  expect(lab.summary('p')).toBe(expected.written);
  lab.run(11);
  expect(lab.summary('p')).toBe(expected.later);
  expect(lab.pod('p')?.status).toEqual({ ...own, ...expected.status });
  const { resourceVersion } = lab.pod('p')?.metadata ?? {};
  lab.run(120);
  expect(lab.pod('p')?.metadata.resourceVersion).toBe(resourceVersion);
}

test('a phase that no container gives it', () =>
  check(() => ({ phase: 'Foo' }), { written: 'Foo Ready [ready] restarts=0', later: RUNNING }));

test('a final phase, while its containers run', () =>
  check(() => ({ phase: 'Failed' }), { written: 'Failed Ready [ready] restarts=0', later: RUNNING }));

test('a reason, an address and counts of restarts', () =>
  check(
    ({ containerStatuses = [] }) => ({
      reason: 'Mine',
      podIP: '10.9.9.9',
      containerStatuses: containerStatuses.map((one) => ({ ...one, restartCount: 7 })),
    }),
    { written: 'Running Ready [ready] restarts=7 Mine', later: RUNNING },
  ));

test('what belongs to others stays theirs', () =>
  check(() => ({ nominatedNodeName: 'n2' }), { written: RUNNING, later: RUNNING, status: { nominatedNodeName: 'n2' } }));

test('a readiness gate that is opened is seen as soon as it is heard of', () => {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec: { containers: CONTAINERS, readinessGates: [{ conditionType: 'example.com/open' }] } });
  lab.run(30);
  expect(lab.summary('p')).toBe('Running [ready] restarts=0');
  const open = { type: 'example.com/open', status: 'True' };
  lab.server.patch(
    podKind,
    'default/p',
    (pod) => ({ ...pod, status: { ...pod.status, conditions: [...(pod.status.conditions ?? []), open] } }) as Pod,
    'test',
    'status',
  );
  lab.run(1);
  expect(lab.summary('p')).toBe(RUNNING);
});

test('a kubelet that stood still meanwhile takes a final phase for the pod’s', () => {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec: { containers: CONTAINERS } });
  lab.run(30);
  lab.physics.set('kubelet', 'n1', { running: false });
  lab.run(5);
  lab.server.patch(podKind, 'default/p', (pod) => ({ ...pod, status: { ...pod.status, phase: 'Failed' } }) as Pod, 'test', 'status');
  lab.physics.set('kubelet', 'n1', { running: true });
  lab.run(60);
  expect(lab.summary('p')).toBe('Failed [Completed:0] restarts=0');
});
