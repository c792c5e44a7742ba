// Moves each container through its chart: pulls, probes, hooks, orders to stop and ends of processes become the chart's events.
import { containerChart } from '../statecharts/container.chart.ts';
import { begin, elapse, end, interpret } from '../statecharts/interpreter.ts';
import { longer } from './back-off.ts';
import { BACK_OFFS, type ContainerEffects, ContainerHost } from './container-host.ts';
import { type ContainerRuntime, type Instance, LOST_REASON } from './container-runtime.ts';
import { goDuration } from './go-duration.ts';
import type { ContainerState, PodState } from './kubelet-state.ts';
import { containerOf, type KubeletWorld } from './kubelet-world.ts';
import type { HookEnd } from './lifecycle-hook.ts';
import { isStarting } from './pod-life.ts';
import { isSidecar, type ProbeType } from './pod-types.ts';
import type { PullOutcome, PullQueue } from './pull-queue.ts';
import { TIMINGS } from './timings.ts';

type ContainerEvent =
  | 'start'
  | 'pulled'
  | 'pullFailed'
  | 'exit'
  | 'restart'
  | 'postStartDone'
  | 'announce'
  | 'stop'
  | 'preStopDone'
  | 'hasten'
  | 'lose';

export class ContainerWorker {
  readonly #world: KubeletWorld;
  readonly #runtime: ContainerRuntime;
  readonly #pulls: PullQueue;
  readonly #effects: ContainerEffects;

  constructor(world: KubeletWorld, runtime: ContainerRuntime, pulls: PullQueue, effects: ContainerEffects) {
    this.#world = world;
    this.#runtime = runtime;
    this.#pulls = pulls;
    this.#effects = effects;
  }

  newState(uid: string, name: string): ContainerState {
    return {
      life: begin(containerChart, this.#host(null, uid, name)),
      id: '',
      restarts: 0,
      startedAt: '',
      startedMs: 0,
      finishedMs: 0,
      ended: null,
      previous: null,
      process: null,
      wake: 0,
      files: null,
      crash: null,
      image: null,
      trouble: '',
      stopGraceMs: 0,
      stopMs: 0,
      probes: null,
    };
  }

  /** The container and all that belongs to it, or null when the pod has no such container any more. */
  instance(pod: PodState, name: string): Instance | null {
    const object = this.#world.object(pod);
    const spec = object === undefined ? undefined : containerOf(object, name);
    const state = pod.containers[name];
    return object === undefined || spec === undefined || state === undefined ? null : { pod, object, spec, state };
  }

  send(pod: PodState, name: string, event: ContainerEvent): void {
    this.#live(pod, name, (instance) => interpret(containerChart, instance.state.life, event, this.#host(instance, pod.uid, name)));
  }

  #live(pod: PodState, name: string, act: (instance: Instance) => void): void {
    const instance = this.instance(pod, name);
    if (instance === null) return;
    const wasStarting = isStarting(instance.state);
    act(instance);
    if (wasStarting && !isStarting(instance.state)) this.#effects.started(pod);
  }

  /** Asks a running container to stop; `reason` is the text of its Killing event. */
  stop(pod: PodState, name: string, graceMs: number, reason: string): void {
    this.announceStop(pod, name, graceMs, reason);
    const state = pod.containers[name];
    if (state !== undefined && NOT_STOPPING.has(state.life.value)) {
      state.stopGraceMs -= Math.min(state.stopGraceMs, this.#world.nowMs - state.stopMs);
      state.stopMs = this.#world.nowMs;
    }
    this.send(pod, name, 'stop');
  }

  /** The grace begins to run, for a sidecar before its turn comes. upstream: kuberuntime_container.go killContainer, which tells it and then waits */
  announceStop(pod: PodState, name: string, graceMs: number, reason: string): void {
    const state = pod.containers[name];
    if (state === undefined || !NOT_STOPPING.has(state.life.value) || isStopAnnounced(state)) return;
    state.stopGraceMs = graceMs;
    state.stopMs = this.#world.nowMs;
    this.#world.containerEvent(pod, name, 'Normal', 'Killing', reason);
  }

  /** A probe failed: stops the container, and starts it anew where its pod restarts. upstream: computePodActions, computeInitContainerActions */
  replace({ pod, object, spec, state }: Instance, graceSeconds: number | undefined, type: ProbeType): void {
    const graceMs = (graceSeconds ?? object.spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const sidecar = isSidecar(spec);
    const restarts = sidecar || object.spec.restartPolicy !== 'Never';
    if (restarts && state.life.value === 'running.up') state.replacing = { beforeMs: state.previous === null ? null : state.finishedMs };
    const failed = `${sidecar ? 'Init container' : 'Container'} ${spec.name} failed ${type} probe`;
    this.stop(pod, spec.name, graceMs, restarts && !sidecar ? `${failed}, will be restarted` : failed);
  }

  /** Its pod wants it otherwise than it was started; `why` is the text of its Killing event. */
  restart({ pod, object, spec, state }: Instance, why: string): void {
    if (state.life.value !== 'running.up') return;
    state.replacing = { beforeMs: state.previous === null ? null : state.finishedMs };
    this.stop(pod, spec.name, (object.spec.terminationGracePeriodSeconds ?? 30) * 1000, why);
  }

  /** The new run of a container that a probe stopped, begun by the same look that stopped the old one: no status tells of a time between. */
  startReplacement(pod: PodState, name: string): void {
    if (pod.containers[name]?.replacing !== undefined) this.send(pod, name, 'restart');
  }

  /** The grace period became shorter while the container stops. */
  hasten(pod: PodState, name: string, graceMs: number): void {
    const state = pod.containers[name];
    if (state === undefined) return;
    const { value } = state.life;
    if (value !== 'running.stopping' && !(NOT_STOPPING.has(value) && isStopAnnounced(state))) return;
    state.stopGraceMs = graceMs;
    state.stopMs = this.#world.nowMs;
    if (value === 'running.stopping') this.send(pod, name, 'hasten');
  }

  /** After a loss of power the runtime finds the container dead, and takes that moment for its end. upstream: containerd pkg/cri restart.go */
  findLost(pod: PodState, name: string): void {
    const state = pod.containers[name];
    if (state?.life.value !== 'lost' || state.ended === null || state.ended.reason !== LOST_REASON) return;
    state.finishedMs = this.#world.nowMs;
    state.ended = { ...state.ended, finishedAt: this.#world.context.time.timestamp() };
  }

  /** A process ended by itself or by a signal. */
  exited(pod: PodState, name: string, code: number, reason: string): void {
    const instance = this.instance(pod, name);
    if (instance === null || instance.state.process === null) return;
    this.#runtime.bury(instance, code, reason);
    this.send(pod, name, 'exit');
  }

  pulled(outcome: PullOutcome): void {
    const pod = this.#world.pod(outcome.uid);
    const instance = pod === undefined ? null : this.instance(pod, outcome.container);
    if (pod === undefined || instance === null || instance.state.life.value !== 'waiting.pulling') return;
    const { image = '' } = instance.spec;
    if (outcome.error === '') {
      instance.state.image = null;
      const took = `${goDuration(outcome.tookMs)} (${goDuration(outcome.withWaitingMs)} including waiting)`;
      const message = `Successfully pulled image "${image}" in ${took}. Image size: ${outcome.bytes} bytes.`;
      this.#world.containerEvent(pod, outcome.container, 'Normal', 'Pulled', message);
      this.send(pod, outcome.container, 'pulled');
      return;
    }
    instance.state.trouble = outcome.error;
    instance.state.image = longer(instance.state.image, this.#world.nowMs, TIMINGS.imageBackOffMs, TIMINGS.imageBackOffMaxMs);
    this.send(pod, outcome.container, 'pullFailed');
  }

  /** A look at the pod finds the container as it was: it is told once more if it waits out a back-off. upstream: kuberuntime_manager.go doBackOff, image_manager.go EnsureImageExists */
  tellAgain(pod: PodState, name: string): boolean {
    const instance = this.instance(pod, name);
    const report = instance === null ? undefined : BACK_OFFS[instance.state.life.value];
    if (instance === null || report === undefined) return false;
    this.#host(instance, pod.uid, name).tell(report);
    return true;
  }

  onTimer(delay: string, pod: PodState, name: string): void {
    this.#live(pod, name, (instance) => elapse(containerChart, instance.state.life, delay, this.#host(instance, pod.uid, name)));
  }

  /** A hook came to its end. One that fails before the container counts as started ends it, with the grace it has. upstream: kuberuntime_container.go startContainer, executePreStopHook */
  hookEnded(pod: PodState, name: string, { hook, id, fault }: HookEnd): void {
    const instance = this.instance(pod, name);
    if (instance === null || instance.state.id !== id) return;
    delete instance.state.hook;
    if (instance.state.process === null) return;
    // Nobody hears of a failure when the kubelet that would is gone.
    const fails = fault !== '' && this.#world.node(pod.node).running;
    if (hook === 'preStop') {
      if (fails) this.#world.containerEvent(pod, name, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
      this.send(pod, name, 'preStopDone');
    } else if (!fails) this.send(pod, name, 'postStartDone');
    else if (instance.state.life.value === 'running.postStart') {
      instance.state.hookFault = fault;
      this.#world.containerEvent(pod, name, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
      this.stop(pod, name, (instance.object.spec.terminationGracePeriodSeconds ?? 30) * 1000, 'FailedPostStartHook');
    }
  }

  /** The kubelet's plans for a container end with it. */
  forgetPlans(pod: PodState, name: string): void {
    const state = pod.containers[name];
    if (state === undefined) return;
    end(state.life, this.#world.context.time);
    if (state.process !== null) {
      this.#leaveRunning(state);
      return;
    }
    const { ended, life } = state;
    // One that was about to run again has that still before it.
    const again = life.value === 'lost' || life.value.startsWith('waiting.') ? 'lost' : 'terminated';
    state.life = { ...begin(containerChart, this.#host(null, pod.uid, name)), value: ended === null ? 'waiting.held' : again };
    state.crash = null;
    state.image = null;
    delete state.replacing;
  }

  /** A process goes on: containerd gives up a hook, and the wait for an end, with who asked for it. A SIGTERM was sent all the same. upstream: containerd internal/cri/server container_stop.go, container_execsync.go */
  #leaveRunning(state: ContainerState): void {
    if (state.hook !== undefined) this.#world.context.time.cancel(state.hook);
    delete state.hook;
    delete state.hookFault;
    delete state.replacing;
    state.life = { ...state.life, value: 'running.up' };
    state.stopMs = 0;
  }

  #host(instance: Instance | null, uid: string, name: string): ContainerHost {
    return new ContainerHost(this.#world, this.#runtime, this.#pulls, this.#effects, instance as Instance, uid, name);
  }
}

/** It runs and has not been told to end. */
const NOT_STOPPING: ReadonlySet<string> = new Set(['running.postStart', 'running.up', 'running.preStopAhead', 'running.awaitingTurn']);

function isStopAnnounced({ stopMs, startedMs }: ContainerState): boolean {
  return stopMs >= startedMs;
}
