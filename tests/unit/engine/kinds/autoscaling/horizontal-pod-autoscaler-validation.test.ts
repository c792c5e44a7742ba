// The resource that a container is measured by is one that containers can ask for.
import { expect, test } from 'vitest';
import type { AutoscalerSpec } from '../../../../../src-main/engine/kinds/autoscaling/autoscaler.ts';
import { validateAutoscaler } from '../../../../../src-main/engine/kinds/autoscaling/horizontal-pod-autoscaler-validation.ts';

function check(name: string, expected: readonly string[]): void {
  const containerResource = { name, container: 'cart', target: { type: 'Utilization', averageUtilization: 60 } };
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' };
  const spec = { scaleTargetRef, maxReplicas: 4, metrics: [{ type: 'ContainerResource', containerResource }] };
  expect(validateAutoscaler(spec as unknown as AutoscalerSpec).map(String)).toEqual(expected);
}

test('memory', () => check('memory', []));
test('a resource of somebody', () => check('example.com/gpu', []));
test('what only a whole pod has', () => {
  const path = 'spec.metrics[0].containerResource.name';
  check('pods', [`${path}: Invalid value: "pods": must be a standard resource for containers`]);
});
