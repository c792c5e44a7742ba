// What no node may ever hold: more than it has, two pods of one address, pods that were sent although it refused them, disks of another.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../src-main/engine/kinds/core/pod-claims.ts';
import { podRequests } from '../../src-main/engine/kinds/core/pod-requests.ts';
import { withContainers } from '../../src-main/engine/kinds/core/pod-resize.ts';
import { quantityMilliValue, quantityValue } from '../../src-main/engine/meta/quantity.ts';
import { matchingTolerations, type Taint } from '../../src-main/engine/meta/tolerations.ts';

/** What the scheduler may not have heard of yet. */
const NEWS_MS = 5000;

interface Share {
  readonly node: string;
  readonly amounts: Amounts;
}
type Amounts = readonly [cpuMillis: number, memoryBytes: number, pods: number];

export class NodeRules {
  readonly #cluster: Cluster;
  readonly #shares = new Map<string, Share>();
  /** The least that a pod has asked for before it was bound. */
  readonly #asked = new Map<string, Amounts>();
  readonly #used = new Map<string, Amounts>();
  /** When something last came onto a node, or grew there. */
  readonly #moves = new Map<string, number>();
  #isResizing = false;
  readonly #addresses = new Map<string, string>();
  /** Since when a node has refused pods that do not tolerate it, by node and taint. */
  readonly #refusals = new Map<string, Map<string, { readonly taint: Taint; readonly sinceMs: number }>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  hear(delta: Delta): readonly string[] {
    if (delta.kind === 'Node') this.#node(delta);
    return delta.kind === 'Pod' ? this.#pod(delta) : [];
  }

  #node({ object, type, atMs }: Delta): void {
    const { metadata, spec } = object as Node;
    if (type === 'DELETED') {
      this.#refusals.delete(metadata.name);
      return;
    }
    const known = this.#refusals.get(metadata.name);
    const refusals = (spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
    const entries = refusals.map((taint) => {
      const name = `${taint.key}:${taint.effect}`;
      return [name, known?.get(name) ?? { taint, sinceMs: atMs }] as const;
    });
    this.#refusals.set(metadata.name, new Map(entries));
  }

  #pod({ key, type, object, previous, cause, atMs }: Delta): readonly string[] {
    const pod = object as Pod;
    const ended = type === 'DELETED' || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed';
    const bound = type === 'MODIFIED' && (pod.spec.nodeName ?? '') !== '' && ((previous as Pod).spec.nodeName ?? '') === '';
    return [
      ...this.#share(key, ended ? null : pod, atMs),
      ...this.#address(pod, ended),
      ...(bound && cause.actor === 'system:default-scheduler' ? this.#placement(pod, atMs) : []),
    ];
  }

  #share(key: string, pod: Pod | null, atMs: number): readonly string[] {
    const before = this.#shares.get(key);
    const node = pod?.spec.nodeName ?? '';
    if (pod !== null && before?.node === node) return this.#resized(key, before, pod, atMs);
    if (before !== undefined) {
      this.#add(before.node, before.amounts, -1);
      this.#shares.delete(key);
    }
    const asked = this.#asked.get(key);
    this.#asked.delete(key);
    if (pod === null) return [];
    // One that is resized while its volumes are made is bound where it had its place before. upstream: updatePodInSchedulingQueue skips assumed pods
    const amounts = asked === undefined ? amountsOf(pod) : least(asked, amountsOf(pod));
    if (node === '') {
      this.#asked.set(key, amounts);
      return [];
    }
    this.#shares.set(key, { node, amounts });
    return this.#faults(node, this.#add(node, amounts, 1), atMs);
  }

  /** What its kubelet has given the pod counts from then on. */
  #resized(key: string, { node, amounts }: Share, pod: Pod, atMs: number): readonly string[] {
    const next = isTold(pod) ? amountsOf(isPlain(pod) ? pod : given(pod)) : least(amounts, amountsOf(given(pod)));
    if (next[0] === amounts[0] && next[1] === amounts[1]) return [];
    this.#shares.set(key, { node, amounts: next });
    this.#add(node, amounts, -1);
    const sum = this.#add(node, next, 1);
    this.#isResizing = true;
    const grows = next[0] > amounts[0] || next[1] > amounts[1];
    const faults = grows ? this.#faults(node, sum, atMs) : [];
    this.#moves.set(node, atMs);
    return faults;
  }

  /** Who binds a pod and who gives one more may not have heard of one another yet; the kubelet refuses the pod that comes too much. */
  #faults(node: string, [cpu, memory, pods]: Amounts, atMs: number): readonly string[] {
    const movedMs = this.#moves.get(node) ?? Number.NEGATIVE_INFINITY;
    this.#moves.set(node, atMs);
    if (this.#isResizing && atMs - movedMs < NEWS_MS) return [];
    const allocatable = (this.#cluster.store.get('Node', node) as Node | undefined)?.status.allocatable;
    if (allocatable === undefined) return [];
    const faults: string[] = [];
    if (cpu > quantityMilliValue(allocatable['cpu'] ?? '0')) faults.push(`brings node ${node} to ${cpu}m of ${allocatable['cpu']} cpu`);
    if (memory > quantityValue(allocatable['memory'] ?? '0'))
      faults.push(`brings node ${node} to ${memory} of ${allocatable['memory']} bytes`);
    if (pods > Number(allocatable['pods'])) faults.push(`brings node ${node} to ${pods} of ${allocatable['pods']} pods`);
    return faults;
  }

  #add(node: string, amounts: Amounts, sign: number): Amounts {
    const [cpu, memory, pods] = this.#used.get(node) ?? [0, 0, 0];
    const sum: Amounts = [cpu + sign * amounts[0], memory + sign * amounts[1], pods + sign * amounts[2]];
    this.#used.set(node, sum);
    return sum;
  }

  #address({ metadata, status, spec }: Pod, ended: boolean): readonly string[] {
    const ip = status.podIP ?? '';
    if (ip === '' || spec.hostNetwork === true) return [];
    const holder = this.#addresses.get(ip);
    if (ended) {
      if (holder === metadata.uid) this.#addresses.delete(ip);
      return [];
    }
    this.#addresses.set(ip, metadata.uid);
    return holder === undefined || holder === metadata.uid ? [] : [`has the address ${ip} of another pod`];
  }

  /** Volumes may take minutes between the decision and the binding; then the node may have changed its mind. */
  #placement(pod: Pod, atMs: number): readonly string[] {
    if (podClaimKeys(pod).length > 0) return [];
    const refusals = [...(this.#refusals.get(pod.spec.nodeName ?? '')?.values() ?? [])];
    const known = refusals.filter(({ sinceMs }) => atMs - sinceMs > NEWS_MS).map(({ taint }) => taint);
    if (matchingTolerations(known, pod.spec.tolerations ?? []) !== undefined) return [];
    return [`was sent to node ${pod.spec.nodeName} in spite of ${known.map(({ key, effect }) => `${key}:${effect}`)}`];
  }
}

function amountsOf(pod: Pod): Amounts {
  const { cpuMillis, memoryBytes } = podRequests(pod);
  return [cpuMillis, memoryBytes, 1];
}

/** What containers that nothing is told of no longer ask for is free for others: their node has nothing to take from them first. upstream: determineContainerReqs */
function least(held: Amounts, asked: Amounts): Amounts {
  return [Math.min(held[0], asked[0]), Math.min(held[1], asked[1]), held[2]];
}

/** Has the kubelet told of all containers what they were given? */
function isTold({ spec, status }: Pod): boolean {
  const told = status.containerStatuses ?? [];
  return spec.containers.every(({ name }) => told.some((one) => one.name === name && one.resources !== undefined));
}

/** Has each container been given the very same that it asks for? */
function isPlain({ spec, status }: Pod): boolean {
  const told = status.containerStatuses ?? [];
  return spec.containers.every(({ resources }, index) => told[index]?.allocatedResources === resources?.requests);
}

function given(pod: Pod): Pod {
  const told = pod.status.containerStatuses ?? [];
  return withContainers(
    pod,
    (container) => {
      const status = told.find(({ name }) => name === container.name);
      return status?.resources === undefined ? container : { ...container, resources: { requests: status.allocatedResources ?? {} } };
    },
    (container) => container,
  );
}
