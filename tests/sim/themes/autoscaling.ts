// Autoscalers over the workloads of a world, load that comes to its Services and goes again, and numbers that are measured outside.
import type { Random } from '../../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { APPS, NAMESPACES } from '../workloads.ts';
import { applied, type Deed, deleted, type Theme } from './theme.ts';

const TARGETS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['v1', 'ReplicationController'],
];
const MEASURED = 'queue';

const target = (random: Random, name: string): JsonObject => {
  const [apiVersion, kind] = random.pick(TARGETS);
  return { apiVersion, kind, name };
};

function horizontal(random: Random): readonly Deed[] {
  const name = random.pick(APPS);
  const minReplicas = random.between(1, 3);
  const behavior = {
    scaleDown: { stabilizationWindowSeconds: random.pick([0, 60]) },
    scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 30 }] },
  };
  return [
    applied({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: random.pick(NAMESPACES) },
      spec: {
        scaleTargetRef: target(random, name),
        minReplicas,
        maxReplicas: minReplicas + random.below(4),
        metrics: [metric(random)],
        ...(random.below(2) === 0 ? { behavior } : {}),
      },
    }),
  ];
}

function metric(random: Random): JsonObject {
  if (random.below(4) === 0)
    return { type: 'External', external: { metric: { name: MEASURED }, target: { type: 'AverageValue', averageValue: '10' } } };
  const resource = random.pick(['cpu', 'cpu', 'memory']);
  const wanted =
    random.below(2) === 0
      ? { type: 'Utilization', averageUtilization: random.pick([10, 50, 200]) }
      : { type: 'AverageValue', averageValue: resource === 'cpu' ? '20m' : '16Mi' };
  return { type: 'Resource', resource: { name: resource, target: wanted } };
}

function vertical(random: Random): readonly Deed[] {
  const name = random.pick(APPS);
  const updateMode = random.pick(['Off', 'Initial', 'Recreate', 'Auto']);
  const policy = { containerName: '*', maxAllowed: { cpu: '300m', memory: '512Mi' }, ...(random.below(3) === 0 ? { mode: 'Off' } : {}) };
  return [
    applied({
      apiVersion: 'autoscaling.k8s.io/v1',
      kind: 'VerticalPodAutoscaler',
      metadata: { name, namespace: random.pick(NAMESPACES) },
      spec: {
        targetRef: target(random, name),
        updatePolicy: { updateMode },
        ...(random.below(2) === 0 ? { resourcePolicy: { containerPolicies: [policy] } } : {}),
      },
    }),
  ];
}

const load = (random: Random): readonly Deed[] => [
  { what: 'load', pick: random.uint32(), requestsPerSecond: random.pick([0, 5, 100, 5000]) },
];

export const autoscalingTheme: Theme = {
  name: 'autoscaling',
  oneIn: 3,
  happeningsMax: 8,
  furniture: [],
  happenings: [
    horizontal,
    horizontal,
    vertical,
    load,
    load,
    (random) => [{ what: 'measure', name: `${random.pick(NAMESPACES)}/${MEASURED}`, value: random.pick([null, 5, 20, 80]) }],
    (random) => [deleted(random, random.pick(['HorizontalPodAutoscaler.autoscaling', 'VerticalPodAutoscaler.autoscaling.k8s.io']))],
  ],
};
