// What the actions of a pod's chart do, what its guards look at, how long its delays are.
import type { LifeHost } from '../statecharts/interpreter.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { releaseAddresses, takeAddress } from './node-addresses.ts';
import type { NodeLoads } from './node-loads.ts';
import { hostAddress } from './node-registration.ts';
import { runtimeFault } from './pod-runtime.ts';
import { resyncDelayMs } from './resync-delay.ts';
import { TIMINGS } from './timings.ts';
import type { VolumeMounter } from './volumes.ts';

export const POD_TIMER = 'pod/';
export const FINISH_TIMER = 'finish';

export interface PodEffects {
  readonly volumes: VolumeMounter;
  readonly loads: NodeLoads;
  /** Says which attachable volumes are in use on the pod's node. */
  readonly reportClaims: (pod: PodState) => void;
}

/** What a chart asks and wants done, for one pod. */
export class PodHost implements LifeHost {
  readonly #world: KubeletWorld;
  readonly #effects: PodEffects;
  readonly #pod: PodState;

  constructor(world: KubeletWorld, effects: PodEffects, pod: PodState) {
    this.#world = world;
    this.#effects = effects;
    this.#pod = pod;
  }

  get nowMs(): number {
    return this.#world.nowMs;
  }

  whose(): string {
    return this.#pod.uid;
  }

  guard(name: string): boolean {
    if (name === 'sandboxUp') return this.#pod.sandbox !== '';
    return name === 'runtimeMissing' ? runtimeFault(this.#world, this.#pod) !== null : this.#volumesReady();
  }

  action(name: string): void {
    const { volumes, loads, reportClaims } = this.#effects;
    const pod = this.#pod;
    switch (name) {
      case 'mountVolumes':
        reportClaims(pod);
        break;
      case 'createSandbox':
        this.#createSandbox();
        volumes.stopWaiting(pod);
        break;
      case 'reportSandboxFailed':
        volumes.stopWaiting(pod);
        this.#reportSandboxFailed();
        break;
      case 'tearDown':
        pod.sandbox = '';
        releaseAddresses(this.#world.node(pod.node), pod.uid);
        break;
      case 'finish':
        loads.changed(pod.node);
        this.#world.context.time.after(0, FINISH_TIMER, pod.uid);
        break;
    }
  }

  delayMs(name: string): number {
    if (name === 'sandbox') return this.#world.between(TIMINGS.sandboxMs);
    if (name === 'sandboxRetry') return resyncDelayMs(this.#pod.uid, this.nowMs);
    if (name === 'teardown') return TIMINGS.teardownMs;
    const object = this.#world.object(this.#pod);
    return object === undefined ? 0 : this.#effects.volumes.mountMs(object);
  }

  after(delayMs: number, name: string): number {
    return this.#world.after(delayMs, POD_TIMER + name, this.#pod.uid);
  }

  cancel(id: number): void {
    this.#world.context.time.cancel(id);
  }

  #volumesReady(): boolean {
    const object = this.#world.object(this.#pod);
    if (object === undefined) return false;
    if (object.spec.hostNetwork !== true && this.#podCidr() === '') return false;
    return object.spec.volumes === undefined || this.#effects.volumes.hindrances(this.#pod, object).length === 0;
  }

  #podCidr(): string {
    return this.#world.nodes.get(this.#pod.node)?.spec.podCIDR ?? '';
  }

  #createSandbox(): void {
    const pod = this.#pod;
    // upstream: kuberuntime_manager.go SyncPod
    if (pod.ip !== '') this.#world.event(pod, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
    pod.sandbox = this.#world.identity();
    const sharesHost = this.#world.object(pod)?.spec.hostNetwork === true;
    pod.ip = sharesHost ? hostAddress(this.#world, pod.node) : takeAddress(this.#world.node(pod.node), this.#podCidr(), pod.uid);
  }

  #reportSandboxFailed(): void {
    const fault = runtimeFault(this.#world, this.#pod, this.#world.identity());
    this.#world.event(this.#pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${fault}`);
  }
}
