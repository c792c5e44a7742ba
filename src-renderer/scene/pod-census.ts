/**
 * How many pods of each sort every node has, and which pods belong to a workload.
 * Both are kept by each change and never counted anew, because the picture asks for them in every frame.
 */
import type { PodRecord } from '../../src-main/contract/view.ts';
import { Tally } from './node-heat.ts';

export class PodCensus {
  readonly #tallies = new Map<string, Tally>();
  /** Sums of the zones that were asked for; '' is where nodes are that name no zone. */
  readonly #zones = new Map<string, Tally>();
  readonly #zoneOf: (node: string) => string | undefined;
  /** Keys of pods by workload. */
  readonly #workloads = new Map<string, Set<string>>();

  constructor(zoneOf: (node: string) => string | undefined) {
    this.#zoneOf = zoneOf;
  }

  /** What a pod was, if it was there, and what it is, if it still is. Most of the time it only looks otherwise. */
  change(before: PodRecord | undefined, after: PodRecord | undefined, key: string): void {
    if (before?.node !== after?.node || before?.look !== after?.look) {
      if (before) this.#add(before, -1);
      if (after) this.#add(after, 1);
    }
    if (before?.workload?.name === after?.workload?.name && before?.workload?.kind === after?.workload?.kind) return;
    if (before) this.#leave(before, key);
    if (after) this.#join(after, key);
  }

  tally(node: string): Tally | undefined {
    return this.#tallies.get(node);
  }

  zoneTally(zone: string, nodes: Iterable<string>): Tally {
    let sum = this.#zones.get(zone);
    if (!sum) {
      sum = new Tally();
      for (const node of nodes) sum.join(this.#tallies.get(node));
      this.#zones.set(zone, sum);
    }
    return sum;
  }

  /** Nodes have come to a zone or left it. */
  forgetZones(): void {
    this.#zones.clear();
  }

  ofWorkload(namespace: string, kind: string, name: string): Iterable<string> {
    return this.#workloads.get(nameOf(namespace, kind, name)) ?? [];
  }

  #add({ node, look }: PodRecord, by: 1 | -1): void {
    let tally = this.#tallies.get(node);
    if (!tally) {
      tally = new Tally();
      this.#tallies.set(node, tally);
    }
    tally.add(look, by);
    const zone = this.#zoneOf(node);
    if (zone !== undefined) this.#zones.get(zone)?.add(look, by);
  }

  #join({ namespace, workload }: PodRecord, key: string): void {
    if (!workload) return;
    const name = nameOf(namespace, workload.kind, workload.name);
    const pods = this.#workloads.get(name);
    if (pods) pods.add(key);
    else this.#workloads.set(name, new Set([key]));
  }

  #leave({ namespace, workload }: PodRecord, key: string): void {
    if (!workload) return;
    const name = nameOf(namespace, workload.kind, workload.name);
    const pods = this.#workloads.get(name);
    pods?.delete(key);
    if (pods?.size === 0) this.#workloads.delete(name);
  }
}

function nameOf(namespace: string, kind: string, name: string): string {
  return `${namespace} ${kind} ${name}`;
}
