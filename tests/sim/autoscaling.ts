// Random autoscalers over the workloads of a world, and load that comes to its Services and goes again. Chance of its own, so that all else of a seed stays as it is.
import { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';
import type { Action } from './plan.ts';
import { APPS, NAMESPACES } from './workloads.ts';

const CHANCE = 0x5ca1e;
const TARGETS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['v1', 'ReplicationController'],
];

/** In a third of the worlds; empty in the others. */
export function autoscalingActions(seed: number, fromMs: number, untilMs: number): readonly Action[] {
  const random = Random.seeded(seed + CHANCE * 0x1_0000_0000);
  if (random.below(3) > 0) return [];
  const actions: Action[] = [];
  const atMs = (): number => random.between(fromMs, Math.max(fromMs, untilMs));
  for (let count = random.between(1, 3); count > 0; count -= 1) actions.push({ atMs: atMs(), what: 'apply', object: autoscaler(random) });
  for (let count = random.between(0, 4); count > 0; count -= 1)
    actions.push({ atMs: atMs(), what: 'load', pick: random.uint32(), requestsPerSecond: random.pick([0, 5, 100, 5000]) });
  return actions;
}

function autoscaler(random: Random): JsonObject {
  const [apiVersion, kind] = random.pick(TARGETS);
  const name = random.pick(APPS);
  const minReplicas = random.between(1, 3);
  const resource = random.pick(['cpu', 'cpu', 'memory']);
  const target =
    random.below(2) === 0
      ? { type: 'Utilization', averageUtilization: random.pick([10, 50, 200]) }
      : { type: 'AverageValue', averageValue: resource === 'cpu' ? '20m' : '16Mi' };
  const behavior = {
    scaleDown: { stabilizationWindowSeconds: random.pick([0, 60]) },
    scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 30 }] },
  };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: random.pick(NAMESPACES) },
    spec: {
      scaleTargetRef: { apiVersion, kind, name },
      minReplicas,
      maxReplicas: minReplicas + random.below(4),
      metrics: [{ type: 'Resource', resource: { name: resource, target } }],
      ...(random.below(2) === 0 ? { behavior } : {}),
    },
  };
}
