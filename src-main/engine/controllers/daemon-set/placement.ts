// Which nodes a DaemonSet wants a pod on, and where a pod that is there may stay; room and ports are the scheduler's business.
// upstream: pkg/controller/daemon/daemon_controller.go NodeShouldRunDaemonPod
import type { DaemonSet } from '../../kinds/apps/daemon-set.ts';
import type { Node } from '../../kinds/core/node.ts';
import { matchesRequiredNodeAffinity } from '../../kinds/core/node-selector.ts';
import type { PodSpec } from '../../kinds/core/pod-spec.ts';
import { type Taint, untoleratedTaint } from '../../meta/tolerations.ts';
import { daemonTemplate } from './daemon-pod.ts';

export interface Placement {
  /** A missing pod is to be made. */
  readonly run: boolean;
  /** A pod that is there may stay. */
  readonly stay: boolean;
}

const YES: Placement = { run: true, stay: true };
const NO: Placement = { run: false, stay: false };
const ONLY_STAY: Placement = { run: false, stay: true };

type Seen = Pick<Node['metadata'], 'labels'> & { readonly taints: readonly Taint[] | undefined; readonly placement: Placement };

export function placementOn(node: Node, set: DaemonSet): Placement {
  const { template } = set.spec;
  let seen = seenByTemplate.get(template);
  if (seen === undefined) {
    seen = new Map();
    seenByTemplate.set(template, seen);
  }
  const { name, labels } = node.metadata;
  const { taints } = node.spec;
  const before = seen.get(name);
  if (before !== undefined && before.labels === labels && before.taints === taints) return before.placement;
  const placement = decide(node, daemonTemplate(template).spec ?? { containers: [] });
  seen.set(name, { ...(labels !== undefined && { labels }), taints, placement });
  return placement;
}

/** Answers by template and node, as long as what of the node matters is the very same. */
const seenByTemplate = new WeakMap<object, Map<string, Seen>>();

function decide(node: Node, spec: PodSpec): Placement {
  if ((spec.nodeName ?? '') !== '' && spec.nodeName !== node.metadata.name) return NO;
  if (!matchesRequiredNodeAffinity({ spec }, node)) return NO;
  const { taints = [] } = node.spec;
  const { tolerations = [] } = spec;
  const keepsOut = untoleratedTaint(taints, tolerations, ({ effect }) => effect === 'NoExecute' || effect === 'NoSchedule');
  if (keepsOut === undefined) return YES;
  return untoleratedTaint(taints, tolerations, ({ effect }) => effect === 'NoExecute') === undefined ? ONLY_STAY : NO;
}
