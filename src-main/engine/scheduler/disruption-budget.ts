// What a PodDisruptionBudget says to preemption: it prefers other victims, but does not forbid.
// upstream: pkg/scheduler/framework/plugins/defaultpreemption filterPodsWithPDBViolation
import type { PodDisruptionBudget as OpenApiPodDisruptionBudget } from 'kubernetes-types/policy/v1.d.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { requirementsOf, selectorFor } from '../meta/label-selector.ts';
import type { StoredInNamespace } from '../meta/object.ts';

export type PodDisruptionBudget = StoredInNamespace<OpenApiPodDisruptionBudget>;

/** How many more pods a budget lets go; it is asked about each victim in turn. */
export interface DisruptionBudget {
  readonly covers: (pod: Pod) => boolean;
  readonly disruptionsAllowed: number;
}

export function disruptionBudget({ metadata, spec, status }: PodDisruptionBudget): DisruptionBudget {
  const { selector } = spec ?? {};
  const selectsAll = selector === undefined || requirementsOf(selector).value?.length === 0;
  const matches = selectorFor(selector);
  return {
    // A pod whose eviction is under way has been counted already.
    covers: (pod) =>
      !selectsAll &&
      pod.metadata.namespace === metadata.namespace &&
      matches(pod.metadata.labels) &&
      status?.disruptedPods?.[pod.metadata.name] === undefined,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
  };
}
