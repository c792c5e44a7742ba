// How many pods a rollout may add and how many may be missing, from maxSurge and maxUnavailable: the bounds of every rolling step.
// upstream: pkg/controller/deployment/util/deployment_util.go
import type { Deployment } from '../../kinds/apps/deployment.ts';
import { type IntOrString, scaledIntOrPercent } from '../../meta/int-or-string.ts';
import type { Parsed } from '../../meta/parsed.ts';

export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

/** Percentages resolved: surge up, unavailable down; both zero would stand still, so then one may be unavailable. upstream: ResolveFenceposts */
export function resolveFenceposts(
  maxSurge: IntOrString | null | undefined,
  maxUnavailable: IntOrString | null | undefined,
  desired: number,
): Parsed<Fenceposts> {
  const surge = scaledIntOrPercent(maxSurge ?? 0, desired, true);
  if (surge.error !== undefined) return { error: surge.error };
  const unavailable = scaledIntOrPercent(maxUnavailable ?? 0, desired, false);
  if (unavailable.error !== undefined) return { error: unavailable.error };
  const stuck = surge.value === 0 && unavailable.value === 0;
  return { value: { surge: surge.value, unavailable: stuck ? 1 : unavailable.value } };
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type === 'RollingUpdate';
}

export function desiredReplicas(object: { readonly spec: { readonly replicas?: number } }): number {
  return object.spec.replicas ?? 1;
}

/** upstream: MaxSurge */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? resolved(deployment).surge : 0;
}

/** upstream: MaxUnavailable */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(resolved(deployment).unavailable, replicas);
}

/** upstream: MinAvailable */
export function minAvailable(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? desiredReplicas(deployment) - maxUnavailable(deployment) : 0;
}

function resolved(deployment: Deployment): Fenceposts {
  const rolling = deployment.spec.strategy?.rollingUpdate;
  const { value } = resolveFenceposts(rolling?.maxSurge, rolling?.maxUnavailable, desiredReplicas(deployment));
  return value ?? { surge: 0, unavailable: 0 };
}
