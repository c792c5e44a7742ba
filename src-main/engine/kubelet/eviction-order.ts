// Whom a kubelet evicts first when its node runs short, what it says of it, and whom the kernel kills when the kubelet is too late.
// upstream: pkg/kubelet/eviction/helpers.go rankMemoryPressure, rankDiskPressureFunc, evictionMessage; pkg/kubelet/qos/policy.go
import type { Pod } from '../kinds/core/pod.ts';
import { podRequests } from '../kinds/core/pod-requests.ts';
import { qosClass } from '../kinds/core/qos.ts';
import { printQuantity, quantityValue } from '../meta/quantity.ts';
import type { EvictedResource } from './eviction-thresholds.ts';

/** What a pod takes now, container by container. */
export interface PodUse {
  readonly pod: Pod;
  readonly containers: readonly { readonly name: string; readonly bytes: number }[];
}

const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000;

/** First to go first: those that take more than they asked for, then by priority, then by how much more. */
export function inEvictionOrder(uses: readonly PodUse[], resource: EvictedResource): readonly PodUse[] {
  const excess = ({ pod, containers }: PodUse): number => containers.reduce((sum, { bytes }) => sum + bytes, 0) - requestOf(pod, resource);
  return uses.toSorted(
    (a, b) =>
      Number(excess(b) > 0) - Number(excess(a) > 0) || (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) || excess(b) - excess(a),
  );
}

/** upstream: pkg/kubelet/types IsCriticalPod */
export function isCritical({ spec }: Pod): boolean {
  return (spec.priority ?? 0) >= SYSTEM_CRITICAL_PRIORITY;
}

/** `threshold` and `available` in bytes. */
export function evictionMessage({ pod, containers }: PodUse, resource: EvictedResource, threshold: number, available: number): string {
  const parts = [`The node was low on resource: ${resource}. Threshold quantity: ${binary(threshold)}, available: ${binary(available)}. `];
  for (const { name, bytes } of containers) {
    const asked = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((container) => container.name === name);
    const request = asked?.resources?.requests?.[resource];
    if (bytes > (request === undefined ? 0 : quantityValue(request)))
      parts.push(`Container ${name} was using ${binary(bytes)}, request is ${request ?? '0'}, has larger consumption of ${resource}. `);
  }
  return parts.join('');
}

/** Bytes as Go prints them: in Ki, Mi... where they divide evenly. */
export function binary(bytes: number): string {
  return printQuantity({ nanos: BigInt(Math.floor(bytes)) * 1_000_000_000n, format: 'BinarySI' });
}

/** How readily the kernel kills a container's process: its share of the memory in thousandths, and what its class adds. */
export function killScore(pod: Pod, name: string, bytes: number, capacityBytes: number): number {
  return Math.floor((bytes * 1000) / capacityBytes) + adjustment(pod, name, capacityBytes);
}

/** upstream: GetContainerOOMScoreAdjust */
function adjustment(pod: Pod, name: string, capacityBytes: number): number {
  const quality = qosClass(pod.spec);
  if (isCritical(pod) || quality === 'Guaranteed') return -997;
  if (quality === 'BestEffort') return 1000;
  const request = pod.spec.containers.find((container) => container.name === name)?.resources?.requests?.['memory'];
  const adjust = 1000 - Math.floor((1000 * (request === undefined ? 0 : quantityValue(request))) / capacityBytes);
  return Math.min(999, Math.max(3, adjust));
}

function requestOf(pod: Pod, resource: EvictedResource): number {
  const { memoryBytes, ephemeralBytes } = podRequests(pod);
  return resource === 'memory' ? memoryBytes : ephemeralBytes;
}
