// The ranges of pod addresses: one of 256 for each node, from a network as large as the machines ask for.
import { expect, test } from 'vitest';
import { nodeIpamController } from '../../../../src-main/engine/controllers/node-ipam-controller.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { ControllerWorld } from './controller-world.ts';

const QUOTA_PER_SECOND = 20;

/** How many ranges were given to so many nodes, and the first and the last of them. */
function check(count: number, expected: readonly [ranges: number, first: string, last: string]): void {
  const names = Array.from({ length: count }, (_, index) => `node-${index}`);
  const world = new ControllerWorld({ controllers: [nodeIpamController], machines: names.map((name) => ({ name, zone: 'a' })) });
  for (const name of names) world.create(nodeKind, { metadata: { name }, spec: {} });
  world.run(count / QUOTA_PER_SECOND + 1);
  const ranges = names.map((name) => world.get(nodeKind, name).spec.podCIDR ?? '');
  expect([new Set(ranges).size, ranges[0], ranges.at(-1)]).toEqual(expected);
}

test('up to 256 nodes share the customary network', () => check(256, [256, '10.244.0.0/24', '10.244.255.0/24']));
test('more nodes get a larger network, each its own range', () => check(600, [600, '10.128.0.0/24', '10.130.87.0/24']));
