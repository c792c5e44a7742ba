// Other images for the containers of a pod that is there already: what runs is run anew, and what waits for the old image waits no longer.
// upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go containerChanged; a container's hash is that of its name and image alone
import type { Pod } from '../kinds/core/pod.ts';
import type { ContainerWorker } from './container-worker.ts';
import type { ContainerState, PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { isEnding } from './pod-life.ts';
import type { Container } from './pod-types.ts';

export class ImageChanges {
  readonly #world: KubeletWorld;
  readonly #containers: ContainerWorker;

  constructor(world: KubeletWorld, containers: ContainerWorker) {
    this.#world = world;
    this.#containers = containers;
  }

  /** Somebody has changed the pod. What runs keeps the image it was made of, whether its kubelet works or not. */
  heard(pod: PodState, next: Pod, previous: Pod): void {
    if (next.spec === previous.spec) return;
    const before = new Map(containersOf(previous).map(({ name, image }) => [name, image]));
    for (const { name, image } of containersOf(next)) {
      const state = pod.containers[name];
      const old = before.get(name);
      if (state === undefined || old === undefined || old === image) continue;
      if (state.id !== '') state.madeOf ??= old;
      if (!isEnding(pod) && this.#world.node(pod.node).running) this.#endWait(pod, name, state);
    }
  }

  /** Another image has back-offs of its own. upstream: kuberuntime_container.go getStableKey, image_manager.go backOffKey */
  #endWait(pod: PodState, name: string, state: ContainerState): void {
    const delay = WAITS[state.life.value];
    state.image = null;
    state.crash = null;
    if (delay === undefined) return;
    this.#world.context.time.cancel(state.life.timers[delay] ?? 0);
    this.#containers.onTimer(delay, pod, name);
  }
}

/** States in which an image is waited for or with, each with the delay that ends it. */
const WAITS: Readonly<Record<string, string>> = {
  'waiting.crashBackOff': 'crashBackOff',
  'waiting.imagePullBackOff': 'imageBackOff',
  'waiting.imageNeverPull': 'retry',
  'waiting.invalidImageName': 'retry',
  'waiting.configError': 'retry',
};

/** Does it run with another image than its pod wants? */
export function isOutdated({ image }: Container, { life, madeOf }: ContainerState): boolean {
  return life.value === 'running.up' && madeOf !== undefined && madeOf !== image;
}

function containersOf({ spec }: Pod): readonly Container[] {
  return [...spec.containers, ...(spec.initContainers ?? [])];
}
