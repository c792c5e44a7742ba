// Spreads the requests that are sent to Services over their ready endpoints, as kube-proxy would: who gets how many a second is a fact, changed only when something else changes.
// upstream: pkg/proxy/iptables/proxier.go (every ready endpoint with the same chance, minSyncPeriod 1 s), pkg/proxy/topology.go
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import type { ContainerNetwork } from '../client/container-network.ts';
import { namespaceKind } from '../kinds/core/namespace.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { type Service, serviceKind } from '../kinds/core/service.ts';
import { type EndpointSlice, endpointSliceKind } from '../kinds/discovery/endpoint-slice.ts';
import { type NetworkPolicy, networkPolicyKind } from '../kinds/networking/network-policy.ts';
import { keyOf } from '../meta/object.ts';
import type { Caller, Traffic } from '../physics/physics.ts';
import { resourceProfile } from '../runtime/resource-profile.ts';
import { Connections } from './connections.ts';
import { connectionVerdict, type PolicyWorld } from './policy-verdict.ts';
import { serviceOfName } from './service-name.ts';

const SYNC_MS_MIN = 1000;
/** Metrics look back two rounds of 15 s; what lies before is forgotten. */
const KEPT_MS = 60_000;
const SERVICE_LABEL = 'kubernetes.io/service-name';
const ZONE_LABEL = 'topology.kubernetes.io/zone';

type Conditions = EndpointSlice['endpoints'][number]['conditions'];

export interface TrafficMemory {
  /** By Service key: when its endpoints were last looked at, and what each container gets of it. */
  services: Record<string, { syncedMs: number; waits: boolean; shares: Record<string, number> }>;
}

export const traffic = defineController<TrafficMemory>({
  name: 'traffic',
  workers: 1,
  initialState: () => ({ services: {} }),
  start: (context) => new TrafficRouter(context),
});

interface Endpoint {
  readonly container: string;
  readonly pod: Pod | undefined;
  readonly port: number;
  /** Zones it is for, as hints say. */
  readonly zones: readonly string[];
}

/** Requests a second of those who call a Service: all, those that spread over all endpoints, and of the others those that reach each container. */
interface Calls {
  readonly all: number;
  readonly everywhere: number;
  readonly reaching: ReadonlyMap<string, number>;
}

/** What containers ask of it. */
export interface NetworkCalls {
  readonly network: ContainerNetwork;
}

class TrafficRouter implements NetworkCalls {
  readonly network: ContainerNetwork;
  readonly #context: ControllerContext<TrafficMemory>;
  readonly #services: Cache<Service>;
  readonly #slices: Cache<EndpointSlice>;
  readonly #pods: Cache<Pod>;
  readonly #nodes: Cache<Node>;
  readonly #policies: Cache<NetworkPolicy>;
  readonly #policyWorld: PolicyWorld;

  constructor(context: ControllerContext<TrafficMemory>) {
    this.#context = context;
    this.#services = context.cache(serviceKind);
    this.#slices = context.cache(endpointSliceKind);
    this.#pods = context.cache(podKind);
    this.#nodes = context.cache(nodeKind);
    this.#policies = context.cache(networkPolicyKind);
    const namespaces = context.cache(namespaceKind);
    this.#policyWorld = {
      policiesIn: (namespace) => this.#policies.inNamespace(namespace),
      namespaceLabels: (namespace) => namespaces.get(namespace)?.metadata.labels ?? {},
    };
    const { physics } = context;
    this.network = new Connections({
      service: (key) => this.#services.get(key),
      services: () => this.#services.values(),
      servicesIn: (namespace) => this.#services.inNamespace(namespace),
      slicesOf: (key) => this.#slices.by('service', key),
      pod: (key) => this.#pods.get(key),
      pods: () => this.#pods.values(),
      joined: (node, other) => node === other || (physics.connected(node) && physics.connected(other)),
      online: (node) => physics.connected(node),
      policies: this.#policyWorld,
    });
    this.#policies.onChange(() => {
      for (const service of this.#called()) context.queue.add(service);
    });
    this.#slices.index('service', ({ metadata }) => {
      const name = metadata.labels?.[SERVICE_LABEL];
      return name === undefined ? [] : [`${metadata.namespace}/${name}`];
    });
    this.#slices.onChange((next, previous) => {
      const { metadata } = (next ?? previous) as EndpointSlice;
      this.#changed(`${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL] ?? ''}`);
    });
    // A name that was not there may be what somebody calls.
    this.#services.onChange((next, previous) => {
      const policy = next?.spec.internalTrafficPolicy;
      if (next === undefined || previous === undefined || policy !== previous.spec.internalTrafficPolicy)
        this.#callersChanged(keyOf((next ?? previous) as Service));
    });
    this.#nodes.onChange((next, previous) => {
      if (next === undefined || next.metadata.labels?.[ZONE_LABEL] === previous?.metadata.labels?.[ZONE_LABEL]) return;
      for (const service of this.#called()) context.queue.add(service);
    });
    context.physics.listen(context.name, 'load', 'caller', 'link', 'machine');
  }

  onTimer(name: string, key: string): void {
    if (name === 'physics/load') this.#context.queue.add(key);
    else if (name === 'forget') this.#forget(key);
    else if (name === 'physics/caller') for (const service of [...this.#called(), ...this.#known()]) this.#context.queue.add(service);
    else for (const service of this.#known()) this.#context.queue.add(service);
  }

  reconcile(key: string): void {
    const { state, time, physics } = this.#context;
    const endpoints = this.#endpoints(key);
    const load = physics.get('load', key)?.requestsPerSecond ?? 0;
    const calls = this.#callsTo(key, endpoints);
    const demand = load + calls.all;
    const before = state.services[key];
    if (before === undefined && demand === 0) return;
    const shares: Record<string, number> = {};
    for (const { container } of endpoints) {
      const share = (load + calls.everywhere) / endpoints.length + (calls.reaching.get(container) ?? 0);
      if (share > 0) shares[container] = share;
    }
    if (demand === 0) delete state.services[key];
    else state.services[key] = { syncedMs: time.nowMs, waits: false, shares };
    for (const container of new Set([...Object.keys(before?.shares ?? {}), ...Object.keys(shares)])) this.#tell(container);
  }

  /** What reaches the container now, as a span of its own. */
  #tell(container: string): void {
    const { state, time, physics } = this.#context;
    let requestsPerSecond = 0;
    for (const { shares } of Object.values(state.services)) requestsPerSecond += shares[container] ?? 0;
    const spans: Traffic = physics.get('traffic', container) ?? [];
    if ((spans.at(-1)?.requestsPerSecond ?? 0) === requestsPerSecond) return;
    const { nowMs } = time;
    const kept = spans.filter((_, index) => (spans[index + 1]?.fromMs ?? nowMs) > nowMs - KEPT_MS);
    physics.set('traffic', container, [...kept, { fromMs: nowMs, requestsPerSecond }]);
    if (requestsPerSecond === 0) time.after(KEPT_MS, 'forget', container);
  }

  /** Nothing has come for so long that no metric knows of it. */
  #forget(container: string): void {
    const { physics, time } = this.#context;
    const last = physics.get('traffic', container)?.at(-1);
    if (last?.requestsPerSecond === 0 && last.fromMs <= time.nowMs - KEPT_MS) physics.set('traffic', container, undefined);
  }

  /** Loops that wait for each answer, so that a slow service is asked less often; what network policies hold back reaches nobody. */
  #callsTo(key: string, endpoints: readonly Endpoint[]): Calls {
    const { physics } = this.#context;
    let all = 0;
    let everywhere = 0;
    const reaching = new Map<string, number>();
    for (const caller of physics.all('caller').values()) {
      if (!physics.connected(caller.node) || this.#target(caller) !== key) continue;
      const perSecond = 1000 / (caller.pauseMs + answerMs(endpoints[0]));
      all += perSecond;
      const near = this.#near(caller, endpoints, this.#services.get(key));
      const reached = this.#policies.size === 0 ? near : near.filter((endpoint) => this.#reaches(caller, endpoint));
      if (reached.length === endpoints.length) everywhere += perSecond;
      else for (const { container } of reached) reaching.set(container, (reaching.get(container) ?? 0) + perSecond / near.length);
    }
    return { all, everywhere, reaching };
  }

  /** The endpoints that the proxy of the caller's node sends to. upstream: CategorizeEndpoints, topologyModeFromHints */
  #near({ node: name }: Caller, endpoints: readonly Endpoint[], service: Service | undefined): readonly Endpoint[] {
    if (service?.spec.internalTrafficPolicy === 'Local') return endpoints.filter(({ pod }) => pod?.spec.nodeName === name);
    if (endpoints.some(({ zones }) => zones.length === 0)) return endpoints;
    const zone = this.#nodes.get(name)?.metadata.labels?.[ZONE_LABEL] ?? '';
    const close = endpoints.filter(({ zones }) => zones.includes(zone));
    return close.length === 0 ? endpoints : close;
  }

  #reaches({ namespace, pod: name }: Caller, { pod, port }: Endpoint): boolean {
    const from = this.#pods.get(`${namespace}/${name}`);
    if (from === undefined || pod === undefined) return true;
    const ends = { from: { pod: from, ip: from.status.podIP ?? '' }, to: { pod, ip: pod.status.podIP ?? '' } };
    return connectionVerdict({ ...ends, port, protocol: 'TCP' }, this.#policyWorld).allowed;
  }

  #target({ host, namespace }: Caller): string | null {
    return serviceOfName(this.#services, host, namespace);
  }

  /** The first container of each ready pod behind the Service; where none is ready, of those that still serve while they end. */
  #endpoints(key: string): readonly Endpoint[] {
    const ready = this.#endpointsThat(key, (conditions) => conditions?.ready !== false);
    return ready.length > 0
      ? ready
      : this.#endpointsThat(key, (conditions) => conditions?.serving === true && conditions.terminating === true);
  }

  #endpointsThat(key: string, serve: (conditions: Conditions) => boolean): readonly Endpoint[] {
    const found: Endpoint[] = [];
    for (const slice of this.#slices.by('service', key))
      for (const { conditions, targetRef, hints } of slice.endpoints ?? []) {
        if (!serve(conditions) || targetRef?.kind !== 'Pod') continue;
        const pod = this.#pods.get(`${slice.metadata.namespace}/${targetRef.name}`);
        const port = slice.ports?.[0]?.port;
        const container = listenerOf(pod, port);
        const zones = (hints?.forZones ?? []).map(({ name }) => name);
        if (pod?.metadata.uid === targetRef.uid && container !== undefined)
          found.push({ container: `${targetRef.uid}/${container}`, pod, port: port ?? 0, zones });
      }
    return found;
  }

  /** At most once a second. */
  #changed(key: string): void {
    const known = this.#context.state.services[key];
    if (known === undefined || known.waits) return;
    const waitMs = known.syncedMs + SYNC_MS_MIN - this.#context.time.nowMs;
    known.waits = true;
    this.#context.queue.addAfter(key, waitMs);
  }

  #callersChanged(key: string): void {
    if (this.#context.state.services[key] !== undefined || this.#context.physics.all('caller').size > 0) this.#context.queue.add(key);
  }

  #called(): readonly string[] {
    return [...this.#context.physics.all('caller').values()].flatMap((caller) => this.#target(caller) ?? []);
  }

  #known(): readonly string[] {
    return Object.keys(this.#context.state.services);
  }
}

function listenerOf(pod: Pod | undefined, port: number | undefined): string | undefined {
  const containers = pod?.spec.containers ?? [];
  return (containers.find(({ ports }) => ports?.some(({ containerPort }) => containerPort === port)) ?? containers[0])?.name;
}

/** The time a request takes one process that is alone on its core. */
function answerMs(endpoint: Endpoint | undefined): number {
  const { pod, container } = endpoint ?? {};
  const name = container?.slice(container.indexOf('/') + 1);
  const spec = pod?.spec.containers.find((one) => one.name === name);
  return spec === undefined ? 0 : resourceProfile(spec, pod?.metadata.annotations).cpuMsPerRequest;
}
