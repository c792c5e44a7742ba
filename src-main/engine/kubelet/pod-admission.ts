// May this pod run here at all: the kubelet's own look at resources, ports and node selection, after the scheduler's.
import type { Node } from '../kinds/core/node.ts';
import { matchesRequiredNodeAffinity } from '../kinds/core/node-selector.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { podRequests } from '../kinds/core/pod-requests.ts';
import { quantityMilliValue, quantityValue } from '../meta/quantity.ts';

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** null: welcome. `others`: the pods that hold resources of the node. upstream: pkg/kubelet/lifecycle/predicate.go Admit */
export function refusalOf(pod: Pod, node: Node, others: readonly Pod[]): Refusal | null {
  if (!matchesRequiredNodeAffinity(pod, node))
    return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  const allocatable = node.status.allocatable ?? {};
  const podsMax = allocatable['pods'];
  if (podsMax !== undefined && others.length + 1 > quantityValue(podsMax))
    return shortage('pods', 1, others.length, quantityValue(podsMax));
  const wanted = podRequests(pod);
  const cpuMax = allocatable['cpu'];
  if (cpuMax !== undefined && wanted.cpuMillis > 0) {
    const used = sum(others, (other) => podRequests(other).cpuMillis);
    if (used + wanted.cpuMillis > quantityMilliValue(cpuMax)) return shortage('cpu', wanted.cpuMillis, used, quantityMilliValue(cpuMax));
  }
  const memoryMax = allocatable['memory'];
  if (memoryMax !== undefined && wanted.memoryBytes > 0) {
    const used = sum(others, (other) => podRequests(other).memoryBytes);
    if (used + wanted.memoryBytes > quantityValue(memoryMax)) return shortage('memory', wanted.memoryBytes, used, quantityValue(memoryMax));
  }
  const ports = hostPorts(pod);
  if (ports.length > 0 && others.some((other) => hostPorts(other).some((port) => ports.includes(port))))
    return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  return null;
}

function shortage(resource: string, requested: number, used: number, capacity: number): Refusal {
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

function sum(pods: readonly Pod[], of: (pod: Pod) => number): number {
  let total = 0;
  for (const pod of pods) total += of(pod);
  return total;
}

function hostPorts(pod: Pod): readonly string[] {
  const ports: string[] = [];
  for (const container of pod.spec.containers)
    for (const port of container.ports ?? []) if ((port.hostPort ?? 0) > 0) ports.push(`${port.protocol ?? 'TCP'}/${port.hostPort}`);
  return ports;
}
