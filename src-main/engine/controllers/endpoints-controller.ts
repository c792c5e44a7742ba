// Keeps the Endpoints of Services, the older form of EndpointSlices that many tools still read.
// upstream: pkg/controller/endpoint/endpoints_controller.go
import { equal } from '../base/equal.ts';
import { type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { type Endpoints, endpointsKind } from '../kinds/core/endpoints.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import { isNotFound } from '../meta/status-error.ts';
import { endpointPorts, shouldBeInEndpoints, shouldSetHostname } from './endpoint-slice/endpoints.ts';
import { isPodReady } from './pod-state.ts';
import { queueServices, selectedPods } from './services-of-pods.ts';

const HEADLESS = 'service.kubernetes.io/headless';
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
/** upstream: maxCapacity */
const ADDRESSES_MAX = 1000;

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];
type Port = NonNullable<Subset['ports']>[number];

export const endpointsController = defineController<Record<never, never>>({
  name: 'endpoint-controller',
  workers: 5,
  initialState: () => ({}),
  start,
});

function start(context: ControllerContext<Record<never, never>>): RunningController {
  const { client } = context;
  const existing = context.cache(endpointsKind);
  const { services, pods } = queueServices(context as ControllerContext<never>);
  return {
    reconcile: (key) => {
      const service = services.get(key);
      if (service === undefined) remove(key);
      else if (service.spec.type !== 'ExternalName' && Object.keys(service.spec.selector ?? {}).length > 0) write(key, service);
    },
  };

  function remove(key: string): void {
    if (existing.get(key) === undefined) return;
    try {
      client.delete(endpointsKind, key);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** upstream: syncService */
  function write(key: string, service: Service): void {
    const { subsets, truncated } = subsetsOf(service, selectedPods(service, pods));
    const labels = {
      ...service.metadata.labels,
      ...(service.spec.clusterIP === 'None' && { [HEADLESS]: '' }),
      [MANAGED_BY]: 'endpoint-controller',
    };
    const annotations = truncated ? { [OVER_CAPACITY]: 'truncated' } : undefined;
    const current = existing.get(key);
    if (current === undefined) {
      if (service.metadata.deletionTimestamp !== undefined) return;
      const { namespace, name } = service.metadata;
      const metadata = { name, namespace, labels, ...(annotations && { annotations }) };
      client.create(endpointsKind, { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets });
      return;
    }
    const { [OVER_CAPACITY]: _, ...others } = current.metadata.annotations ?? {};
    const nextAnnotations = { ...others, ...annotations };
    const same =
      equal(current.subsets ?? [], subsets) &&
      equal(current.metadata.labels ?? {}, labels) &&
      equal(current.metadata.annotations ?? {}, nextAnnotations);
    if (same) return;
    client.update(endpointsKind, { ...current, metadata: { ...current.metadata, labels, annotations: nextAnnotations }, subsets });
  }
}

/** upstream: addEndpointSubset, RepackSubsets, truncateEndpoints: ready addresses are kept before others. */
function subsetsOf(service: Service, pods: Iterable<Pod>): { readonly subsets: readonly Subset[]; readonly truncated: boolean } {
  const publishAll = service.spec.publishNotReadyAddresses === true;
  const groups = new Map<string, { ports: readonly Port[]; ready: Address[]; notReady: Address[] }>();
  for (const pod of pods) {
    if (!shouldBeInEndpoints(pod, publishAll)) continue;
    const ports = endpointPorts(service, pod) as readonly Port[];
    if (ports.length === 0 && service.spec.clusterIP !== 'None') continue;
    const key = ports.map(({ name, port, protocol }) => `${name} ${port} ${protocol}`).join();
    const group = groups.get(key) ?? { ports: ports.toSorted(byName), ready: [], notReady: [] };
    groups.set(key, group);
    (publishAll || isPodReady(pod) ? group.ready : group.notReady).push(addressOf(service, pod));
  }
  let room = ADDRESSES_MAX;
  let truncated = false;
  const take = (addresses: Address[]): readonly Address[] => {
    const taken = addresses.sort((a, b) => (a.ip < b.ip ? -1 : 1)).slice(0, room);
    truncated ||= taken.length < addresses.length;
    room -= taken.length;
    return taken;
  };
  const kept = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => ({ ...group, ready: take(group.ready) }));
  const subsets = kept.map(({ ports, ready, notReady }): Subset => {
    const others = take(notReady);
    return {
      ...(ready.length > 0 && { addresses: ready }),
      ...(others.length > 0 && { notReadyAddresses: others }),
      ...(ports.length > 0 && { ports }),
    };
  });
  return { subsets, truncated };
}

/** upstream: podToEndpointAddressForService */
function addressOf(service: Service, pod: Pod): Address {
  const { namespace, name, uid } = pod.metadata;
  const { nodeName, hostname } = pod.spec;
  return {
    ip: pod.status.podIP ?? '',
    ...(nodeName !== undefined && { nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(shouldSetHostname(pod, service) && hostname !== undefined && { hostname }),
  };
}

function byName(a: Port, b: Port): number {
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}
