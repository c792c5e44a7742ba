import { describe, expect, test } from 'vitest';
import { type Pod, podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { KubeletLab } from './kubelet-lab.ts';

const nginx = { containers: [{ name: 'web', image: 'nginx:1.27', readinessProbe: { httpGet: { port: 80 } } }] };

const AT_ONCE = { 'orrery.dev/start-up-seconds': '0' };

/** Does things to a node with a ready pod `p` on it, and tells what the API server then says of the pod, without repeats. */
function check(act: (lab: KubeletLab) => void, expected: readonly string[]): KubeletLab {
  const lab = new KubeletLab();
  lab.create({ name: 'p', annotations: AT_ONCE, spec: nginx });
  lab.run(20);
  const before = lab.log.length;
  act(lab);
  expect(lab.log.slice(before).map((line) => line.replace(/^[\d.]+s /, ''))).toEqual(expected);
  return lab;
}

const id = (lab: KubeletLab) => lab.pod('p')?.status.containerStatuses?.[0]?.containerID;

describe('a kubelet obeys physics', () => {
  test('stopped: the container goes on, nothing is reported; started again: the same container', () => {
    let container: string | undefined;
    const lab = check(
      (at) => {
        container = id(at);
        at.physics.change('kubelet', 'n1', { running: false });
        at.run(60);
        at.delete('p');
        at.run(60);
        expect(at.summary('p')).toBe('Running Ready [ready] restarts=0 deleting');
        at.physics.change('kubelet', 'n1', { running: true });
        at.run(60);
      },
      ['p: Running Ready [ready] restarts=0 deleting', 'p: Succeeded [Completed:0] restarts=0 deleting', 'p: gone'],
    );
    expect(container).toMatch(/^containerd:/);
    expect(lab.host.memoryOf('kubelet')).toMatchObject({ pods: {} });
  });

  test.each([
    ['a preStop hook runs', { lifecycle: { preStop: { exec: { command: ['sleep', '8'] } } } }, 1],
    ['a container does not heed SIGTERM', { image: 'busybox:1', command: ['sleep', '600'] }, 2],
  ])('stopped while %s: the container goes on, and stops anew when the kubelet is back', (_name, more, kills) => {
    const lab = new KubeletLab();
    lab.create({ name: 'p', spec: { terminationGracePeriodSeconds: 10, containers: [{ name: 'web', image: 'nginx:1.27', ...more }] } });
    lab.run(20);
    const { uid } = lab.pod('p')!.metadata;
    const runs = () => (lab.host.memoryOf('kubelet') as any).pods[uid]?.containers.web.process !== null;
    lab.delete('p');
    lab.run(3);
    lab.physics.change('kubelet', 'n1', { running: false });
    lab.run(100);
    expect(runs()).toBe(true);
    lab.physics.change('kubelet', 'n1', { running: true });
    lab.run(7);
    expect([runs(), lab.summary('p')]).toEqual([true, 'Running Ready [ready] restarts=0 deleting']);
    lab.run(kills * 7);
    expect(lab.summary('p')).toBe('gone');
    expect(lab.events('p').filter((event) => event === 'Normal Killing Stopping container web')).toHaveLength(2);
  });

  test('stopped and started: nothing changes for the pod', () => {
    check((at) => {
      const container = id(at);
      at.physics.change('kubelet', 'n1', { running: false });
      at.run(30);
      at.physics.change('kubelet', 'n1', { running: true });
      at.run(30);
      expect(id(at)).toBe(container);
    }, []);
  });

  test('what others write into a status is put right, also after the power was lost meanwhile', () => {
    const lie = (lab: KubeletLab) =>
      lab.server.patch(
        podKind,
        'default/p',
        ({ status, ...pod }) => {
          const conditions = status.conditions?.map((condition) => ({
            ...condition,
            ...(condition.type === 'Ready' && { status: 'False' }),
          }));
          return { ...pod, status: { ...status, conditions } } as Pod;
        },
        'somebody',
        'status',
      );
    check(
      (at) => {
        lie(at);
        at.run(0.1);
        at.physics.change('machine', 'n1', { powered: false });
        at.run(15);
        at.physics.change('machine', 'n1', { powered: true, bootedAtMs: at.timeline.nowMs });
        at.run(60);
        expect(at.summary('p')).toBe('Running Ready [ready] restarts=1');
        lie(at);
        at.run(15);
      },
      [
        'p: Running [ready] restarts=0',
        'p: Running [Unknown:255] restarts=0',
        'p: Running Ready [ready] restarts=1',
        'p: Running [ready] restarts=1',
        'p: Running Ready [ready] restarts=1',
      ],
    );
  });

  test('after a loss of power the init container ends before the others begin, also when the kubelet stops once more', () => {
    const lab = new KubeletLab();
    const first = { name: 'first', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 5'] };
    lab.create({ name: 'p', annotations: AT_ONCE, spec: { ...nginx, initContainers: [first] } });
    lab.run(30).physics.change('machine', 'n1', { powered: false });
    lab.run(5).physics.change('machine', 'n1', { powered: true, bootedAtMs: lab.timeline.nowMs });
    const before = lab.log.length;
    lab.run(20.8).physics.change('kubelet', 'n1', { running: false });
    lab.run(5).physics.change('kubelet', 'n1', { running: true });
    lab.run(60);
    const states = lab.log.slice(before).map((line) => /\[.*\]/.exec(line)?.[0] ?? '');
    expect(states).toContainEqual('[up Unknown:255]');
    expect(states.filter((state) => /^\[up (up|ready)/.test(state))).toEqual([]);
    expect(lab.summary('p')).toBe('Running Ready [Completed:0 ready] restarts=2');
  });

  test('power lost: silence; power back: the kubelet boots and runs the pod again', () => {
    check(
      (at) => {
        const container = id(at);
        at.physics.change('machine', 'n1', { powered: false });
        at.run(60);
        at.physics.change('machine', 'n1', { powered: true, bootedAtMs: at.timeline.nowMs });
        at.run(60);
        expect(id(at)).not.toBe(container);
        expect(at.pod('p')?.status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 255, reason: 'Unknown' });
      },
      ['p: Running [Unknown:255] restarts=0', 'p: Running Ready [ready] restarts=1'],
    );
  });

  test('link cut: the kubelet works on and tells later', () => {
    check(
      (at) => {
        at.physics.change('link', 'n1', { cut: true });
        at.physics.set('ailment', `${at.pod('p')?.metadata.uid}/web`, { failingProbes: ['readiness'] });
        at.run(60);
        at.physics.change('link', 'n1', { cut: false });
        at.run(20);
      },
      ['p: Running [up] restarts=0'],
    );
  });

  test('a crash is a physical fact: the process dies once', () => {
    check(
      (at) => {
        at.physics.set('ailment', `${at.pod('p')?.metadata.uid}/web`, {
          failingProbes: [],
          crash: { exitCode: 139, atMs: at.timeline.nowMs },
        });
        at.run(5);
      },
      ['p: Running [Error:139] restarts=0', 'p: Running Ready [ready] restarts=1'],
    );
  });

  test('the registry is down: back-off, and on again when it is up', () => {
    const lab = new KubeletLab();
    lab.physics.set('registry', 'docker.io', { up: false });
    lab.create({ name: 'p', annotations: AT_ONCE, spec: nginx });
    lab.run(30);
    expect(lab.summary('p')).toBe('Pending [ImagePullBackOff] restarts=0');
    lab.physics.set('registry', 'docker.io', undefined);
    lab.run(30);
    expect(lab.summary('p')).toBe('Running Ready [ready] restarts=0');
  });

  test('the node is registered with what its machine has', () => {
    const node = new KubeletLab().store.table('Node').get('n1');
    expect(node).toMatchObject({
      metadata: { labels: { 'topology.kubernetes.io/zone': 'zone-a', 'kubernetes.io/hostname': 'n1' } },
      status: { capacity: { cpu: '4' }, allocatable: { pods: '110' }, nodeInfo: { kubeletVersion: expect.stringMatching(/^v1\.33\./) } },
    });
  });
});

describe('a kubelet tells of its node', () => {
  const turns = ['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID', 'NodeReady'];
  // upstream: cmd/kubelet/app/server.go createAndInitKubelet: BirthCry comes before anything runs.
  const start = (...found: readonly string[]): readonly string[] => ['Starting', ...found, 'NodeAllocatableEnforced'];
  const told = (lab: KubeletLab) => lab.events('n1').map((line) => line.replace(/^\w+ (\w+).*?( x\d+)?$/, '$1$2'));

  test('at its first start', () => {
    expect(told(new KubeletLab().run(1))).toEqual(start(...turns));
  });

  test('after a power cut: the machine has a new boot id, and what nobody doubted is not told again', () => {
    const lab = new KubeletLab().run(10);
    lab.physics.change('machine', 'n1', { powered: false });
    lab.run(10);
    lab.physics.change('machine', 'n1', { powered: true, bootedAtMs: lab.timeline.nowMs });
    expect(told(lab.run(60))).toEqual([...start(...turns), ...start('Rebooted')]);
  });
});

test('a kubelet calls its node by its name where events have a uid, and kubectl looks for both', () => {
  const lab = new KubeletLab();
  const told = [...(lab.store.table('Event').values() as Iterable<any>)].filter(({ involvedObject }) => involvedObject.kind === 'Node');
  expect(told.map(({ reason }) => reason)).toContain('Starting');
  for (const { involvedObject } of told) expect(involvedObject).toEqual({ kind: 'Node', name: 'n1', uid: 'n1' });
});
