// Other resources for the containers of a pod that runs: the kubelet gives them when the node has room, says why it does not, and tries again.
// upstream: pkg/kubelet/kubelet.go handlePodResourcesResize, canResizePod; pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodResizeAction (release 1.33)
import { equal } from '../base/equal.ts';
import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { podRequests } from '../kinds/core/pod-requests.ts';
import { RESIZE_IN_PROGRESS, RESIZE_PENDING, withContainers } from '../kinds/core/pod-resize.ts';
import { quantityMilliValue, quantityValue } from '../meta/quantity.ts';
import type { ContainerWorker } from './container-worker.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { type NodeLoad, type Refusal, refusalOf } from './pod-admission.ts';
import type { Verdict } from './pod-conditions.ts';
import { isEnding } from './pod-life.ts';
import type { Container } from './pod-types.ts';
import { TIMINGS } from './timings.ts';

export const RESIZE_TIMER = 'resize';

export type Resources = NonNullable<Container['resources']>;
/** By name of the container. */
export type ResourcesByName = Readonly<Record<string, Resources>>;

/** What a pod was given, where it wants or wanted something else. JSON, part of the kubelet's memory. */
export interface ResizeState {
  allocated: ResourcesByName;
  /** What its containers run with; null: with what was allocated. */
  actual: ResourcesByName | null;
  pending: { readonly reason: 'Deferred' | 'Infeasible'; readonly message: string } | null;
  timer: number;
}

export interface ResizeEffects {
  /** What the pods of the node hold, this one aside. */
  loadWithout(pod: PodState): NodeLoad;
  loadChanged(node: string): void;
  publish(pod: PodState): void;
  /** A container's process is bound to other limits. */
  rebound(pod: PodState, container: string): void;
}

export class PodResizes {
  readonly #world: KubeletWorld;
  readonly #containers: ContainerWorker;
  readonly #effects: ResizeEffects;

  constructor(world: KubeletWorld, containers: ContainerWorker, effects: ResizeEffects) {
    this.#world = world;
    this.#containers = containers;
    this.#effects = effects;
  }

  /** Somebody has changed the pod. */
  heard(pod: PodState, next: Pod, previous: Pod): void {
    if (next.spec.containers === previous.spec.containers && next.spec.initContainers === previous.spec.initContainers) return;
    const before = resourcesOf(previous);
    if (equal(resourcesOf(next), before)) return;
    pod.resize ??= { allocated: before, actual: null, pending: null, timer: 0 };
    this.look(pod);
  }

  /** Does what is next: gives the pod what it wants, or finds that it cannot be. */
  look(pod: PodState): void {
    const { resize } = pod;
    const newest = this.#world.newest(pod);
    if (resize === undefined || newest === undefined || isEnding(pod) || !this.#world.node(pod.node).running) return;
    this.#world.context.time.cancel(resize.timer);
    resize.timer = 0;
    const wanted = resourcesOf(newest);
    const refusal = equal(wanted, resize.allocated) ? null : this.#refusal(pod, newest);
    resize.pending = refusal;
    if (refusal === null && !equal(wanted, resize.allocated)) this.#allocate(pod, resize, newest, wanted);
    if (resize.actual !== null) resize.timer = this.#world.after(TIMINGS.relistMs, RESIZE_TIMER, pod.uid);
    else if (refusal !== null) resize.timer = this.#world.after(this.#world.between(TIMINGS.resizeRetryMs), RESIZE_TIMER, pod.uid);
    else delete pod.resize;
    this.#effects.publish(pod);
  }

  /** What was given is in force, or it is time to try again. */
  onTimer(pod: PodState): void {
    const { resize } = pod;
    if (resize === undefined) return;
    resize.timer = 0;
    if (resize.actual !== null) {
      resize.actual = null;
      for (const name of Object.keys(resize.allocated)) this.#effects.rebound(pod, name);
    }
    this.look(pod);
  }

  stop(pod: PodState): void {
    if (pod.resize === undefined) return;
    this.#world.context.time.cancel(pod.resize.timer);
    pod.resize.timer = 0;
  }

  #allocate(pod: PodState, resize: ResizeState, newest: Pod, wanted: ResourcesByName): void {
    const before = resize.allocated;
    const all = [...newest.spec.containers, ...(newest.spec.initContainers ?? [])];
    // A container that does not run is not being resized. upstream: isPodResizeInProgress
    const isInForce = ({ name }: Container): boolean => pod.containers[name]?.process != null && !equal(wanted[name], before[name]);
    if (all.some(isInForce)) resize.actual ??= before;
    resize.allocated = wanted;
    this.#effects.loadChanged(pod.node);
    for (const container of all) {
      const instance = this.#containers.instance(pod, container.name);
      const old = before[container.name] ?? {};
      if (instance?.state.process != null && needsRestart(container, old))
        this.#containers.restart(instance, `Container ${container.name} resize requires restart`);
    }
  }

  #refusal(pod: PodState, newest: Pod): ResizeState['pending'] {
    const node = this.#world.nodes.get(pod.node);
    if (node === undefined) return null;
    const message = beyond(newest, node);
    if (message !== null) return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${message}` };
    const refusal: Refusal | null = refusalOf(newest, node, this.#effects.loadWithout(pod));
    return refusal === null ? null : { reason: 'Deferred', message: refusal.message };
  }
}

export function resourcesOf({ spec }: Pod): ResourcesByName {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return Object.fromEntries(all.map(({ name, resources = NOTHING }) => [name, resources]));
}

const NOTHING: Resources = {};
const allocations = new WeakMap<Pod, { readonly allocated: ResourcesByName; readonly pod: Pod }>();

/** The pod as its kubelet treats it: with what it was given. upstream: UpdatePodFromAllocation */
export function asAllocated(newest: Pod, { allocated }: ResizeState): Pod {
  const known = allocations.get(newest);
  if (known?.allocated === allocated) return known.pod;
  const pod = withContainers(newest, (container) => {
    const resources = allocated[container.name] ?? container.resources ?? NOTHING;
    return equal(resources, container.resources ?? NOTHING) ? container : { ...container, resources };
  });
  allocations.set(newest, { allocated, pod });
  return pod;
}

export function resizeVerdicts({ resize }: PodState): readonly Verdict[] {
  if (resize === undefined) return [];
  const verdicts: Verdict[] = [];
  if (resize.pending !== null) verdicts.push({ type: RESIZE_PENDING, status: 'True', ...resize.pending });
  if (resize.actual !== null) verdicts.push({ type: RESIZE_IN_PROGRESS, status: 'True' });
  return verdicts;
}

/** What the pod wants beyond the whole node; null: nothing. */
function beyond(pod: Pod, { status: { allocatable = {} } }: Node): string | null {
  const { cpuMillis, memoryBytes } = podRequests(pod);
  const [cpu, memory] = [quantityMilliValue(allocatable['cpu'] ?? '0'), quantityValue(allocatable['memory'] ?? '0')];
  if (memoryBytes > memory) return `memory, requested: ${memoryBytes}, capacity: ${memory}`;
  return cpuMillis > cpu ? `cpu, requested: ${cpuMillis}, capacity: ${cpu}` : null;
}

/** Requests of memory bind no process. upstream: determineContainerResize */
function needsRestart({ resources = NOTHING, resizePolicy = [] }: Container, old: Resources): boolean {
  const changed: Readonly<Record<string, boolean>> = {
    cpu: resources.limits?.['cpu'] !== old.limits?.['cpu'] || resources.requests?.['cpu'] !== old.requests?.['cpu'],
    memory: resources.limits?.['memory'] !== old.limits?.['memory'],
  };
  return resizePolicy.some(({ resourceName, restartPolicy }) => restartPolicy === 'RestartContainer' && changed[resourceName] === true);
}
