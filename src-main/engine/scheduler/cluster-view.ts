// The cluster as the scheduler sees it between two pods: nodes with their pods, kept by small changes and never rebuilt for a pod.
// upstream: pkg/scheduler/backend/cache (cache.go, node_tree.go, snapshot.go)

import { inOneGo, type Steps } from '../base/in-one-go.ts';
import type { ReplicaSet } from '../kinds/apps/replica-set.ts';
import type { StatefulSet } from '../kinds/apps/stateful-set.ts';
import type { Namespace } from '../kinds/core/namespace.ts';
import type { Node } from '../kinds/core/node.ts';
import type { PersistentVolume } from '../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { ReplicationController } from '../kinds/core/replication-controller.ts';
import type { Service } from '../kinds/core/service.ts';
import type { CSIDriver } from '../kinds/storage/csi-driver.ts';
import type { CSINode } from '../kinds/storage/csi-node.ts';
import type { CSIStorageCapacity } from '../kinds/storage/csi-storage-capacity.ts';
import type { StorageClass } from '../kinds/storage/storage-class.ts';
import type { VolumeAttachment } from '../kinds/storage/volume-attachment.ts';
import { keyOf } from '../meta/object.ts';
import { type AffinityGroup, AffinityGroups } from './affinity-groups.ts';
import { AnswerMemory } from './node-answers.ts';
import { NodeInfo } from './node-info.ts';
import { PodCount, type PodSort } from './pod-count.ts';
import { type PodFootprint, podFootprint } from './pod-footprint.ts';

/** One kind as plugins read it: an informer's cache, or a list in a test. */
export interface Lister<T> {
  get(key: string): T | undefined;
  values(): Iterable<T>;
  inNamespace(namespace: string): Iterable<T>;
}

export interface Listers {
  readonly namespaces: Lister<Namespace>;
  readonly services: Lister<Service>;
  readonly replicationControllers: Lister<ReplicationController>;
  readonly replicaSets: Lister<ReplicaSet>;
  readonly statefulSets: Lister<StatefulSet>;
  readonly claims: Lister<PersistentVolumeClaim>;
  readonly volumes: Lister<PersistentVolume>;
  readonly storageClasses: Lister<StorageClass>;
  readonly volumesOfClass: (storageClass: string) => Iterable<PersistentVolume>;
  readonly csiNodes: Lister<CSINode>;
  readonly csiDrivers: Lister<CSIDriver>;
  readonly storageCapacities: Lister<CSIStorageCapacity>;
  /** Volumes that are attached to the node, or about to be, or not yet let go. */
  readonly attachmentsOn: (node: string) => Iterable<VolumeAttachment>;
}

/** Kept counts; the one that was not asked for the longest is dropped first and made again when needed. */
const COUNTS_MAX = 128;

/** Few enough pods that nothing else has to wait for them. */
const COPIED_AT_ONCE = 500;
const COUNTED_AT_ONCE = 1_000;

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';

/** A pod with the name of its node, which may be unknown. */
interface Placed {
  pod: Pod;
  readonly node: string;
  readonly footprint: PodFootprint;
}

export class ClusterView {
  readonly listers: Listers;
  /** Volumes that the scheduler has chosen for a claim and not yet seen bound: claim by volume name. */
  readonly assumedVolumes = new Map<string, string>();
  /** Claims for which it has chosen a node: node by claim. */
  readonly assumedClaims = new Map<string, string>();
  readonly answers = new AnswerMemory();
  /** Specifications whose sorts of pods were counted, and may have been dropped since. */
  countedFor = new WeakSet<Pod['spec']>();
  readonly #nodes = new Map<string, NodeInfo>();
  /** By key of the pod. */
  readonly #placed = new Map<string, Placed>();
  readonly #counts = new Map<string, PodCount>();
  readonly #imageNodes = new Map<string, number>();
  readonly #affinityGroups = new AffinityGroups();
  /** Nodes by value of a label, for the labels that were asked for. */
  readonly #domains = new Map<string, ReadonlyMap<string, readonly NodeInfo[]>>();
  /** Pods on known nodes by the claim they mount. */
  readonly #claimUsers = new Map<string, number>();
  #order: readonly NodeInfo[] | null = null;

  constructor(listers: Listers) {
    this.listers = listers;
  }

  node(name: string): NodeInfo | undefined {
    return this.#nodes.get(name);
  }

  /** One node of each zone in turn; names decide within a zone. */
  nodes(): readonly NodeInfo[] {
    if (this.#order === null) {
      this.#order = roundRobin([...this.#nodes.values()]);
      this.#domains.clear();
    }
    return this.#order;
  }

  /** Nodes by value of a label. */
  domains(label: string): ReadonlyMap<string, readonly NodeInfo[]> {
    const nodes = this.nodes();
    let domains = this.#domains.get(label);
    if (domains === undefined) {
      domains = byLabel(nodes, label);
      this.#domains.set(label, domains);
    }
    return domains;
  }

  /** Do all nodes have the label? */
  isEverywhere(label: string): boolean {
    let nodes = 0;
    for (const members of this.domains(label).values()) nodes += members.length;
    return nodes === this.nodes().length;
  }

  /** Placed pods with inter-pod affinity. */
  affinityGroups(): Iterable<AffinityGroup> {
    return this.#affinityGroups.values();
  }

  /** Is the claim, `namespace/name`, mounted by a pod on any node? upstream: StorageInfoLister.IsPVCUsedByPods */
  isClaimUsed(key: string): boolean {
    return this.#claimUsers.has(key);
  }

  /** How many nodes have an image. */
  nodesWithImage(image: string): number {
    return this.#imageNodes.get(image) ?? 0;
  }

  /** How many pods of some sort run where. */
  count(sort: PodSort): PodCount {
    const known = this.#counts.get(sort.key);
    if (known === undefined) return inOneGo(this.#countAnew(sort));
    this.#counts.delete(sort.key);
    this.#counts.set(sort.key, known);
    return known;
  }

  /** Counts what nobody has asked for yet. */
  *countInSteps(sorts: readonly PodSort[]): Steps {
    for (const sort of sorts) if (!this.#counts.has(sort.key)) yield* this.#countAnew(sort);
  }

  *#countAnew({ key, matches }: PodSort): Generator<void, PodCount> {
    const count = new PodCount(matches);
    let seen = 0;
    for (const node of this.#nodes.values())
      for (const pod of node.pods.values()) {
        if (matches(pod)) count.change(node, 1);
        seen += 1;
        if (seen % COUNTED_AT_ONCE === 0) yield;
      }
    if (this.#counts.size >= COUNTS_MAX) this.#counts.delete(this.#counts.keys().next().value as string);
    this.#counts.set(key, count);
    return count;
  }

  /** Something changed that counts may depend on besides pods and nodes. */
  forgetCounts(): void {
    this.#counts.clear();
    this.countedFor = new WeakSet();
  }

  setNode(node: Node): void {
    const info = this.#nodes.get(node.metadata.name);
    if (info === undefined) {
      this.#addNode(new NodeInfo(node));
      return;
    }
    const { labels } = info.node.metadata;
    const { images } = info;
    info.setNode(node);
    if (labels !== node.metadata.labels) {
      this.#order = null;
      for (const count of this.#counts.values()) count.forgetDomains();
      this.#affinityGroups.forgetDomains();
    }
    if (images !== info.images) {
      this.#countImages(images, -1);
      this.#countImages(info.images, 1);
    }
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (info === undefined) return;
    this.#nodes.delete(name);
    this.#affinityGroups.removeNode(info);
    for (const pod of info.pods.values()) this.#countClaims(pod, podFootprint(pod), -1);
    this.#countImages(info.images, -1);
    this.#order = null;
    for (const count of this.#counts.values()) {
      count.byNode.delete(info);
      count.forgetDomains();
    }
  }

  /** The pod as placed on a node, whatever the view held of it before. */
  setPod(pod: Pod, node: string): void {
    const key = keyOf(pod);
    const placed = this.#placed.get(key);
    const footprint = podFootprint(pod);
    if (placed !== undefined && placed.node === node && placed.footprint === footprint && sameForScheduling(placed.pod, pod)) {
      placed.pod = pod;
      this.#nodes.get(node)?.replacePod(key, pod);
      return;
    }
    this.removePod(key);
    this.#placed.set(key, { pod, node, footprint });
    const info = this.#nodes.get(node);
    if (info !== undefined) this.#addPod(info, pod, footprint);
  }

  removePod(key: string): void {
    const placed = this.#placed.get(key);
    if (placed === undefined) return;
    this.#placed.delete(key);
    const info = this.#nodes.get(placed.node);
    if (info === undefined) return;
    info.removePod(key);
    this.#countClaims(placed.pod, placed.footprint, -1);
    if (placed.footprint.hasAffinity) this.#affinityGroups.change(placed.pod, info, -1);
    for (const count of this.#counts.values()) if (count.matches(placed.pod)) count.change(info, -1);
  }

  /** A view of its own in which one pod is not there, made in steps: to try things on. */
  *without(key: string): Generator<void, ClusterView> {
    const copy = new ClusterView(this.listers);
    for (const [volume, claim] of this.assumedVolumes) copy.assumedVolumes.set(volume, claim);
    for (const [claim, node] of this.assumedClaims) copy.assumedClaims.set(claim, node);
    for (const { node } of this.#nodes.values()) copy.setNode(node);
    let copied = 0;
    for (const [other, { pod, node }] of this.#placed) {
      if (other !== key) copy.setPod(pod, node);
      copied += 1;
      if (copied % COPIED_AT_ONCE === 0) yield;
    }
    return copy;
  }

  #addNode(info: NodeInfo): void {
    this.#nodes.set(info.name, info);
    this.#order = null;
    this.#countImages(info.images, 1);
    for (const { pod, node, footprint } of this.#placed.values()) if (node === info.name) this.#addPod(info, pod, footprint);
  }

  #addPod(info: NodeInfo, pod: Pod, footprint: PodFootprint): void {
    info.addPod(pod, footprint);
    this.#countClaims(pod, footprint, 1);
    if (footprint.hasAffinity) this.#affinityGroups.change(pod, info, 1);
    for (const count of this.#counts.values()) if (count.matches(pod)) count.change(info, 1);
  }

  #countClaims(pod: Pod, { claimNames }: PodFootprint, change: 1 | -1): void {
    for (const name of claimNames) {
      const key = `${pod.metadata.namespace}/${name}`;
      const users = (this.#claimUsers.get(key) ?? 0) + change;
      if (users === 0) this.#claimUsers.delete(key);
      else this.#claimUsers.set(key, users);
    }
  }

  #countImages(images: ReadonlyMap<string, number>, change: 1 | -1): void {
    for (const image of images.keys()) {
      const nodes = this.nodesWithImage(image) + change;
      if (nodes === 0) this.#imageNodes.delete(image);
      else this.#imageNodes.set(image, nodes);
    }
  }
}

// A change of status alone moves no sum and no count.
function sameForScheduling(a: Pod, b: Pod): boolean {
  return (
    a.metadata.labels === b.metadata.labels &&
    a.metadata.uid === b.metadata.uid &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp
  );
}

function byLabel(nodes: readonly NodeInfo[], label: string): ReadonlyMap<string, readonly NodeInfo[]> {
  const domains = new Map<string, NodeInfo[]>();
  for (const info of nodes) {
    const value = info.node.metadata.labels?.[label];
    if (value === undefined) continue;
    const members = domains.get(value);
    if (members === undefined) domains.set(value, [info]);
    else members.push(info);
  }
  return domains;
}

// upstream: pkg/scheduler/backend/cache/node_tree.go list
function roundRobin(nodes: NodeInfo[]): readonly NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>();
  nodes.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const info of nodes) {
    const { labels } = info.node.metadata;
    const zone = `${labels?.[REGION] ?? ''}:${labels?.[ZONE] ?? ''}`;
    const members = zones.get(zone);
    if (members === undefined) zones.set(zone, [info]);
    else members.push(info);
  }
  const order: NodeInfo[] = [];
  for (let round = 0; order.length < nodes.length; round += 1)
    for (const members of zones.values()) {
      const info = members[round];
      if (info === undefined) continue;
      info.position = order.length;
      order.push(info);
    }
  return order;
}
