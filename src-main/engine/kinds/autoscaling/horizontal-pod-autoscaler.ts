// HorizontalPodAutoscaler: its type, names, defaults and columns. upstream: pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go, pkg/apis/autoscaling/v2/defaults.go
import { ageColumn, nameColumn } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import { notNegativeCounts } from '../status-counts.ts';
import type { Behavior, HorizontalPodAutoscaler, MetricSpec, ScalingRules } from './autoscaler.ts';
import { autoscalingV1 } from './horizontal-pod-autoscaler-v1.ts';
import { validateAutoscaler } from './horizontal-pod-autoscaler-validation.ts';
import { metricsText } from './metrics-text.ts';

/** upstream: pkg/apis/autoscaling/types.go DefaultCPUUtilization */
const CPU_METRICS: readonly MetricSpec[] = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
];

const SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

/** Its window is the controller's own, five minutes. */
const SCALE_DOWN: ScalingRules = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

export const horizontalPodAutoscalerKind = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  otherVersions: [autoscalingV1],
  defaults,
  prepareForCreate: (autoscaler) => ({ ...autoscaler, status: { currentReplicas: 0, desiredReplicas: 0 } }),
  validate: ({ spec }) => validateAutoscaler(spec),
  validateStatus: ({ status }) => notNegativeCounts(status, ['currentReplicas', 'desiredReplicas']),
  columns: [
    nameColumn,
    { name: 'Reference', type: 'string', value: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` },
    { name: 'Targets', type: 'string', value: ({ spec, status }) => metricsText(spec.metrics, status?.currentMetrics) },
    { name: 'MinPods', type: 'string', value: ({ spec }) => (spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas)) },
    { name: 'MaxPods', type: 'string', value: ({ spec }) => spec.maxReplicas },
    { name: 'Replicas', type: 'string', value: ({ status }) => status?.currentReplicas ?? 0 },
    ageColumn,
  ],
});

/** The rules of both directions, with those left out filled in. upstream: GenerateHPAScaleUpRules, GenerateHPAScaleDownRules */
export function wholeBehavior(behavior: Behavior): Required<Behavior> {
  return { ...behavior, scaleUp: { ...SCALE_UP, ...behavior.scaleUp }, scaleDown: { ...SCALE_DOWN, ...behavior.scaleDown } };
}

function defaults(autoscaler: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const given = autoscaler.spec ?? {};
  const { behavior } = given;
  const { metrics = [] } = given;
  const isWhole = behavior === undefined || isFilled(behavior);
  const spec = {
    ...given,
    minReplicas: given.minReplicas ?? 1,
    metrics: metrics.length === 0 ? CPU_METRICS : metrics,
    ...(isWhole ? {} : { behavior: wholeBehavior(behavior) }),
  };
  return sameMembers(spec, given) ? autoscaler : { ...autoscaler, spec };
}

function isFilled({ scaleUp, scaleDown }: Behavior): boolean {
  const isWhole = (rules: ScalingRules | undefined): boolean => rules?.policies !== undefined && rules.selectPolicy !== undefined;
  return isWhole(scaleUp) && isWhole(scaleDown) && scaleUp?.stabilizationWindowSeconds !== undefined;
}
