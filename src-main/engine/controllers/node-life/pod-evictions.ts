// Which pods NoExecute taints drive off a node, and when: the countdowns of taint eviction.
// upstream: pkg/controller/tainteviction/taint_eviction.go, timed_workers.go
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { keyOf } from '../../meta/object.ts';
import { matchingTolerations, type Taint, type Toleration } from '../../meta/tolerations.ts';

/** One pod's eviction; `timer` null: it was carried out, or goes at once. */
export interface Eviction {
  readonly createdMs: number;
  readonly timer: number | null;
}

/** JSON, held by the owner. */
export interface PodEvictionsState {
  /** By pod key. */
  evictions: Record<string, Eviction>;
}

export interface PodEvictionsHost {
  readonly nowMs: number;
  podsOn(node: string): Iterable<Pod>;
  taintsOf(node: string): readonly Taint[];
  /** Carry it out after the delay; the owner then calls `due`. */
  after(delayMs: number, pod: Pod): number;
  cancel(timer: number): void;
  evict(podKey: string): void;
  /** A deletion that was announced will not happen. */
  cancelled(podKey: string): void;
}

/** Seconds a pod may stay: -1 for ever, 0 not at all. upstream: getMinTolerationTime */
export function tolerationSeconds(matching: readonly Toleration[]): number {
  if (matching.length === 0) return 0;
  let least = -1;
  for (const { tolerationSeconds: seconds } of matching) {
    if (seconds === undefined) continue;
    if (seconds <= 0) return 0;
    if (least < 0 || seconds < least) least = seconds;
  }
  return least;
}

export function executeTaintsOn(node: Node | undefined): readonly Taint[] {
  return (node?.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

export class PodEvictions {
  readonly #state: PodEvictionsState;
  readonly #host: PodEvictionsHost;

  constructor(state: PodEvictionsState, host: PodEvictionsHost) {
    this.#state = state;
    this.#host = host;
  }

  /** A node appeared, or its NoExecute taints changed. upstream: handleNodeUpdate */
  nodeChanged(name: string): void {
    const taints = this.#host.taintsOf(name);
    for (const pod of this.#host.podsOn(name)) {
      if (taints.length === 0) this.#cancel(keyOf(pod));
      else this.#judge(pod, taints);
    }
  }

  /** A pod appeared, or its node or tolerations changed. upstream: handlePodUpdate */
  podChanged(pod: Pod): void {
    const node = pod.spec.nodeName ?? '';
    if (node === '') return;
    const taints = this.#host.taintsOf(node);
    if (taints.length > 0) this.#judge(pod, taints);
  }

  podDeleted(podKey: string): void {
    this.#cancel(podKey);
  }

  /** The timer of a pod has run. */
  due(podKey: string): void {
    const eviction = this.#state.evictions[podKey];
    if (eviction === undefined) return;
    // The key stays, so that the pod is not evicted twice.
    this.#state.evictions[podKey] = { ...eviction, timer: null };
    this.#host.evict(podKey);
  }

  /** upstream: processPodOnNode */
  #judge(pod: Pod, taints: readonly Taint[]): void {
    const key = keyOf(pod);
    const now = this.#host.nowMs;
    const matching = matchingTolerations(taints, pod.spec.tolerations ?? []);
    if (matching === undefined) {
      // Whatever was done before: another taint that it does not tolerate has it deleted, and told, once more.
      this.#cancel(key);
      this.#state.evictions[key] = { createdMs: now, timer: null };
      this.#host.evict(key);
      return;
    }
    const seconds = tolerationSeconds(matching);
    if (seconds < 0) {
      this.#cancel(key);
      return;
    }
    const running = this.#state.evictions[key];
    if (running !== undefined) {
      if (running.timer === null || running.createdMs < now) return;
      this.#cancel(key);
    }
    this.#state.evictions[key] = { createdMs: now, timer: this.#host.after(seconds * 1000, pod) };
  }

  #cancel(podKey: string): void {
    const eviction = this.#state.evictions[podKey];
    if (eviction === undefined) return;
    delete this.#state.evictions[podKey];
    if (eviction.timer === null) return;
    this.#host.cancel(eviction.timer);
    this.#host.cancelled(podKey);
  }
}
