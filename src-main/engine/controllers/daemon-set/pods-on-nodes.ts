// A DaemonSet's pods by the node that each is for: what every rule of a DaemonSet looks at.
// upstream: pkg/controller/daemon/daemon_controller.go getNodesToDaemonPods, podByCreationTimestampAndPhase, getUnscheduledPodsWithoutNode
import { compareText } from '../../base/compare-text.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { isPodTerminal } from '../pod-state.ts';
import { targetNodeOf } from './daemon-pod.ts';

export type PodsOnNodes = ReadonlyMap<string, readonly Pod[]>;

/** A finished pod that is being deleted is somebody else's business. */
export function podsOnNodes(pods: Iterable<Pod>): PodsOnNodes {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined && isPodTerminal(pod)) continue;
    const node = targetNodeOf(pod);
    if (node === '') continue;
    const list = found.get(node);
    if (list === undefined) found.set(node, [pod]);
    else list.push(pod);
  }
  return found;
}

/** The one that counts first: scheduled before unscheduled, then the older. */
export function inOrder(pods: readonly Pod[]): readonly Pod[] {
  return pods.length < 2 ? pods : pods.toSorted(compare);
}

/** Pods for nodes that are gone and that nobody else would ever delete. */
export function unscheduledWithoutNode(onNodes: PodsOnNodes, exists: (node: string) => boolean): readonly Pod[] {
  const found: Pod[] = [];
  for (const [node, pods] of onNodes) if (!exists(node)) found.push(...pods.filter(({ spec }) => (spec.nodeName ?? '') === ''));
  return found;
}

function compare(a: Pod, b: Pod): number {
  const waiting = ({ spec }: Pod): number => Number((spec.nodeName ?? '') === '');
  return (
    waiting(a) - waiting(b) ||
    compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareText(a.metadata.name, b.metadata.name)
  );
}
