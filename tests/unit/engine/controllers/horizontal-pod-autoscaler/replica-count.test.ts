// What a pod without a sample is taken for depends on the others and on the kind of metric, even where upstream is odd.
import { expect, test } from 'vitest';
import {
  averageReplicas,
  sharedReplicas,
  utilizationReplicas,
  valueReplicas,
} from '../../../../../src-main/engine/controllers/horizontal-pod-autoscaler/replica-count.ts';
import type { Pod } from '../../../../../src-main/engine/kinds/core/pod.ts';

const rules = { nowMs: 0, cpuInitializationMs: 0, initialReadinessMs: 0, tolerance: { scaleUp: 0.1, scaleDown: 0.1 } };

function check(kind: 'average' | 'utilization', measured: readonly (number | null)[], expected: number): void {
  const pods = measured.map((_value, index) => ({
    metadata: { name: `pod-${index}` },
    spec: { containers: [{ name: 'main', resources: { requests: { memory: '100' } } }] },
    status: { phase: 'Running' },
  })) as unknown as readonly Pod[];
  const samples = new Map(
    measured.flatMap((value, index) => (value === null ? [] : [[`pod-${index}`, { milliValue: value * 1000, atMs: 0, windowMs: 0 }]])),
  );
  const { replicas } =
    kind === 'average'
      ? averageReplicas(pods.length, 100_000, '', pods, samples, rules)
      : utilizationReplicas(pods.length, 100, { resource: 'memory', container: '' }, pods, samples, rules);
  expect(replicas).toBe(expected);
}

test('all just right', () => check('average', [100, 100], 2));
test('average, others just right: idle', () => check('average', [100, 100, null], 2));
test('utilization, others just right: left out', () => check('utilization', [100, 100, null], 3));
test('average, others low: at the target', () => check('average', [10, 10, null, null], 3));
test('utilization, others low: all of the request', () => check('utilization', [10, 10, null, null], 3));
test('others high: idle', () => check('average', [300, null], 3));
test('others a little high: no change rather than fewer', () => check('utilization', [150, null], 2));

test('shared by a target that has no pod yet: no share to tell of', () => {
  expect(sharedReplicas(0, 7_000, 2_000, rules.tolerance)).toEqual({ replicas: 4, current: 0 });
  expect(sharedReplicas(0, 0, 2_000, rules.tolerance)).toEqual({ replicas: 0, current: 0 });
});
test('no more replicas than a count may be', () => {
  const ready = { spec: {}, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } } as unknown as Pod;
  expect(valueReplicas(1, Number.MAX_SAFE_INTEGER, 1, [ready], rules.tolerance).replicas).toBe(2_147_483_647);
});
