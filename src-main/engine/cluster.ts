// The composition root: builds a world from a scenario or a saved state, and is all that the rest of the program sees of the engine.
import type { AdmissionPlugin } from './api/admission/admission-plugin.ts';
import { admit, validateAdmission } from './api/admission/chain.ts';
import { admissionPlugins } from './api/admission/registry.ts';
import { verticalPodAutoscaling } from './api/admission/vertical-pod-autoscaling.ts';
import { type ApplyOutcome, applyObject } from './api/apply.ts';
import { CustomKinds } from './api/custom-kinds.ts';
import { EventExpiry, type EventExpiryState } from './api/event-expiry.ts';
import { KindRegistry, type StoredKindState } from './api/kind-registry.ts';
import type { RestAnswer, RestRequest } from './api/rest/rest-request.ts';
import { RestServer } from './api/rest/rest-server.ts';
import { type AdmissionRequest, ApiServer, type DeleteCall } from './api/server.ts';
import { ServiceAddresses } from './api/service-addresses.ts';
import { Store, type StoreState } from './api/store.ts';
import { AssertionError, assert, defined } from './base/assert.ts';
import { inOneGo, type Steps } from './base/in-one-go.ts';
import { apiServerAddresses, createSystemObjects, placeMachines } from './bootstrap.ts';
import type { AnyComponent, AnyController, RunningComponent } from './client/component.ts';
import { CONTROLLERS, ComponentHost, type ComponentHostState } from './client/component-host.ts';
import { type ClusterNetwork, type ContainerNetwork, NO_NETWORK } from './client/container-network.ts';
import { ControlPlane, PROCESSES, type ProcessName } from './control-plane.ts';
import { controllers } from './controllers/registry.ts';
import { type ActiveFailure, Failures, UnknownFailure } from './failures/failures.ts';
import { failureKinds } from './failures/registry.ts';
import { InClusterApi } from './in-cluster-api.ts';
import type { PersistentVolume } from './kinds/core/persistent-volume.ts';
import type { Pod } from './kinds/core/pod.ts';
import { serviceKind } from './kinds/core/service.ts';
import type { SeenFile } from './kubelet/container-files.ts';
import { liveFields } from './kubelet/heartbeat.ts';
import { type KubeletCalls, kubelet } from './kubelet/kubelet.ts';
import type { ApiObject, JsonObject } from './meta/object.ts';
import { MetricsServer } from './metrics/metrics-server.ts';
import { silenceOf } from './metrics/silence.ts';
import { type NetworkCalls, traffic } from './network/traffic.ts';
import { keepOwnObjects } from './own-objects.ts';
import { type NodeGroup, Physics, type PhysicsState } from './physics/physics.ts';
import type { ScenarioPlan } from './scenario.ts';
import type { Placement } from './scheduler/placements.ts';
import { type SchedulerCalls, schedulerWith } from './scheduler/scheduler.ts';
import { SCHEDULER_NAME, schedulerSettings } from './scheduler/scheduler-configuration.ts';
import { storageComponents, storageObjects } from './storage/registry.ts';
import { Timeline, type TimelineState } from './time/timeline.ts';

const OWNER = 'cluster';
/** Enough for every kubelet to register and every node to lose its not-ready taint. */
const BOOT_MS = 10_000;
/** What `kubectl apply` takes for one object: a read and a write over the network. */
const APPLY_MS = 20;
const WITHOUT_VERTICAL = admissionPlugins.filter((plugin) => plugin !== verticalPodAutoscaling);
/** The person in front of the lab, as kubeadm's admin.conf names them. */
export const ADMIN = 'kubernetes-admin';

/** What a person does to the world. */
export type Command =
  | { readonly type: 'apply'; readonly object: JsonObject }
  | { readonly type: 'delete'; readonly kind: string; readonly key: string; readonly options: DeleteCall }
  /** A request that may change something, as a client of the API server sends it. */
  | { readonly type: 'request'; readonly request: RestRequest }
  | { readonly type: 'fail'; readonly failure: string; readonly target: string }
  | { readonly type: 'heal'; readonly id: string }
  /** Requests a second that come to a Service from outside; 0 ends it. */
  | { readonly type: 'load'; readonly service: string; readonly requestsPerSecond: number }
  /** Lets the cluster autoscaler have more or fewer workers of a zone; null ends it. */
  | { readonly type: 'node-group'; readonly name: string; readonly group: NodeGroup | null }
  /** A number that is measured outside of the cluster, for autoscalers; null takes it away. */
  | { readonly type: 'measure'; readonly name: string; readonly value: number | null };

/** What became of a command that was not refused. */
export interface CommandResult {
  readonly outcome?: ApplyOutcome;
  readonly object?: ApiObject;
  readonly id?: string;
  readonly warnings?: readonly string[];
  readonly answer?: RestAnswer;
}

/** A command, and between which entries of the queue it came. */
export interface LoggedCommand {
  readonly atMs: number;
  readonly processed: number;
  readonly command: Command;
}

/** The whole world as JSON. API objects in it are shared values; everything else is a copy. */
export interface ClusterState {
  readonly scenario: ScenarioPlan;
  readonly timeline: TimelineState;
  readonly store: StoreState;
  readonly physics: PhysicsState;
  readonly kinds: readonly StoredKindState[];
  readonly components: ComponentHostState;
  readonly eventExpiry: EventExpiryState;
  readonly failures: readonly ActiveFailure[];
  readonly log: readonly LoggedCommand[];
}

export interface ClusterOptions {
  /** Deep-freeze every object (tests). */
  readonly freezes?: boolean;
  /** Parts in the place of those with their names (tests: the same ones with every period run). */
  readonly controllers?: readonly AnyController[];
  readonly components?: readonly AnyComponent[];
}

export class Cluster {
  readonly scenario: ScenarioPlan;
  readonly timeline: Timeline;
  readonly store: Store;
  readonly physics: Physics;
  readonly kinds: KindRegistry;
  readonly server: ApiServer;
  /** The API server as its clients meet it; what changes something goes through `command`. */
  readonly rest: RestServer;
  readonly failures: Failures;
  readonly components: ComponentHost;
  readonly metrics: MetricsServer;
  /** Told of each command that was done, after its effects of the moment. */
  onCommand: ((command: LoggedCommand, result: CommandResult) => void) | null = null;
  readonly #eventExpiry: EventExpiry;
  readonly #controlPlane: ControlPlane;
  readonly #log: LoggedCommand[];
  readonly #options: ClusterOptions;
  #kubelets: (RunningComponent & KubeletCalls) | null = null;
  #scheduler: (RunningComponent & SchedulerCalls) | null = null;
  #network: ContainerNetwork = NO_NETWORK;

  private constructor(scenario: ScenarioPlan, state: ClusterState | null, options: ClusterOptions, adopts = false) {
    this.scenario = scenario;
    this.#options = options;
    this.timeline = state === null ? Timeline.start(scenario.epochMs, scenario.seed) : new Timeline(state.timeline);
    this.store = new Store(state?.store, options.freezes);
    this.physics = new Physics(this.timeline, state?.physics);
    this.kinds = new KindRegistry(state?.kinds, new CustomKinds(this.store));
    const addresses = new ServiceAddresses(this.store, this.timeline.stream('service-addresses'));
    const admission = {
      admit: (request: AdmissionRequest) => admit(request, this.server, this.#admissionPlugins()),
      validate: (request: AdmissionRequest) => validateAdmission(request, this.server),
    };
    this.server = new ApiServer(this.store, this.timeline, admission, addresses);
    this.#eventExpiry = new EventExpiry(this.store, this.timeline, state?.eventExpiry);
    this.failures = new Failures(this.physics, this.timeline, state?.failures ?? []);
    this.#log = [...(state?.log ?? [])];
    this.metrics = new MetricsServer({
      nowMs: () => this.timeline.nowMs,
      silenceOf: (node) => silenceOf(this.physics, node),
      bootedMs: (node) => this.physics.get('machine', node)?.bootedAtMs ?? 0,
      runsOf: (uid) => this.#kubeletCalls().runsOf(uid),
      runsOn: (node) => this.#kubeletCalls().runsOn(node),
    });
    const saved = state?.components ?? null;
    const network: ClusterNetwork = {
      resolve: (...asked) => this.#network.resolve(...asked),
      connect: (...asked) => this.#network.connect(...asked),
      servicesFor: (...asked) => this.#network.servicesFor(...asked),
      apiServer: new InClusterApi({
        store: this.store,
        unixMs: () => this.timeline.unixMs,
        nodes: scenario.machines.filter(({ controlPlane }) => controlPlane).map(({ name }) => name),
        addresses: apiServerAddresses(scenario),
        answer: (request) => this.rest.answer(request),
      }),
    };
    this.components = new ComponentHost(this.server, this.timeline, this.physics, this.kinds, saved, adopts, this.metrics, network);
    this.#controlPlane = new ControlPlane(this.timeline, this.physics, {
      start: (process) => this.#startProcess(process),
      stop: (process) => this.#stopProcess(process),
    });
    this.timeline.handle(OWNER, (fact, node) => this.components.followLane(fact, node));
    this.physics.listen(OWNER, 'machine', 'kubelet', 'link');
    if (state === null) {
      placeMachines(scenario, this.physics, this.timeline.stream('machines'));
      createSystemObjects(this.server, scenario);
      for (const object of storageObjects()) applyObject(this.server, this.#kindOf(object), object, ADMIN);
    }
    keepOwnObjects({ server: this.server, store: this.store, timeline: this.timeline, addresses: apiServerAddresses(scenario) });
    this.rest = new RestServer({
      server: this.server,
      kinds: this.kinds,
      unixMs: () => this.timeline.unixMs,
      measured: { metrics: this.metrics, epochMs: this.timeline.epochMs },
      runs: (process) => this.physics.get('component', process)?.running !== false,
      look: (object) => this.look(object),
      containers: {
        epochMs: this.timeline.epochMs,
        unreachable: (pod) => unreachableKubelet(this.physics, pod),
        logOf: (uid, container, previous) => this.#kubeletCalls().logOf(uid, container, previous),
        converse: (uid, port, input) => this.#kubeletCalls().converse(uid, port, input),
        leave: (uid, container, status, written) => this.#kubeletCalls().leave(uid, container, status, written),
        execute: (uid, container, command, input, memory) => this.#kubeletCalls().execute(uid, container, command, input, memory),
      },
    });
  }

  /** A new world: machines boot, nodes become ready, then a person applies the scenario's objects one after the other. */
  static start(scenario: ScenarioPlan, options: ClusterOptions = {}): Cluster {
    const cluster = Cluster.#whole(new Cluster(scenario, null, options));
    cluster.advance(BOOT_MS);
    for (const object of scenario.objects) {
      applyObject(cluster.server, cluster.#kindOf(object), object, ADMIN);
      cluster.advance(cluster.timeline.nowMs + APPLY_MS);
    }
    return cluster;
  }

  /** Continues a saved world exactly where it was. */
  static restore(state: ClusterState, options: ClusterOptions = {}): Cluster {
    return Cluster.#whole(new Cluster(state.scenario, state, options));
  }

  /** The same in steps, with a state that nobody else holds: it becomes the world's own. */
  static *adoptInSteps(state: ClusterState, options: ClusterOptions = {}): Generator<void, Cluster> {
    const cluster = new Cluster(state.scenario, state, options, true);
    yield* cluster.#startComponents();
    return cluster;
  }

  static #whole(cluster: Cluster): Cluster {
    for (const _ of cluster.#startComponents());
    return cluster;
  }

  /** A second world that begins as this one is now, to look ahead in. */
  fork(): Cluster {
    return Cluster.restore(this.save(), this.#options);
  }

  /** The same in steps: this world may go on between them without any effect on the other, which begins as this one is at the first. */
  *forkInSteps(): Generator<void, Cluster> {
    return yield* Cluster.adoptInSteps(yield* this.saveInSteps(), this.#options);
  }

  /** Runs until `untilMs` of virtual time, at most `budget` queue entries or steps of long ones. True when it got there. */
  advance(untilMs: number, budget = Number.POSITIVE_INFINITY): boolean {
    return this.timeline.advance(untilMs, budget);
  }

  /** Ends the queue entry that is running, where `advance` left it between two of its steps. */
  settle(): void {
    this.timeline.settle();
  }

  /** Does at once what a person asks, and logs it. Throws StatusError when the API server refuses. */
  command(command: Command): CommandResult {
    this.settle();
    const logged = { atMs: this.timeline.nowMs, processed: this.timeline.processed, command };
    this.#log.push(logged);
    const result = this.#do(command);
    this.onCommand?.(logged, result);
    return result;
  }

  /** Does again what was done to this world after it was saved: each command between the same entries as then. */
  redo(commands: readonly LoggedCommand[]): void {
    for (const { atMs, processed, command } of commands) {
      while (this.timeline.processed < processed) assert(this.timeline.step(), `the queue ended before entry ${processed}`);
      if (this.timeline.nowMs < atMs) this.advance(atMs);
      assert(this.timeline.nowMs === atMs && this.timeline.processed === processed, `a command of ${atMs} ms does not fit this world`);
      try {
        this.command(command);
      } catch (error) {
        // What was refused then is refused again.
        if (error instanceof AssertionError) throw error;
      }
    }
  }

  /** The object as a reader must see it now: what repeats in closed form (lease renewals, heartbeat times) is filled in. */
  look<T extends ApiObject>(object: T): T {
    return liveFields(this.physics, object, this.timeline.nowMs, this.timeline.epochMs);
  }

  /** The files that a container of a pod sees; null: it was never made. */
  filesOf(uid: string, container: string): readonly SeenFile[] | null {
    return this.#kubeletCalls().filesOf(uid, container);
  }

  /** Where the scheduler's filters would let a pod go if it were made anew; asked in steps. */
  placementsOf(pod: Pod): Generator<void, readonly Placement[]> {
    return defined(this.#scheduler, 'scheduler').placementsOf(pod);
  }

  log(): readonly LoggedCommand[] {
    return this.#log;
  }

  save(): ClusterState {
    return inOneGo(this.saveInSteps());
  }

  /** The world as it is at the first step; it may go on between the steps. */
  *saveInSteps(): Generator<void, ClusterState> {
    this.settle();
    const others = {
      scenario: this.scenario,
      timeline: this.timeline.save(),
      store: this.store.save(),
      physics: this.physics.save(),
      kinds: this.kinds.save(),
    };
    const last = { eventExpiry: this.#eventExpiry.save(), failures: this.failures.save(), log: [...this.#log] };
    return { ...others, components: yield* this.components.saveInSteps(), ...last };
  }

  #do(command: Command): CommandResult {
    switch (command.type) {
      case 'apply':
        return applyObject(this.server, this.#kindOf(command.object), command.object, ADMIN);
      case 'delete':
        this.server.delete(defined(this.kinds.byKey(command.kind), `kind ${command.kind}`), command.key, command.options, ADMIN);
        return {};
      case 'request':
        return { answer: this.rest.answer(command.request) };
      case 'fail':
        return { id: this.failures.apply(command.failure, factKey(this.store, command.failure, command.target)) };
      case 'heal':
        this.failures.heal(command.id);
        return {};
      case 'load':
        if (command.requestsPerSecond > 0) this.server.get(serviceKind, command.service);
        this.physics.set(
          'load',
          command.service,
          command.requestsPerSecond > 0 ? { requestsPerSecond: command.requestsPerSecond } : undefined,
        );
        return {};
      case 'node-group':
        this.physics.set('nodeGroup', command.name, command.group ?? undefined);
        return {};
      case 'measure':
        this.physics.set('measurement', command.name, command.value === null ? undefined : { value: command.value });
        return {};
    }
  }

  /** Yields often, for those who must not hold up a window. */
  *#startComponents(): Generator<void> {
    const { components } = this;
    for (const process of PROCESSES) if (this.#controlPlane.leads(process)) yield* this.#startProcess(process);
    const running = components.startController(chosen(traffic, this.#options.controllers), traffic.name);
    this.#network = (running as RunningComponent & NetworkCalls).network;
    yield* components.prepare();
    this.#kubelets = components.startComponent(chosen(kubelet, this.#options.components)) as RunningComponent & KubeletCalls;
    yield* components.prepare();
    for (const component of storageComponents) {
      components.startComponent(chosen(component, this.#options.components));
      yield* components.prepare();
    }
    components.started();
  }

  *#startProcess(process: ProcessName): Steps {
    const { components } = this;
    if (process === 'kube-scheduler') {
      const scheduler = schedulerWith(schedulerSettings(this.scenario.schedulerConfiguration));
      this.#scheduler = components.startComponent(chosen(scheduler, this.#options.components)) as RunningComponent & SchedulerCalls;
      yield* components.prepare();
      return;
    }
    for (const controller of controllers) {
      components.startController(chosen(controller, this.#options.controllers));
      yield* components.prepare();
    }
  }

  #stopProcess(process: ProcessName): void {
    if (process === 'kube-scheduler') this.components.stop([SCHEDULER_NAME], SCHEDULER_NAME);
    else
      this.components.stop(
        controllers.map(({ name }) => name),
        CONTROLLERS,
      );
  }

  /** The autoscaler's webhook is ignored while nobody answers it. */
  #admissionPlugins(): readonly AdmissionPlugin[] {
    const answers = this.physics.get('component', 'vertical-pod-autoscaler')?.running !== false;
    return answers ? admissionPlugins : WITHOUT_VERTICAL;
  }

  #kubeletCalls(): KubeletCalls {
    return defined(this.#kubelets, 'kubelets');
  }

  #kindOf(object: JsonObject) {
    const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata?: { namespace?: string } };
    return this.kinds.of(apiVersion, kind, metadata?.namespace);
  }
}

/** Why the API server gets no answer from a pod's kubelet, as Go's dialer words it. */
function unreachableKubelet(physics: Physics, { spec, status }: Pod): string | undefined {
  const node = spec.nodeName ?? '';
  const dial = `dial tcp ${status.hostIP ?? node}:10250`;
  if (physics.get('machine', node)?.powered !== true || !physics.connected(node)) return `${dial}: connect: no route to host`;
  return physics.kubeletRuns(node) ? undefined : `${dial}: connect: connection refused`;
}

function chosen<T extends { readonly name: string }>(part: T, others: readonly T[] = []): T {
  return others.find(({ name }) => name === part.name) ?? part;
}

/** What a person calls a thing, as the key of its physical fact: a volume is its disk, `namespace/pod/container` a process. */
function factKey(store: Store, failure: string, name: string): string {
  const target = failureKinds.find((kind) => kind.name === failure)?.target;
  if (target === 'disk') {
    const volume = store.get('PersistentVolume', name) as PersistentVolume | undefined;
    return volume?.spec.csi?.volumeHandle ?? name;
  }
  if (target !== 'container') return name;
  const end = name.lastIndexOf('/');
  const container = name.slice(end + 1);
  const pod = store.get('Pod', name.slice(0, end)) as Pod | undefined;
  const containers = [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])];
  if (pod === undefined || !containers.some((one) => one.name === container))
    throw new UnknownFailure(`nothing to strike: container "${name}" does not exist; write it as NAMESPACE/POD/CONTAINER`);
  return `${pod.metadata.uid}/${container}`;
}
