// One pod on its node, from admission to the last status: drives the pod chart, decides which container is next, publishes what is true.
import { compareText } from '../base/compare-text.ts';
import { equal } from '../base/equal.ts';
import { share } from '../base/share.ts';
import { Unreachable } from '../client/component.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { revivals } from '../kinds/core/pod-status-validation.ts';
import { keyOf } from '../meta/object.ts';
import { isConflict, isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import { begin, elapse, end, interpret } from '../statecharts/interpreter.ts';
import { podChart } from '../statecharts/pod.chart.ts';
import { type ContainerOrder, graceMsOf } from './container-order.ts';
import type { ContainerWorker } from './container-worker.ts';
import type { ContainerState, PodState, PodVerdict } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { releaseAddresses } from './node-addresses.ts';
import { holdsNothing, type NodeLoads } from './node-loads.ts';
import { hostAddress } from './node-registration.ts';
import type { Refusal } from './pod-admission.ts';
import { armDeadline, stopDeadline } from './pod-deadline.ts';
import { type PodEffects, PodHost } from './pod-host.ts';
import { isBetweenRuns, isBusy, isEnding, isJudgedUntold, LOOK_TIMER, PHASE_EVENTS, type PodEvent, phaseOf, stageOf } from './pod-life.ts';
import type { PodResizes } from './pod-resize.ts';
import type { PodResync } from './pod-resync.ts';
import { correction, podStatus } from './pod-status.ts';
import type { Container } from './pod-types.ts';
import type { Probes } from './probes.ts';
import { TIMINGS } from './timings.ts';
import type { VolumeMounter } from './volumes.ts';

export const RELIST_TIMER = 'relist';
export const FLUSH_TIMER = 'flush';

/** What the worker calls on; wired by the kubelet. */
export interface PodTools {
  readonly containers: ContainerWorker;
  readonly order: ContainerOrder;
  readonly probes: Probes;
  readonly resync: PodResync;
  readonly resizes: PodResizes;
  readonly volumes: VolumeMounter;
  readonly loads: NodeLoads;
}

export class PodWorker {
  readonly #world: KubeletWorld;
  readonly #tools: PodTools;
  readonly #effects: PodEffects;
  #observing = false;

  constructor(world: KubeletWorld, tools: PodTools) {
    this.#world = world;
    this.#tools = tools;
    this.#effects = {
      volumes: tools.volumes,
      loads: tools.loads,
      reportClaims: (pod) => this.#reportClaims(pod, world.object(pod)),
    };
  }

  /** A pod that this node's kubelet has not seen before. upstream: pkg/kubelet/kubelet.go HandlePodAdditions */
  add(object: Pod): void {
    const { uid } = object.metadata;
    const { nodeName = '' } = object.spec;
    const final = object.status.phase === 'Succeeded' || object.status.phase === 'Failed';
    if (final && object.metadata.deletionTimestamp === undefined) return;
    const { time } = this.#world.context;
    const pod: PodState = {
      key: keyOf(object),
      uid,
      node: nodeName,
      life: { value: '', sinceMs: time.nowMs, timers: {} },
      seenMs: time.nowMs,
      startTime: time.timestamp(),
      sandbox: '',
      ip: '',
      containers: {},
      files: null,
      orphan: null,
      verdict: null,
      deadline: 0,
      volumeTries: 0,
      volumeRetry: 0,
    };
    const refusal = this.#tools.loads.refusal(object);
    this.#world.addPod(pod);
    for (const { name } of object.spec.containers) pod.containers[name] = this.#tools.containers.newState(pod.uid, name);
    for (const { name } of object.spec.initContainers ?? []) pod.containers[name] = this.#tools.containers.newState(pod.uid, name);
    pod.life = begin(podChart, this.#host(pod));
    if (final || object.metadata.deletionTimestamp !== undefined) this.terminate(pod);
    else if (refusal !== null) this.#reject(pod, refusal);
    else {
      armDeadline(this.#world, pod, object);
      this.publish(pod);
    }
  }

  /** The kubelet is back and finds the pod among those it knew. */
  resume(pod: PodState): void {
    const object = this.#world.object(pod);
    if (object === undefined) return;
    if (stageOf(pod) === 'rejected') {
      this.finish(pod);
      return;
    }
    for (const name of Object.keys(pod.containers)) this.#tools.containers.findLost(pod, name);
    this.#send(pod, 'restarted');
    this.publish(pod);
    this.finish(pod);
    // Nothing of a pod that has ended is started again, whatever of it was lost. upstream: pkg/kubelet/kubelet.go SyncPod isTerminal
    const hasEnded = phaseOf(pod) === 'Succeeded' || phaseOf(pod) === 'Failed';
    if (pod.orphan !== null || object.metadata.deletionTimestamp !== undefined || hasEnded) this.terminate(pod);
    else this.respecified(pod, object);
    this.#tools.resizes.look(pod);
    this.changed(pod);
  }

  /** A kubelet that starts asks of each pod that goes on, the oldest first, whether the node still lets it in. upstream: pkg/kubelet/kubelet.go HandlePodAdditions */
  admitAgain(node: string): void {
    const { loads } = this.#tools;
    for (const pod of this.#world.podsOn(node)) this.#forgetVerdict(pod);
    loads.begin(node);
    const pods = this.#world.podsOn(node).flatMap((pod) => {
      const object = holdsNothing(pod) ? undefined : this.#world.object(pod);
      return object === undefined ? [] : [{ pod, object }];
    });
    pods.sort((one, other) => compareText(one.object.metadata.creationTimestamp, other.object.metadata.creationTimestamp));
    for (const { pod, object } of pods) {
      const { phase } = object.status;
      if (phase === 'Succeeded' || phase === 'Failed') continue;
      const isLeaving = pod.orphan !== null || object.metadata.deletionTimestamp !== undefined || isEnding(pod);
      const refusal = isLeaving ? null : loads.refusal(object);
      if (isLeaving) loads.keep(pod, object);
      else if (refusal !== null) this.#reject(pod, refusal);
    }
  }

  /** What a kubelet had begun to do to a pod, before the API server heard of it, goes with it. upstream: pkg/kubelet/pod_workers.go podSyncStatus */
  #forgetVerdict(pod: PodState): void {
    const isDeleted = pod.orphan !== null || this.#world.object(pod)?.metadata.deletionTimestamp !== undefined;
    if (isDeleted || !isJudgedUntold(pod)) return;
    pod.verdict = null;
    delete pod.graceMs;
    this.#send(pod, 'spared');
  }

  /** What runs of it has a second to stop. upstream: rejectPod, kubelet_pods.go HandlePodCleanups */
  #reject(pod: PodState, { reason, message }: Refusal): void {
    const runs = Object.values(pod.containers).some(({ process }) => process !== null);
    pod.verdict = { reason, message: `Pod was rejected: ${message}` };
    this.#world.event(pod, 'Warning', reason, message);
    this.#send(pod, 'reject');
    if (!runs) return;
    pod.sandbox = '';
    releaseAddresses(this.#world.node(pod.node), pod.uid);
    for (const name of Object.keys(pod.containers)) this.#tools.containers.stop(pod, name, ORPHAN_GRACE_MS, `Stopping container ${name}`);
  }

  /** Timers of the kubelet's own plans end; processes go on. */
  suspend(pod: PodState): void {
    const { time } = this.#world.context;
    delete pod.told;
    end(pod.life, time);
    stopDeadline(this.#world, pod);
    this.#tools.resync.stop(pod);
    this.#tools.resizes.stop(pod);
    this.#tools.volumes.stopWaiting(pod);
    for (const name of Object.keys(pod.containers)) {
      this.#tools.containers.forgetPlans(pod, name);
      this.#tools.probes.stop(pod.containers[name] as ContainerState);
    }
  }

  /** Power is gone: sandbox and processes with it; in a new sandbox init containers begin anew. upstream: kuberuntime_manager.go computePodActions */
  losePower(pod: PodState): void {
    pod.sandbox = '';
    releaseAddresses(this.#world.node(pod.node), pod.uid);
    const { restartPolicy, initContainers = NONE } = this.#world.object(pod)?.spec ?? {};
    const again = restartPolicy === 'Never' ? NONE : initContainers;
    for (const [name, container] of Object.entries(pod.containers)) {
      const done = container.life.value === 'terminated' && again.some((spec) => spec.name === name);
      if (container.process !== null || done) this.#tools.containers.send(pod, name, 'lose');
    }
  }

  /** It was deleted, evicted, or is done. */
  terminate(pod: PodState): void {
    this.#send(pod, 'terminate');
    this.look(pod);
  }

  /** Deleted again with less grace. upstream: pkg/kubelet/pod_workers.go calculateEffectiveGracePeriod: it only ever gets shorter */
  hasten(pod: PodState, object: Pod, previous: Pod | undefined): void {
    const before = previous?.metadata.deletionGracePeriodSeconds ?? 0;
    const graceMs = graceMsOf(object);
    if (graceMs >= before * 1000) return;
    for (const name of Object.keys(pod.containers)) this.#tools.containers.hasten(pod, name, graceMs);
  }

  onTimer(delay: string, pod: PodState): void {
    if (delay === 'mount') this.#reportClaims(pod, this.#world.object(pod));
    elapse(podChart, pod.life, delay, this.#host(pod));
    this.#tools.volumes.noteWaiting(pod);
    this.look(pod);
  }

  /** The node ends it: upstream's pods of that fate keep their phase until their containers have stopped. */
  evict(pod: PodState, verdict: PodVerdict, graceMs: number): void {
    if (stageOf(pod) === 'stopping') {
      pod.graceMs = graceMs;
      for (const name of Object.keys(pod.containers)) this.#tools.containers.hasten(pod, name, graceMs);
    }
    if (isEnding(pod)) return;
    pod.verdict = verdict;
    pod.graceMs = graceMs;
    this.terminate(pod);
  }

  /** The pod ran out of its time. upstream: pkg/kubelet/active_deadline.go */
  overDeadline(pod: PodState): void {
    pod.deadline = 0;
    if (isEnding(pod)) return;
    pod.verdict = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
    this.#world.event(pod, 'Normal', 'DeadlineExceeded', pod.verdict.message);
    this.publish(pod);
    this.terminate(pod);
  }

  /** It is to be otherwise than its kubelet knew. */
  respecified(pod: PodState, object: Pod): void {
    if (!isEnding(pod)) armDeadline(this.#world, pod, object);
    this.look(pod);
  }

  /** Something the pod's volumes wait for may have come. */
  volumesChanged(pod: PodState): void {
    if (stageOf(pod) !== 'mounting' || pod.life.timers['mount'] !== undefined || pod.volumeRetry !== 0) return;
    if (!this.#world.node(pod.node).running) return;
    this.#reportClaims(pod, this.#world.object(pod));
    this.#send(pod, 'mounted');
    this.#tools.volumes.noteWaiting(pod);
    this.look(pod);
  }

  retryVolumes(pod: PodState): void {
    pod.volumeRetry = 0;
    this.volumesChanged(pod);
  }

  /** Containers changed; the next relist sees it. upstream: pkg/kubelet/pleg/generic.go */
  changed(pod: PodState): void {
    const node = this.#world.node(pod.node);
    if (!node.running) return;
    if (!node.changed.includes(pod.uid)) node.changed.push(pod.uid);
    if (node.relist !== 0) return;
    const { nowMs } = this.#world;
    node.relist = this.#world.after(TIMINGS.relistMs - (nowMs % TIMINGS.relistMs), RELIST_TIMER, pod.node);
  }

  /** The look at the pod has started a container, or could not: it goes on with the next one, but init containers get a look each. */
  started(pod: PodState): void {
    this.changed(pod);
    if (stageOf(pod) === 'running' && Object.keys(pod.containers).length > 1) this.#world.context.time.after(0, LOOK_TIMER, pod.uid);
  }

  relist(nodeName: string): void {
    const node = this.#world.node(nodeName);
    const { changed } = node;
    node.relist = 0;
    node.changed = [];
    for (const uid of changed) {
      const pod = this.#world.pod(uid);
      if (pod === undefined || isBetweenRuns(pod) || isBusy(pod)) continue;
      this.publish(pod);
      this.look(pod);
    }
  }

  /** Nothing of the pod is left; its volumes are no longer in use here. */
  forget(pod: PodState): void {
    const object = this.#world.object(pod);
    this.#world.removePod(pod);
    this.#tools.loads.changed(pod.node);
    this.#reportClaims(pod, object);
  }

  /** Level-triggered: does what is next for the pod as it is. */
  look(pod: PodState): void {
    const object = this.#world.object(pod);
    if (object === undefined || !this.#world.node(pod.node).running) return;
    let stage = stageOf(pod);
    const { order } = this.#tools;
    if (stage === 'initializing' || stage === 'running') order.debug(pod, object);
    if (stage === 'initializing') {
      const progress = order.initialize(pod, object);
      if (progress === 'done') this.#send(pod, 'initialized');
      if (progress === 'failed') this.#send(pod, 'terminate');
      stage = stageOf(pod);
    }
    if (stage === 'running' && order.keepRunning(pod, object)) this.#send(pod, 'terminate');
    if (stageOf(pod) !== 'stopping' || !order.stop(pod, object)) return;
    this.#send(pod, 'stopped');
    this.#tools.loads.changed(pod.node);
  }

  /** Writes the status when it says something new. upstream: pkg/kubelet/status/status_manager.go syncPod */
  publish(pod: PodState): void {
    const object = this.#world.object(pod);
    if (object === undefined || pod.orphan !== null) return;
    this.#observe(pod, object);
    const { time } = this.#world.context;
    let phase = phaseOf(pod);
    const host = hostAddress(this.#world, pod.node);
    const written = this.#call(pod, () => {
      const { metadata } = this.#world.context.clientFrom(pod.node).patchStatus(podKind, pod.key, (current) => {
        if (current.metadata.uid !== pod.uid) return current;
        const status = share(podStatus(pod, object, current.status, host, time.timestamp()), current.status);
        // Init containers begin anew after a loss of power: until they have ended again nothing can be told. upstream: status_manager.go checkContainerStateTransition
        if (revivals(status, current.status, current.spec).length > 0) return current;
        phase = status.phase as typeof phase;
        return equal(status, current.status) ? current : { ...current, status };
      });
      pod.told = Number(metadata.resourceVersion);
    });
    if (!written) phase = podStatus(pod, object, object.status, host, time.timestamp()).phase as typeof phase;
    const event = PHASE_EVENTS[phase];
    if (phase !== phaseOf(pod) && event !== undefined) interpret(podChart, pod.life, event, this.#host(pod));
  }

  /** The API server can be reached again: what could not be sent goes out. */
  flush(nodeName: string): void {
    const node = this.#world.node(nodeName);
    const { unsent } = node;
    node.unsent = [];
    for (const uid of unsent) {
      const pod = this.#world.pod(uid);
      if (pod === undefined) continue;
      this.publish(pod);
      this.volumesChanged(pod);
      this.finish(pod);
    }
  }

  /** What is to be told of the pod is told again in a while. upstream: pkg/kubelet/status/status_manager.go syncPeriod */
  later({ node, uid }: PodState): void {
    const { unsent } = this.#world.node(node);
    if (unsent.length === 0) this.#world.after(this.#world.between([1, TIMINGS.nodeStatusMs]), FLUSH_TIMER, node);
    if (!unsent.includes(uid)) unsent.push(uid);
  }

  /** Others wrote into its status: the kubelet's own view prevails, for readiness gates at once. upstream: status_manager.go needsReconcile, kubelet.go HandlePodReconcile */
  statusHeard(pod: PodState, object: Pod, previous: Pod | undefined): void {
    const { metadata, status } = object;
    if (Number(metadata.resourceVersion) <= (pod.told ?? Infinity) || isBusy(pod) || equal(status, previous?.status)) return;
    const own = podStatus(pod, object, status, hostAddress(this.#world, pod.node), this.#world.context.time.timestamp());
    const when = correction(own, object);
    if (when === 'now') this.publish(pod);
    else if (when === 'later') this.later(pod);
  }

  /** A probe's stored result says something else than before. */
  probed(pod: PodState): void {
    if (this.#observing || isBusy(pod)) return;
    this.publish(pod);
    this.look(pod);
  }

  /** Lets probes see what is about to be published; what they find at once is published with it. */
  #observe(pod: PodState, object: Pod): void {
    if (isEnding(pod)) return;
    this.#observing = true;
    for (const spec of [...object.spec.containers, ...(object.spec.initContainers ?? NONE)]) {
      const state = pod.containers[spec.name];
      if (state !== undefined) this.#tools.probes.observe({ pod, object, spec, state });
    }
    this.#observing = false;
  }

  /** Attachable volumes are said to be in use before they are mounted and until they are unmounted. */
  #reportClaims(pod: PodState, object: Pod | undefined): void {
    if (object !== undefined && this.#tools.volumes.hasClaims(object)) this.#call(pod, () => this.#tools.volumes.reportInUse(pod.node));
  }

  /** The chart has reached its end; comes as a timer of its own because actions may not send events to their own life. */
  finish(pod: PodState): void {
    if (stageOf(pod) !== 'terminated' && stageOf(pod) !== 'rejected') return;
    stopDeadline(this.#world, pod);
    this.#tools.resync.stop(pod);
    this.#tools.resizes.stop(pod);
    this.#tools.volumes.stopWaiting(pod);
    for (const container of Object.values(pod.containers)) this.#tools.probes.stop(container);
    this.publish(pod);
    const object = this.#world.object(pod);
    if (object === undefined || pod.orphan !== null) {
      this.forget(pod);
      return;
    }
    this.#reportClaims(pod, object);
    if (object.metadata.deletionTimestamp === undefined) return;
    this.#call(pod, () =>
      this.#world.context.clientFrom(pod.node).delete(podKind, pod.key, { gracePeriodSeconds: 0, preconditions: { uid: pod.uid } }),
    );
  }

  /** A call that a cut link may stop; false: it is to be done again. */
  #call(pod: PodState, call: () => unknown): boolean {
    try {
      call();
      return true;
    } catch (error) {
      if (error instanceof Unreachable) {
        const { unsent } = this.#world.node(pod.node);
        if (!unsent.includes(pod.uid)) unsent.push(pod.uid);
        return false;
      }
      if (isNotFound(error) || isConflict(error)) return false;
      if (!isRefusedByPolicy(error)) throw error;
      this.later(pod);
      return false;
    }
  }

  #send(pod: PodState, event: PodEvent): void {
    interpret(podChart, pod.life, event, this.#host(pod));
  }

  #host(pod: PodState): PodHost {
    return new PodHost(this.#world, this.#effects, pod);
  }
}

const ORPHAN_GRACE_MS = 1000;
const NONE: readonly Container[] = [];
