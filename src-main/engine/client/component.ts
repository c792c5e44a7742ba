// What every component stands on: the one page that says how controllers, scheduler, kubelet, storage and network see the world.

import type { Handled, Steps } from '../base/in-one-go.ts';
import type { Random } from '../base/random.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ResourceMetrics } from '../kinds/metrics/resource-metrics.ts';
import type { ApiObject, Draft } from '../meta/object.ts';
import type { Physics } from '../physics/physics.ts';
import type { Countdown, Json } from '../time/timeline.ts';
import type { ClusterNetwork } from './container-network.ts';

/** Options of a delete call, as in metav1.DeleteOptions. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** The API server as a component calls it. Every call may throw StatusError; a call from a node that is cut off throws Unreachable. Keys are `namespace/name` or `name`. */
export interface Client {
  /** A read from the server itself, not from a cache. */
  get<T extends ApiObject>(kind: Kind<T>, key: string): T;
  list<T extends ApiObject>(kind: Kind<T>, namespace?: string): readonly T[];
  create<T extends ApiObject>(kind: Kind<T>, draft: Draft<T>): T;
  /** Replaces; 409 Conflict when `object.metadata.resourceVersion` is not the newest. */
  update<T extends ApiObject>(kind: Kind<T>, object: T): T;
  updateStatus<T extends ApiObject>(kind: Kind<T>, object: T): T;
  /** PUT namespaces/finalize: spec.finalizers of a namespace that is going away. */
  finalize<T extends ApiObject>(kind: Kind<T>, object: T): T;
  /** Like a PATCH without resourceVersion: applies `change` to the newest version; returning it unchanged (same reference) writes nothing. */
  patch<T extends ApiObject>(kind: Kind<T>, key: string, change: (current: T) => T): T;
  patchStatus<T extends ApiObject>(kind: Kind<T>, key: string, change: (current: T) => T): T;
  /** The same by the object's Scale: `change` sets its number of replicas. */
  scale<T extends ApiObject>(kind: Kind<T>, key: string, change: (current: T) => T): T;
  delete<T extends ApiObject>(kind: Kind<T>, key: string, options?: DeleteOptions): void;
  /** POST pods/binding. */
  bind(podKey: string, podUid: string, node: string): void;
}

/** A read-only view of one kind as this component has heard of it, a little behind the API server. */
export interface Cache<T extends ApiObject> {
  get(key: string): T | undefined;
  /** An object whose name another one has taken, while the node that listens for it has not heard of its end. */
  displaced(uid: string): T | undefined;
  /** All objects, in no promised order. */
  values(): Iterable<T>;
  readonly size: number;
  /** Objects of a namespace. */
  inNamespace(namespace: string): Iterable<T>;
  /** The same; a cache that has never been asked so puts its objects into order in steps. */
  inNamespaceInSteps(namespace: string): Generator<void, Iterable<T>>;
  /** Keys in the order in which `values` gives their objects. */
  inOrder(keys: readonly string[]): Generator<void, readonly string[]>;
  /** Declares an index (at start, before any news): afterwards `by(name, value)` finds objects by any of the values `of` returns, in the order of `values`. */
  index(name: string, of: (object: T) => readonly string[]): void;
  by(name: string, value: string): Iterable<T>;
  /** The same; what is not in that order yet is put into it in steps. */
  byInSteps(name: string, value: string): Generator<void, Iterable<T>>;
  /** Called after the cache has changed; `next` undefined: deleted; `previous` undefined: added. Not called again for what a restored snapshot holds. */
  onChange(handler: (next: T | undefined, previous: T | undefined) => void): void;
}

/** All objects of all kinds but events and leases, for components that act on anything. */
export interface Everything {
  values(): Iterable<readonly [kind: string, key: string, object: ApiObject]>;
  onChange(handler: (kind: string, key: string, next: ApiObject | undefined, previous: ApiObject | undefined) => void): void;
}

/** Work queue of a controller: a key is there once, is worked on by one worker at a time, and fails back with exponential delay. */
export interface WorkQueue {
  add(key: string): void;
  addAfter(key: string, delayMs: number): void;
  /** 5 ms doubling to 1000 s. upstream: client-go/util/workqueue DefaultTypedControllerRateLimiter */
  addRateLimited(key: string): void;
  forget(key: string): void;
}

/** What an event speaks of: an object, or as much as the speaker knows of it. */
export type EventSubject = Pick<ApiObject, 'kind'> & {
  readonly apiVersion?: string;
  readonly metadata: Partial<ApiObject['metadata']> & { readonly name: string; readonly uid: string };
};

export interface EventRecorder {
  /** `regarding` may be any object, or who it is. Aggregated as client-go's EventCorrelator does. */
  /** `fieldPath`: the part that is meant, as `spec.containers{app}`. */
  record(regarding: EventSubject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void;
}

/** The recorder of one node's process. */
export interface NodeEventRecorder extends EventRecorder {
  /** The process has ended: what it remembered of its events, and what it could not write, is lost. */
  forget(): void;
}

/** Time as a component sees it; timers are queue entries that come back to the component's `onTimer`. */
export interface ComponentTime {
  /** Virtual milliseconds since the scenario's start. */
  readonly nowMs: number;
  readonly unixMs: number;
  timestamp(): string;
  microTimestamp(): string;
  /** Returns an id for `cancel`. With `countdown` the window draws it as an arc. */
  after(delayMs: number, name: string, key: string, detail?: Json, countdown?: Countdown): number;
  cancel(id: number): void;
  dueMs(id: number): number | null;
  readonly random: Random;
}

/** Handed to a component when it starts (also after a restore: then `state` is what was saved and caches are full). */
export interface ComponentContext<State> {
  readonly name: string;
  /** The component's own memory: JSON, freely mutated by it, saved in snapshots. Everything else it keeps must be derivable in `start`. */
  readonly state: State;
  readonly restored: boolean;
  /** What must be derived from many objects before the world goes on; it is done in steps, right after this component's start. */
  prepare(steps: Steps): void;
  readonly client: Client;
  /** The same API server called from a node: throws Unreachable while the node is cut off. Requests are made as `system:node:<node>`. */
  clientFrom(node: string): Client;
  readonly events: EventRecorder;
  /** Events whose source host is a node. */
  eventsFrom(node: string): NodeEventRecorder;
  /** Events of another source than the component's own name. */
  eventsAs(component: string): EventRecorder;
  readonly time: ComponentTime;
  readonly physics: Physics;
  /** metrics.k8s.io. */
  readonly metrics: ResourceMetrics;
  /** Where connections between pods lead. */
  readonly network: ClusterNetwork;
  cache<T extends ApiObject>(kind: Kind<T>): Cache<T>;
  readonly everything: Everything;
  /** A kind by its kind key, stored kinds included. */
  kindOf(key: string): Kind | undefined;
  /** Every kind the API server serves. */
  allKinds(): Iterable<Kind>;
  /** Only for kubelets: a cache whose news about an object goes to the node `laneOf` names and waits while that node cannot hear ('' = nobody hears of it). */
  cacheByNode<T extends ApiObject>(kind: Kind<T>, laneOf: (object: T) => string): Cache<T>;
}

/** A started component. */
export interface RunningComponent {
  /** In steps where it may take long. */
  onTimer?(name: string, key: string, detail: Json): Handled;
  /** The memory as it is at the first step, copied in steps between which the world may go on. Without it, it is copied at once. */
  capture?(): Generator<void, unknown>;
}

/** A component that is no controller: scheduler, kubelet, attach/detach... */
export interface ComponentDefinition<State> {
  /** Owner name in the queue and actor of its writes: `kubelet`, `default-scheduler`. */
  readonly name: string;
  readonly initialState: () => State;
  readonly start: (context: ComponentContext<State>) => RunningComponent;
}

/** What a reconciler gets besides. */
export interface ControllerContext<State> extends ComponentContext<State> {
  readonly queue: WorkQueue;
}

export interface RunningController extends RunningComponent {
  /** Level-triggered and synchronous: looks at the caches, writes the difference. A thrown StatusError or Unreachable means: again, with back-off. In steps where it may take long. */
  reconcile(key: string): Handled;
}

/** One reconciler. */
export interface ControllerDefinition<State> {
  readonly name: string;
  /** Concurrent workers, upstream's default for the controller. */
  readonly workers: number;
  /** Who its events say they are from, where that is not the controller's name. */
  readonly eventSource?: string;
  readonly initialState: () => State;
  readonly start: (context: ControllerContext<State>) => RunningController;
}

/** Keeps the state's type inside; the registries hold definitions of any state. */
export type AnyController = ControllerDefinition<never>;
export type AnyComponent = ComponentDefinition<never>;

export function defineController<State>(definition: ControllerDefinition<State>): AnyController {
  return definition as unknown as AnyController;
}

export function defineComponent<State>(definition: ComponentDefinition<State>): AnyComponent {
  return definition as unknown as AnyComponent;
}

/** The call did not reach the API server (or its answer did not come back). */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
