import { expect, test } from 'vitest';
import { ttlController } from '../../../../src-main/engine/controllers/ttl-controller.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { ControllerWorld } from './controller-world.ts';

function check(counts: readonly number[], expected: readonly (readonly [seconds: string, nodes: number])[]): void {
  const world = new ControllerWorld({ controllers: [ttlController], machines: [] });
  let last = 0;
  for (const count of counts) {
    for (; last < count; last += 1) world.create(nodeKind, { metadata: { name: `n${last}` }, spec: {}, status: {} });
    for (; last > count; last -= 1) world.server.delete(nodeKind, `n${last - 1}`, {}, 'somebody');
    world.run(60);
  }
  const told = new Map<string, number>();
  for (const { metadata } of world.server.list(nodeKind)) {
    const seconds = metadata.annotations?.['node.alpha.kubernetes.io/ttl'] ?? 'none';
    told.set(seconds, (told.get(seconds) ?? 0) + 1);
  }
  expect([...told]).toEqual(expected);
}

test('a small cluster asks at once', () => check([3], [['0', 3]]));
test('a turn is told of with the next news of each node', () =>
  check(
    [100, 101],
    [
      ['0', 100],
      ['15', 1],
    ],
  ));
test('one node less is no turn back, some less are', () => {
  check([101, 91], [['15', 91]]);
  check(
    [101, 89, 90],
    [
      ['15', 89],
      ['0', 1],
    ],
  );
});
test('or when a kubelet next says how its node is', () => {
  const world = new ControllerWorld({ controllers: [ttlController], machines: [] });
  const beats = (periodMs: number) => ({ firstMs: 0, periodMs, stoppedMs: null });
  world.physics.set('heartbeat', 'n0', { lease: beats(10_000), status: beats(300_000) });
  const add = (index: number): unknown => world.create(nodeKind, { metadata: { name: `n${index}` }, spec: {}, status: {} });
  const seconds = (): unknown => world.server.get(nodeKind, 'n0').metadata.annotations?.['node.alpha.kubernetes.io/ttl'];
  for (let index = 0; index < 100; index += 1) add(index);
  world.run(1);
  add(100);
  const seen = [298, 2].map((time) => world.run(time) && seconds());
  expect(seen).toEqual(['0', '15']);
});
