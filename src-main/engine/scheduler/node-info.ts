// What the scheduler knows of one node: what its pods have asked for, against what it offers. Kept by adding and removing pods, never summed anew.
// upstream: pkg/scheduler/framework/types.go NodeInfo
import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { keyOf } from '../meta/object.ts';
import { quantityMilliValue, quantityValue } from '../meta/quantity.ts';
import { type HostPort, hostPortKey, type PodFootprint, podFootprint } from './pod-footprint.ts';

/** Amounts of resources: cpu in millicores, the rest in whole units. */
export interface Amounts {
  cpuMillis: number;
  memoryBytes: number;
  ephemeralBytes: number;
  /** Extended resources, huge pages, attachable volumes. */
  readonly others: Map<string, number>;
}

export interface Allocatable extends Amounts {
  pods: number;
}

export class NodeInfo {
  readonly name: string;
  readonly pods = new Map<string, Pod>();
  readonly requested: Amounts = noAmounts();
  /** As requested, where a container that does not say counts 100m and 200Mi: what scoring goes by. */
  readonly scored = { cpuMillis: 0, memoryBytes: 0 };
  /** Taken host ports and how many pods take them. */
  readonly ports = new Map<string, { readonly port: HostPort; count: number }>();
  /** Pods that mount claims, those of generic ephemeral volumes included, by key. */
  readonly podsWithClaims = new Map<string, Pod>();
  /** Image references on the node and their sizes. */
  images: ReadonlyMap<string, number> = new Map();
  /** Grows with every change that a plugin may see: what was found out about a version holds for it. */
  version = 1;
  /** In the view's order of nodes; -1 before there is one. */
  position = -1;
  /** Changed by `setNode` alone. */
  node: Node;
  allocatable: Allocatable;

  constructor(node: Node) {
    this.name = node.metadata.name;
    this.node = node;
    this.allocatable = allocatableOf(node);
    this.images = imagesOf(node);
  }

  /** A newer version of the node. */
  setNode(node: Node): void {
    const previous = this.node;
    this.node = node;
    this.version += 1;
    if (node.status.allocatable !== previous.status.allocatable) this.allocatable = allocatableOf(node);
    if (node.status.images !== previous.status.images) this.images = imagesOf(node);
  }

  addPod(pod: Pod, footprint: PodFootprint = podFootprint(pod)): void {
    const key = keyOf(pod);
    this.pods.set(key, pod);
    if (footprint.hasClaims) this.podsWithClaims.set(key, pod);
    this.#account(footprint, 1);
  }

  removePod(key: string): void {
    const pod = this.pods.get(key);
    if (pod === undefined) return;
    this.pods.delete(key);
    this.podsWithClaims.delete(key);
    this.#account(podFootprint(pod), -1);
  }

  /** A newer version of a pod, which asks for the same. */
  replacePod(key: string, pod: Pod): void {
    this.pods.set(key, pod);
    if (this.podsWithClaims.has(key)) this.podsWithClaims.set(key, pod);
  }

  /** A copy to try things on. */
  copy(): NodeInfo {
    const copy = new NodeInfo(this.node);
    for (const pod of this.pods.values()) copy.addPod(pod);
    return copy;
  }

  #account(footprint: PodFootprint, sign: 1 | -1): void {
    this.version += 1;
    const { requested } = this;
    requested.cpuMillis += sign * footprint.requests.cpuMillis;
    requested.memoryBytes += sign * footprint.requests.memoryBytes;
    requested.ephemeralBytes += sign * footprint.requests.ephemeralBytes;
    for (const [name, amount] of footprint.requests.others) requested.others.set(name, (requested.others.get(name) ?? 0) + sign * amount);
    this.scored.cpuMillis += sign * footprint.scoredCpuMillis;
    this.scored.memoryBytes += sign * footprint.scoredMemoryBytes;
    for (const port of footprint.hostPorts) countPort(this.ports, port, sign);
  }
}

export function noAmounts(): Amounts {
  return { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, others: new Map() };
}

function allocatableOf(node: Node): Allocatable {
  const allocatable: Allocatable = { ...noAmounts(), pods: 0 };
  for (const [name, quantity] of Object.entries(node.status.allocatable ?? {})) {
    if (name === 'cpu') allocatable.cpuMillis = quantityMilliValue(quantity);
    else if (name === 'memory') allocatable.memoryBytes = quantityValue(quantity);
    else if (name === 'ephemeral-storage') allocatable.ephemeralBytes = quantityValue(quantity);
    else if (name === 'pods') allocatable.pods = quantityValue(quantity);
    else allocatable.others.set(name, quantityValue(quantity));
  }
  return allocatable;
}

function imagesOf(node: Node): ReadonlyMap<string, number> {
  const images = new Map<string, number>();
  for (const { names = [], sizeBytes = 0 } of node.status.images ?? []) for (const name of names) images.set(name, sizeBytes);
  return images;
}

function countPort(ports: Map<string, { readonly port: HostPort; count: number }>, port: HostPort, change: number): void {
  const key = hostPortKey(port);
  const taken = ports.get(key);
  if (taken === undefined) {
    if (change > 0) ports.set(key, { port, count: 1 });
    return;
  }
  taken.count += change;
  if (taken.count <= 0) ports.delete(key);
}
