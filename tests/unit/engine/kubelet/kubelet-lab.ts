// A world with an API server and kubelets alone: pods are placed by hand, and everything that happens is told as lines.
import { KindRegistry } from '../../../../src-main/engine/api/kind-registry.ts';
import { ApiServer, noAdmission } from '../../../../src-main/engine/api/server.ts';
import { ServiceAddresses } from '../../../../src-main/engine/api/service-addresses.ts';
import { Store } from '../../../../src-main/engine/api/store.ts';
import type { AnyComponent } from '../../../../src-main/engine/client/component.ts';
import { ComponentHost } from '../../../../src-main/engine/client/component-host.ts';
import { type Event, eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { namespaceKind } from '../../../../src-main/engine/kinds/core/namespace.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { type Pod, podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { kubelet } from '../../../../src-main/engine/kubelet/kubelet.ts';
import { Physics } from '../../../../src-main/engine/physics/physics.ts';
import { Timeline } from '../../../../src-main/engine/time/timeline.ts';

const EPOCH_MS = 1_748_736_000_000;

export interface PodPlan {
  readonly name: string;
  readonly spec: Record<string, unknown>;
  readonly annotations?: Record<string, string>;
  readonly node?: string;
}

export class KubeletLab {
  timeline: Timeline;
  store: Store;
  physics: Physics;
  server: ApiServer;
  host: ComponentHost;
  /** `12.3s Pod web: Running` lines. */
  readonly log: string[] = [];
  readonly #component: AnyComponent;

  constructor(component: AnyComponent = kubelet, nodes: readonly string[] = ['n1']) {
    this.#component = component;
    this.timeline = Timeline.start(EPOCH_MS, 1);
    this.store = new Store(undefined, true);
    this.physics = new Physics(this.timeline);
    for (const name of nodes) {
      this.physics.set('machine', name, {
        powered: true,
        zone: 'zone-a',
        region: 'region-1',
        bootedAtMs: 0,
        downloadBytesPerSecond: 20_000_000,
        controlPlane: false,
        capacity: { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' },
      });
      this.physics.set('kubelet', name, { running: true });
      this.physics.set('link', name, { cut: false });
    }
    this.server = this.#serve();
    this.host = new ComponentHost(this.server, this.timeline, this.physics, new KindRegistry(), null);
    this.server.create(namespaceKind, { metadata: { name: 'default' }, spec: {} } as never, 'test');
    this.#open();
    nodes.forEach((name, index) =>
      this.server.patch(
        nodeKind,
        name,
        (node) => ({ ...node, spec: { ...node.spec, podCIDR: `10.244.${index + 1}.0/24` } }),
        'test',
        'spec',
      ),
    );
    this.run(1);
  }

  /** Through JSON and back: everything goes on as it would have. */
  restore(): void {
    const saved = JSON.parse(
      JSON.stringify({ time: this.timeline.save(), store: this.store.save(), physics: this.physics.save(), host: this.host.save() }),
    );
    this.timeline = new Timeline(saved.time);
    this.store = new Store(saved.store, true);
    this.physics = new Physics(this.timeline, saved.physics);
    this.server = this.#serve();
    this.host = new ComponentHost(this.server, this.timeline, this.physics, new KindRegistry(), saved.host);
    this.#open();
  }

  create({ name, spec, annotations, node = 'n1' }: PodPlan): void {
    const metadata = { name, namespace: 'default', ...(annotations === undefined ? {} : { annotations }) };
    this.server.create(podKind, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: node, ...spec } } as never, 'test');
  }

  run(seconds: number): this {
    this.timeline.advance(this.timeline.nowMs + Math.round(seconds * 1000), 1_000_000);
    return this;
  }

  delete(name: string, gracePeriodSeconds?: number): void {
    this.server.delete(podKind, `default/${name}`, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }, 'test');
  }

  pod(name: string): Pod | undefined {
    return this.store.table('Pod').get(`default/${name}`) as Pod | undefined;
  }

  events(name: string): readonly string[] {
    return [...(this.store.table('Event').values() as Iterable<Event>)]
      .filter((event) => event.involvedObject.name === name)
      .map((event) => `${event.type} ${event.reason} ${event.message}${(event.count ?? 1) > 1 ? ` x${event.count}` : ''}`);
  }

  /** `Running 1/1 restarts=0 Ready`, or the waiting and terminated reasons. */
  summary(name: string): string {
    const pod = this.pod(name);
    return pod === undefined ? 'gone' : summaryOf(pod);
  }

  #serve(): ApiServer {
    const addresses = new ServiceAddresses(this.store, this.timeline.stream('service-addresses'));
    return new ApiServer(this.store, this.timeline, noAdmission, addresses);
  }

  #open(): void {
    this.host.startComponent(this.#component);
    this.host.started();
    this.timeline.handle('lab', (fact, node) => this.host.followLane(fact, node));
    this.physics.listen('lab', 'machine', 'kubelet', 'link');
    let last = '';
    this.store.onChange('Pod', (delta) => {
      const line = `${delta.key.slice('default/'.length)}: ${delta.type === 'DELETED' ? 'gone' : summaryOf(delta.object as Pod)}`;
      if (line !== last) this.log.push(`${(this.timeline.nowMs / 1000).toFixed(1)}s ${line}`);
      last = line;
    });
  }
}

export { eventKind };

function summaryOf({ metadata, status }: Pod): string {
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const states = statuses.map((container) => {
    const { running, waiting, terminated } = container.state ?? {};
    if (running !== undefined) return container.ready ? 'ready' : 'up';
    return waiting?.reason ?? `${terminated?.reason}:${terminated?.exitCode}`;
  });
  const restarts = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True' ? ' Ready' : '';
  const deleting = metadata.deletionTimestamp === undefined ? '' : ' deleting';
  return `${status.phase}${ready} [${states.join(' ')}] restarts=${restarts}${status.reason === undefined ? '' : ` ${status.reason}`}${deleting}`;
}
