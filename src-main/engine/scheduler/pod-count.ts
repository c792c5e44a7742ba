// How many pods of some sort run on each node, kept up to date: spreading asks for it for every pod, and counting all pods each time would not scale.
import type { Pod } from '../kinds/core/pod.ts';
import type { NodeInfo } from './node-info.ts';

/** A sort of pods; `key` names it completely. */
export interface PodSort {
  readonly key: string;
  readonly matches: (pod: Pod) => boolean;
}

export class PodCount {
  readonly matches: (pod: Pod) => boolean;
  /** Nodes with at least one such pod. */
  readonly byNode = new Map<NodeInfo, number>();
  readonly #byDomain = new Map<string, Map<string, number>>();

  constructor(matches: (pod: Pod) => boolean) {
    this.matches = matches;
  }

  on(node: NodeInfo): number {
    return this.byNode.get(node) ?? 0;
  }

  /** Pods by value of a node label, over all nodes that have the label. */
  byDomain(label: string): ReadonlyMap<string, number> {
    let domains = this.#byDomain.get(label);
    if (domains === undefined) {
      domains = this.byDomainWhere(label, () => true);
      this.#byDomain.set(label, domains);
    }
    return domains;
  }

  /** The same over the nodes that qualify. */
  byDomainWhere(label: string, qualifies: (node: NodeInfo) => boolean): Map<string, number> {
    const domains = new Map<string, number>();
    for (const [node, pods] of this.byNode) {
      const value = node.node.metadata.labels?.[label];
      if (value !== undefined && qualifies(node)) domains.set(value, (domains.get(value) ?? 0) + pods);
    }
    return domains;
  }

  change(node: NodeInfo, change: 1 | -1): void {
    const pods = this.on(node) + change;
    if (pods === 0) this.byNode.delete(node);
    else this.byNode.set(node, pods);
    for (const [label, domains] of this.#byDomain) {
      const value = node.node.metadata.labels?.[label];
      if (value === undefined) continue;
      const sum = (domains.get(value) ?? 0) + change;
      if (sum === 0) domains.delete(value);
      else domains.set(value, sum);
    }
  }

  /** A node's labels changed, or a node came or went. */
  forgetDomains(): void {
    this.#byDomain.clear();
  }
}
