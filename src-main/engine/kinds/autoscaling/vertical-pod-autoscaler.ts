// VerticalPodAutoscaler (autoscaling.k8s.io/v1): its type, columns and what is refused. Upstream defines it by a CustomResourceDefinition and a webhook.
// upstream: kubernetes/autoscaler vertical-pod-autoscaler/deploy/vpa-v1-crd-gen.yaml, pkg/admission-controller/resource/vpa/handler.go

import { type Condition, isConditionTrue } from '../../meta/conditions.ts';
import { type FieldError, FieldPath, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import type { ApiObject } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { oneOf } from '../rules.ts';
import type { CrossVersionObjectReference } from './autoscaler.ts';

export interface ContainerPolicy {
  /** `*`: those that no other policy names. */
  readonly containerName?: string;
  readonly mode?: 'Auto' | 'Off';
  readonly minAllowed?: Readonly<Record<string, string>>;
  readonly maxAllowed?: Readonly<Record<string, string>>;
  readonly controlledResources?: readonly string[];
  readonly controlledValues?: 'RequestsAndLimits' | 'RequestsOnly';
}

export interface ContainerRecommendation {
  readonly containerName: string;
  readonly lowerBound: Readonly<Record<string, string>>;
  readonly target: Readonly<Record<string, string>>;
  readonly uncappedTarget: Readonly<Record<string, string>>;
  readonly upperBound: Readonly<Record<string, string>>;
}

export interface VerticalPodAutoscaler extends ApiObject {
  readonly metadata: ApiObject['metadata'] & { readonly namespace: string };
  readonly spec: {
    readonly targetRef: CrossVersionObjectReference;
    readonly updatePolicy?: { readonly updateMode?: string; readonly minReplicas?: number };
    readonly resourcePolicy?: { readonly containerPolicies?: readonly ContainerPolicy[] };
  };
  readonly status: {
    readonly recommendation?: { readonly containerRecommendations?: readonly ContainerRecommendation[] };
    readonly conditions?: readonly Condition[];
  };
}

const MODES = ['Off', 'Initial', 'Recreate', 'Auto'] as const;

export const verticalPodAutoscalerKind = defineKind<VerticalPodAutoscaler>({
  group: 'autoscaling.k8s.io',
  version: 'v1',
  kind: 'VerticalPodAutoscaler',
  plural: 'verticalpodautoscalers',
  shortNames: ['vpa'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  prepareForCreate: (autoscaler) => ({ ...autoscaler, status: {} }),
  validate,
  columns: [
    nameColumn,
    { name: 'Mode', type: 'string', value: ({ spec }) => modeOf(spec) },
    { name: 'CPU', type: 'string', value: (autoscaler) => firstTarget(autoscaler)['cpu'] ?? '' },
    { name: 'Mem', type: 'string', value: (autoscaler) => firstTarget(autoscaler)['memory'] ?? '' },
    { name: 'Provided', type: 'string', value: ({ status }) => provided(status) },
    ageColumn,
  ],
});

/** Auto unless it is said. */
export function modeOf(spec: VerticalPodAutoscaler['spec']): string {
  return spec.updatePolicy?.updateMode ?? 'Auto';
}

/** The policy of a container: its own, or the one for all others. */
export function policyOf(spec: VerticalPodAutoscaler['spec'], container: string): ContainerPolicy | undefined {
  const policies = spec.resourcePolicy?.containerPolicies ?? [];
  return policies.find(({ containerName }) => containerName === container) ?? policies.find(({ containerName }) => containerName === '*');
}

function firstTarget({ status }: VerticalPodAutoscaler): Readonly<Record<string, string>> {
  return status?.recommendation?.containerRecommendations?.[0]?.target ?? {};
}

function provided(status: VerticalPodAutoscaler['status'] | undefined): string {
  if (status?.conditions === undefined) return '';
  return isConditionTrue(status.conditions, 'RecommendationProvided') ? 'True' : 'False';
}

function validate({ spec }: VerticalPodAutoscaler): readonly FieldError[] {
  const path = new FieldPath('spec');
  const errors: FieldError[] = [];
  const target = spec?.targetRef as Partial<CrossVersionObjectReference> | undefined;
  if (target === undefined) errors.push(fieldRequired(path.child('targetRef'), ''));
  else
    for (const name of ['kind', 'name'] as const)
      if ((target[name] ?? '') === '') errors.push(fieldRequired(path.child('targetRef', name), ''));
  const mode = spec?.updatePolicy?.updateMode;
  if (mode !== undefined && !(MODES as readonly string[]).includes(mode))
    errors.push(fieldNotSupported(path.child('updatePolicy', 'updateMode'), mode, MODES));
  for (const [index, policy] of (spec?.resourcePolicy?.containerPolicies ?? []).entries())
    errors.push(...oneOf(path.child('resourcePolicy', 'containerPolicies').index(index).child('mode'), policy.mode, ['Auto', 'Off']));
  return errors;
}
