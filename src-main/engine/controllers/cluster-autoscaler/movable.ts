// What keeps a node from being taken away: pods that nobody would make again, that keep data on it, or that a budget protects.
// upstream: kubernetes/autoscaler cluster-autoscaler/simulator/drainability/rules
import type { Pod } from '../../kinds/core/pod.ts';
import type { PodDisruptionBudget } from '../../kinds/policy/pod-disruption-budget.ts';
import { selectorFor } from '../../meta/label-selector.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { isPodTerminal } from '../pod-state.ts';

const SAFE = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

/** Made by its node's DaemonSet: it goes with the node. */
export function belongsToNode(pod: Pod): boolean {
  return controllerOf(pod)?.kind === 'DaemonSet' || pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}

/** Why the pod must stay; '' when it may be made anew elsewhere. */
export function stays(pod: Pod, budgets: Iterable<PodDisruptionBudget>): string {
  if (belongsToNode(pod) || isPodTerminal(pod)) return '';
  const safe = pod.metadata.annotations?.[SAFE];
  if (safe === 'false') return 'not safe to evict';
  const mine = [...budgets].filter(({ spec }) => selectorFor(spec.selector)(pod.metadata.labels));
  if (mine.some(({ status }) => status.disruptionsAllowed < 1)) return 'not enough disruptions allowed by its budget';
  if (safe === 'true') return '';
  if (controllerOf(pod) === undefined) return 'not replicated';
  if (pod.metadata.namespace === 'kube-system') return 'of the system';
  const isLocal = (pod.spec.volumes ?? []).some(
    ({ emptyDir, hostPath }) => hostPath !== undefined || (emptyDir !== undefined && emptyDir.medium !== 'Memory'),
  );
  return isLocal ? 'local storage' : '';
}
