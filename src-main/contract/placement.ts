// Where a pod or a volume can go, and why not elsewhere: the scheduler's own filters answer, node by node.

import type { ContainerFile } from './container.ts';
import type { StepRecord } from './timeline.ts';

/** One plain sentence: message key `place.<says>`; `values` fill it. */
export interface PlaceLine {
  readonly says: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** What is said of one node. */
export interface NodePlacement {
  readonly node: string;
  /** The plugin that refuses it; '' where the pod may go. */
  readonly plugin: string;
  /** In the plugin's words. */
  readonly reasons: readonly string[];
}

export interface PodPlacement {
  /** The node it is on; ''. */
  readonly node: string;
  /** Why nobody can choose its node by hand; null where somebody can. */
  readonly fixed: PlaceLine | null;
  /** Every node, by name. */
  readonly nodes: readonly NodePlacement[];
}

/** What became of a wish to have a pod on a node. */
export interface PodMove {
  /** The Status message when the API server refused; ''. */
  readonly refused: string;
  /** Key of the pod that takes its place. */
  readonly key: string;
  /** To be made when the pod with this uid has gone and its name is free again; null where the new pod is there already. */
  readonly later: { readonly uid: string; readonly manifest: string } | null;
  /** The manifest of the pod as it was, for whoever takes the move back; '' where its controller makes another. */
  readonly before: string;
}

/** Whether a volume can be used in a zone, and why not. */
export interface VolumePlacement {
  readonly zones: readonly { readonly zone: string; readonly fits: boolean; readonly line: PlaceLine }[];
}

/** What is on a volume, and what became of it so far. */
export interface VolumeLook {
  /** false: nothing is known of what it stands on. */
  readonly hasDisk: boolean;
  readonly isLost: boolean;
  readonly files: readonly Omit<ContainerFile, 'volume'>[];
  /** Oldest first: made, bound, attached, let go. */
  readonly history: readonly StepRecord[];
}
