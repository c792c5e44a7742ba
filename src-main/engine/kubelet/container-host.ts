// What the actions of a container's chart do, what its guards look at, how long its delays are.
import { flat } from '../base/flat.ts';
import { parseImage } from '../runtime/image-catalogue.ts';
import { imageFault } from '../runtime/image-fault.ts';
import type { LifeHost } from '../statecharts/interpreter.ts';
import { isForgotten, longer } from './back-off.ts';
import { configFault } from './container-config.ts';
import { type ContainerRuntime, type Instance, LOST_REASON } from './container-runtime.ts';
import type { BackOff, PodState } from './kubelet-state.ts';
import { containerKey, type KubeletWorld } from './kubelet-world.ts';
import { type HookEnd, type HookName, hookOf, runHook } from './lifecycle-hook.ts';
import type { PullQueue } from './pull-queue.ts';
import { resyncDelayMs } from './resync-delay.ts';
import { TIMINGS } from './timings.ts';

export const CONTAINER_TIMER = 'container/';
export const HOOK_TIMER = 'hook';

export interface ContainerEffects {
  /** The next relist will see something new. */
  changed(pod: PodState): void;
  /** The look at the pod ended with a container that waits out a back-off. */
  failed(pod: PodState): void;
  /** The start of a container came to its end, good or bad. */
  started(pod: PodState): void;
}

/** What a chart asks and wants done, for one container. */
export class ContainerHost implements LifeHost {
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
    const { pod, object, spec, state } = this.#instance;
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
        return configFault(this.#world, pod, object, spec) !== '';
      case 'commandMissing':
        return this.#runtime.planOf(this.#instance).kind === 'missing';
      case 'inCrashBackOff':
        return this.#inCrashBackOff();
      case 'hasPostStart':
        return hookOf(spec, 'postStart') !== undefined;
      default:
        return hookOf(spec, 'preStop') !== undefined && state.stopGraceMs > 0;
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
        state.trouble = configFault(this.#world, pod, this.#instance.object, spec);
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
      case 'runPostStart':
        this.#runHook('postStart');
        break;
      case 'runPreStop':
        this.#runHook('preStop');
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
    delete state.hookFault;
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

  #runHook(hook: HookName): void {
    const { pod, spec, state } = this.#instance;
    const { tookMs, fault } = runHook(this.#runtime, this.#instance, hookOf(spec, hook) ?? {});
    const detail: HookEnd = { hook, id: state.id, fault };
    state.hook = this.#world.context.time.after(tookMs, HOOK_TIMER, containerKey(pod, spec.name), detail);
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
export const BACK_OFFS: Readonly<Record<string, string>> = {
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
