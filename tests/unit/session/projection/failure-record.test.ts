import { expect, test } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { Projection } from '../../../../src-main/session/projection/projection.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

/** Applies the failure as a person names its target; the picture must name it the same way, whatever becomes of the target. */
function check(failure: string, targetOf: (cluster: Cluster) => string): void {
  const cluster = Cluster.start(builtInScenario('web-shop', 1));
  cluster.advance(60_000);
  const target = targetOf(cluster);
  const projection = Projection.of(cluster);
  cluster.command({ type: 'fail', failure, target });
  const targets = (): readonly string[] => {
    projection.refresh();
    return [...projection.tables.rows('failures').values()].map((record) => record.target);
  };
  expect(targets()).toEqual([target]);
  if (failure === 'probe-failure') {
    cluster.command({ type: 'delete', kind: 'Pod', key: target.slice(0, target.lastIndexOf('/')), options: { gracePeriodSeconds: 0 } });
    cluster.advance(cluster.timeline.nowMs + 5000);
  }
  expect(targets()).toEqual([target]);
  // Who opens the world later, or looks back at it, finds the same name.
  expect([...Projection.of(cluster).tables.rows('failures').values()].map((record) => [record.id, record.target])).toEqual(
    cluster.failures.active.map(({ id }) => [id, target]),
  );
}

const first = (cluster: Cluster, kind: string, prefix = ''): string =>
  [...cluster.store.table(kind).keys()].find((key) => key.startsWith(prefix)) ?? '';

test('failures in force are named after what they struck', () => {
  check('node-power-off', () => 'worker-2');
  check('zone-outage', () => 'zone-b');
  check('probe-failure', (cluster) => `${first(cluster, 'Pod', 'shop/database-')}/postgres`);
  check('disk-loss', (cluster) => first(cluster, 'PersistentVolume'));
});
