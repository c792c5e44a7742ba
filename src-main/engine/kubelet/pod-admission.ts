// May this pod run here at all: the kubelet's own look at resources, ports and node selection, after the scheduler's.
import type { Node } from '../kinds/core/node.ts';
import { matchesRequiredNodeAffinity } from '../kinds/core/node-selector.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { podRequests } from '../kinds/core/pod-requests.ts';
import { quantityMilliValue, quantityValue } from '../meta/quantity.ts';
import { untoleratedTaint } from '../meta/tolerations.ts';

export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

/** What the pods of a node hold. */
export interface NodeLoad {
  pods: number;
  cpuMillis: number;
  memoryBytes: number;
  ports: string[];
}

export function loadOf(pods: Iterable<Pod>): NodeLoad {
  const load: NodeLoad = { pods: 0, cpuMillis: 0, memoryBytes: 0, ports: [] };
  for (const pod of pods) addLoad(load, pod);
  return load;
}

export function addLoad(load: NodeLoad, pod: Pod): void {
  const { cpuMillis, memoryBytes } = podRequests(pod);
  load.pods += 1;
  load.cpuMillis += cpuMillis;
  load.memoryBytes += memoryBytes;
  load.ports.push(...hostPorts(pod));
}

/** null: welcome; otherwise the first of what stands against it. upstream: pkg/kubelet/lifecycle/predicate.go Admit, generalFilter; pkg/scheduler AdmissionCheck */
export function refusalOf(pod: Pod, node: Node, load: NodeLoad): Refusal | null {
  const allocatable = node.status.allocatable ?? {};
  const wanted = podRequests(pod);
  const short = (resource: string, requested: number, used: number, measure: (text: string) => number): Refusal | null => {
    const most = allocatable[resource];
    return most === undefined || requested === 0 || used + requested <= measure(most)
      ? null
      : shortage(resource, requested, used, measure(most));
  };
  const lacking =
    short('pods', 1, load.pods, quantityValue) ??
    short('cpu', wanted.cpuMillis, load.cpuMillis, quantityMilliValue) ??
    short('memory', wanted.memoryBytes, load.memoryBytes, quantityValue);
  if (lacking !== null) return lacking;
  if (!matchesRequiredNodeAffinity(pod, node))
    return { reason: 'NodeAffinity', message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector" };
  if (hostPorts(pod).some((port) => load.ports.includes(port)))
    return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  if (untoleratedTaint(node.spec.taints ?? [], pod.spec.tolerations ?? [], ({ effect }) => effect === 'NoExecute') !== undefined)
    return { reason: 'TaintToleration', message: "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate" };
  return null;
}

function shortage(resource: string, requested: number, used: number, capacity: number): Refusal {
  return {
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

function hostPorts(pod: Pod): readonly string[] {
  const ports: string[] = [];
  for (const container of pod.spec.containers)
    for (const port of container.ports ?? []) if ((port.hostPort ?? 0) > 0) ports.push(`${port.protocol ?? 'TCP'}/${port.hostPort}`);
  return ports;
}
