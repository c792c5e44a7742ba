// What is said of a metric that cannot be measured: the condition has the cause, the event about all metrics has more words around it.
import { expect, test } from 'vitest';
import { MetricUnusable, proposalOf } from '../../../../../src-main/engine/controllers/horizontal-pod-autoscaler/metric-proposal.ts';
import { MetricsFailure, type MetricsSource } from '../../../../../src-main/engine/controllers/horizontal-pod-autoscaler/metric-samples.ts';
import type { MetricSpec } from '../../../../../src-main/engine/kinds/autoscaling/autoscaler.ts';
import type { Pod } from '../../../../../src-main/engine/kinds/core/pod.ts';

const rules = { nowMs: 0, cpuInitializationMs: 0, initialReadinessMs: 0, tolerance: { scaleUp: 0.1, scaleDown: 0.1 } };
const target = { namespace: 'shop', specReplicas: 2, statusReplicas: 2, pods: [] };

function silent(): never {
  throw new MetricsFailure('nobody home');
}

function check(spec: object, expected: { readonly message: string; readonly whole: string }): void {
  const source: MetricsSource = { resource: silent, pods: silent, object: silent, external: silent };
  try {
    proposalOf(spec as MetricSpec, target, source, rules);
  } catch (error) {
    if (!(error instanceof MetricUnusable)) throw error;
    expect({ message: error.message, whole: error.whole }).toEqual(expected);
    return;
  }
  expect.unreachable();
}

test('a container is named by its name', () => {
  const message = 'failed to get cpu utilization: unable to get metrics for resource cpu: nobody home';
  const containerResource = { name: 'cpu', container: 'cart', target: { type: 'Utilization', averageUtilization: 50 } };
  check({ type: 'ContainerResource', containerResource }, { message, whole: `failed to get cart container metric value: ${message}` });
});
test('a number from outside, shared', () => {
  const message = 'unable to get external metric shop/orders/nil: nobody home';
  const external = { metric: { name: 'orders' }, target: { type: 'AverageValue', averageValue: '5' } };
  const whole = `failed to get orders external metric value: failed to get orders external metric: ${message}`;
  check({ type: 'External', external }, { message, whole });
});
test('a number from outside, as a whole', () => {
  const message = 'unable to get external metric shop/orders/nil: nobody home';
  const external = { metric: { name: 'orders' }, target: { type: 'Value', value: '5' } };
  const whole = `failed to get orders external metric value: failed to get external metric orders: ${message}`;
  check({ type: 'External', external }, { message, whole });
});
test('a number of an object, shared', () => {
  const message = 'unable to get metric hits: Service on shop front/nobody home';
  const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };
  const object = { describedObject, metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '5' } };
  const whole = `failed to get object metric value: failed to get hits object metric: ${message}`;
  check({ type: 'Object', object }, { message, whole });
});
test('an average of a container is told as one of the resource', () => {
  const samples = new Map([['cart-1', { milliValue: 30, atMs: 0, windowMs: 0 }]]);
  const source: MetricsSource = { resource: () => samples, pods: silent, object: silent, external: silent };
  const pod = { metadata: { name: 'cart-1' }, spec: { containers: [] }, status: { phase: 'Running' } } as unknown as Pod;
  const containerResource = { name: 'memory', container: 'cart', target: { type: 'AverageValue', averageValue: '10m' } };
  const spec = { type: 'ContainerResource', containerResource } as MetricSpec;
  expect(proposalOf(spec, { ...target, pods: [pod] }, source, rules).name).toBe('memory resource');
});
