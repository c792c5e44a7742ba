// How much of each resource a pod asks for, in whole numbers: what scheduler, kubelet and quota count with.
// upstream: k8s.io/component-helpers/resource/helpers.go PodRequests
import { parseQuantity } from '../../meta/quantity.ts';
import type { Pod } from './pod.ts';
import type { PodSpec } from './pod-spec.ts';
import { podTotals } from './pod-totals.ts';

/** cpu in millicores, the rest in whole units, each rounded up. */
export interface PodRequests {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly ephemeralBytes: number;
  /** Extended resources, huge pages, attachable volumes. */
  readonly others: ReadonlyMap<string, number>;
}

/** Quantities by resource name, as manifests write them. */
export type ResourceList = Readonly<Record<string, string>>;

/** Remembered per list of containers, which the pods of one template share even after they were bound. */
export function podRequests({ spec }: Pick<Pod, 'spec'>): PodRequests {
  const { containers, initContainers, overhead, resources } = spec as PodSpec;
  const known = remembered.get(containers);
  if (known !== undefined && known.initContainers === initContainers && known.overhead === overhead && known.resources === resources)
    return known.requests;
  const requests = computePodRequests(spec);
  remembered.set(containers, { initContainers, overhead, resources, requests });
  return requests;
}

/** `missing`: what a container counts that does not mention a resource. upstream: PodResourcesOptions.NonMissingContainerRequests */
export function computePodRequests(spec: Pod['spec'], missing?: ResourceList): PodRequests {
  const totals = podTotals((missing === undefined ? spec : withMissing(spec, missing)) as PodSpec, 'requests');
  const nanosOf = (name: string): bigint => totals.get(name)?.nanos ?? 0n;
  const others = new Map<string, number>();
  for (const [name, { nanos }] of totals) if (!named.has(name)) others.set(name, units(nanos, NANOS));
  return {
    cpuMillis: units(nanosOf('cpu'), NANOS / 1000n),
    memoryBytes: units(nanosOf('memory'), NANOS),
    ephemeralBytes: units(nanosOf('ephemeral-storage'), NANOS),
    others,
  };
}

interface Remembered {
  readonly initContainers: PodSpec['initContainers'] | undefined;
  readonly overhead: ResourceList | undefined;
  readonly resources: PodSpec['resources'] | undefined;
  readonly requests: PodRequests;
}

const remembered = new WeakMap<Pod['spec']['containers'], Remembered>();

function withMissing(spec: Pod['spec'], missing: ResourceList): Pod['spec'] {
  const filled = (container: Pod['spec']['containers'][number]) => ({
    ...container,
    resources: { ...container.resources, requests: { ...missing, ...valid(container.resources?.requests) } },
  });
  return { ...spec, containers: spec.containers.map(filled), initContainers: (spec.initContainers ?? []).map(filled) };
}

/** A text that is no quantity counts for nothing. */
function valid(list: ResourceList | undefined): ResourceList {
  return Object.fromEntries(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text).value === undefined ? '0' : text]));
}

function units(nanos: bigint, unit: bigint): number {
  return Number((nanos + unit - 1n) / unit);
}

const NANOS = 1_000_000_000n;
const named: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);
