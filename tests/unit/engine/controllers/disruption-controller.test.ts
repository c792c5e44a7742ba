// What budgets say beyond the tables: whose pods have no size to count by, promises of a disruption that were not kept, selectors that change.
import { expect, test } from 'vitest';
import type { Event } from '../../../../src-main/engine/kinds/core/event.ts';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import { type PodDisruptionBudget, podDisruptionBudgetKind } from '../../../../src-main/engine/kinds/policy/pod-disruption-budget.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const workload = (kind: string, name: string, more: string): string => `apiVersion: ${kind === 'Job' ? 'batch' : 'apps'}/v1
kind: ${kind}
metadata: { name: ${name} }
spec: { ${more} template: { metadata: { labels: { app: ${name} } }, spec: { ${kind === 'Job' ? 'restartPolicy: Never, ' : ''}containers: [{ name: c, image: nginx }] } } }`;
const budget = (name: string, spec: string): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { ${spec} selector: { matchLabels: { app: ${name} } } }`;
const begin = (): TestCluster => new TestCluster({ workers: 1, zones: 1 });

function check(cluster: TestCluster, name: string, expected: string): void {
  const { status } = cluster.world.store.get('PodDisruptionBudget.policy', `default/${name}`) as PodDisruptionBudget;
  const { reason = '', message = '' } = status.conditions?.[0] ?? {};
  const counts = `${status.disruptionsAllowed} of ${status.currentHealthy}/${status.desiredHealthy}/${status.expectedPods}`;
  expect(`${counts} ${reason} ${message}`.trim()).toBe(expected);
}

test('a percentage of a StatefulSet is of its own size', () => {
  const cluster = begin().apply(workload('StatefulSet', 'db', 'replicas: 3, serviceName: db, selector: { matchLabels: { app: db } },'));
  cluster.apply(budget('db', 'maxUnavailable: 34%,')).run('1m');
  check(cluster, 'db', '2 of 3/1/3 SufficientPods');
});

test('a Job has no size to take a percentage of', () => {
  const cluster = begin().apply(workload('Job', 'work', ''));
  cluster.apply(budget('work', 'minAvailable: 50%,')).run('1m');
  check(cluster, 'work', '0 of 0/0/0 SyncFailed jobs.batch does not implement the scale subresource');
  const events = [...cluster.world.store.table('Event').values()] as Event[];
  expect(events.find(({ reason }) => reason === 'CalculateExpectedPodCountFailed')?.message).toBe(
    'Failed to calculate the number of expected pods: jobs.batch does not implement the scale subresource',
  );
});

test('a budget follows its selector', () => {
  const cluster = begin().apply(workload('Deployment', 'web', 'replicas: 2, selector: { matchLabels: { app: web } },'));
  cluster.apply(budget('other', 'minAvailable: 1,')).run('1m');
  check(cluster, 'other', '0 of 0/1/0 InsufficientPods');
  cluster.edit(podDisruptionBudgetKind as never, 'default/other', (object) => ({
    ...object,
    ...({ spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } } as object),
  }));
  cluster.run('1s');
  check(cluster, 'other', '1 of 2/1/2 SufficientPods');
});

test('a disruption that was promised and did not come is taken back after two minutes', () => {
  const cluster = begin()
    .apply(workload('Deployment', 'web', 'replicas: 1, selector: { matchLabels: { app: web } },'))
    .run('1m');
  const [pod] = cluster.pods('web');
  const key = `default/${pod?.metadata.name}`;
  const promised = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'PreemptionByScheduler',
    lastTransitionTime: '2025-06-02T08:01:10Z',
  };
  const promise = (now: object): never =>
    ({ ...now, status: { ...(now as Pod).status, conditions: [...((now as Pod).status.conditions ?? []), promised] } }) as never;
  cluster.world.server.patch(cluster.kind('Pod'), key, promise, 'somebody', 'status');
  const told = (): string | undefined =>
    (cluster.world.store.get('Pod', key) as Pod).status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.status;
  cluster.run('1m50s');
  expect(told()).toBe('True');
  cluster.run('15s');
  expect(told()).toBe('False');
});
