// Node groups by hand: what is refused and why, and what windows see of a group and of load.
import { expect, test } from 'vitest';
import { readNodeGroup, setNodeGroup } from '../../../src-main/session/node-group.ts';
import { World } from '../../../src-main/session/world.ts';
import { TestCluster } from '../../support/test-cluster.ts';

const { world } = new TestCluster({ zones: 2, workers: 2 });
const WISH = { zone: 'zone-a', minSize: 1, maxSize: 3, cpu: '4', memory: '8Gi', pods: '110' };

function check(change: Readonly<Record<string, unknown>>, expected: string): void {
  expect(() => readNodeGroup(world, { ...WISH, ...change })).toThrow(expected);
}

test('what the autoscaler could not act on is refused', () => {
  expect(readNodeGroup(world, { ...WISH, minSize: '1', more: 1 })).toEqual(WISH);
  check({ zone: 'mars' }, 'There is no zone "mars". There are: zone-a, zone-b.');
  check({ minSize: 4 }, 'The most machines (3) must not be fewer than the least (4).');
  check({ maxSize: 1.5 }, 'the most machines must be a whole number from 0 to 1000, not 1.5');
  check({ cpu: 'much' }, '"much" is no quantity');
  check({ memory: '0' }, '"0" is no quantity');
  expect(() => setNodeGroup(world, 'Pool A', WISH)).toThrow('"Pool A" is no name for a node group');
});

test('groups and load are records that follow what is set, and go', () => {
  const cluster = new TestCluster({ zones: 2, workers: 2 }).apply(`
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }`);
  const seen = new World(cluster.world);
  const rows = (): unknown => {
    seen.projection.refresh();
    return [...seen.projection.tables.rows('groups').values(), ...seen.projection.tables.rows('loads').values()];
  };
  setNodeGroup(cluster.world, 'pool-a', WISH);
  cluster.world.command({ type: 'load', service: 'default/web', requestsPerSecond: 5 });
  const group = { id: 'pool-a', ...WISH, machines: 1 };
  expect(rows()).toEqual([group, { id: 'default/web', requestsPerSecond: 5 }]);
  setNodeGroup(cluster.world, 'pool-a', { ...WISH, maxSize: 9 });
  cluster.world.command({ type: 'load', service: 'default/web', requestsPerSecond: 0 });
  expect(rows()).toEqual([{ ...group, maxSize: 9 }]);
  setNodeGroup(cluster.world, 'pool-a', null);
  expect(rows()).toEqual([]);
});
