import { expect, test } from 'vitest';
import { Cluster } from '../../../src-main/engine/cluster.ts';
import { charts } from '../../../src-main/engine/statecharts/registry.ts';
import { objectDetail } from '../../../src-main/session/object-detail.ts';
import { builtInScenario } from '../../../src-main/session/scenarios.ts';

function shopAfter(seconds: number): Cluster {
  const cluster = Cluster.start(builtInScenario('web-shop', 1));
  run(cluster, seconds);
  return cluster;
}

function run(cluster: Cluster, seconds: number): void {
  cluster.advance(cluster.timeline.nowMs + seconds * 1000, 10_000_000);
}

const first = (cluster: Cluster, kind: string, prefix = ''): string =>
  [...cluster.store.table(kind).keys()].find((key) => key.startsWith(prefix)) ?? '';

/** A line a life: chart, title, state and the delays that run; the prefix picks the object. */
function check(cluster: Cluster, kind: string, prefix: string, expected: readonly string[]): void {
  const { lives } = objectDetail(cluster, kind, first(cluster, kind, prefix));
  const lines = lives.map(({ chart, title, state, waits }) => {
    const running = waits.map(({ name, fromMs, dueMs }) => `${name} ${Math.round((dueMs - fromMs) / 1000)} s`).join();
    return `${chart} ${title}: ${state} ${running}`.trim();
  });
  expect(lines).toEqual(expected);
  for (const { chart } of lives) expect(charts.map(({ id }) => id)).toContain(chart);
}

test('every object with a life shows where it is on its chart', () => {
  const cluster = shopAfter(120);
  check(cluster, 'Pod', 'shop/database-', [
    'pod Pod: work.running|phase.Running',
    'container postgres: running.up',
    'probe postgres · startup: passing',
    'probe postgres · liveness: passing',
    'probe postgres · readiness: passing',
  ]);
  check(cluster, 'Node', 'worker-1', ['node Node: lease.fresh|ready.Ready|eviction.none']);
  check(cluster, 'Deployment.apps', 'shop/web', ['rollout Deployment: work.settled|progress.complete']);
  check(cluster, 'PersistentVolumeClaim', 'shop/database', ['claim PersistentVolumeClaim: phase.Bound|protection.protected']);
  check(cluster, 'PersistentVolume', '', ['volume PersistentVolume: phase.Bound|protection.protected']);
  check(cluster, 'VolumeAttachment.storage.k8s.io', '', ['attachment VolumeAttachment: attached']);
});

test('a lost node counts its grace down, falls silent and is tainted', () => {
  const cluster = shopAfter(120);
  cluster.command({ type: 'fail', failure: 'node-power-off', target: 'worker-1' });
  run(cluster, 5);
  check(cluster, 'Node', 'worker-1', ['node Node: lease.fresh|ready.Ready|eviction.none grace 53 s']);
  const [grace] = objectDetail(cluster, 'Node', 'worker-1').lives[0]?.waits ?? [];
  cluster.advance(grace?.dueMs ?? 0, 10_000_000);
  check(cluster, 'Node', 'worker-1', ['node Node: lease.expired|ready.Unknown|eviction.none']);
  run(cluster, 20);
  check(cluster, 'Node', 'worker-1', ['node Node: lease.expired|ready.Unknown|eviction.unreachable']);
});
