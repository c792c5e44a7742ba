// What a scheduling plugin is: it looks at a pod once and answers with functions on nodes, so that whatever depends on the pod alone is computed once.
// upstream: pkg/scheduler/framework/interface.go PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin, EnqueueExtensions
import type { Pod } from '../../kinds/core/pod.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodSort } from '../pod-count.ts';

export const SCORE_MAX = 100;

/** Why a pod cannot go to a node. `resolvable`: taking other pods away might help (upstream's Unschedulable; else UnschedulableAndUnresolvable). */
export interface Rejection {
  readonly plugin: string;
  readonly reasons: readonly string[];
  readonly resolvable: boolean;
  /** No verdict but a failure: the cycle ends and the pod is tried again. upstream: Status code Error */
  readonly failed?: true;
}

/** null: the pod may go there. */
export type NodeFilter = (node: NodeInfo) => Rejection | null;

/** What a plugin has to say about a pod before nodes are looked at. */
export type FilterPlan =
  /** No node will do. */
  | { readonly rejection: Rejection }
  /** Only nodes that pass; `nodeNames`: and only these. */
  | { readonly filter: NodeFilter; readonly nodeNames?: ReadonlySet<string> };

export interface Scorer {
  readonly score: (node: NodeInfo) => number;
  /** Brings all scores into 0..SCORE_MAX, in place. */
  readonly normalize?: (scores: number[], nodes: readonly NodeInfo[]) => void;
}

export interface SchedulerPlugin {
  readonly name: string;
  /** Its answers depend on the pod's specification and on the one node alone: they hold until the node changes. */
  readonly local?: true;
  /** Which placed pods it will want counted for this pod: the first count of a sort goes through all pods, and is made in steps when it is known beforehand. */
  readonly sorts?: (pod: Pod, view: ClusterView) => readonly PodSort[];
  /** null: the plugin has nothing to check about this pod. */
  readonly planFilter?: (pod: Pod, view: ClusterView) => FilterPlan | null;
  readonly weight?: number;
  /** null: the plugin gives this pod no points. */
  readonly planScore?: (pod: Pod, feasible: readonly NodeInfo[], view: ClusterView) => Scorer | null;
  /** May this event make a pod schedulable that the plugin rejected? upstream: QueueingHintFn */
  readonly mayHelp?: (pod: Pod, event: ClusterEvent, view: ClusterView) => boolean;
}

/** upstream: pkg/scheduler/framework/plugins/helper/normalize_score.go DefaultNormalizeScore */
export function normalizeScores(scores: number[], reverse: boolean): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] as number;
    if (highest === 0) scores[index] = reverse ? SCORE_MAX : score;
    else {
      const scaled = Math.trunc((SCORE_MAX * score) / highest);
      scores[index] = reverse ? SCORE_MAX - scaled : scaled;
    }
  }
}
