// Placed pods that say which pods they want near or far, those that say the same counted together: a thousand replicas are asked once.
// upstream: pkg/scheduler/backend/cache/snapshot.go havePodsWithAffinityNodeInfoList, which is walked pod by pod
import type { Pod } from '../kinds/core/pod.ts';
import type { NodeInfo } from './node-info.ts';
import { PodCount } from './pod-count.ts';

/** Pods of one namespace with the same terms. */
export interface AffinityGroup {
  /** Any of them. */
  readonly pod: Pod;
  readonly placed: PodCount;
}

type Affinity = NonNullable<Pod['spec']['affinity']>;

export class AffinityGroups {
  readonly #groups = new Map<string, AffinityGroup>();

  values(): Iterable<AffinityGroup> {
    return this.#groups.values();
  }

  /** For pods with inter-pod affinity. */
  change(pod: Pod, node: NodeInfo, change: 1 | -1): void {
    const key = groupKey(pod);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { pod, placed: new PodCount(() => true) };
      this.#groups.set(key, group);
    }
    group.placed.change(node, change);
    if (group.placed.byNode.size === 0) this.#groups.delete(key);
  }

  /** A node is gone, and what was on it with it. */
  removeNode(node: NodeInfo): void {
    for (const [key, { placed }] of this.#groups) {
      placed.byNode.delete(node);
      placed.forgetDomains();
      if (placed.byNode.size === 0) this.#groups.delete(key);
    }
  }

  forgetDomains(): void {
    for (const { placed } of this.#groups.values()) placed.forgetDomains();
  }
}

/** Texts of affinities; pods of one template share theirs. */
const texts = new WeakMap<Affinity, { readonly text: string; readonly usesLabels: boolean }>();

function groupKey({ metadata, spec }: Pod): string {
  const affinity = spec.affinity as Affinity;
  let known = texts.get(affinity);
  if (known === undefined) {
    const text = JSON.stringify([affinity.podAffinity ?? null, affinity.podAntiAffinity ?? null]);
    known = { text, usesLabels: text.includes('atchLabelKeys') };
    texts.set(affinity, known);
  }
  const labels = known.usesLabels ? JSON.stringify(Object.entries(metadata.labels ?? {}).sort()) : '';
  return `${metadata.namespace} ${labels} ${known.text}`;
}
