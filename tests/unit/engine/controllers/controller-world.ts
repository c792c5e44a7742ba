// A world of one API server and some controllers, without kubelets: tests say what nodes and pods do.
import { KindRegistry } from '../../../../src-main/engine/api/kind-registry.ts';
import { ApiServer, noAdmission } from '../../../../src-main/engine/api/server.ts';
import { ServiceAddresses } from '../../../../src-main/engine/api/service-addresses.ts';
import { Store } from '../../../../src-main/engine/api/store.ts';
import type { AnyComponent, AnyController } from '../../../../src-main/engine/client/component.ts';
import { ComponentHost, type ComponentHostState } from '../../../../src-main/engine/client/component-host.ts';
import { type Event, eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { namespaceKind } from '../../../../src-main/engine/kinds/core/namespace.ts';
import { type Pod, podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import type { Kind } from '../../../../src-main/engine/kinds/kind.ts';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';
import { Physics, type PhysicsState } from '../../../../src-main/engine/physics/physics.ts';
import { Timeline, type TimelineState } from '../../../../src-main/engine/time/timeline.ts';

interface Saved {
  readonly timeline: TimelineState;
  readonly store: ReturnType<Store['save']>;
  readonly physics: PhysicsState;
  readonly components: ComponentHostState;
}

export interface Parts {
  readonly controllers: readonly AnyController[];
  readonly components?: readonly AnyComponent[];
  readonly seed?: number;
  readonly machines?: readonly { readonly name: string; readonly zone: string }[];
}

export class ControllerWorld {
  readonly timeline: Timeline;
  readonly store: Store;
  readonly physics: Physics;
  readonly server: ApiServer;
  readonly host: ComponentHost;
  readonly #parts: Parts;

  constructor(parts: Parts, saved: Saved | null = null) {
    this.#parts = parts;
    this.timeline = saved === null ? Timeline.start(Date.UTC(2025, 5, 1), parts.seed ?? 1) : new Timeline(saved.timeline);
    this.store = new Store(saved?.store, true);
    this.physics = new Physics(this.timeline, saved?.physics);
    const addresses = new ServiceAddresses(this.store, this.timeline.stream('service-addresses'));
    this.server = new ApiServer(this.store, this.timeline, noAdmission, addresses);
    this.host = new ComponentHost(this.server, this.timeline, this.physics, new KindRegistry(), saved?.components ?? null);
    this.timeline.handle('world', (fact, node) => this.host.followLane(fact, node));
    this.physics.listen('world', 'machine', 'kubelet', 'link');
    if (saved === null) for (const name of ['default', 'kube-node-lease']) this.create(namespaceKind, { metadata: { name }, spec: {} });
    if (saved === null) for (const machine of parts.machines ?? []) this.#place(machine);
    for (const controller of parts.controllers) this.host.startController(controller);
    for (const component of parts.components ?? []) this.host.startComponent(component);
    this.host.started();
  }

  /** The same world from its JSON. */
  restored(): ControllerWorld {
    const saved = {
      timeline: this.timeline.save(),
      store: this.store.save(),
      physics: this.physics.save(),
      components: this.host.save(),
    };
    return new ControllerWorld(this.#parts, JSON.parse(JSON.stringify(saved)) as Saved);
  }

  #place({ name, zone }: { readonly name: string; readonly zone: string }): void {
    this.physics.set('machine', name, {
      powered: true,
      zone,
      region: 'region',
      bootedAtMs: 0,
      downloadBytesPerSecond: 20_000_000,
      controlPlane: false,
      capacity: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' },
    });
    this.physics.set('kubelet', name, { running: true });
    this.physics.set('link', name, { cut: false });
  }

  run(seconds: number): this {
    if (!this.timeline.advance(this.timeline.nowMs + seconds * 1000, 1_000_000)) throw new Error('the world does not come to rest');
    return this;
  }

  create<T extends ApiObject>(kind: Kind<T>, object: object): T {
    return this.server.create(kind, object, 'test');
  }

  get<T extends ApiObject>(kind: Kind<T>, key: string): T {
    return this.server.get(kind, key);
  }

  list<T extends ApiObject>(kind: Kind<T>): readonly T[] {
    return this.server.list(kind);
  }

  change<T extends ApiObject>(kind: Kind<T>, key: string, change: (object: T) => T): void {
    this.server.patch(kind, key, change, 'test');
  }

  changeStatus<T extends ApiObject>(kind: Kind<T>, key: string, change: (object: T) => T): void {
    this.server.patch(kind, key, change, 'test', 'status');
  }

  delete<T extends ApiObject>(kind: Kind<T>, key: string, options: Parameters<ApiServer['delete']>[2] = {}): void {
    this.server.delete(kind, key, options, 'test');
  }

  /** Every pod that is not yet so is scheduled, runs and is ready; those being deleted are gone. As a kubelet would report. */
  settlePods(isReady: (pod: Pod) => boolean = () => true): void {
    let address = 1;
    for (const pod of this.list(podKind)) {
      const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
      address += 1;
      if (pod.metadata.deletionTimestamp !== undefined) this.delete(podKind, key, { gracePeriodSeconds: 0 });
      else if (pod.status.phase !== 'Running' && isReady(pod)) {
        if (pod.spec.nodeName === undefined) this.server.bind(key, { uid: '', node: 'worker-1' }, 'test');

        this.changeStatus(podKind, key, (current) => running(current, address, this.timeline.timestamp()));
      }
    }
  }

  /** `reason: message`, in order of their first occurrence. */
  events(): readonly string[] {
    return this.list(eventKind as Kind<Event>).map(({ reason, message }) => `${reason}: ${message}`);
  }
}

function running(pod: Pod, address: number, now: string): Pod {
  const ip = `10.244.0.${address}`;
  const condition = { type: 'Ready', status: 'True', lastTransitionTime: now };
  return { ...pod, status: { ...pod.status, phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [condition] } };
}
