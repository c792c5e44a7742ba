// How much of each resource a pod asks for: containers together, or the biggest moment of its start, plus overhead. Scheduler, kubelet and quota share it.
// upstream: k8s.io/component-helpers/resource/helpers.go PodRequests, AggregateContainerRequests
import { parseQuantity } from '../../meta/quantity.ts';
import type { Pod } from './pod.ts';

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
  const { containers, initContainers, overhead } = spec;
  const known = remembered.get(containers);
  if (known !== undefined && known.initContainers === initContainers && known.overhead === overhead) return known.requests;
  const requests = computePodRequests(spec);
  remembered.set(containers, { initContainers, overhead, requests });
  return requests;
}

/** `missing`: what a container counts that does not mention a resource. upstream: PodResourcesOptions.NonMissingContainerRequests */
export function computePodRequests(spec: Pod['spec'], missing: ResourceList = {}): PodRequests {
  const sum = new Map<string, bigint>();
  const sidecars = new Map<string, bigint>();
  const start = new Map<string, bigint>();
  for (const container of spec.containers) add(sum, requestsOf(container, missing));
  for (const container of spec.initContainers ?? []) {
    const requests = requestsOf(container, missing);
    if (container.restartPolicy === 'Always') {
      add(sum, requests);
      add(sidecars, requests);
      raise(start, sidecars);
    } else {
      const moment = new Map(sidecars);
      add(moment, requests);
      raise(start, moment);
    }
  }
  raise(sum, start);
  add(sum, nanosOf(spec.overhead ?? {}));
  return rounded(sum);
}

type Amounts = Map<string, bigint>;

interface Remembered {
  readonly initContainers: Pod['spec']['initContainers'] | undefined;
  readonly overhead: ResourceList | undefined;
  readonly requests: PodRequests;
}

const remembered = new WeakMap<Pod['spec']['containers'], Remembered>();

function requestsOf(container: Pod['spec']['containers'][number], missing: ResourceList): Amounts {
  return nanosOf({ ...missing, ...container.resources?.requests });
}

function nanosOf(list: ResourceList): Amounts {
  return new Map(Object.entries(list).map(([name, text]) => [name, parseQuantity(text).value?.nanos ?? 0n]));
}

function add(sum: Amounts, more: Amounts): void {
  for (const [name, nanos] of more) sum.set(name, (sum.get(name) ?? 0n) + nanos);
}

function raise(amounts: Amounts, floor: Amounts): void {
  for (const [name, nanos] of floor) if (nanos > (amounts.get(name) ?? -1n)) amounts.set(name, nanos);
}

function rounded(sum: Amounts): PodRequests {
  const others = new Map<string, number>();
  for (const [name, nanos] of sum) if (!named.has(name)) others.set(name, units(nanos, NANOS));
  return {
    cpuMillis: units(sum.get('cpu') ?? 0n, NANOS / 1000n),
    memoryBytes: units(sum.get('memory') ?? 0n, NANOS),
    ephemeralBytes: units(sum.get('ephemeral-storage') ?? 0n, NANOS),
    others,
  };
}

function units(nanos: bigint, unit: bigint): number {
  return Number((nanos + unit - 1n) / unit);
}

const NANOS = 1_000_000_000n;
const named: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);
