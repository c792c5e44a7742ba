import { expect, test } from 'vitest';
import type { KubeletState } from '../../../../src-main/engine/kubelet/kubelet-state.ts';
import { KubeletLab } from './kubelet-lab.ts';

const shell = (name: string, script: string, more: Record<string, unknown> = {}) => ({
  name,
  image: 'busybox:1.36',
  command: ['sh', '-c', script],
  ...more,
});
const nginx = (name: string, more: Record<string, unknown> = {}) => ({ name, image: 'nginx:1.27', ...more });
const hook = (name: 'postStart' | 'preStop', ...command: readonly string[]) => ({ lifecycle: { [name]: { exec: { command } } } });

interface Expected {
  /** What its status said after it was heard of, with the second. */
  readonly states?: readonly string[];
  /** Reasons of events in the order of their first time; of containers that have one letter. */
  readonly events?: readonly string[];
}

/** Runs a pod for a while. */
function check(spec: Record<string, unknown>, seconds: number, expected: Expected, act?: (lab: KubeletLab) => void): void {
  const lab = new KubeletLab();
  lab.create({ name: 'p', spec });
  lab.run(seconds);
  act?.(lab);
  if (expected.states !== undefined) expect(lab.log.slice(2).map((line) => line.replace('p: ', ''))).toEqual(expected.states);
  const events = lab.events('p').map((event) => event.split(' ').slice(1).join(' '));
  if (expected.events !== undefined) expect(events.map((event) => event.replace(/in [\d.]+m?s \(.*/, ''))).toEqual(expected.events);
}

test('containers are started one after the other, and nothing is told before the last one', () =>
  check({ containers: [nginx('a'), shell('b', 'sleep 100')] }, 20, {
    states: ['7.0s Running Ready [ready ready] restarts=0'],
    events: [
      'Pulling Pulling image "nginx:1.27"',
      'Pulled Successfully pulled image "nginx:1.27" ',
      'Created Created container: a',
      'Started Started container a',
      'Pulling Pulling image "busybox:1.36"',
      'Pulled Successfully pulled image "busybox:1.36" ',
      'Created Created container: b',
      'Started Started container b',
    ],
  }));

test('one that cannot be started does not hold the next one', () =>
  check({ containers: [{ name: 'a', image: 'nosuch/app:1' }, shell('b', 'sleep 100')] }, 4, {
    states: ['3.0s Pending [ErrImagePull ready] restarts=0', '4.0s Pending [ImagePullBackOff ready] restarts=0'],
  }));

test('a container counts as started when its postStart hook has ended, and only then the next one starts', () =>
  check({ containers: [shell('a', 'sleep 100', hook('postStart', 'sleep', '10')), shell('b', 'sleep 100')] }, 20, {
    states: ['13.0s Running Ready [ready ready] restarts=0'],
    events: [
      'Pulling Pulling image "busybox:1.36"',
      'Pulled Successfully pulled image "busybox:1.36" ',
      'Created Created container: a',
      'Started Started container a',
      'Pulled Container image "busybox:1.36" already present on machine',
      'Created Created container: b',
      'Started Started container b',
    ],
  }));

test('a postStart hook that fails ends the container within its grace', () => {
  const spec = {
    terminationGracePeriodSeconds: 4,
    containers: [shell('a', 'sleep 100', hook('postStart', 'sh', '-c', 'echo no; exit 3'))],
  };
  check({ ...spec, restartPolicy: 'Never' }, 20, {
    states: ['7.0s Failed [Error:137] restarts=0'],
    events: [
      'Pulling Pulling image "busybox:1.36"',
      'Pulled Successfully pulled image "busybox:1.36" ',
      'Created Created container: a',
      'Started Started container a',
      'FailedPostStartHook PostStartHook failed',
      'Killing FailedPostStartHook',
    ],
  });
  check(spec, 9, { states: ['7.0s Running [PostStartHookError] restarts=0'] }, (lab) => {
    const message = lab.pod('p')?.status.containerStatuses?.[0]?.state?.waiting?.message?.replace(lab.pod('p')?.metadata.uid ?? '', 'UID');
    const failed = "command 'sh -c echo no; exit 3' exited with 3: ";
    expect(message).toBe(
      `Exec lifecycle hook ([sh -c echo no; exit 3]) for Container "a" in Pod "p_default(UID)" failed - error: ${failed}, message: "no\\n"`,
    );
  });
});

test('a hook that asks over HTTP fails where nobody listens', () => {
  const told = (port: number, expected: readonly string[]) =>
    check({ containers: [nginx('a', { lifecycle: { preStop: { httpGet: { port, path: '/x' } } } })] }, 20, {}, (lab) => {
      lab.delete('p', 30);
      lab.run(5);
      expect(lab.events('p').filter((event) => event.startsWith('Warning'))).toEqual(expected);
    });
  told(80, []);
  told(81, ['Warning FailedPreStopHook PreStopHook failed']);
});

test('a preStop hook that fails is told, and the container stops all the same', () =>
  check({ containers: [nginx('a', hook('preStop', 'sh', '-c', 'exit 1'))] }, 20, {}, (lab) => {
    lab.delete('p', 30);
    lab.run(2);
    expect(lab.summary('p')).toBe('gone');
    expect(lab.events('p').slice(-2)).toEqual(['Normal Killing Stopping container a', 'Warning FailedPreStopHook PreStopHook failed']);
  }));

test('without grace the hook has a second', () =>
  check({ terminationGracePeriodSeconds: 0, containers: [nginx('a', hook('preStop', 'sleep', '8'))] }, 20, {}, (lab) => {
    lab.delete('p', 0);
    lab.run(0.9);
    expect(Object.keys((lab.host.memoryOf('kubelet') as KubeletState).pods).length).toBe(1);
    lab.run(1.1);
    expect(Object.keys((lab.host.memoryOf('kubelet') as KubeletState).pods).length).toBe(0);
  }));

test('the preStop hook of a sidecar does not wait for its turn, its end does', () => {
  const sidecar = { ...nginx('s', hook('preStop', 'sleep', '3')), restartPolicy: 'Always' };
  const main = shell('a', "trap 'exit 0' TERM; sleep 100", hook('preStop', 'sleep', '8'));
  check({ initContainers: [sidecar], containers: [main] }, 20, {}, (lab) => {
    lab.delete('p', 30);
    lab.run(9.5);
    // Its hook ended 5 seconds ago: it stops at once when the other has.
    expect(lab.summary('p')).toBe('gone');
  });
});
