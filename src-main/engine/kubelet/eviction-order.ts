// Whom a kubelet evicts first when its node runs short, what it says of it, and whom the kernel kills when the kubelet is too late.
// upstream: pkg/kubelet/eviction/helpers.go rankMemoryPressure, rankDiskPressureFunc, rankPIDPressure, evictionMessage; pkg/kubelet/qos/policy.go
import type { Pod } from '../kinds/core/pod.ts';
import { podRequests } from '../kinds/core/pod-requests.ts';
import { qosClass } from '../kinds/core/qos.ts';
import { printQuantity, quantityValue } from '../meta/quantity.ts';
import type { EvictedResource } from './eviction-thresholds.ts';

/** What a pod takes now, container by container. */
export interface PodUse {
  readonly pod: Pod;
  readonly containers: readonly { readonly name: string; readonly amount: number }[];
  /** Of its volumes on the node's disk. */
  readonly volumes?: number;
}

const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000;

/** First to go first: those that take more than they asked for, then by priority, then by how much more. Nobody can ask for process ids. */
export function inEvictionOrder(uses: readonly PodUse[], resource: EvictedResource): readonly PodUse[] {
  const excess = ({ pod, containers, volumes = 0 }: PodUse): number =>
    containers.reduce((sum, { amount }) => sum + amount, volumes) - requestOf(pod, resource);
  const isOver = (use: PodUse): number => (resource === 'pids' ? 0 : Number(excess(use) > 0));
  return uses.toSorted((a, b) => isOver(b) - isOver(a) || (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) || excess(b) - excess(a));
}

/** upstream: pkg/kubelet/types IsCriticalPod */
export function isCritical({ spec }: Pod): boolean {
  return (spec.priority ?? 0) >= SYSTEM_CRITICAL_PRIORITY;
}

/** What there must be and what there is, in bytes or pieces; a share of the whole is told as a plain number. */
export interface Shortage {
  readonly resource: EvictedResource;
  readonly least: number;
  readonly isShare: boolean;
  readonly available: number;
}

export function evictionMessage({ pod, containers }: PodUse, { resource, least, isShare, available }: Shortage): string {
  const isBytes = resource === 'memory' || resource === 'ephemeral-storage';
  const threshold = isBytes && !isShare ? binary(least) : decimal(least);
  const parts = [
    `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${isBytes ? binary(available) : decimal(available)}. `,
  ];
  for (const { name, amount: bytes } of isBytes ? containers : []) {
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

/** upstream: GetThresholdQuantity makes shares in this form */
function decimal(amount: number): string {
  return printQuantity({ nanos: BigInt(Math.floor(amount)) * 1_000_000_000n, format: 'DecimalSI' });
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
  return resource === 'memory' ? memoryBytes : resource === 'ephemeral-storage' ? ephemeralBytes : 0;
}
