// Keeps the EndpointSlices of Services: who can be reached behind each, and how.
// upstream: pkg/controller/endpointslice/endpointslice_controller.go, staging/src/k8s.io/endpointslice/reconciler.go
import type { Steps } from '../base/in-one-go.ts';
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import { type EndpointSlice, endpointSliceKind } from '../kinds/discovery/endpoint-slice.ts';
import { keyOf } from '../meta/object.ts';
import { isControlledBy, newControllerReference } from '../meta/owner-references.ts';
import { isNotFound } from '../meta/status-error.ts';
import { wantsTopologyHints, withCloseHint } from './endpoint-slice/close-hints.ts';
import { endpointPorts, podToEndpoint, shouldBeInEndpoints } from './endpoint-slice/endpoints.ts';
import { planSlices, type SliceContent, type SlicePlan } from './endpoint-slice/slice-plan.ts';
import { type HintsByZone, isNodeReady, isOverloaded, withTopologyHints, zoneShares } from './endpoint-slice/topology-hints.ts';
import { type PortGroup, type WantedEndpoint, WantedEndpoints } from './endpoint-slice/wanted-endpoints.ts';
import { ServicesOfPods } from './services-of-pods.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const HEADLESS = 'service.kubernetes.io/headless';
const MANAGER = 'endpointslice-controller.k8s.io';

interface Memory {
  /** Revisions of slices that were written and not heard of yet, by service key and slice uid. upstream: endpointSliceTracker */
  unheard: Record<string, Record<string, number>>;
  /** Endpoints for each zone, by Service key, of Services that have topology hints. */
  hinted?: Record<string, HintsByZone>;
}

export const endpointSliceController = defineController<Memory>({
  name: 'endpoint-slice-controller',
  workers: 5,
  initialState: () => ({ unheard: {} }),
  start: (context) => {
    const controller = new EndpointSliceController(context);
    return { reconcile: (key) => controller.reconcile(key) };
  },
});

class EndpointSliceController {
  readonly #context: ControllerContext<Memory>;
  readonly #followed: ServicesOfPods;
  readonly #nodes: Cache<Node>;
  readonly #slices: Cache<EndpointSlice>;
  /** By service key; made anew from the caches in a world that is opened again. */
  readonly #wanted = new Map<string, WantedEndpoints>();

  constructor(context: ControllerContext<Memory>) {
    this.#context = context;
    this.#slices = context.cache(endpointSliceKind);
    this.#nodes = context.cache(nodeKind);
    this.#slices.index('service', (slice) => {
      const { [SERVICE_NAME]: name, [MANAGED_BY]: manager } = slice.metadata.labels ?? {};
      return name === undefined || manager !== MANAGER ? [] : [`${slice.metadata.namespace}/${name}`];
    });
    this.#followed = new ServicesOfPods(context as ControllerContext<never>);
    const { services, pods } = this.#followed;
    pods.index('node', (pod) => (pod.spec.nodeName === undefined ? [] : [pod.spec.nodeName]));
    this.#slices.onChange((next, previous) => this.#sliceChanged(next, previous));
    this.#nodes.onChange((next, previous) => {
      if (next === undefined || previous === undefined || isNodeReady(next) !== isNodeReady(previous) || zoneOf(next) !== zoneOf(previous))
        this.#checkZones();
      if (next !== undefined && next.metadata.labels === previous?.metadata.labels) return;
      for (const pod of pods.by('node', (next ?? previous)?.metadata.name ?? '')) this.#followed.touch(keyOf(pod));
      // A pod whose node was not known had no endpoint.
      if (next === undefined || previous !== undefined) return;
      for (const service of services.values()) context.queue.add(keyOf(service));
    });
  }

  /** upstream: syncService */
  *reconcile(key: string): Steps {
    const service = this.#followed.services.get(key);
    if (service === undefined) {
      delete this.#context.state.unheard[key];
      delete this.#context.state.hinted?.[key];
      this.#wanted.delete(key);
      return;
    }
    const { selector, type } = service.spec;
    if (type === 'ExternalName' || selector === undefined || Object.keys(selector).length === 0) return;
    // The cache is behind this controller's own writes: the news will bring the key back.
    if (this.#context.state.unheard[key] !== undefined) return;
    const existing = [...this.#slices.by('service', key)].filter((slice) => slice.metadata.deletionTimestamp === undefined);
    const labels = labelsOf(service);
    const groups = yield* this.#groups(key, service);
    const own = existing.filter((slice) => isControlledBy(slice, service));
    const comparison = { labels, hintsApart: wantsTopologyHints(service) };
    const planned = yield* planSlices(existing, own, groups, comparison, (group, identities) => this.#inOrder(group, identities));
    const { plan, news } = this.#hinted(key, service, existing, planned);
    if (service.metadata.deletionTimestamp === undefined)
      for (const content of plan.create) yield this.#create(key, service, labels, content);
    for (const [slice, content] of plan.update) yield this.#update(key, service, labels, slice, content);
    for (const slice of plan.remove) yield this.#remove(slice);
    if (news !== null) this.#context.events.record(service, ...news);
  }

  /** upstream: reconcileByAddressType */
  #hinted(key: string, service: Service, existing: readonly EndpointSlice[], plan: SlicePlan): { plan: SlicePlan; news: News | null } {
    const { state } = this.#context;
    const before = state.hinted?.[key];
    const { [key]: _before, ...others } = state.hinted ?? {};
    if (!wantsTopologyHints(service)) {
      if (before !== undefined) state.hinted = others;
      return { plan, news: before === undefined ? null : disabled('Topology Aware Hints has been disabled') };
    }
    const unchanged = existing.filter((slice) => !plan.update.has(slice) && !plan.remove.includes(slice));
    const { plan: next, zones, fault } = withTopologyHints(plan, unchanged, zoneShares(this.#nodes.values()));
    if (zones !== null) state.hinted = { ...others, [key]: zones };
    else if (before !== undefined) state.hinted = others;
    if (fault !== null) return { plan: next, news: disabled(fault) };
    return {
      plan: next,
      news: before === undefined ? ['Normal', 'TopologyAwareHintsEnabled', ofFamily('Topology Aware Hints has been enabled')] : null,
    };
  }

  /** A Service whose zones have too few endpoints now is looked at. upstream: checkNodeTopologyDistribution */
  #checkZones(): void {
    const { hinted = {} } = this.#context.state;
    const keys = Object.keys(hinted);
    if (keys.length === 0) return;
    const shares = zoneShares(this.#nodes.values());
    for (const key of keys) if (isOverloaded(hinted[key] ?? {}, shares)) this.#context.queue.add(key);
  }

  *#groups(key: string, service: Service): Generator<void, readonly PortGroup[]> {
    const { afresh, changed } = yield* this.#followed.take(service);
    let wanted = this.#wanted.get(key);
    if (wanted === undefined || afresh) {
      wanted = new WantedEndpoints();
      this.#wanted.set(key, wanted);
    }
    for (const [podKey, pod] of changed) yield wanted.set(podKey, pod === undefined ? undefined : this.#endpoint(service, pod));
    return wanted.groups(() => podKeys(this.#followed.pods, service));
  }

  #endpoint(service: Service, pod: Pod): WantedEndpoint | undefined {
    if (!shouldBeInEndpoints(pod, true)) return undefined;
    const node = this.#nodes.get(pod.spec.nodeName ?? '');
    if (node === undefined && service.spec.publishNotReadyAddresses !== true) return undefined;
    return { endpoint: withCloseHint(podToEndpoint(pod, node, service), service), ports: endpointPorts(service, pod) };
  }

  /** As the cache lists their pods. */
  *#inOrder(group: PortGroup, identities: readonly string[]): Generator<void, readonly string[]> {
    const byPod = new Map<string, string>();
    for (const identity of identities) {
      const { namespace, name } = group.wanted.get(identity)?.endpoint.targetRef ?? {};
      yield void byPod.set(`${namespace}/${name}`, identity);
    }
    const ordered: string[] = [];
    for (const key of yield* this.#followed.pods.inOrder([...byPod.keys()])) yield void ordered.push(byPod.get(key) as string);
    return ordered;
  }

  #create(key: string, service: Service, labels: Labels, { ports, endpoints }: SliceContent): void {
    const { namespace, name } = service.metadata;
    const slice = this.#context.client.create(endpointSliceKind, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { generateName: `${name}-`, namespace, labels, ownerReferences: [newControllerReference(service)] },
      addressType: 'IPv4',
      endpoints,
      ports,
    });
    this.#expect(key, slice);
  }

  #update(key: string, service: Service, labels: Labels, slice: EndpointSlice, { ports, endpoints }: SliceContent): void {
    const metadata = { ...slice.metadata, labels, ownerReferences: [newControllerReference(service)] };
    this.#expect(key, this.#context.client.update(endpointSliceKind, { ...slice, metadata, ports, endpoints }));
  }

  #remove(slice: EndpointSlice): void {
    try {
      this.#context.client.delete(endpointSliceKind, keyOf(slice));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #expect(key: string, { metadata }: EndpointSlice): void {
    const unheard = this.#context.state.unheard[key] ?? {};
    unheard[metadata.uid] = Number(metadata.resourceVersion);
    this.#context.state.unheard[key] = unheard;
  }

  #sliceChanged(next: EndpointSlice | undefined, previous: EndpointSlice | undefined): void {
    const slice = next ?? previous;
    const name = slice?.metadata.labels?.[SERVICE_NAME];
    if (slice === undefined || name === undefined || slice.metadata.labels?.[MANAGED_BY] !== MANAGER) return;
    const key = `${slice.metadata.namespace}/${name}`;
    const unheard = this.#context.state.unheard[key];
    const expected = unheard?.[slice.metadata.uid];
    if (unheard === undefined || expected === undefined) {
      // Somebody else changed it.
      this.#context.queue.add(key);
      return;
    }
    if (next !== undefined && Number(next.metadata.resourceVersion) < expected) return;
    delete unheard[slice.metadata.uid];
    for (const _ in unheard) return;
    delete this.#context.state.unheard[key];
    this.#context.queue.add(key);
  }
}

function* podKeys(pods: Cache<Pod>, { metadata }: Service): Iterable<string> {
  for (const pod of pods.inNamespace(metadata.namespace)) yield keyOf(pod);
}

type Labels = Readonly<Record<string, string>>;
type News = readonly [type: 'Normal' | 'Warning', reason: string, message: string];

function disabled(message: string): News {
  return ['Warning', 'TopologyAwareHintsDisabled', ofFamily(message)];
}

function ofFamily(message: string): string {
  return `${message}, addressType: IPv4`;
}

function zoneOf({ metadata }: Node): string {
  return metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
}

/** upstream: setEndpointSliceLabels */
function labelsOf({ metadata, spec }: Service): Labels {
  const { [HEADLESS]: _reserved, ...labels } = metadata.labels ?? {};
  return {
    ...labels,
    ...(spec.clusterIP === 'None' && { [HEADLESS]: '' }),
    [SERVICE_NAME]: metadata.name,
    [MANAGED_BY]: MANAGER,
  };
}
