// A rolling step never takes pods on the word of a count that is older than the size it belongs to.
import { expect, test } from 'vitest';
import { scaleOld } from '../../../../../src-main/engine/controllers/deployment/rolling.ts';
import type { Deployment } from '../../../../../src-main/engine/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../../../../src-main/engine/kinds/apps/replica-set.ts';

/** Sets as [wanted, available], oldest first; four replicas, of which one may be missing. */
type Size = readonly [wanted: number, available: number];

function setOf(name: string, [replicas, availableReplicas]: Size, age: number): ReplicaSet {
  const metadata = { name, creationTimestamp: `2025-06-01T00:00:0${age}Z` };
  return { metadata, spec: { replicas }, status: { availableReplicas } } as unknown as ReplicaSet;
}

function check(old: readonly Size[], fresh: Size, expected: Readonly<Record<string, number>>): void {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
  const deployment = { spec: { replicas: 4, strategy } } as unknown as Deployment;
  const sets = old.map((size, index) => setOf(`old-${index}`, size, index));
  expect(Object.fromEntries(scaleOld(deployment, sets, setOf('new', fresh, 9)))).toEqual(expected);
}

test('an old set whose count has caught up gives what may be missing', () => {
  check([[2, 2]], [2, 2], { 'old-0': 1 });
});

test('an old set that still counts pods it gave up gives nothing more', () => {
  check([[2, 3]], [2, 2], {});
});

test('pods that are not available go before such a set is met', () => {
  check(
    [
      [2, 1],
      [1, 2],
    ],
    [2, 2],
    { 'old-0': 1 },
  );
  check(
    [
      [2, 0],
      [1, 2],
    ],
    [1, 1],
    { 'old-0': 1 },
  );
});
