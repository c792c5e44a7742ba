// Drives each container's chart: what its actions do, what its guards look at, how long its delays are.

import { flat } from '../base/flat.ts';
import { parseImage } from '../runtime/image-catalogue.ts';
import { imageFault } from '../runtime/image-fault.ts';
import { containerChart } from '../statecharts/container.chart.ts';
import { begin, elapse, end, interpret, type LifeHost } from '../statecharts/interpreter.ts';
import { configFault } from './container-config.ts';
import type { ContainerRuntime, Instance } from './container-runtime.ts';
import { goDuration } from './go-duration.ts';
import type { BackOff, ContainerState, PodState } from './kubelet-state.ts';
import { containerKey, containerOf, type KubeletWorld } from './kubelet-world.ts';
import { isSidecar, type ProbeType } from './pod-types.ts';
import type { PullOutcome, PullQueue } from './pull-queue.ts';
import { resyncDelayMs } from './resync-delay.ts';
import { TIMINGS } from './timings.ts';

export const CONTAINER_TIMER = 'container/';
export const PRE_STOP_TIMER = 'pre-stop';
const LOST_REASON = 'Unknown';

type ContainerEvent = 'start' | 'pulled' | 'pullFailed' | 'exit' | 'restart' | 'stop' | 'preStopDone' | 'hasten' | 'lose';

export interface ContainerEffects {
  /** The next relist will see something new. */
  changed(pod: PodState): void;
  /** The look at the pod ended with a container that waits out a back-off. */
  failed(pod: PodState): void;
}

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
    const instance = this.instance(pod, name);
    if (instance !== null) interpret(containerChart, instance.state.life, event, this.#host(instance, pod.uid, name));
  }

  /** Asks a running container to stop; `reason` is the text of its Killing event. */
  stop(pod: PodState, name: string, graceMs: number, reason: string): void {
    this.announceStop(pod, name, graceMs, reason);
    const state = pod.containers[name];
    if (state?.life.value === 'running.up') {
      state.stopGraceMs -= Math.min(state.stopGraceMs, this.#world.nowMs - state.stopMs);
      state.stopMs = this.#world.nowMs;
    }
    this.send(pod, name, 'stop');
  }

  /** The grace begins to run, for a sidecar before its turn comes. upstream: kuberuntime_container.go killContainer, which tells it and then waits */
  announceStop(pod: PodState, name: string, graceMs: number, reason: string): void {
    const state = pod.containers[name];
    if (state?.life.value !== 'running.up' || isStopAnnounced(state)) return;
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
    if (value !== 'running.stopping' && !(value === 'running.up' && isStopAnnounced(state))) return;
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
    const instance = this.instance(pod, name);
    if (instance !== null) elapse(containerChart, instance.state.life, delay, this.#host(instance, pod.uid, name));
  }

  /** The kubelet's plans for a container end with it; a process, and what containerd was asked to do with it, goes on. */
  forgetPlans(pod: PodState, name: string): void {
    const state = pod.containers[name];
    if (state === undefined || state.process !== null) return;
    end(state.life, this.#world.context.time);
    const { ended, life } = state;
    // One that was about to run again has that still before it.
    const again = life.value === 'lost' || life.value.startsWith('waiting.') ? 'lost' : 'terminated';
    state.life = { ...begin(containerChart, this.#host(null, pod.uid, name)), value: ended === null ? 'waiting.held' : again };
    state.crash = null;
    state.image = null;
    delete state.replacing;
  }

  #host(instance: Instance | null, uid: string, name: string): ContainerHost {
    return new ContainerHost(this.#world, this.#runtime, this.#pulls, this.#effects, instance as Instance, uid, name);
  }
}

function isStopAnnounced({ stopMs, startedMs }: ContainerState): boolean {
  return stopMs >= startedMs;
}

/** upstream: client-go/util/flowcontrol/backoff.go hasExpired */
function isForgotten(crash: BackOff, endedMs: number): boolean {
  return endedMs - crash.sinceMs > TIMINGS.crashForgottenMs;
}

/** upstream: client-go/util/flowcontrol/backoff.go Next */
function longer(known: BackOff | null, nowMs: number, leastMs: number, mostMs: number): BackOff {
  return { waitMs: known === null ? leastMs : Math.min(known.waitMs * 2, mostMs), sinceMs: nowMs };
}

class ContainerHost implements LifeHost {
  readonly #world: KubeletWorld;
  readonly #runtime: ContainerRuntime;
  readonly #pulls: PullQueue;
  readonly #effects: ContainerEffects;
  readonly #instance: Instance;
  readonly #uid: string;
  readonly #name: string;

  constructor(
    world: KubeletWorld,
    runtime: ContainerRuntime,
    pulls: PullQueue,
    effects: ContainerEffects,
    instance: Instance,
    uid: string,
    name: string,
  ) {
    this.#world = world;
    this.#runtime = runtime;
    this.#pulls = pulls;
    this.#effects = effects;
    this.#instance = instance;
    this.#uid = uid;
    this.#name = name;
  }

  get nowMs(): number {
    return this.#world.nowMs;
  }

  whose(): string {
    return `${this.#uid}/${this.#name}`;
  }

  guard(name: string): boolean {
    const { object, spec, state } = this.#instance;
    switch (name) {
      case 'imageNameInvalid':
        return imageFault(spec.image ?? '') !== '';
      case 'imageUsable':
        return policyOf(spec) !== 'Always' && this.#hasImage();
      case 'pullForbidden':
        return policyOf(spec) === 'Never';
      case 'inImageBackOff':
        return state.image !== null && this.nowMs - state.image.sinceMs < state.image.waitMs;
      case 'configIncomplete':
        return configFault(this.#world, object, spec) !== '';
      case 'commandMissing':
        return this.#runtime.planOf(this.#instance).kind === 'missing';
      case 'inCrashBackOff':
        return this.#inCrashBackOff();
      default:
        return spec.lifecycle?.preStop !== undefined;
    }
  }

  action(name: string): void {
    this.tell(name);
    if (!REPORTED.has(name)) return;
    const { pod, state } = this.#instance;
    delete state.replacing;
    this.#effects.changed(pod);
    if (BACK_OFF_REPORTS.has(name)) this.#effects.failed(pod);
  }

  /** What an action says; what it does besides is left to those that do more. */
  tell(name: string): void {
    const { pod, spec, state } = this.#instance;
    const { image = '' } = spec;
    switch (name) {
      case 'requestPull':
        this.#tell('Normal', 'Pulling', `Pulling image "${image}"`);
        this.#pulls.request(pod.node, pod.uid, spec.name, image);
        break;
      case 'dropPull':
        this.#pulls.drop(pod.node, pod.uid, spec.name);
        break;
      case 'reportPresent':
        this.#tell('Normal', 'Pulled', `Container image "${image}" already present on machine`);
        break;
      case 'reportPullFailed':
        this.#tell('Warning', 'Failed', `Failed to pull image "${image}": ${state.trouble}`);
        this.#tell('Warning', 'Failed', 'Error: ErrImagePull');
        break;
      case 'reportImageBackOff':
        this.#tell('Normal', 'BackOff', `Back-off pulling image "${image}"`);
        this.#tell('Warning', 'Failed', 'Error: ImagePullBackOff');
        break;
      case 'reportNeverPull':
        state.trouble = `Container image "${image}" is not present with pull policy of Never`;
        this.#tell('Warning', 'ErrImageNeverPull', state.trouble);
        this.#tell('Warning', 'Failed', 'Error: ErrImageNeverPull');
        break;
      case 'reportInvalidName':
        state.trouble = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${imageFault(image)}`;
        this.#tell('Warning', 'InspectFailed', state.trouble);
        this.#tell('Warning', 'Failed', 'Error: InvalidImageName');
        break;
      case 'reportConfigError':
        state.trouble = configFault(this.#world, this.#instance.object, spec);
        this.#tell('Warning', 'Failed', `Error: ${state.trouble}`);
        break;
      case 'reportCrashBackOff':
        this.#tell('Warning', 'BackOff', `Back-off restarting failed container ${spec.name} in pod ${this.#podName()}`);
        break;
      default:
        this.#act(name);
    }
  }

  delayMs(name: string): number {
    const { state } = this.#instance;
    switch (name) {
      case 'creation':
        return this.#world.between(TIMINGS.createMs);
      case 'imageBackOff':
        return remaining(state.image, this.nowMs);
      case 'crashBackOff':
        return Math.max(0, state.finishedMs + (state.crash?.waitMs ?? 0) - this.nowMs);
      case 'preStopOverrun':
        return state.stopGraceMs;
      case 'termination':
        return Math.max(TIMINGS.graceMinMs, state.stopGraceMs);
      case 'retry':
        return resyncDelayMs(this.#uid, this.nowMs);
      default:
        return TIMINGS.resyncMs;
    }
  }

  after(delayMs: number, name: string): number {
    const { pod, spec } = this.#instance;
    const arc = ARCS[name];
    return this.#world.after(
      delayMs,
      CONTAINER_TIMER + name,
      containerKey(pod, spec.name),
      arc === undefined ? undefined : this.#world.countdown(pod, arc),
    );
  }

  cancel(id: number): void {
    this.#world.context.time.cancel(id);
  }

  #act(name: string): void {
    const { pod, spec, state } = this.#instance;
    switch (name) {
      case 'reportPulled':
        break;
      case 'create':
        this.#noteRestart();
        break;
      case 'run':
        this.#tell('Normal', 'Created', `Created container: ${spec.name}`);
        this.#runtime.start(this.#instance);
        this.#tell('Normal', 'Started', `Started container ${spec.name}`);
        this.#postStart();
        this.#effects.changed(pod);
        break;
      case 'reportRunError': {
        const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "${this.#runtime.planOf(this.#instance).program}": executable file not found in $PATH`;
        state.startedAt = '1970-01-01T00:00:00Z';
        if (state.ended !== null) {
          state.restarts += 1;
          state.previous = state.ended;
        }
        state.id = flat(`containerd://${this.#world.identity()}`);
        delete state.madeOf;
        this.#runtime.bury(this.#instance, 128, 'StartError', message);
        this.#tell('Normal', 'Created', `Created container: ${spec.name}`);
        this.#tell('Warning', 'Failed', `Error: ${message}`);
        break;
      }
      case 'runPreStop':
        this.#preStop();
        break;
      case 'terminate':
        state.stopGraceMs -= Math.min(state.stopGraceMs, this.nowMs - state.stopMs);
        this.#runtime.terminate(this.#instance);
        break;
      case 'kill':
        this.#runtime.kill(this.#instance);
        break;
      case 'recordLoss':
        if (state.process !== null) this.#runtime.bury(this.#instance, 255, LOST_REASON);
        break;
      default:
        this.#effects.changed(pod);
    }
  }

  /** upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go doBackOff: the first restart is at once, and sets the wait of the next. */
  #noteRestart(): void {
    const { state } = this.#instance;
    const endedMs = this.#lastEndMs();
    delete state.replacing;
    if (endedMs === null) return;
    const known = state.crash !== null && isForgotten(state.crash, endedMs) ? null : state.crash;
    state.crash = longer(known, this.nowMs, TIMINGS.crashBackOffMs, TIMINGS.crashBackOffMaxMs);
  }

  #inCrashBackOff(): boolean {
    const { crash } = this.#instance.state;
    const endedMs = this.#lastEndMs();
    return crash !== null && endedMs !== null && !isForgotten(crash, endedMs) && this.nowMs - endedMs < crash.waitMs;
  }

  /** The newest end that the look at the pod knows of: one that stops a container itself has seen only the run before. */
  #lastEndMs(): number | null {
    const { replacing, ended, finishedMs } = this.#instance.state;
    if (replacing !== undefined) return replacing.beforeMs;
    return ended === null ? null : finishedMs;
  }

  #postStart(): void {
    const command = this.#instance.spec.lifecycle?.postStart?.exec?.command;
    if (command === undefined) return;
    const { status } = this.#runtime.execute(this.#instance, command);
    if (status === 0) return;
    this.#tell('Warning', 'FailedPostStartHook', 'PostStartHook failed');
    this.#runtime.kill(this.#instance);
  }

  #preStop(): void {
    const { pod, spec } = this.#instance;
    const hook = spec.lifecycle?.preStop;
    const sleepSeconds = (hook as { readonly sleep?: { readonly seconds: number } } | undefined)?.sleep?.seconds ?? 0;
    const tookMs = hook?.exec === undefined ? sleepSeconds * 1000 : this.#runtime.execute(this.#instance, hook.exec.command ?? []).tookMs;
    this.#world.after(tookMs + TIMINGS.hookMs, PRE_STOP_TIMER, containerKey(pod, spec.name));
  }

  #hasImage(): boolean {
    return this.#world.node(this.#instance.pod.node).images[parseImage(this.#instance.spec.image ?? '').full] !== undefined;
  }

  #podName(): string {
    const { namespace, name } = this.#instance.object.metadata;
    return `${name}_${namespace}(${this.#instance.pod.uid})`;
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#world.containerEvent(this.#instance.pod, this.#instance.spec.name, type, reason, message);
  }
}

/** Waits that the status names. */
const REPORTED: ReadonlySet<string> = new Set([
  'reportPullFailed',
  'reportImageBackOff',
  'reportNeverPull',
  'reportInvalidName',
  'reportConfigError',
  'reportCrashBackOff',
  'reportRunError',
]);

/** States that wait out a back-off, with the action that tells of it. */
const BACK_OFFS: Readonly<Record<string, string>> = {
  'waiting.crashBackOff': 'reportCrashBackOff',
  'waiting.imagePullBackOff': 'reportImageBackOff',
};
const BACK_OFF_REPORTS: ReadonlySet<string> = new Set(Object.values(BACK_OFFS));

const ARCS: Readonly<Record<string, string>> = {
  imageBackOff: 'image-back-off',
  crashBackOff: 'crash-back-off',
  termination: 'termination-grace',
};

function remaining(backOff: BackOff | null, nowMs: number): number {
  return backOff === null ? 0 : Math.max(0, backOff.sinceMs + backOff.waitMs - nowMs);
}

/** upstream: pkg/apis/core/v1/defaults.go SetDefaults_Container: what defaulting left out. */
function policyOf({ image = '', imagePullPolicy }: Instance['spec']): string {
  if (imagePullPolicy !== undefined) return imagePullPolicy;
  return parseImage(image).tag === 'latest' ? 'Always' : 'IfNotPresent';
}
