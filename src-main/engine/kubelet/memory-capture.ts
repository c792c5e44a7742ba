// Copies what kubelets remember of their pods in steps, while the world goes on: a pod that is about to change is copied first.
// Ten thousand pods in one piece would hold up the window for a quarter of a second, at each save and each look ahead.
import { copy } from '../base/copy.ts';
import type { KubeletState, PodState } from './kubelet-state.ts';

const PODS_PER_STEP = 100;

interface Capture {
  /** Pods whose copy is still to be made. */
  readonly left: Set<string>;
  readonly pods: Record<string, PodState>;
}

export class MemoryCapture {
  readonly #state: KubeletState;
  readonly #running = new Set<Capture>();

  constructor(state: KubeletState) {
    this.#state = state;
  }

  /** Whoever is given a pod's state may change it: to be called before. */
  keep(uid: string): void {
    for (const capture of this.#running) this.#copy(capture, uid);
  }

  /** The memory as it is when the first step is made. */
  *take(): Generator<void, KubeletState> {
    const { pods, ...others } = this.#state;
    const uids = Object.keys(pods);
    // The places of the pods are set now, so that they come in the same order as in one piece.
    const capture: Capture = { left: new Set(uids), pods: Object.fromEntries(uids.map((uid) => [uid, null as never])) };
    const rest = copy(others);
    const taken = Object.fromEntries(
      Object.keys(this.#state).map((name) => [name, name === 'pods' ? capture.pods : rest[name as keyof typeof rest]]),
    ) as unknown as KubeletState;
    this.#running.add(capture);
    try {
      yield;
      for (const [index, uid] of uids.entries()) {
        this.#copy(capture, uid);
        if (index % PODS_PER_STEP === 0) yield;
      }
      return taken;
    } finally {
      this.#running.delete(capture);
    }
  }

  #copy({ left, pods }: Capture, uid: string): void {
    if (left.delete(uid)) pods[uid] = copy(this.#state.pods[uid] as PodState);
  }
}
