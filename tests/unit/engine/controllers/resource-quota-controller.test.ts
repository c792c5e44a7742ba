// What a quota says is used, when it is not admission that makes it so: what was charged and never stored, what has finished, what cannot end.
import { expect, test } from 'vitest';
import type { ResourceQuota } from '../../../../src-main/engine/kinds/core/resource-quota.ts';
import { StatusError } from '../../../../src-main/engine/meta/status-error.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const quota = (hard: string): string => `apiVersion: v1
kind: ResourceQuota
metadata: { name: q }
spec: { hard: { ${hard} } }`;
const pod = (name: string, spec: string): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { ${spec} }`;

function check(cluster: TestCluster, expected: object): void {
  expect((cluster.world.store.get('ResourceQuota', 'default/q') as ResourceQuota).status.used).toEqual(expected);
}

function refusal(call: () => unknown): string {
  try {
    return `accepted: ${JSON.stringify(call())}`;
  } catch (error) {
    if (error instanceof StatusError) return `${error.status.code} ${error.status.reason}`;
    throw error;
  }
}

test('what was charged and then refused is given back in the next round of five minutes', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(quota('configmaps: 9')).run('1s');
  const create = (): unknown =>
    cluster.world.server.create(cluster.kind('ConfigMap'), { metadata: { name: 'a', namespace: 'default' } }, 'somebody');
  create();
  expect(refusal(create)).toBe('409 AlreadyExists');
  cluster.run('1s');
  check(cluster, { configmaps: '3' });
  cluster.run('5m');
  check(cluster, { configmaps: '2' });
});

test('a dry run charges nothing', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(quota('configmaps: 9')).run('1s');
  const create = (): unknown =>
    cluster.world.server.create(cluster.kind('ConfigMap'), { metadata: { name: 'a', namespace: 'default' } }, 'somebody');
  cluster.world.server.dryRun(create);
  check(cluster, { configmaps: '1' });
});

test('a pod that has finished counts only as an object', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(quota('pods: 5, count/pods: 5, requests.cpu: 2')).run('1s');
  cluster.apply(
    pod(
      'done',
      'restartPolicy: Never, containers: [{ name: c, image: busybox, command: [sh, -c, "exit 0"], resources: { requests: { cpu: 1 } } }]',
    ),
  );
  check(cluster, { 'count/pods': '1', pods: '1', 'requests.cpu': '1' });
  cluster.run('30s');
  check(cluster, { 'count/pods': '1', pods: '0', 'requests.cpu': '0' });
});

test('a pod that cannot end on a lost node is charged no more', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(quota('pods: 5')).run('1s');
  cluster.apply(pod('stuck', 'containers: [{ name: c, image: nginx }]')).run('30s').fail('node-power-off', 'worker-1');
  cluster.world.command({ type: 'delete', kind: 'Pod', key: 'default/stuck', options: {} });
  cluster.run('50s');
  check(cluster, { pods: '1' });
  cluster.run('5m');
  check(cluster, { pods: '0' });
});
