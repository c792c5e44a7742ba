// A pod gets its defaults once for each template, may hardly change later, and ends with the grace it asked for.
import { describe, expect, test } from 'vitest';
import { freeze } from '../../../../../src-main/engine/base/freeze.ts';
import { type Pod, podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';

const metadata = { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '2025-06-01T08:00:00Z' };

function pod(spec: object, status: object = {}): Pod {
  return freeze({ apiVersion: 'v1', kind: 'Pod', metadata, spec, status } as unknown as Pod);
}

function check(spec: object, expected: object): void {
  expect(podKind.defaults(pod(spec)).spec).toMatchObject(expected);
}

const container = { name: 'a', image: 'nginx' };

describe('defaults', () => {
  test('of the pod', () =>
    check(
      { containers: [container] },
      {
        containers: [
          { imagePullPolicy: 'Always', terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', resources: {} },
        ],
        dnsPolicy: 'ClusterFirst',
        enableServiceLinks: true,
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        securityContext: {},
        terminationGracePeriodSeconds: 30,
      },
    ));
  test.each([
    ['nginx:1.27', 'IfNotPresent'],
    ['registry:5000/nginx', 'Always'],
    ['registry:5000/nginx:latest', 'Always'],
    ['nginx@sha256:0123', 'IfNotPresent'],
  ])('of pulling %s', (image, imagePullPolicy) => check({ containers: [{ ...container, image }] }, { containers: [{ imagePullPolicy }] }));
  test('of a probe', () =>
    check(
      { containers: [{ ...container, livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5 } }] },
      {
        containers: [
          {
            livenessProbe: {
              httpGet: { path: '/', scheme: 'HTTP' },
              periodSeconds: 5,
              timeoutSeconds: 1,
              successThreshold: 1,
              failureThreshold: 3,
            },
          },
        ],
      },
    ));
  test('requests follow limits where they are missing', () =>
    check(
      { containers: [{ ...container, resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } } }] },
      { containers: [{ resources: { requests: { cpu: '100m', memory: '1Gi' } } }] },
    ));
  test('host ports of a pod on the host network', () =>
    check(
      { hostNetwork: true, containers: [{ ...container, ports: [{ containerPort: 80 }] }] },
      { containers: [{ ports: [{ hostPort: 80, protocol: 'TCP' }] }] },
    ));
  test('of volumes', () =>
    check(
      {
        containers: [container],
        volumes: [{ name: 'a' }, { name: 'b', configMap: { name: 'c' } }, { name: 'd', hostPath: { path: '/x' } }],
      },
      { volumes: [{ emptyDir: {} }, { configMap: { defaultMode: 420 } }, { hostPath: { type: '' } }] },
    ));
});

describe('sharing', () => {
  const spec = { containers: [container] };
  test('pods of one template share their spec', () =>
    expect(podKind.defaults(pod(spec)).spec).toBe(podKind.defaults({ ...pod(spec), metadata: { ...metadata, name: 'other' } }).spec));
  test('a pod that has its defaults is returned as it is', () => {
    const filled = podKind.defaults(pod(spec));
    expect(podKind.defaults(filled)).toBe(filled);
  });
  test('binding keeps the containers', () => {
    const filled = podKind.defaults(pod(spec));
    const bound = { ...filled, spec: { ...filled.spec, nodeName: 'n' } };
    expect(podKind.defaults(bound).spec.containers).toBe(filled.spec.containers);
  });
});

describe('creation', () => {
  test('drops the status given', () =>
    expect(podKind.prepareForCreate(pod({ containers: [container] }, { phase: 'Running', podIP: '1.2.3.4' })).status).toEqual({
      phase: 'Pending',
      qosClass: 'BestEffort',
    }));
});

describe('updates', () => {
  const errors = (change: (spec: Pod['spec']) => object) => {
    const previous = podKind.defaults(
      pod({ containers: [container], tolerations: [{ key: 'a', operator: 'Exists' }], activeDeadlineSeconds: 60 }),
    );
    return podKind.validateUpdate(pod(change(previous.spec)), previous).map(String);
  };
  const only =
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  test.each<[string, (spec: Pod['spec']) => object, readonly string[]]>([
    ['an image', (spec) => ({ ...spec, containers: [{ ...spec.containers[0], image: 'nginx:2' }] }), []],
    ['a toleration more', (spec) => ({ ...spec, tolerations: [...spec.tolerations!, { key: 'b', operator: 'Exists' }] }), []],
    [
      'a toleration less',
      (spec) => ({ ...spec, tolerations: [] }),
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    ['a shorter deadline', (spec) => ({ ...spec, activeDeadlineSeconds: 30 }), []],
    [
      'a longer deadline',
      (spec) => ({ ...spec, activeDeadlineSeconds: 90 }),
      ['spec.activeDeadlineSeconds: Invalid value: 90: must be less than or equal to previous value'],
    ],
    [
      'a container more',
      (spec) => ({ ...spec, containers: [...spec.containers, { ...container, name: 'b' }] }),
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    ['the node', (spec) => ({ ...spec, nodeName: 'n' }), [`${only}\nspec.nodeName`]],
    ['the command', (spec) => ({ ...spec, containers: [{ ...spec.containers[0], command: ['x'] }] }), [`${only}\nspec.containers`]],
  ])('%s', (_what, change, expected) => expect(errors(change)).toEqual(expected));
});

describe('grace', () => {
  const seconds = (spec: object, status: object, requested?: number) => podKind.gracePeriodSeconds!(pod(spec, status), requested);
  test.each<[object, object, number | undefined, number]>([
    [{}, { phase: 'Pending' }, undefined, 0],
    [{ nodeName: 'n', terminationGracePeriodSeconds: 30 }, { phase: 'Running' }, undefined, 30],
    [{ nodeName: 'n', terminationGracePeriodSeconds: 30 }, { phase: 'Running' }, 5, 5],
    [{ nodeName: 'n', terminationGracePeriodSeconds: 30 }, { phase: 'Failed' }, 5, 0],
    [{ nodeName: 'n', terminationGracePeriodSeconds: 30 }, { phase: 'Succeeded' }, undefined, 0],
    [{ nodeName: 'n', terminationGracePeriodSeconds: -1 }, { phase: 'Running' }, undefined, 1],
  ])('%j %j asked %s: %s', (spec, status, requested, expected) => expect(seconds(spec, status, requested)).toBe(expected));
});
