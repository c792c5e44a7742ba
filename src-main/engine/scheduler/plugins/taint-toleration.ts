// Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer taints that only ask.
// upstream: pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go
import { equal } from '../../base/equal.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { type Taint, toleratesTaint, untoleratedTaint } from '../../meta/tolerations.ts';
import { normalizeScores, type Rejection, type SchedulerPlugin } from './plugin.ts';

const name = 'TaintToleration';

export const taintToleration: SchedulerPlugin = {
  name,
  local: true,
  planFilter: (pod) => ({
    filter: ({ node }) => {
      const taint = forbiddingTaint(pod, node);
      return taint === undefined ? null : rejectionFor(taint);
    },
  }),
  weight: 3,
  planScore: (pod) => {
    // Tolerations that speak of PreferNoSchedule, or of every effect.
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => (effect ?? '') === '' || effect === 'PreferNoSchedule');
    return {
      score: ({ node }) => {
        let untolerated = 0;
        for (const taint of node.spec.taints ?? [])
          if (taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => toleratesTaint(toleration, taint))) untolerated += 1;
        return untolerated;
      },
      normalize: (scores) => normalizeScores(scores, true),
    };
  },
  mayHelp: (pod, event) => {
    // upstream: isSchedulableAfterPodTolerationChange accepts every added toleration
    if (event.resource === 'UnscheduledPod') return !equal(event.next?.spec.tolerations, event.previous?.spec.tolerations);
    if (event.resource !== 'Node' || event.next === undefined) return false;
    const wasForbidden = event.previous === undefined || forbiddingTaint(pod, event.previous) !== undefined;
    return wasForbidden && forbiddingTaint(pod, event.next) === undefined;
  },
};

function forbiddingTaint(pod: Pod, node: Node): Taint | undefined {
  const { taints } = node.spec;
  if (taints === undefined || taints.length === 0) return undefined;
  return untoleratedTaint(taints, pod.spec.tolerations ?? [], forbids);
}

function forbids({ effect }: Taint): boolean {
  return effect === 'NoSchedule' || effect === 'NoExecute';
}

// One answer per taint: many nodes share one.
const rejections = new WeakMap<Taint, Rejection>();

function rejectionFor(taint: Taint): Rejection {
  let rejection = rejections.get(taint);
  if (rejection === undefined) {
    rejection = { plugin: name, reasons: [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`], resolvable: false };
    rejections.set(taint, rejection);
  }
  return rejection;
}
