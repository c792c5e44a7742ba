// Looks at a pod that met an error, again and again: each tells once more why its containers wait.
// What is due is at the end of a back-off is done then; these looks only tell, so there are none for pods that do not wait.
import type { ContainerWorker } from './container-worker.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { resyncDelayMs } from './resync-delay.ts';

export const RESYNC_TIMER = 'pod-resync';

export class PodResync {
  readonly #world: KubeletWorld;
  readonly #containers: ContainerWorker;

  constructor(world: KubeletWorld, containers: ContainerWorker) {
    this.#world = world;
    this.#containers = containers;
  }

  /** A look at the pod met an error: the next one is due. upstream: pkg/kubelet/pod_workers.go completeWork */
  failed(pod: PodState): void {
    this.stop(pod);
    pod.resync = this.#world.after(resyncDelayMs(pod.uid, this.#world.nowMs), RESYNC_TIMER, pod.uid);
  }

  onTimer(pod: PodState): void {
    delete pod.resync;
    let waits = false;
    for (const name of Object.keys(pod.containers)) if (this.#containers.tellAgain(pod, name)) waits = true;
    if (waits) this.failed(pod);
  }

  stop(pod: PodState): void {
    if (pod.resync === undefined) return;
    this.#world.context.time.cancel(pod.resync);
    delete pod.resync;
  }
}
