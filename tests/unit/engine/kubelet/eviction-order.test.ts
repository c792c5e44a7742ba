import { expect, test } from 'vitest';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import { evictionMessage, inEvictionOrder, killScore, type PodUse } from '../../../../src-main/engine/kubelet/eviction-order.ts';
import type { EvictedResource } from '../../../../src-main/engine/kubelet/eviction-thresholds.ts';

const MI = 1024 * 1024;

function use(name: string, mebibytes: number, request?: string, priority = 0, limit = request): PodUse {
  const resources =
    request === undefined
      ? {}
      : { requests: { memory: request, cpu: '1' }, limits: limit === undefined ? {} : { memory: limit, cpu: '1' } };
  const pod = { metadata: { name }, spec: { priority, containers: [{ name: 'app', resources }] } } as unknown as Pod;
  return { pod, containers: [{ name: 'app', amount: mebibytes * MI }] };
}

function check(uses: readonly PodUse[], ...expected: readonly string[]): void {
  checkFor('memory', uses, ...expected);
}

function checkFor(resource: EvictedResource, uses: readonly PodUse[], ...expected: readonly string[]): void {
  expect(inEvictionOrder(uses, resource).map(({ pod }) => pod.metadata.name)).toEqual(expected);
}

test('those over their request first', () => check([use('within', 400, '500Mi'), use('over', 200, '100Mi')], 'over', 'within'));
test('then by priority', () => check([use('high', 900, undefined, 10), use('low', 100, undefined, 1)], 'low', 'high'));
test('then by how much more than asked', () => check([use('a', 300, '250Mi'), use('b', 200), use('c', 500, '100Mi')], 'c', 'b', 'a'));
test('priority does not protect who takes too much from who does not', () =>
  check([use('within', 10, '50Mi', -5), use('over', 60, '50Mi', 1000)], 'over', 'within'));

test('nobody asks for process ids: priority first, then who has most', () =>
  checkFor('pids', [use('few', 1, undefined, 0), use('many', 9, undefined, 0), use('high', 99, undefined, 5)], 'many', 'few', 'high'));
test('nor for inodes, of which every pod has more than it asked for', () =>
  checkFor('inodes', [use('high', 99, undefined, 5), use('low', 1, undefined, 0), use('none', 0, undefined, -1)], 'low', 'high', 'none'));

const short = { resource: 'memory', least: 100 * MI, isShare: false, available: 0 } as const;

test('what is said of it', () =>
  expect(evictionMessage(use('p', 300, '250Mi'), { ...short, available: 95_617 * 1024 })).toBe(
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 95617Ki. Container app was using 300Mi, request is 250Mi, has larger consumption of memory. ',
  ));
test('nothing of a container within its request', () =>
  expect(evictionMessage(use('p', 200, '250Mi'), short)).toBe(
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 0. ',
  ));

test('a share of the whole is a plain number, and pieces are no bytes', () => {
  const disk = { resource: 'ephemeral-storage', least: 10_737_418_240, isShare: true, available: 1024 } as const;
  expect(evictionMessage(use('p', 0), disk)).toBe(
    'The node was low on resource: ephemeral-storage. Threshold quantity: 10737418240, available: 1Ki. ',
  );
  expect(evictionMessage(use('p', 9), { resource: 'pids', least: 100, isShare: false, available: 99 })).toBe(
    'The node was low on resource: pids. Threshold quantity: 100, available: 99. ',
  );
});

test('the kernel spares who has all it asked for, and begins with who asked for nothing', () => {
  const score = ({ pod, containers }: PodUse): number => killScore(pod, 'app', containers[0]?.amount ?? 0, 4096 * MI);
  expect([use('guaranteed', 2048, '2Gi'), use('burstable', 1024, '1Gi', 0, '3Gi'), use('best effort', 10)].map(score)).toEqual([
    -497, 1000, 1002,
  ]);
});
