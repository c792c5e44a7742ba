// What is seen of a pod from near: containers as the API says them, probes as the kubelet lives them.
import { expect, test } from 'vitest';
import { podParts } from '../../../src-main/session/pod-parts.ts';
import { TestCluster } from '../../support/test-cluster.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers: [{ name: prepare, image: busybox, command: [sh, -c, 'exit 0'] }]
  containers:
    - name: app
      image: nginx
      ports: [{ containerPort: 80 }]
      startupProbe: { tcpSocket: { port: 80 }, periodSeconds: 2 }
      readinessProbe: { httpGet: { path: /, port: 80 }, initialDelaySeconds: 20, periodSeconds: 5 }
    - { name: wrong, image: nginx, command: [sh, -c, 'exit 3'] }
`;

/** One line a container, so many seconds after the pod was made. */
function check(afterS: number, expected: readonly string[]): void {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).apply(POD).run(`${afterS}s`);
  const [pod, nobody] = podParts(cluster.world, ['default/web', 'default/nobody']);
  expect(nobody).toBeUndefined();
  expect(
    pod?.containers.map(({ name, isInit, state, ready, probes }) =>
      [isInit ? `init ${name}` : name, state, ready ? 'ready' : 'not ready', ...probes.map((probe) => `${probe.type} ${probe.state}`)].join(
        ', ',
      ),
    ),
  ).toEqual(expected);
}

test('before anything runs', () =>
  check(0, [
    'init prepare, waiting, not ready',
    'app, waiting, not ready, startup waiting, readiness waiting',
    'wrong, waiting, not ready',
  ]));
test('while readiness has not been asked yet', () =>
  check(25, ['init prepare, succeeded, ready', 'app, running, not ready, startup over, readiness waiting', 'wrong, waiting, not ready']));
test('at last', () =>
  check(60, ['init prepare, succeeded, ready', 'app, running, ready, startup over, readiness passing', 'wrong, waiting, not ready']));
