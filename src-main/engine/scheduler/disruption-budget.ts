// What a PodDisruptionBudget says to preemption: it prefers other victims, but does not forbid.
// upstream: pkg/scheduler/framework/plugins/defaultpreemption filterPodsWithPDBViolation
import type { Pod } from '../kinds/core/pod.ts';
import type { PodDisruptionBudget } from '../kinds/policy/pod-disruption-budget.ts';
import { requirementsOf, selectorFor } from '../meta/label-selector.ts';

/** Cases leave out what nobody asks for. */
type Stated = Pick<PodDisruptionBudget, 'metadata'> & Partial<Pick<PodDisruptionBudget, 'spec' | 'status'>>;

/** How many more pods a budget lets go; it is asked about each victim in turn. */
export interface DisruptionBudget {
  readonly covers: (pod: Pod) => boolean;
  readonly disruptionsAllowed: number;
}

export function disruptionBudget({ metadata, spec, status }: Stated): DisruptionBudget {
  const selector = spec?.selector;
  const selectsAll = selector === undefined || requirementsOf(selector).value?.length === 0;
  const matches = selectorFor(selector);
  return {
    // A pod whose eviction is under way has been counted already; one without labels is in no budget, whatever a selector excludes.
    covers: (pod) =>
      !selectsAll &&
      Object.keys(pod.metadata.labels ?? {}).length > 0 &&
      pod.metadata.namespace === metadata.namespace &&
      matches(pod.metadata.labels) &&
      status?.disruptedPods?.[pod.metadata.name] === undefined,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
  };
}
