// Copies what kubelets remember of their pods in steps, while the world goes on: a pod that is about to change is copied first.
// Ten thousand pods in one piece would hold up the window for a quarter of a second, at each save and each look ahead.
import { copy } from '../base/copy.ts';
import type { KubeletState, PodState } from './kubelet-state.ts';

const PODS_PER_STEP = 10;

interface Capture {
  /** Pods as they were, that have changed since. */
  readonly early: Map<string, PodState>;
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
    for (const { early, pods } of this.#running) {
      const pod = this.#state.pods[uid];
      if (pod !== undefined && pods[uid] === undefined && !early.has(uid)) early.set(uid, copy(pod));
    }
  }

  /** The memory as it is when the first step is made. */
  *take(): Generator<void, KubeletState> {
    const { pods, ...others } = this.#state;
    const uids = Object.keys(pods);
    const capture: Capture = { early: new Map(), pods: {} };
    const rest = copy(others);
    const taken = Object.fromEntries(
      Object.keys(this.#state).map((name) => [name, name === 'pods' ? capture.pods : rest[name as keyof typeof rest]]),
    ) as unknown as KubeletState;
    this.#running.add(capture);
    try {
      yield;
      for (const [index, uid] of uids.entries()) {
        capture.pods[uid] = capture.early.get(uid) ?? copy(pods[uid] as PodState);
        capture.early.delete(uid);
        if (index % PODS_PER_STEP === 0) yield;
      }
      return taken;
    } finally {
      this.#running.delete(capture);
    }
  }
}
