// Which pods a node lets in: each is weighed against those that were let in before, when the kubelet first hears of it and whenever the kubelet starts.
// upstream: pkg/kubelet/kubelet.go HandlePodAdditions, canAdmitPod
import type { Pod } from '../kinds/core/pod.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { addLoad, loadOf, type NodeLoad, type Refusal, refusalOf } from './pod-admission.ts';
import { stageOf } from './pod-life.ts';

export class NodeLoads {
  readonly #world: KubeletWorld;
  /** Does the node let this pod in, as things are? */
  readonly #refusalNow: (node: string, pod: Pod) => Refusal | null;
  /** Sums over the pods of a node, made when needed and forgotten when a pod leaves. */
  readonly #loads = new Map<string, NodeLoad>();

  constructor(world: KubeletWorld, refusalNow: (node: string, pod: Pod) => Refusal | null) {
    this.#world = world;
    this.#refusalNow = refusalNow;
  }

  /** null: the pod is let in, and counts from now on. */
  refusal(object: Pod): Refusal | null {
    const node = this.#world.nodes.get(object.spec.nodeName ?? '');
    if (node === undefined) return null;
    const { name } = node.metadata;
    const unfit = this.#refusalNow(name, object);
    if (unfit !== null) return unfit;
    const load = this.#loads.get(name) ?? this.of(name);
    this.#loads.set(name, load);
    const refusal = refusalOf(object, node, load);
    if (refusal === null) addLoad(load, object);
    return refusal;
  }

  /** What the node's pods hold, all or all but one. */
  of(node: string, except?: PodState): NodeLoad {
    return loadOf(this.#holders(node, except));
  }

  changed(node: string): void {
    this.#loads.delete(node);
  }

  /** The kubelet starts and knows no pod yet. */
  begin(node: string): void {
    this.#loads.set(node, loadOf([]));
  }

  /** The pod is not asked again, and counts. */
  keep({ node }: PodState, object: Pod): void {
    const load = this.#loads.get(node);
    if (load !== undefined) addLoad(load, object);
  }

  /** Pods that hold resources of the node: those whose containers may run. upstream: pkg/kubelet/kubelet_pods.go filterOutInactivePods */
  *#holders(node: string, except?: PodState): Iterable<Pod> {
    for (const pod of this.#world.podsOn(node)) {
      if (pod === except) continue;
      const object = holdsNothing(pod) ? undefined : this.#world.object(pod);
      if (object !== undefined) yield object;
    }
  }
}

/** Its containers have ended for good. */
export function holdsNothing(pod: PodState): boolean {
  const stage = stageOf(pod);
  return stage === 'tearingDown' || stage === 'terminated' || stage === 'rejected';
}
