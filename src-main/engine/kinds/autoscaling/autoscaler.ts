// The parts of a HorizontalPodAutoscaler as types, shared by its rules and its controller.
import type {
  HorizontalPodAutoscaler as OpenApiAutoscaler,
  MetricIdentifier as OpenApiMetricIdentifier,
  MetricSpec as OpenApiMetricSpec,
  MetricStatus as OpenApiMetricStatus,
  MetricTarget as OpenApiMetricTarget,
  CrossVersionObjectReference as OpenApiReference,
  HPAScalingRules as OpenApiScalingRules,
} from 'kubernetes-types/autoscaling/v2.d.ts';
import type { StoredInNamespace, Value } from '../../meta/object.ts';

export type HorizontalPodAutoscaler = StoredInNamespace<OpenApiAutoscaler, 'spec' | 'status'>;
export type AutoscalerSpec = HorizontalPodAutoscaler['spec'];
export type Behavior = NonNullable<AutoscalerSpec['behavior']>;
export type ScalingRules = Value<OpenApiScalingRules>;
export type MetricSpec = Value<OpenApiMetricSpec>;
export type MetricStatus = Value<OpenApiMetricStatus>;
export type MetricTarget = Value<OpenApiMetricTarget>;
export type MetricIdentifier = Value<OpenApiMetricIdentifier>;
export type CrossVersionObjectReference = Value<OpenApiReference>;
