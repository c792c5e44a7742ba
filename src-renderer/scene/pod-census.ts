/**
 * How many pods of each sort every node has, and which pods belong to a workload.
 * Both are kept by each change and never counted anew, because the picture asks for them in every frame.
 */
import type { PodRecord } from '../../src-main/contract/view.ts';
import { Tally } from './node-heat.ts';

export class PodCensus {
  readonly #tallies = new Map<string, Tally>();
  /** Keys of pods by workload. */
  readonly #workloads = new Map<string, Set<string>>();

  count(pod: PodRecord, key: string, by: 1 | -1): void {
    let tally = this.#tallies.get(pod.node);
    if (!tally) {
      tally = new Tally();
      this.#tallies.set(pod.node, tally);
    }
    tally.add(pod.look, by);
    if (!pod.workload) return;
    const workload = nameOf(pod.namespace, pod.workload.kind, pod.workload.name);
    const pods = this.#workloads.get(workload);
    if (by < 0) {
      pods?.delete(key);
      if (pods?.size === 0) this.#workloads.delete(workload);
    } else if (pods) pods.add(key);
    else this.#workloads.set(workload, new Set([key]));
  }

  tally(node: string): Tally | undefined {
    return this.#tallies.get(node);
  }

  ofWorkload(namespace: string, kind: string, name: string): Iterable<string> {
    return this.#workloads.get(nameOf(namespace, kind, name)) ?? [];
  }
}

function nameOf(namespace: string, kind: string, name: string): string {
  return `${namespace} ${kind} ${name}`;
}
