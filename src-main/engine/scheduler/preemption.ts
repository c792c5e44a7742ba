// What preemption has to say about a pod that no node will take.
// upstream: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go, framework/preemption/preemption.go
import type { Pod } from '../kinds/core/pod.ts';
import type { ClusterView } from './cluster-view.ts';
import { addCount, type Diagnosis, preemptionText } from './fit-error.ts';

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';

/** The closing part of the FailedScheduling sentence. */
export function preemptionMessage(pod: Pod, diagnosis: Diagnosis, view: ClusterView): string {
  if (pod.spec.preemptionPolicy === 'Never') return 'preemption: not eligible due to preemptionPolicy=Never.';
  const counts = new Map<string, number>();
  for (const { name } of view.nodes()) {
    const rejection = diagnosis.byNode.get(name) ?? diagnosis.absent;
    addCount(counts, rejection?.resolvable === true ? NO_VICTIMS : NOT_HELPFUL, 1);
  }
  return preemptionText(diagnosis.nodesTotal, counts);
}
