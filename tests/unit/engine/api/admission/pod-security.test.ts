// Whom the labels of a namespace refuse and whom they warn: pods, workloads, and those who change the labels.
import { describe, expect, test } from 'vitest';
import type { AdmissionServer } from '../../../../../src-main/engine/api/admission/admission-plugin.ts';
import { podSecurity } from '../../../../../src-main/engine/api/admission/pod-security.ts';
import { deploymentKind } from '../../../../../src-main/engine/kinds/apps/deployment.ts';
import { namespaceKind } from '../../../../../src-main/engine/kinds/core/namespace.ts';
import { podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';
import { StatusError } from '../../../../../src-main/engine/meta/status-error.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const prefixed = (labels: Record<string, string>) =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${PREFIX}${name}`, value]));
const kinds = { Pod: podKind, Deployment: deploymentKind, Namespace: namespaceKind };
const podOf = (name: string, more: object = {}, owner?: string) => ({
  metadata: {
    name,
    namespace: 'shop',
    ...(owner === undefined ? {} : { ownerReferences: [{ kind: 'ReplicaSet', name: owner, uid: owner, controller: true }] }),
  },
  spec: { containers: [{ name: 'a', image: 'nginx:1' }], ...more },
});
const deploymentOf = (spec: object, metadata: object = {}) => ({
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { replicas: 1, template: podOf('', { hostPID: true }), ...spec },
});

interface Given {
  readonly labels: Record<string, string>;
  readonly kind: keyof typeof kinds;
  readonly object: object;
  readonly previous?: object;
  readonly pods?: readonly object[];
}

/** What the client hears, warnings first. */
function check({ labels, kind, object, previous, pods = [] }: Given, expected: readonly string[]) {
  const heard: string[] = [];
  const server = {
    find: () => ({ metadata: { name: 'shop', labels: prefixed(labels) } }),
    list: () => pods,
    warn: (text: string) => heard.push(`warning: ${text}`),
  } as unknown as AdmissionServer;
  const request = { operation: previous === undefined ? 'CREATE' : 'UPDATE', kind: kinds[kind], object, previous: previous ?? null };
  try {
    podSecurity.validate?.({ ...request, namespace: 'shop', user: 'ann' } as never, server);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    heard.push(error.message);
  }
  expect(heard).toEqual(expected);
}

const HOST = 'host namespaces (hostPID=true)';
const forbidden = (level: string) => `pods "web" is forbidden: violates PodSecurity "${level}": ${HOST}`;
const would = (level: string) => `warning: would violate PodSecurity "${level}": ${HOST}`;

describe('pods', () => {
  const pod = (labels: Record<string, string>, expected: readonly string[], previous?: object) =>
    check({ labels, kind: 'Pod', object: podOf('web', { hostPID: true }), ...(previous === undefined ? {} : { previous }) }, expected);
  test('no labels', () => pod({}, []));
  test('enforced', () => pod({ enforce: 'baseline' }, [forbidden('baseline:latest')]));
  test('enforced as of a release', () => pod({ enforce: 'baseline', 'enforce-version': 'v1.30' }, [forbidden('baseline:v1.30')]));
  test('only warned', () => pod({ warn: 'baseline', 'warn-version': 'v1.25' }, [would('baseline:v1.25')]));
  test('audited in silence', () => pod({ audit: 'restricted' }, []));
  test('an update that changes no image', () => pod({ enforce: 'baseline' }, [], podOf('web', { hostPID: true, priority: 1 })));
  test('another image', () =>
    pod({ enforce: 'baseline' }, [forbidden('baseline:latest')], podOf('web', { containers: [{ name: 'a', image: 'nginx:0' }] })));
  test('a container to debug', () =>
    check(
      {
        labels: { enforce: 'baseline' },
        kind: 'Pod',
        object: podOf('web', { ephemeralContainers: [{ name: 'debug', image: 'busybox', securityContext: { privileged: true } }] }),
        previous: podOf('web'),
      },
      [
        'pods "web" is forbidden: violates PodSecurity "baseline:latest": privileged (container "debug" must not set securityContext.privileged=true)',
      ],
    ));
});

describe('workloads', () => {
  const workload = (labels: Record<string, string>, expected: readonly string[], previous?: object) =>
    check({ labels, kind: 'Deployment', object: deploymentOf({}), ...(previous === undefined ? {} : { previous }) }, expected);
  test('are warned of what their pods would be refused for', () => workload({ enforce: 'baseline' }, [would('baseline:latest')]));
  test('in the release that is enforced', () => workload({ enforce: 'baseline', 'enforce-version': 'v1.29' }, [would('baseline:v1.29')]));
  test('unless nobody is to be warned', () => workload({ enforce: 'baseline', warn: 'privileged' }, []));
  test('again when they are labelled', () =>
    workload({ warn: 'baseline' }, [would('baseline:latest')], deploymentOf({}, { labels: { app: 'web' } })));
  test('not when they are scaled', () => workload({ warn: 'baseline' }, [], deploymentOf({ replicas: 5 })));
});

describe('namespaces', () => {
  const namespaceOf = (labels: Record<string, string>) => ({ metadata: { name: 'shop', labels: prefixed(labels) } });
  const host = { hostPID: true };
  const relabelled = (
    next: Record<string, string>,
    previous: Record<string, string>,
    pods: readonly object[],
    expected: readonly string[],
  ) => check({ labels: {}, kind: 'Namespace', object: namespaceOf(next), previous: namespaceOf(previous), pods }, expected);
  const HEAD = 'warning: existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"';
  test('a stricter level tells of pods that are there', () =>
    relabelled(
      { enforce: 'baseline' },
      {},
      [podOf('c', host), podOf('a', host), podOf('b', host), podOf('fine')],
      [HEAD, 'warning: a (and 2 other pods): host namespaces'],
    ));
  test('each reason once', () =>
    relabelled(
      { enforce: 'baseline' },
      {},
      [podOf('z', host), podOf('y', { hostIPC: true, volumes: [{ name: 'v', hostPath: {} }] })],
      [HEAD, 'warning: y: host namespaces, hostPath volumes', 'warning: z: host namespaces'],
    ));
  test('a laxer level tells nothing', () => relabelled({ enforce: 'baseline' }, { enforce: 'restricted' }, [podOf('a', host)], []));
  test('another release of a laxer level does', () =>
    relabelled(
      { enforce: 'baseline' },
      { enforce: 'restricted', 'enforce-version': 'v1.20' },
      [podOf('a', host)],
      [HEAD, 'warning: a: host namespaces'],
    ));
  test('more pods than are looked at, one of each controller first', () =>
    relabelled(
      { enforce: 'baseline' },
      {},
      [...Array.from({ length: 3_001 }, (_, at) => podOf(`p${at}`, {}, 'many')), podOf('last', host)],
      [
        'warning: new PodSecurity enforce level only checked against the first 3000 of 3002 existing pods',
        HEAD,
        'warning: last: host namespaces',
      ],
    ));
  test('labels that say nothing', () =>
    check({ labels: {}, kind: 'Namespace', object: namespaceOf({ enforce: 'lax', 'warn-version': '1.30' }) }, [
      'Namespace "shop" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "lax": must be one of privileged, baseline, restricted, ' +
        'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"]',
    ]));
});
