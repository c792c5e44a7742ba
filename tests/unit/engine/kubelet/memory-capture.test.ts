// A world that is saved in steps is saved as it was at the first of them, whatever happens to its pods in between.
import { expect, test } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import type { JsonObject } from '../../../../src-main/engine/meta/object.ts';
import { planMachines } from '../../../../src-main/engine/scenario.ts';

const PODS = 230;

function deployment(image: string): JsonObject {
  const labels = { app: 'web' };
  const probe = { httpGet: { path: '/', port: 80 } };
  const containers = [{ name: 'web', image, readinessProbe: probe, livenessProbe: probe }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: PODS, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

/** Saves in steps, running `between` after each of them. */
function check(cluster: Cluster, between: (step: number) => void): void {
  const before = JSON.stringify(cluster.save());
  const steps = cluster.saveInSteps();
  for (let step = 0; ; step += 1) {
    const taken = steps.next();
    if (taken.done === true) {
      expect(step).toBeGreaterThan(2);
      expect(JSON.stringify(taken.value) === before).toBe(true);
      return;
    }
    between(step);
  }
}

test('pods that start, change, are replaced and are lost between the steps', () => {
  const machines = planMachines(3, 9);
  const cluster = Cluster.start({ name: 'capture', seed: 7, epochMs: 1_748_851_200_000, region: 'r', machines, objects: [] });
  const run = (ms: number): unknown => cluster.advance(cluster.timeline.nowMs + ms);
  cluster.command({ type: 'apply', object: deployment('nginx:1.27') });
  run(2_000);
  check(cluster, () => run(1_500));
  run(60_000);
  check(cluster, () => {
    cluster.command({ type: 'delete', kind: 'Pod', key: [...cluster.store.table('Pod').keys()][0] as string, options: {} });
    run(20_000);
  });
  cluster.command({ type: 'apply', object: deployment('nginx:1.28') });
  run(3_000);
  check(cluster, (step) => {
    if (step === 0) cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-3' });
    run(9_000);
  });
  check(cluster, () => run(120_000));
});

test('two at once, one of which is given up, leave each other and the world alone', () => {
  const machines = planMachines(1, 3);
  const cluster = Cluster.start({ name: 'capture', seed: 8, epochMs: 1_748_851_200_000, region: 'r', machines, objects: [] });
  const run = (ms: number): unknown => cluster.advance(cluster.timeline.nowMs + ms);
  cluster.command({ type: 'apply', object: deployment('nginx:1.27') });
  run(5_000);
  const other = cluster.saveInSteps();
  other.next();
  check(cluster, (step) => {
    if (step === 1) other.return(cluster.save());
    run(700);
  });
});
