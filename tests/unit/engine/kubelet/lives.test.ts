import { describe, expect, test } from 'vitest';
import type { KubeletState } from '../../../../src-main/engine/kubelet/kubelet-state.ts';
import { KubeletLab, type PodPlan } from './kubelet-lab.ts';

const shell = (script: string, more: Record<string, unknown> = {}) => ({
  name: 'app',
  image: 'busybox:1.36',
  command: ['sh', '-c', script],
  ...more,
});
const nginx = (more: Record<string, unknown> = {}) => ({ name: 'web', image: 'nginx:1.27', ...more });

/** Runs one pod for a while and tells each state its status went through, without times, and its events. */
function check(
  plan: Omit<PodPlan, 'name'>,
  seconds: number,
  expected: { states: readonly string[]; events?: readonly RegExp[] },
  act?: (lab: KubeletLab) => void,
): void {
  const lab = new KubeletLab();
  lab.create({ name: 'p', ...plan });
  lab.run(seconds);
  act?.(lab);
  const states = lab.log.map((line) => line.replace(/^[\d.]+s p: /, '')).filter((line, index, all) => line !== all[index - 1]);
  expect(states.slice(1)).toEqual(expected.states);
  const events = lab.events('p');
  for (const pattern of expected.events ?? []) expect(events).toContainEqual(expect.stringMatching(pattern));
}

describe('a pod on its node', () => {
  test('starts and becomes ready', () =>
    check(
      { annotations: { 'orrery.dev/start-up-seconds': '3' }, spec: { containers: [nginx({ readinessProbe: { httpGet: { port: 80 } } })] } },
      20,
      {
        states: ['Pending [ContainerCreating] restarts=0', 'Running [up] restarts=0', 'Running Ready [ready] restarts=0'],
        events: [
          /^Normal Pulling Pulling image "nginx:1.27"$/,
          /^Normal Pulled Successfully pulled .* Image size: 72000000 bytes\.$/,
          /^Normal Created Created container: web$/,
          /^Normal Started Started container web$/,
        ],
      },
    ));
  test('without restarts it ends as its containers do', () => {
    const pod = (script: string) => ({ spec: { restartPolicy: 'Never', containers: [shell(script)] } });
    const states = (last: string) => ['Pending [ContainerCreating] restarts=0', 'Running Ready [ready] restarts=0', ...last.split(';')];
    check(pod('sleep 3'), 30, { states: states('Succeeded [Completed:0] restarts=0') });
    check(pod('sleep 3; exit 4'), 30, { states: states('Failed [Error:4] restarts=0') });
  });
  test('a container that ends is restarted at once, then backs off', () =>
    check({ spec: { containers: [shell('sleep 2; exit 1')] } }, 30, {
      states: [
        'Pending [ContainerCreating] restarts=0',
        'Running Ready [ready] restarts=0',
        'Running [Error:1] restarts=0',
        'Running Ready [ready] restarts=1',
        'Running [Error:1] restarts=1',
        'Running [CrashLoopBackOff] restarts=1',
        'Running Ready [ready] restarts=2',
        'Running [Error:1] restarts=2',
        'Running [CrashLoopBackOff] restarts=2',
      ],
      events: [/^Warning BackOff Back-off restarting failed container app in pod p_default\(/],
    }));
  test('init containers run in order and restart until they succeed', () =>
    check(
      {
        spec: {
          initContainers: [
            { ...shell('sleep 1'), name: 'one' },
            {
              ...shell('test -f /shared-files/seen && exit 0; touch /shared-files/seen; exit 1'),
              name: 'two',
              volumeMounts: [{ name: 'work', mountPath: '/shared-files' }],
            },
          ],
          containers: [nginx()],
          volumes: [{ name: 'work', emptyDir: {} }],
        },
      },
      30,
      {
        states: [
          'Pending [PodInitializing PodInitializing PodInitializing] restarts=0',
          'Pending [up PodInitializing PodInitializing] restarts=0',
          'Pending [Completed:0 PodInitializing PodInitializing] restarts=0',
          'Pending [Completed:0 Error:1 PodInitializing] restarts=0',
          'Pending [Completed:0 Completed:0 PodInitializing] restarts=1',
          'Running Ready [Completed:0 Completed:0 ready] restarts=1',
        ],
      },
    ));
  test('a sidecar starts first and goes last', () =>
    check(
      {
        spec: {
          terminationGracePeriodSeconds: 5,
          initContainers: [nginx({ name: 'side', restartPolicy: 'Always' })],
          containers: [shell('sleep 600')],
        },
      },
      30,
      {
        states: [
          'Pending [PodInitializing PodInitializing] restarts=0',
          'Pending [ready PodInitializing] restarts=0',
          'Running Ready [ready ready] restarts=0',
          'Running Ready [ready ready] restarts=0 deleting',
          'Failed [Completed:0 Error:137] restarts=0 deleting',
          'gone',
        ],
      },
      (lab) => {
        lab.delete('p');
        lab.run(4.9);
        const alive = lab.pod('p')?.status.initContainerStatuses?.[0]?.state?.running !== undefined;
        expect([alive, lab.events('p').filter((line) => line.includes('Killing')).length]).toEqual([true, 2]);
        lab.run(10);
      },
    ));
  test('an image that is not there, a secret that is not there', () => {
    check({ spec: { containers: [nginx({ image: 'nginx:1.161' })] } }, 5, {
      states: ['Pending [ContainerCreating] restarts=0', 'Pending [ErrImagePull] restarts=0', 'Pending [ImagePullBackOff] restarts=0'],
      events: [
        /^Warning Failed Failed to pull image "nginx:1.161": rpc error: code = NotFound/,
        /^Warning Failed Error: ErrImagePull$/,
        /^Normal BackOff Back-off pulling image "nginx:1.161"$/,
      ],
    });
    const env = [{ name: 'P', valueFrom: { secretKeyRef: { name: 'mysql-pass', key: 'password' } } }];
    check({ spec: { containers: [shell('sleep 1', { env })] } }, 5, {
      states: ['Pending [ContainerCreating] restarts=0', 'Pending [CreateContainerConfigError] restarts=0'],
      events: [/^Warning Failed Error: secret "mysql-pass" not found$/],
    });
    check({ spec: { containers: [nginx()], volumes: [{ name: 'v', secret: { secretName: 'y' } }] } }, 130, {
      states: ['Pending [ContainerCreating] restarts=0'],
      events: [/^Warning FailedMount MountVolume.SetUp failed for volume "v" : secret "y" not found x9$/],
    });
  });
  test('too much memory, too long a life, too little room', () => {
    check(
      {
        annotations: { 'orrery.dev/memory-growth-bytes-per-second': '20000000' },
        spec: { restartPolicy: 'Never', containers: [nginx({ resources: { limits: { memory: '100Mi' } } })] },
      },
      30,
      {
        states: ['Pending [ContainerCreating] restarts=0', 'Running Ready [ready] restarts=0', 'Failed [OOMKilled:137] restarts=0'],
      },
    );
    check({ spec: { activeDeadlineSeconds: 10, containers: [nginx()] } }, 30, {
      states: [
        'Pending [ContainerCreating] restarts=0',
        'Running Ready [ready] restarts=0',
        'Failed [Completed:0] restarts=0 DeadlineExceeded',
      ],
    });
    check({ spec: { containers: [nginx({ resources: { requests: { cpu: '5' } } })] } }, 5, {
      states: ['Failed [] restarts=0 OutOfcpu'],
      events: [/^Warning OutOfcpu Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000$/],
    });
  });
  test('a process that does not heed SIGTERM is killed after its grace period; a preStop hook comes first', () => {
    check(
      {
        spec: { terminationGracePeriodSeconds: 10, containers: [nginx({ lifecycle: { preStop: { exec: { command: ['sleep', '4'] } } } })] },
      },
      10,
      {
        states: [
          'Pending [ContainerCreating] restarts=0',
          'Running Ready [ready] restarts=0',
          'Running Ready [ready] restarts=0 deleting',
          'Succeeded [Completed:0] restarts=0 deleting',
          'gone',
        ],
      },
      (lab) => {
        lab.delete('p');
        lab.run(3.9);
        expect(lab.summary('p')).toContain('deleting');
        lab.run(2);
        expect(lab.summary('p')).toBe('gone');
      },
    );
  });
});

const stages = (lab: KubeletLab) => Object.values((lab.host.memoryOf('kubelet') as KubeletState).pods).map(({ life }) => life.value);

test('a pod that is forgotten while it is torn down gives its address back', () => {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec: { containers: [nginx()] } });
  lab.run(20);
  const addresses = () => Object.values((lab.host.memoryOf('kubelet') as KubeletState).nodes['n1']?.addresses ?? {});
  expect(addresses()).toEqual([lab.pod('p')?.metadata.uid]);
  lab.delete('p', 30);
  while (!stages(lab).some((stage) => stage.includes('tearingDown'))) lab.timeline.step();
  lab.delete('p', 0);
  lab.run(60);
  expect([addresses(), lab.host.memoryOf('kubelet')]).toEqual([[], expect.objectContaining({ pods: {} })]);
});

test('a pod whose containers have ended leaves its room to the next, though its sandbox is still there', () => {
  const lab = new KubeletLab();
  const large = { containers: [nginx({ resources: { requests: { cpu: '3' } } })] };
  lab.create({ name: 'p', spec: large });
  lab.run(20);
  lab.delete('p', 30);
  while (!stages(lab).some((stage) => stage.includes('tearingDown'))) lab.timeline.step();
  lab.create({ name: 'q', spec: large });
  lab.run(0.05);
  expect(stages(lab)).toEqual([expect.stringContaining('tearingDown'), expect.not.stringContaining('rejected')]);
  expect(lab.summary('q')).toBe('Pending [ContainerCreating] restarts=0');
});

test('a pod that was deleted while its end was written goes when its kubelet hears of it', () => {
  const goes = (stage: string, spec: Record<string, unknown>) => {
    const lab = new KubeletLab();
    lab.create({ name: 'p', spec });
    while (!stages(lab).some((value) => value.includes(stage))) lab.timeline.step();
    lab.delete('p', 5);
    return lab.run(20).summary('p');
  };
  expect(goes('rejected', { containers: [nginx({ resources: { requests: { cpu: '30' } } })] })).toBe('gone');
  expect(goes('terminated', { restartPolicy: 'Never', containers: [shell('sleep 3')] })).toBe('gone');
});
