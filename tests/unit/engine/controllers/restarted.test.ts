// What came while the kube-controller-manager was stopped is done when it leads again: each of its parts looks at all there is.
import { expect, test } from 'vitest';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const ADMISSION = 'admissionregistration.k8s.io/v1';
const PROCESS = 'kube-controller-manager';
const box = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: default }\nspec: { containers: [{ name: app, image: nginx }] }\n`;
const claim = (size: string): string =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data, namespace: default }
spec: { storageClassName: grows, accessModes: [ReadWriteOnce], resources: { requests: { storage: ${size} } } }\n`;
const grows = `apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: grows }
provisioner: block.csi.orrery.dev\nallowVolumeExpansion: true\nvolumeBindingMode: Immediate\n`;

function table(cluster: TestCluster, kind: string): readonly ApiObject[] {
  return [...cluster.world.store.table(kind).values()];
}

/** What `ask` says after the process was away while `change` was made, beside what it says before it leads again. */
function check(before: string, change: (cluster: TestCluster) => void, ask: (cluster: TestCluster) => unknown, expected: unknown): void {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).run('20s').apply(before).run('20s');
  cluster.world.command({ type: 'fail', failure: 'component-stop', target: PROCESS });
  cluster.run('1s');
  change(cluster);
  cluster.run('30s');
  expect(ask(cluster)).not.toEqual(expected);
  cluster.world.command({ type: 'heal', id: `component-stop:${PROCESS}` });
  cluster.run('60s');
  expect(ask(cluster)).toEqual(expected);
}

test('a namespace that is being deleted is emptied and goes', () =>
  check(
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n',
    (cluster) => void cluster.world.command({ type: 'delete', kind: 'Namespace', key: 'shop', options: {} }),
    (cluster) => table(cluster, 'Namespace').filter(({ metadata }) => metadata.name === 'shop').length,
    0,
  ));

test('pods that do not tolerate what their node was tainted with are evicted', () =>
  check(
    box('web'),
    (cluster) =>
      void cluster.world.command({
        type: 'request',
        request: {
          method: 'PATCH',
          path: '/api/v1/nodes/worker-1',
          query: [],
          accept: 'application/json',
          contentType: 'application/merge-patch+json',
          user: { name: 'kubernetes-admin', groups: ['system:masters'] },
          agent: 'kubectl',
          body: { spec: { taints: [{ key: 'example.com/maintenance', effect: 'NoExecute' }] } },
        },
      }),
    (cluster) => table(cluster, 'Pod').filter(({ metadata }) => metadata.name === 'web').length,
    0,
  ));

test('a policy is looked at', () =>
  check(
    box('web'),
    (cluster) =>
      void cluster.apply(
        `apiVersion: ${ADMISSION}\nkind: ValidatingAdmissionPolicy\nmetadata: { name: few }
spec: { matchConstraints: { resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments] }] }, validations: [{ expression: 'true' }] }\n`,
      ),
    (cluster) =>
      (table(cluster, 'ValidatingAdmissionPolicy.admissionregistration.k8s.io')[0] as { readonly status?: { observedGeneration?: number } })
        .status?.observedGeneration,
    1,
  ));

test('it is told that a claim waits for a larger volume', () =>
  check(
    `${grows}---\n${claim('1Gi')}`,
    (cluster) => void cluster.apply(claim('2Gi')),
    (cluster) => table(cluster, 'Event').filter((event) => (event as { readonly reason?: string }).reason === 'ExternalExpanding').length,
    1,
  ));
