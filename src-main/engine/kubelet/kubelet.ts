// The component that holds every node's kubelet: turns news, physical facts and timers into work for pods, and obeys power, process and link.
import { equal } from '../base/equal.ts';
import { defineComponent, type RunningComponent } from '../client/component.ts';
import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { PodRun } from '../kinds/metrics/resource-metrics.ts';
import { keyOf } from '../meta/object.ts';
import { tellSame } from '../runtime/annotations.ts';
import { httpAnswer } from '../runtime/http-answer.ts';
import type { ShellMemory } from '../runtime/shell-world.ts';
import type { Json } from '../time/timeline.ts';
import type { SeenFile } from './container-files.ts';
import { CONTAINER_TIMER, HOOK_TIMER } from './container-host.ts';
import { keepOutput } from './container-log.ts';
import { ContainerOrder } from './container-order.ts';
import { type CommandResult, ContainerRuntime, EXIT_TIMER, WAKE_TIMER } from './container-runtime.ts';
import { ContainerWorker } from './container-worker.ts';
import { EVICTION_TIMER, Evictions, EXHAUSTION_TIMER } from './evictions.ts';
import { HEARTBEAT_TIMER, Heartbeats } from './heartbeat.ts';
import { ImageChanges } from './image-changes.ts';
import { IMAGE_GARBAGE_TIMER, ImageGarbage } from './image-garbage.ts';
import { haveSameRuntimes, haveSameSettings } from './kubelet-settings.ts';
import type { KubeletState, LogLine, PodState } from './kubelet-state.ts';
import { KubeletWorld } from './kubelet-world.ts';
import type { HookEnd } from './lifecycle-hook.ts';
import { NodeLoads } from './node-loads.ts';
import { NODE_STATUS_TIMER, NodeReports } from './node-reports.ts';
import { HALT_TIMER, NodeShutdowns, SHUTDOWN_TIMER } from './node-shutdown.ts';
import { DEADLINE_TIMER } from './pod-deadline.ts';
import { FINISH_TIMER, POD_TIMER } from './pod-host.ts';
import { isEnding, LOOK_TIMER, stageOf } from './pod-life.ts';
import { PodResizes, RESIZE_TIMER } from './pod-resize.ts';
import { PodResync, RESYNC_TIMER } from './pod-resync.ts';
import type { ProbeType } from './pod-types.ts';
import { FLUSH_TIMER, PodWorker, RELIST_TIMER } from './pod-worker.ts';
import { PROBE_TIMER, Probes } from './probes.ts';
import { PULL_TIMER, PullQueue } from './pull-queue.ts';
import { runsOfPod } from './resource-stats.ts';
import { TIMINGS } from './timings.ts';
import { GROWTH_TIMER, VolumeGrowth } from './volume-growth.ts';
import { VOLUME_RETRY_TIMER, VolumeMounter } from './volumes.ts';

const START_TIMER = 'kubelet-start';

/** Processes and signals go on without a kubelet; all other timers are its own. */
const RUNTIME_TIMERS: ReadonlySet<string> = new Set([WAKE_TIMER, EXIT_TIMER, HOOK_TIMER]);
const STOPPING_DELAYS: ReadonlySet<string> = new Set([`${CONTAINER_TIMER}termination`, `${CONTAINER_TIMER}preStopOverrun`]);

export const kubelet = defineComponent<KubeletState>({
  name: 'kubelet',
  initialState: () => ({ probeTicking: false, nodes: {}, pods: {}, waiting: [] }),
  start: (context) => new Kubelets(new KubeletWorld(context)),
});

/** The same with probes ticked on every period, to compare. */
export const tickingKubelet = defineComponent<KubeletState>({
  name: 'kubelet',
  initialState: () => ({ probeTicking: true, nodes: {}, pods: {}, waiting: [] }),
  start: (context) => new Kubelets(new KubeletWorld(context)),
});

/** The same with every lease renewed for real, to compare. */
export const beatingKubelet = defineComponent<KubeletState>({
  name: 'kubelet',
  initialState: () => ({ probeTicking: false, heartbeatTicking: true, nodes: {}, pods: {}, waiting: [] }),
  start: (context) => new Kubelets(new KubeletWorld(context)),
});

/** What one run of a container has written: its newest lines, and how many there were in all. */
interface ContainerLog {
  readonly run: string;
  readonly lines: readonly LogLine[];
  readonly total: number;
  readonly running: boolean;
}

/** The kubelets, as the API server calls them to reach into containers. */
export interface KubeletCalls {
  /** What a container's run has written; null: there was no such run. Of the newest run, or of the one before. */
  readonly logOf: (uid: string, container: string, previous: boolean) => ContainerLog | null;
  /** Sends something to what listens on a port of a pod; null: nothing does. */
  readonly converse: (uid: string, port: number, input: string) => string | null;
  /** The files that a container sees; null: there is no such container. */
  readonly filesOf: (uid: string, container: string) => readonly SeenFile[] | null;
  /** What the containers of a pod, or of a node, use; null: there is no such pod. */
  readonly runsOf: (uid: string) => PodRun | null;
  readonly runsOn: (node: string) => Iterable<PodRun>;
  /** Runs a command inside a running container; null: it does not run. */
  readonly execute: (
    uid: string,
    container: string,
    command: readonly string[],
    input: string,
    memory?: ShellMemory,
  ) => CommandResult | null;
  /** Ends the process of a container whose input has ended; false: it does not run. */
  readonly leave: (uid: string, container: string, status: number, written: string) => boolean;
}

class Kubelets implements RunningComponent, KubeletCalls {
  readonly #world: KubeletWorld;
  readonly #runtime: ContainerRuntime;
  readonly #containers: ContainerWorker;
  readonly #pulls: PullQueue;
  readonly #resync: PodResync;
  readonly #probes: Probes;
  readonly #resizes: PodResizes;
  readonly #images: ImageChanges;
  readonly #loads: NodeLoads;
  readonly #workers: PodWorker;
  readonly #heartbeats: Heartbeats;
  readonly #reports: NodeReports;
  readonly #growth: VolumeGrowth;
  readonly #evictions: Evictions;
  readonly #garbage: ImageGarbage;
  readonly #shutdowns: NodeShutdowns;

  constructor(world: KubeletWorld) {
    this.#world = world;
    this.#heartbeats = new Heartbeats(world, world.state.heartbeatTicking === true);
    this.#reports = new NodeReports(world, (node) => this.#heartbeats.statusChanged(node));
    this.#runtime = new ContainerRuntime(
      world,
      (pod) => this.#poke(pod),
      (node, bytes) => {
        this.#evictions.usesChanged(node, bytes);
        if (bytes === undefined) this.#garbage.plan(node);
      },
      (uid, port, input) => this.converse(uid, port, input),
    );
    this.#pulls = new PullQueue(world, (outcome) => {
      this.#containers.pulled(outcome);
      const pod = world.pod(outcome.uid);
      if (outcome.error !== '' || pod === undefined) return;
      this.#reports.imagesChanged(pod.node);
      this.#garbage.plan(pod.node);
      if (outcome.fillsDisk) this.#evictions.usesChanged(pod.node);
    });
    this.#containers = new ContainerWorker(world, this.#runtime, this.#pulls, {
      changed: (pod) => this.#workers.changed(pod),
      failed: (pod) => this.#resync.failed(pod),
      started: (pod) => this.#workers.started(pod),
    });
    this.#resync = new PodResync(world, this.#containers);
    this.#probes = new Probes(world, this.#runtime, {
      resultChanged: (pod) => this.#workers.probed(pod),
      failed: (instance, graceSeconds, type) => this.#containers.replace(instance, graceSeconds, type),
    });
    this.#images = new ImageChanges(world, this.#containers);
    this.#loads = new NodeLoads(world, (node, pod) => this.#shutdowns.refusal(node) ?? this.#evictions.refusal(node, pod));
    this.#resizes = new PodResizes(world, this.#containers, {
      loadWithout: (pod) => this.#loads.of(pod.node, pod),
      loadChanged: (node) => {
        this.#loads.changed(node);
        this.#evictions.usesChanged(node);
      },
      publish: (pod) => this.#workers.publish(pod),
      rebound: (pod, container) => this.#rebound(pod, container),
    });
    this.#workers = new PodWorker(world, {
      containers: this.#containers,
      order: new ContainerOrder(this.#containers),
      probes: this.#probes,
      resync: this.#resync,
      resizes: this.#resizes,
      volumes: new VolumeMounter(world),
      loads: this.#loads,
    });
    this.#evictions = new Evictions(world, {
      evict: (pod, message, graceMs) => this.#workers.evict(pod, { reason: 'Evicted', message, disrupted: true }, graceMs),
      kill: (pod, container) => this.#exited(pod, container, 137, 'OOMKilled'),
      conditionsChanged: (node) => this.#heartbeats.statusChanged(node),
      imagesChanged: (node) => {
        this.#reports.imagesChanged(node);
        this.#garbage.plan(node);
      },
    });
    this.#garbage = new ImageGarbage(world, (node) => this.#reports.imagesChanged(node));
    this.#shutdowns = new NodeShutdowns(world, {
      stop: (pod, verdict, graceMs) => this.#workers.evict(pod, verdict, graceMs),
      report: (node) => this.#reports.repeat(node),
    });
    this.#growth = new VolumeGrowth(world);
    this.#listen();
    if (!world.context.restored) for (const node of world.context.physics.all('machine').keys()) this.#start(node);
  }

  #listen(): void {
    const { attachments, claims, volumes, secrets, configMaps, nodes, pods, context } = this.#world;
    pods.onChange((next, previous) => this.#hear(next, previous));
    for (const cache of [attachments, claims, volumes, secrets, configMaps, nodes]) cache.onChange(() => this.#lookAtWaiting());
    nodes.onChange((next, previous) => this.#nodeChanged(next, previous));
    context.physics.listen(context.name, 'machine', 'kubelet', 'link', 'disk', 'ailment');
  }

  onTimer(name: string, key: string, detail: Json): void {
    if (name.startsWith('physics/')) this.#factChanged(name.slice('physics/'.length), key);
    else if (name === START_TIMER) this.#start(key);
    else if (name === RELIST_TIMER) this.#workers.relist(key);
    else if (name === PULL_TIMER) this.#pulls.onTimer(key);
    else if (name === NODE_STATUS_TIMER) this.#reports.onTimer(key);
    else if (name === FLUSH_TIMER) this.#workers.flush(key);
    else if (name === HEARTBEAT_TIMER) this.#heartbeats.onTimer(key);
    else if (name === GROWTH_TIMER) this.#growth.onTimer(key);
    else if (name === IMAGE_GARBAGE_TIMER) this.#garbage.onTimer(key);
    else if (name === EVICTION_TIMER) this.#evictions.onTimer(key);
    else if (name === EXHAUSTION_TIMER) this.#evictions.onExhausted(key);
    else if (name === SHUTDOWN_TIMER) this.#shutdowns.onTimer(key);
    else if (name === HALT_TIMER) this.#shutdowns.halt(key);
    else this.#podTimer(name, key, detail);
  }

  capture(): Generator<void, KubeletState> {
    return this.#world.capture.take();
  }

  logOf(uid: string, container: string, previous: boolean): ContainerLog | null {
    const state = this.#world.pod(uid)?.containers[container];
    if (state === undefined || state.id === '') return null;
    if (previous) return state.restarts === 0 ? null : { run: '', lines: state.previousLog ?? [], total: 0, running: false };
    return { run: state.id, lines: state.log ?? [], total: state.logged ?? 0, running: state.process !== null };
  }

  filesOf(uid: string, container: string): readonly SeenFile[] | null {
    const pod = this.#world.pod(uid);
    const instance = pod === undefined ? null : this.#containers.instance(pod, container);
    return instance === null || instance.state.id === '' ? null : this.#runtime.filesOf(instance);
  }

  runsOf(uid: string): PodRun | null {
    const pod = this.#world.state.pods[uid];
    return pod === undefined ? null : runsOfPod(this.#world, pod);
  }

  *runsOn(node: string): Iterable<PodRun> {
    for (const pod of this.#world.podsOn(node)) yield runsOfPod(this.#world, pod);
  }

  execute(uid: string, container: string, command: readonly string[], input: string, memory?: ShellMemory): CommandResult | null {
    const pod = this.#world.pod(uid);
    const instance = pod === undefined ? null : this.#containers.instance(pod, container);
    return instance === null || instance.state.process === null ? null : this.#runtime.executeFor(instance, command, input, memory);
  }

  leave(uid: string, container: string, status: number, written: string): boolean {
    const pod = this.#world.pod(uid);
    const instance = pod === undefined ? null : this.#containers.instance(pod, container);
    if (instance === null || instance.state.process === null) return false;
    keepOutput(instance.state, { output: written, complaints: '' }, this.#world.nowMs);
    this.#runtime.exitAfter(instance, 1, status, status === 0 ? 'Completed' : 'Error');
    return true;
  }

  converse(uid: string, port: number, input: string): string | null {
    const pod = this.#world.pod(uid);
    for (const name of Object.keys(pod?.containers ?? {})) {
      const instance = pod === undefined ? null : this.#containers.instance(pod, name);
      if (instance === null || !this.#runtime.answers(instance, port)) continue;
      return httpAnswer(instance.spec.image ?? '', instance.object.metadata.name, input, this.#runtime.failsRequests(instance));
    }
    return null;
  }

  #podTimer(name: string, key: string, detail: Json): void {
    const slash = key.indexOf('/');
    const pod = this.#world.pod(slash < 0 ? key : key.slice(0, slash));
    if (pod === undefined) return;
    const container = key.slice(slash + 1);
    if (!this.#world.node(pod.node).running && !RUNTIME_TIMERS.has(name) && !STOPPING_DELAYS.has(name)) return;
    if (name.startsWith(CONTAINER_TIMER)) this.#containers.onTimer(name.slice(CONTAINER_TIMER.length), pod, container);
    else if (name.startsWith(POD_TIMER)) this.#workers.onTimer(name.slice(POD_TIMER.length), pod);
    else if (name.startsWith(PROBE_TIMER)) {
      const instance = this.#containers.instance(pod, container);
      if (instance !== null && !isEnding(pod)) this.#probes.onTimer(name.slice(PROBE_TIMER.length) as ProbeType, instance);
    } else if (name === WAKE_TIMER) this.#wake(pod, container);
    else if (name === EXIT_TIMER) this.#exit(pod, container, detail as { code: number; reason: string; id: string });
    else if (name === HOOK_TIMER) this.#containers.hookEnded(pod, container, detail as HookEnd);
    else if (name === LOOK_TIMER) this.#workers.look(pod);
    else if (name === FINISH_TIMER) {
      this.#workers.finish(pod);
      this.#shutdowns.look(pod.node);
    } else if (name === DEADLINE_TIMER) this.#workers.overDeadline(pod);
    else if (name === VOLUME_RETRY_TIMER) this.#workers.retryVolumes(pod);
    else if (name === RESYNC_TIMER) this.#resync.onTimer(pod);
    else if (name === RESIZE_TIMER) this.#resizes.onTimer(pod);
  }

  #wake(pod: PodState, container: string): void {
    const instance = this.#containers.instance(pod, container);
    const end = instance === null ? null : this.#runtime.wake(instance);
    if (end !== null) this.#exited(pod, container, end.code, end.reason);
  }

  #rebound(pod: PodState, container: string): void {
    const instance = this.#containers.instance(pod, container);
    const end = instance === null || instance.state.process === null ? null : this.#runtime.rearm(instance);
    if (end !== null) this.#exited(pod, container, end.code, end.reason);
  }

  #exit(pod: PodState, container: string, { code, reason, id }: { code: number; reason: string; id: string }): void {
    if (pod.containers[container]?.id === id) this.#exited(pod, container, code, reason);
  }

  #exited(pod: PodState, name: string, code: number, reason: string): void {
    const container = pod.containers[name];
    if (container === undefined) return;
    this.#probes.stop(container);
    this.#containers.exited(pod, name, code, reason);
    if (isEnding(pod)) this.#workers.look(pod);
    else if (this.#world.node(pod.node).running) this.#containers.startReplacement(pod, name);
  }

  #hear(next: Pod | undefined, previous: Pod | undefined): void {
    const object = next ?? previous;
    if (object === undefined) return;
    const pod = this.#world.pod(object.metadata.uid);
    const node = object.spec.nodeName ?? '';
    if (next === undefined) {
      if (pod !== undefined) this.#deleted(pod, object);
      return;
    }
    if (pod !== undefined && previous !== undefined) this.#respecified(pod, next, previous);
    if (!this.#world.node(node).running) return;
    if (pod === undefined) this.#workers.add(next);
    else if (next.metadata.deletionTimestamp === undefined) {
      this.#workers.statusHeard(pod, next, previous);
      if (next.spec !== previous?.spec) this.#workers.respecified(pod, next);
    } else if (stageOf(pod) === 'terminated' || stageOf(pod) === 'rejected') this.#workers.finish(pod);
    else if (isEnding(pod)) this.#workers.hasten(pod, next, previous);
    else this.#workers.terminate(pod);
  }

  /** What its processes take follows from annotations, images and limits, whether its kubelet works or not. */
  #respecified(pod: PodState, next: Pod, previous: Pod): void {
    const [{ annotations }, { containers, initContainers }] = [previous.metadata, previous.spec];
    this.#resizes.heard(pod, next, previous);
    this.#images.heard(pod, next, previous);
    const { spec } = next;
    const isSame = equal(spec.containers, containers) && equal(spec.initContainers, initContainers);
    if (isSame && tellSame(next.metadata.annotations, annotations)) return;
    this.#evictions.usesChanged(pod.node);
    this.#garbage.plan(pod.node);
  }

  #nodeChanged(next: Node | undefined, previous: Node | undefined): void {
    const name = (next ?? previous)?.metadata.name ?? '';
    if (haveSameSettings(next, previous) || this.#world.context.physics.get('machine', name) === undefined) return;
    this.#evictions.usesChanged(name);
    if (!haveSameRuntimes(next, previous)) this.#heartbeats.statusChanged(name);
  }

  /** The API server has forgotten the pod; what still runs of it is stopped. */
  #deleted(pod: PodState, object: Pod): void {
    const stage = stageOf(pod);
    pod.orphan = object;
    // A pod that is being torn down is forgotten when its sandbox and address are gone, too.
    if (stage === 'terminated' || stage === 'rejected') this.#workers.forget(pod);
    else if (this.#world.node(pod.node).running && !isEnding(pod)) this.#workers.terminate(pod);
  }

  #factChanged(fact: string, key: string): void {
    if (fact === 'ailment') this.#ailmentChanged(key);
    else if (fact === 'disk') this.#lookAtWaiting();
    else {
      this.#follow(key);
      this.#heartbeats.linkChanged(key);
      if (this.#world.node(key).running && this.#world.context.physics.connected(key) && this.#world.node(key).unsent.length > 0)
        this.#world.after(this.#world.between([1, TIMINGS.nodeStatusMs]), FLUSH_TIMER, key);
    }
  }

  #ailmentChanged(key: string): void {
    const slash = key.indexOf('/');
    const pod = this.#world.pod(key.slice(0, slash));
    const instance = pod === undefined ? null : this.#containers.instance(pod, key.slice(slash + 1));
    if (instance === null) return;
    const crash = this.#world.context.physics.get('ailment', key)?.crash;
    if (crash !== undefined && instance.state.process !== null && crash.atMs >= instance.state.startedMs)
      this.#exited(instance.pod, instance.spec.name, crash.exitCode, crash.exitCode === 0 ? 'Completed' : 'Error');
    else if (this.#world.node(instance.pod.node).running) this.#probes.poke(instance);
  }

  /** Brings the kubelet of a node in line with power and process. */
  #follow(node: string): void {
    const { physics, time } = this.#world.context;
    const state = this.#world.node(node);
    const machine = physics.get('machine', node);
    const runs = physics.kubeletRuns(node);
    const rebooted = machine !== undefined && machine.bootedAtMs !== state.bootedAtMs && state.bootedAtMs >= 0;
    if (state.running && (!runs || rebooted)) this.#stop(node);
    if (machine?.powered !== true || rebooted) {
      for (const pod of this.#world.podsOn(node)) this.#workers.losePower(pod);
      time.cancel(state.starting);
      state.starting = 0;
    }
    this.#shutdowns.follow(node);
    if (machine?.powered === true) state.bootedAtMs = machine.bootedAtMs;
    if (!runs) {
      time.cancel(state.starting);
      state.starting = 0;
    } else if (!state.running && state.starting === 0 && physics.connected(node)) {
      const bootedForMs = this.#world.nowMs - (machine?.bootedAtMs ?? 0);
      const bootMs = this.#world.nowMs === 0 ? 0 : Math.max(TIMINGS.kubeletStartMs, TIMINGS.bootMs - bootedForMs);
      const arc = bootMs > 0 ? { kind: 'Node', key: node, name: 'node-start', fromMs: this.#world.nowMs } : undefined;
      state.starting = this.#world.after(bootMs, START_TIMER, node, arc);
    }
  }

  #stop(node: string): void {
    const state = this.#world.node(node);
    state.running = false;
    this.#heartbeats.stopped(node);
    this.#evictions.stopped(node);
    this.#garbage.stopped(node);
    delete state.pulledMs;
    this.#pulls.clear(node);
    this.#world.context.time.cancel(state.relist);
    state.relist = 0;
    state.changed = [];
    // When it starts again, it tells everything anew.
    state.unsent = [];
    this.#world.context.eventsFrom(node).forget();
    for (const pod of this.#world.podsOn(node)) this.#workers.suspend(pod);
  }

  #start(node: string): void {
    const { physics } = this.#world.context;
    const state = this.#world.node(node);
    const machine = physics.get('machine', node);
    state.starting = 0;
    // It keeps no pods of its own: one that starts without the API server knows none, and does nothing. upstream: pkg/kubelet/config SourcesReady
    if (machine === undefined || !physics.kubeletRuns(node) || !physics.connected(node) || state.running) return;
    state.running = true;
    state.bootedAtMs = machine.bootedAtMs;
    this.#reports.register(node);
    this.#heartbeats.started(node);
    this.#evictions.started(node);
    this.#garbage.plan(node);
    this.#workers.admitAgain(node);
    for (const pod of this.#world.podsOn(node)) this.#workers.resume(pod);
    for (const object of [...this.#world.pods.by('node', node)])
      if (this.#world.pod(object.metadata.uid) === undefined && this.#world.pods.get(keyOf(object)) === object) this.#workers.add(object);
  }

  #poke(pod: PodState): void {
    if (!this.#world.node(pod.node).running) return;
    for (const name of Object.keys(pod.containers)) {
      const instance = this.#containers.instance(pod, name);
      if (instance !== null && instance.state.process !== null) this.#probes.poke(instance);
    }
  }

  #lookAtWaiting(): void {
    const { waiting } = this.#world.state;
    this.#world.state.waiting = [];
    for (const uid of waiting) {
      const pod = this.#world.pod(uid);
      if (pod !== undefined) this.#workers.volumesChanged(pod);
    }
  }
}
