// A world with an API server and a scheduler and nothing else, so that what is seen is the scheduler's doing.
import { KindRegistry } from '../../../../src-main/engine/api/kind-registry.ts';
import { ApiServer, noAdmission } from '../../../../src-main/engine/api/server.ts';
import { ServiceAddresses } from '../../../../src-main/engine/api/service-addresses.ts';
import { Store } from '../../../../src-main/engine/api/store.ts';
import { ComponentHost, type ComponentHostState } from '../../../../src-main/engine/client/component-host.ts';
import { type Event, eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { Physics } from '../../../../src-main/engine/physics/physics.ts';
import { type SchedulerState, schedulerWith } from '../../../../src-main/engine/scheduler/scheduler.ts';
import {
  SCHEDULER_NAME,
  type SchedulerConfiguration,
  schedulerSettings,
} from '../../../../src-main/engine/scheduler/scheduler-configuration.ts';
import { Timeline } from '../../../../src-main/engine/time/timeline.ts';

const USER = 'test';
const EPOCH_MS = 1_750_000_000_000;

/** What a restored world starts from. */
export interface SavedWorld {
  readonly timeline: ReturnType<Timeline['save']>;
  readonly store: ReturnType<Store['save']>;
  readonly components: ComponentHostState;
}

export class SchedulerWorld {
  readonly timeline: Timeline;
  readonly server: ApiServer;
  readonly host: ComponentHost;

  constructor(saved: SavedWorld | null = null, configuration?: SchedulerConfiguration) {
    this.timeline = saved === null ? Timeline.start(EPOCH_MS, 7) : new Timeline(saved.timeline);
    const store = new Store(saved?.store, true);
    const addresses = new ServiceAddresses(store, this.timeline.stream('service-addresses'));
    this.server = new ApiServer(store, this.timeline, noAdmission, addresses);
    this.host = new ComponentHost(this.server, this.timeline, new Physics(this.timeline), new KindRegistry(), saved?.components ?? null);
    this.host.startComponent(schedulerWith(schedulerSettings(configuration)));
    this.host.started();
  }

  save(): SavedWorld {
    const components = this.host.save();
    return JSON.parse(JSON.stringify({ timeline: this.timeline.save(), store: this.server.store.save(), components })) as SavedWorld;
  }

  node(name: string, { zone = 'zone-a', cpu = '4', spec = {} }: { zone?: string; cpu?: string; spec?: object } = {}): this {
    const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone };
    const allocatable = { cpu, memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' };
    this.server.create(nodeKind, { metadata: { name, labels }, spec, status: { allocatable } }, USER);
    return this;
  }

  pod(name: string, spec: object = {}, metadata: object = {}): this {
    const containers = [{ name: 'app', image: 'nginx', resources: { requests: { cpu: '100m' } } }];
    this.server.create(podKind, { metadata: { namespace: 'default', name, ...metadata }, spec: { containers, ...spec } }, USER);
    return this;
  }

  run(ms: number): this {
    this.timeline.advance(this.timeline.nowMs + ms, 1_000_000);
    return this;
  }

  get(name: string): Pod {
    return this.server.get(podKind, `default/${name}`);
  }

  nodeOf(name: string): string | undefined {
    return this.get(name).spec.nodeName;
  }

  /** Type, reason and message of the events about a pod, oldest first; a repeated one says how often. */
  events(name: string): readonly string[] {
    return this.server
      .list<Event>(eventKind)
      .filter((event) => event.involvedObject.name === name)
      .map(({ reason, message, series }) => `${reason}${series === undefined ? '' : ` x${series.count}`}: ${message}`);
  }

  /** Who has told of a pod. */
  sourcesOf(name: string): readonly string[] {
    const events = this.server.list<Event>(eventKind).filter((event) => event.involvedObject.name === name);
    return [...new Set(events.map(({ reportingComponent }) => reportingComponent ?? ''))];
  }

  get state(): SchedulerState {
    return this.host.memoryOf(SCHEDULER_NAME) as SchedulerState;
  }
}
