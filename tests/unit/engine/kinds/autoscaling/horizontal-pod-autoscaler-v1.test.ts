// What autoscaling/v1 shows of an autoscaler, and that nothing is lost on the way back.
import { expect, test } from 'vitest';
import { autoscalingV1 } from '../../../../../src-main/engine/kinds/autoscaling/horizontal-pod-autoscaler-v1.ts';
import type { ApiObject } from '../../../../../src-main/engine/meta/object.ts';

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
const pods = { type: 'Pods', pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '15' } } };
const object = {
  type: 'Object',
  object: {
    describedObject: { kind: 'Service', name: 'web' },
    metric: { name: 'hits', selector: { matchLabels: { a: 'b' } } },
    target: { type: 'Value', value: '2k' },
  },
};
const behavior = { scaleDown: { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [] } };
const conditions = [{ type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale', message: 'x' }];
const current = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 3, averageValue: '3m' } } };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

const autoscaler = (spec: object, status: object = { desiredReplicas: 0 }): ApiObject =>
  ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 5, ...spec },
    status,
  }) as unknown as ApiObject;

function check(stored: ApiObject, expected: object): void {
  const shown = autoscalingV1.fromStored(stored) as ApiObject & { readonly spec: object; readonly status: object };
  expect({ spec: shown.spec, status: shown.status, notes: Object.keys(shown.metadata.annotations ?? {}) }).toEqual(expected);
  expect(autoscalingV1.toStored(shown)).toEqual(stored);
}

test('a target of the CPU is a field', () =>
  check(autoscaler({ metrics: [cpu] }, { currentReplicas: 1, desiredReplicas: 2 }), {
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 80 },
    status: { currentReplicas: 1, desiredReplicas: 2 },
    notes: [],
  }));

test('all else is in annotations', () =>
  check(autoscaler({ metrics: [pods, object, cpu], behavior }, { desiredReplicas: 2, currentMetrics: [current], conditions }), {
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 80 },
    status: { desiredReplicas: 2, currentCPUUtilizationPercentage: 3 },
    notes: ['metrics', 'current-metrics', 'conditions', 'behavior'].map((name) => `autoscaling.alpha.kubernetes.io/${name}`),
  }));

test('what nobody can read is no metric', () => {
  const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '{' };
  const given = { ...autoscaler({}), metadata: { name: 'web', annotations } } as unknown as ApiObject;
  expect(autoscalingV1.toStored(given)).toEqual({ ...autoscaler({}), metadata: { name: 'web' } });
});
