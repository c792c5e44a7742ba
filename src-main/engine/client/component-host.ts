// Starts components: gives each its context, keeps what of it must be saved, and brings its timers back to it.
import type { ApiServer } from '../api/server.ts';
import type { Delta } from '../api/store.ts';
import { bare } from '../base/bare.ts';
import { copy } from '../base/copy.ts';
import { equal } from '../base/equal.ts';
import { type Handled, inOneGo, type Steps } from '../base/in-one-go.ts';
import { formatMicroTimestamp } from '../base/timestamp.ts';
import { type Kind, kindKey } from '../kinds/kind.ts';
import type { ResourceMetrics } from '../kinds/metrics/resource-metrics.ts';
import type { ApiObject } from '../meta/object.ts';
import type { Physics } from '../physics/physics.ts';
import type { Json, Timeline } from '../time/timeline.ts';
import { ApiClient, CostMeter, type Quota } from './api-client.ts';
import { type CacheState, InformerCache, type LaneRules, WATCH } from './cache.ts';
import type { AnyComponent, AnyController, ComponentContext, ComponentTime, RunningComponent } from './component.ts';
import { type ClusterNetwork, NO_NETWORK } from './container-network.ts';
import { EVENTS, type EventRecorderState, EventSink, initialEventRecorderState } from './event-recorder.ts';
import { ChangeStream } from './everything.ts';
import { type Deafness, Hearing } from './hearing.ts';
import { TokenBucket, type TokenBucketState } from './rate-limiter.ts';
import { initialReconcileLoopState, QUEUE_PREFIX, ReconcileLoop, type ReconcileLoopState } from './reconcile-loop.ts';

/** upstream: kube-controller-manager --kube-api-qps 20, --kube-api-burst 30, for each controller's client. */
const CONTROLLER_QUOTA: Quota = { perSecond: 20, burst: 30 };
/** upstream: kube-scheduler and kubelet, clientConnection.qps 50, burst 100. */
const COMPONENT_QUOTA: Quota = { perSecond: 50, burst: 100 };

export interface ComponentState {
  readonly memory: Json;
  readonly quota: TokenBucketState;
  readonly loop: ReconcileLoopState | null;
}

/** Finds kinds by key; stored kinds come and go with their objects. */
export interface KnownKinds {
  byKey(key: string): Kind | undefined;
  all(): Iterable<Kind>;
}

export interface ComponentHostState {
  /** News on its way to those who hear of everything. */
  readonly everything: readonly Delta[];
  readonly components: Readonly<Record<string, ComponentState>>;
  readonly caches: Readonly<Record<string, CacheState>>;
  /** By node. */
  readonly deaf?: Readonly<Record<string, Deafness>>;
  readonly events: EventRecorderState;
}

/** What is kept of one component: its memory in steps, and what is small. */
interface SavedParts {
  readonly memory: () => Generator<void, unknown>;
  readonly rest: () => Omit<ComponentState, 'memory'>;
}

interface ContextParts<State> {
  readonly name: string;
  /** Who its requests are made as. */
  readonly user: string;
  readonly state: State;
  readonly meter: CostMeter;
  /** Components of a group share their caches. */
  readonly group: string;
  readonly restored: boolean;
  /** Whom its events name. */
  readonly source: string;
}

/** The group of the kube-controller-manager. */
export const CONTROLLERS = 'controller-manager';
/** Which group hears of a change first: the same, whichever of them began first. */
const RANKS: Readonly<Record<string, number>> = { [CONTROLLERS]: 1, 'default-scheduler': 2 };
const LAST = 3;

const NOTHING_MEASURED: ResourceMetrics = { ofPod: () => null, ofNode: () => null };

export class ComponentHost {
  readonly #server: ApiServer;
  readonly #timeline: Timeline;
  readonly #physics: Physics;
  /** What of a saved state nobody has taken over yet. */
  readonly #savedComponents: Map<string, ComponentState>;
  readonly #savedCaches: Map<string, CacheState>;
  readonly #isRestored: boolean;
  readonly #kinds: KnownKinds;
  readonly #metrics: ResourceMetrics;
  readonly #network: ClusterNetwork;
  /** Makes a saved state this host's own. */
  readonly #own: <T>(value: T) => T;
  readonly #everything: ChangeStream;
  readonly #caches = new Map<string, InformerCache<ApiObject>>();
  readonly #events: EventSink;
  readonly #hearing: Hearing;
  readonly #saves = new Map<string, SavedParts>();
  readonly #memories = new Map<string, unknown>();
  /** Whom the events of each component name. */
  readonly #sources = new Map<string, string>();
  readonly #preparations: Steps[] = [];

  /** `adopts`: nobody else has the restored state, so it need not be copied. */
  constructor(
    server: ApiServer,
    timeline: Timeline,
    physics: Physics,
    kinds: KnownKinds,
    restored: ComponentHostState | null,
    adopts = false,
    metrics: ResourceMetrics = NOTHING_MEASURED,
    network: ClusterNetwork = NO_NETWORK,
  ) {
    this.#server = server;
    this.#kinds = kinds;
    this.#metrics = metrics;
    this.#network = network;
    this.#everything = new ChangeStream(server.store, timeline, restored?.everything ?? []);
    this.#timeline = timeline;
    this.#physics = physics;
    this.#isRestored = restored !== null;
    this.#savedComponents = new Map(Object.entries(restored?.components ?? {}));
    this.#savedCaches = new Map(Object.entries(restored?.caches ?? {}));
    this.#hearing = new Hearing(timeline, physics, restored?.deaf);
    this.#own = adopts ? (value) => value : copy;
    this.#events = new EventSink(server, timeline, restored?.events ?? initialEventRecorderState(), (node) => physics.connected(node));
    timeline.handle(EVENTS, (_retry, source) => this.#events.onTimer(source));
    timeline.handle(WATCH, (id, lane) => this.#caches.get(id)?.deliver(lane));
  }

  /** Controllers of a group share caches, as those of one kube-controller-manager do. */
  startController(definition: AnyController, group = CONTROLLERS): RunningComponent {
    const { name } = definition;
    const saved = this.#take(name);
    const quota = this.#own(saved?.quota ?? TokenBucket.full(CONTROLLER_QUOTA.burst));
    const meter = new CostMeter(this.#timeline, quota, CONTROLLER_QUOTA);
    const memory = this.#memoryFor(definition, saved) as never;
    const state = this.#own(saved?.loop ?? initialReconcileLoopState());
    let reconcile = (_key: string): Handled => {};
    const loop = new ReconcileLoop(this.#timeline, state, {
      owner: name,
      workers: definition.workers,
      reconcile: (key) => reconcile(key),
      takeCostMs: () => meter.takeCostMs(),
    });
    const user = `system:serviceaccount:kube-system:${name}`;
    const parts = { name, user, state: memory, meter, group, restored: saved !== undefined, source: definition.eventSource ?? name };
    const context = this.#context<never>(parts);
    const running = definition.start({ ...context, queue: loop });
    reconcile = (key) => running.reconcile(key);
    this.#timeline.handle(name, (timer, key, detail) => {
      if (timer.startsWith(QUEUE_PREFIX)) return loop.onTimer(timer, key);
      return running.onTimer?.(timer, key, detail);
    });
    this.#keep(name, memory, running, () => ({ quota: { ...quota }, loop: copy(loop.save()) }));
    return running;
  }

  startComponent(definition: AnyComponent): RunningComponent {
    const { name } = definition;
    const saved = this.#take(name);
    const quota = this.#own(saved?.quota ?? TokenBucket.full(COMPONENT_QUOTA.burst));
    const meter = new CostMeter(this.#timeline, quota, COMPONENT_QUOTA);
    const memory = this.#memoryFor(definition, saved) as never;
    const parts = { name, user: `system:${name}`, state: memory, meter, group: name, restored: saved !== undefined, source: name };
    const running: RunningComponent = definition.start(this.#context<never>(parts));
    this.#timeline.handle(name, (timer, key, detail) => running.onTimer?.(timer, key, detail));
    this.#keep(name, memory, running, () => ({ quota: { ...quota }, loop: null }));
    return running;
  }

  /** Ends components: what they remember, wait for and watch is gone, and they can be started afresh. `group`: whose caches are theirs alone. */
  stop(names: readonly string[], group: string): void {
    for (const name of names) {
      this.#timeline.retire(name);
      this.#physics.unlisten(name);
      this.#everything.forget(name);
      this.#events.forget(this.#sources.get(name) ?? name);
      this.#saves.delete(name);
      this.#memories.delete(name);
    }
    for (const [id, cache] of this.#caches) {
      if (!id.startsWith(`${group}/`)) continue;
      cache.close();
      this.#caches.delete(id);
    }
  }

  /** Runs what the component that was started last has asked to be prepared. */
  *prepare(): Steps {
    for (const steps of this.#preparations.splice(0)) yield* steps;
    yield;
  }

  /** When all have started: which deliveries are on their way already is known from the restored queue. */
  started(): void {
    inOneGo(this.prepare());
    if (!this.#isRestored) return;
    const scheduled = new Map<string, Set<string>>();
    for (const entry of this.#timeline.entriesOf(WATCH)) {
      const lanes = scheduled.get(entry.name) ?? new Set();
      scheduled.set(entry.name, lanes.add(entry.key));
    }
    for (const cache of this.#caches.values()) cache.resume(scheduled.get(cache.id) ?? new Set());
  }

  /** A fact about a node, its kubelet or its link has changed: who can hear again, hears what it missed. */
  followLane(fact: string, node: string): void {
    const way = this.#hearing.follow(node, fact === 'physics/link');
    if (way === 'silent') return;
    for (const cache of this.#caches.values()) cache.reopen(node, way === 'inTime');
  }

  /** A component's memory, for readers outside the engine that explain what it thinks (read-only). */
  memoryOf(name: string): unknown {
    return this.#memories.get(name);
  }

  /** Every cache with its id, for checks against the store. */
  caches(): ReadonlyMap<string, InformerCache<ApiObject>> {
    return this.#caches;
  }

  save(): ComponentHostState {
    return inOneGo(this.saveInSteps());
  }

  /** The state as it is at the first step. */
  *saveInSteps(): Generator<void, ComponentHostState> {
    const memories = new Map<string, Generator<void, unknown>>();
    const components: Record<string, ComponentState> = {};
    try {
      for (const [name, { memory, rest }] of byName(this.#saves)) {
        const steps = memory();
        const first = steps.next();
        if (first.done !== true) memories.set(name, steps);
        components[name] = { memory: (first.done === true ? first.value : null) as Json, ...rest() };
      }
      const caches: Record<string, CacheState> = {};
      for (const [id, cache] of byName(this.#caches)) caches[id] = cache.save();
      const state = { components, caches, everything: this.#everything.save(), deaf: this.#hearing.save(), events: this.#events.save() };
      yield;
      for (const [name, steps] of memories) {
        const memory = (yield* steps) as Json;
        components[name] = { ...(components[name] as ComponentState), memory };
      }
      return state;
    } finally {
      for (const steps of memories.values()) steps.return(null);
    }
  }

  #take(name: string): ComponentState | undefined {
    const saved = this.#savedComponents.get(name);
    this.#savedComponents.delete(name);
    return saved;
  }

  /** Members that begin empty are records by name. */
  #memoryFor(definition: AnyController | AnyComponent, saved: ComponentState | undefined): unknown {
    const initial = definition.initialState() as Readonly<Record<string, unknown>>;
    const memory = this.#own((saved?.memory ?? initial) as Readonly<Record<string, object>>);
    for (const [name, member] of Object.entries(initial)) if (equal(member, {})) bare(memory[name] ?? {});
    return memory;
  }

  #keep(name: string, memory: unknown, running: RunningComponent, rest: SavedParts['rest']): void {
    this.#memories.set(name, memory);
    const capture = running.capture?.bind(running);
    this.#saves.set(name, { memory: capture ?? (() => atOnce(memory)), rest });
  }

  #context<State>({ name, user, state, meter, group, restored, source }: ContextParts<State>): ComponentContext<State> {
    this.#sources.set(name, source);
    const client = new ApiClient(this.#server, user, meter);
    const fromNodes = new Map<string, ApiClient>();
    const record =
      (host: string, component = source): ComponentContext<State>['events']['record'] =>
      (regarding, type, reason, message, fieldPath) => {
        this.#events.record({ component, host }, regarding, type, reason, message, fieldPath);
      };
    const cacheOf = <T extends ApiObject>(kind: Kind<T>, rules: LaneRules<T> | null) => this.#cache(group, kind, rules);
    return {
      name,
      state,
      restored,
      prepare: (steps) => void this.#preparations.push(steps),
      client,
      clientFrom: (node) => {
        let made = fromNodes.get(node);
        if (made === undefined) {
          made = new ApiClient(this.#server, `system:node:${node}`, meter, () => this.#physics.connected(node));
          fromNodes.set(node, made);
        }
        return made;
      },
      events: { record: record('') },
      eventsFrom: (node) => ({ record: record(node), forget: () => this.#events.forget(source, node) }),
      eventsAs: (component) => ({ record: record('', component) }),
      time: this.#timeFor(name),
      physics: this.#physics,
      metrics: this.#metrics,
      network: this.#network,
      everything: this.#everything.for(name),
      kindOf: (key) => this.#kinds.byKey(key),
      allKinds: () => this.#kinds.all(),
      cache: (kind) => cacheOf(kind, null),
      cacheByNode: (kind, laneOf) =>
        cacheOf(kind, { of: laneOf, open: (node) => this.#hearing.isOpen(node), waitMs: (node) => this.#hearing.waitMs(node) }),
    };
  }

  #cache<T extends ApiObject>(group: string, kind: Kind<T>, rules: LaneRules<T> | null): InformerCache<T> {
    const id = `${group}/${kindKey(kind)}`;
    let cache = this.#caches.get(id) as InformerCache<T> | undefined;
    if (cache === undefined) {
      const saved = this.#savedCaches.get(id) ?? null;
      this.#savedCaches.delete(id);
      cache = new InformerCache<T>(id, kindKey(kind), this.#server.store, this.#timeline, rules, saved, RANKS[group] ?? LAST);
      this.#preparations.push(cache.fill());
      this.#caches.set(id, cache as unknown as InformerCache<ApiObject>);
    }
    return cache;
  }

  #timeFor(owner: string): ComponentTime {
    const timeline = this.#timeline;
    return {
      get nowMs() {
        return timeline.nowMs;
      },
      get unixMs() {
        return timeline.unixMs;
      },
      timestamp: () => timeline.timestamp(),
      microTimestamp: () => formatMicroTimestamp(timeline.unixMs),
      after: (delayMs, name, key, detail = null, countdown) => timeline.schedule(owner, name, key, delayMs, detail, countdown ?? null),
      cancel: (id) => timeline.cancel(id),
      dueMs: (id) => timeline.dueMs(id),
      random: timeline.stream(owner),
    };
  }
}

function byName<T>(parts: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
}

// biome-ignore lint/correctness/useYield: a memory that is copied in one step
function* atOnce(memory: unknown): Generator<void, unknown> {
  return copy(memory);
}
