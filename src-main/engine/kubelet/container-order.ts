// Which container of a pod is next: init containers one by one, sidecars around the others, restarts by policy, and the order of stopping.
import type { Pod } from '../kinds/core/pod.ts';
import { shouldRestart } from './container-rules.ts';
import type { ContainerWorker } from './container-worker.ts';
import { isOutdated } from './image-changes.ts';
import type { ContainerState, PodState } from './kubelet-state.ts';
import { isBusy } from './pod-life.ts';
import { type Container, ephemeralOf, isSidecar } from './pod-types.ts';
import { isStarted } from './probes.ts';

export class ContainerOrder {
  readonly #containers: ContainerWorker;

  constructor(containers: ContainerWorker) {
    this.#containers = containers;
  }

  /** upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go computeInitContainerActions */
  initialize(pod: PodState, object: Pod): 'working' | 'done' | 'failed' {
    for (const spec of object.spec.initContainers ?? []) {
      const state = pod.containers[spec.name] as ContainerState;
      if (isSidecar(spec)) {
        if (isStarted(spec, state)) continue;
        this.#drive(pod, object, spec, state);
        return 'working';
      }
      if (state.life.value === 'terminated' && state.ended?.exitCode === 0) continue;
      if (state.process === null && state.ended !== null && object.spec.restartPolicy === 'Never') return 'failed';
      this.#drive(pod, object, spec, state);
      return 'working';
    }
    return 'done';
  }

  /** Ephemeral containers run beside all others, once. upstream: kuberuntime_manager.go computePodActions EphemeralContainersToStart */
  debug(pod: PodState, object: Pod): void {
    for (const { name } of ephemeralOf(object)) {
      // hasOwn: a container may be named `constructor`, which every object inherits.
      if (!Object.hasOwn(pod.containers, name)) pod.containers[name] = this.#containers.newState(pod.uid, name);
      if (pod.containers[name]?.life.value === 'waiting.held' && !isBusy(pod)) this.#containers.send(pod, name, 'start');
    }
  }

  /** True: all regular containers are over for good. */
  keepRunning(pod: PodState, object: Pod): boolean {
    let over = true;
    for (const spec of object.spec.containers)
      if (!this.#drive(pod, object, spec, pod.containers[spec.name] as ContainerState)) over = false;
    if (over) return true;
    for (const spec of object.spec.initContainers ?? [])
      if (isSidecar(spec)) this.#drive(pod, object, spec, pod.containers[spec.name] as ContainerState);
    return false;
  }

  /** Regular containers first, sidecars after them in reverse order. True: none is alive. upstream: pkg/kubelet/kuberuntime/kuberuntime_termination_order.go */
  stop(pod: PodState, object: Pod): boolean {
    const initContainers = object.spec.initContainers ?? [];
    const regular = [
      ...ephemeralOf(object).filter(({ name }) => pod.containers[name] !== undefined),
      ...object.spec.containers,
      ...initContainers.filter((spec) => !isSidecar(spec)),
    ];
    const sidecars = initContainers.filter(isSidecar).reverse();
    // upstream: pkg/kubelet/pod_workers.go calculateEffectiveGracePeriod
    const graceMs = Math.max(1000, pod.graceMs ?? graceMsOf(object));
    for (const { name } of [...regular, ...sidecars]) this.#containers.announceStop(pod, name, graceMs, `Stopping container ${name}`);
    // Its hook does not wait for the others. upstream: kuberuntime_container.go killContainer
    for (const { name } of sidecars) this.#containers.send(pod, name, 'announce');
    for (const wave of [regular, ...sidecars.map((spec) => [spec])]) {
      let alive = false;
      for (const { name } of wave) {
        const state = pod.containers[name] as ContainerState;
        if (state.process === null && !state.life.value.startsWith('waiting')) continue;
        this.#containers.stop(pod, name, graceMs, `Stopping container ${name}`);
        if (state.process !== null) alive = true;
      }
      if (alive) return false;
    }
    return true;
  }

  /** Starts or restarts the container if it is to be. True: it is over for good. */
  #drive(pod: PodState, object: Pod, spec: Container, state: ContainerState): boolean {
    const { value } = state.life;
    if (value === 'waiting.held') {
      if (!isBusy(pod)) this.#containers.send(pod, spec.name, 'start');
    } else if (value === 'terminated' || value === 'lost') {
      const isInit = object.spec.initContainers?.includes(spec) === true;
      const policy = isSidecar(spec) ? 'Always' : isInit ? 'OnFailure' : object.spec.restartPolicy;
      const isNew = state.ended === null || (isInit && value === 'lost');
      const newest = isNew ? undefined : { state: 'exited' as const, exitCode: state.ended?.exitCode ?? 0 };
      if (!shouldRestart(policy, object.metadata.deletionTimestamp !== undefined, newest)) return true;
      if (!isBusy(pod)) this.#containers.send(pod, spec.name, 'restart');
    } else if (isOutdated(spec, state)) {
      const instance = this.#containers.instance(pod, spec.name);
      const changed = `${spec.name} definition changed`;
      // Whatever the restart policy says. upstream: computePodActions, computeInitContainerActions
      if (instance !== null)
        this.#containers.restart(instance, isSidecar(spec) ? `Init container ${changed}` : `Container ${changed}, will be restarted`);
    }
    return false;
  }
}

/** What deletion gave, or what the pod asks for. */
export function graceMsOf({ metadata, spec }: Pod): number {
  const given = metadata.deletionTimestamp === undefined ? undefined : metadata.deletionGracePeriodSeconds;
  return (given ?? spec.terminationGracePeriodSeconds ?? 30) * 1000;
}
