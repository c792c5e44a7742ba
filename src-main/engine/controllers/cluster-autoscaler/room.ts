// Whether a pod would fit a node, as far as the cluster autoscaler asks: labels, taints, where its volumes are, and free CPU, memory and places.
// upstream: kubernetes/autoscaler cluster-autoscaler/simulator; spreading and affinity between pods are not asked here
import type { Node } from '../../kinds/core/node.ts';
import { matchesNodeSelector, matchesRequiredNodeAffinity, type NodeSelector } from '../../kinds/core/node-selector.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { podRequests } from '../../kinds/core/pod-requests.ts';
import { quantityMilliValue, quantityValue } from '../../meta/quantity.ts';
import { type Taint, untoleratedTaint } from '../../meta/tolerations.ts';
import { isPodTerminal } from '../pod-state.ts';

export interface Place {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly taints: readonly Taint[];
  cpuMillis: number;
  memoryBytes: number;
  pods: number;
}

/** Node affinities of the pod's volumes. */
export type VolumesOf = (pod: Pod) => readonly NodeSelector[];

type Amounts = Readonly<Record<string, string>>;

export function placeOf(name: string, labels: Readonly<Record<string, string>>, taints: readonly Taint[], amounts: Amounts): Place {
  return {
    metadata: { name, labels: { ...labels, 'kubernetes.io/hostname': name } },
    taints,
    cpuMillis: quantityMilliValue(amounts['cpu'] ?? '0'),
    memoryBytes: quantityValue(amounts['memory'] ?? '0'),
    pods: Number(amounts['pods'] ?? '110'),
  };
}

/** What is left on a node. */
export function roomOn(node: Node, pods: Iterable<Pod>): Place {
  const place = placeOf(node.metadata.name, node.metadata.labels ?? {}, node.spec.taints ?? [], node.status.allocatable ?? {});
  for (const pod of pods) if (!isPodTerminal(pod)) take(place, pod);
  return place;
}

export function take(place: Place, pod: Pod): void {
  const { cpuMillis, memoryBytes } = podRequests(pod);
  place.cpuMillis -= cpuMillis;
  place.memoryBytes -= memoryBytes;
  place.pods -= 1;
}

/** Why not, as the scheduler words it; '' when it fits. */
export function refusal(place: Place, pod: Pod, volumesOf: VolumesOf): string {
  if (!matchesRequiredNodeAffinity(pod, place)) return "node(s) didn't match Pod's node affinity/selector";
  const taint = untoleratedTaint(place.taints, pod.spec.tolerations ?? [], ({ effect }) => effect !== 'PreferNoSchedule');
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (!volumesOf(pod).every((selector) => matchesNodeSelector(selector, place)))
    return "node(s) didn't match PersistentVolume's node affinity";
  const { cpuMillis, memoryBytes } = podRequests(pod);
  if (place.pods < 1) return 'Too many pods';
  if (cpuMillis > place.cpuMillis) return 'Insufficient cpu';
  return memoryBytes > place.memoryBytes ? 'Insufficient memory' : '';
}

/** Puts pods where they fit, the biggest first; those that found no place are left. */
export function placeAll(pods: readonly Pod[], places: readonly Place[], volumesOf: VolumesOf): readonly Pod[] {
  const left: Pod[] = [];
  for (const pod of bySize(pods)) {
    const place = places.find((one) => refusal(one, pod, volumesOf) === '');
    if (place === undefined) left.push(pod);
    else take(place, pod);
  }
  return left;
}

function bySize(pods: readonly Pod[]): readonly Pod[] {
  const size = (pod: Pod): number => podRequests(pod).cpuMillis;
  return pods.toSorted((a, b) => size(b) - size(a) || (a.metadata.uid < b.metadata.uid ? -1 : 1));
}
