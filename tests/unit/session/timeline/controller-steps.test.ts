// What sets, jobs and budgets go through, as the timeline tells it.
import { expect, test } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import type { JsonObject } from '../../../../src-main/engine/meta/object.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';
import { Chronicle } from '../../../../src-main/session/timeline/chronicle.ts';
import { ruleBook } from '../../../../src-main/session/timeline/rule-book.ts';

const labels = { app: 'web' };
const shell = (script: string): JsonObject => ({ name: 'main', image: 'busybox', command: ['sh', '-c', script] });
const job = (name: string, script: string): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [shell(script)] } } },
});
const statefulSet: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    serviceName: 'web',
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
};
const budget: JsonObject = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'default' },
  spec: { minAvailable: 1, selector: { matchLabels: labels } },
};

function check(objects: readonly JsonObject[], then: (cluster: Cluster) => void, expected: readonly string[]): void {
  const cluster = Cluster.start(builtInScenario('empty', 1));
  const chronicle = new Chronicle(cluster);
  const run = (): void => void cluster.advance(cluster.timeline.nowMs + 120_000);
  for (const object of objects) cluster.command({ type: 'apply', object });
  run();
  then(cluster);
  run();
  const steps = chronicle.steps.filter(({ lane, what }) => lane === 'workloads' && !what.startsWith('object.'));
  const numbers = (values: (typeof steps)[number]['values']) => Object.values(values).filter((value) => typeof value === 'number');
  expect(steps.map(({ what, key, values }) => [what, key, ...numbers(values)].join(' '))).toEqual(expected);
  for (const { what } of steps) expect(ruleBook[what]?.page).toMatch(/^docs\//);
}

test('a set has all it asks for, until a pod of it goes; its budget opens and closes with it', () =>
  check(
    [statefulSet, budget],
    (cluster) => cluster.command({ type: 'delete', kind: 'Pod', key: 'default/web-0', options: { gracePeriodSeconds: 0 } }),
    [
      'set.whole default/web 2 2',
      'budget.open default/web 1 2 1',
      'set.short default/web 1 2',
      'budget.closed default/web 0 1 1',
      'set.whole default/web 2 2',
      'budget.open default/web 1 2 1',
    ],
  ));

test('one job is complete, another has failed', () =>
  check([job('good', 'exit 0'), job('bad', 'exit 3')], () => {}, ['job.complete default/good', 'job.failed default/bad']));
