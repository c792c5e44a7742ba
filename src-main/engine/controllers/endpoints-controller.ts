// Keeps the Endpoints of Services, the older form of EndpointSlices that many tools still read.
// upstream: pkg/controller/endpoint/endpoints_controller.go
import { equal } from '../base/equal.ts';
import type { Steps } from '../base/in-one-go.ts';
import { type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { endpointsKind } from '../kinds/core/endpoints.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';
import { endpointPorts, shouldBeInEndpoints, shouldSetHostname } from './endpoint-slice/endpoints.ts';
import { type Subset, SubsetAddresses } from './endpoint-slice/subset-addresses.ts';
import { isPodReady } from './pod-state.ts';
import { ServicesOfPods } from './services-of-pods.ts';

const HEADLESS = 'service.kubernetes.io/headless';
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
type Address = NonNullable<Subset['addresses']>[number];
type Port = NonNullable<Subset['ports']>[number];

export const endpointsController = defineController<Record<never, never>>({
  name: 'endpoint-controller',
  workers: 5,
  initialState: () => ({}),
  start,
});

function start(context: ControllerContext<Record<never, never>>): RunningController {
  const { client, queue, restored } = context;
  const existing = context.cache(endpointsKind);
  // upstream: onEndpointsDelete
  existing.onChange((next, previous) => next === undefined && previous !== undefined && queue.add(keyOf(previous)));
  // Those of Services that went while nobody was there. upstream: checkLeftoverEndpoints
  if (!restored) for (const endpoints of existing.values()) queue.add(keyOf(endpoints));
  const followed = new ServicesOfPods(context as ControllerContext<never>);
  /** By service key; made anew from the caches in a world that is opened again. */
  const known = new Map<string, SubsetAddresses>();
  return {
    *reconcile(key) {
      const service = followed.services.get(key);
      if (service === undefined) remove(key);
      else if (service.spec.type !== 'ExternalName' && Object.keys(service.spec.selector ?? {}).length > 0) yield* write(key, service);
    },
  };

  function* addressesOf(key: string, service: Service): Generator<void, SubsetAddresses> {
    const { afresh, changed } = yield* followed.take(service);
    let addresses = known.get(key);
    if (addresses === undefined || afresh) {
      addresses = new SubsetAddresses();
      known.set(key, addresses);
    }
    for (const [podKey, pod] of changed) yield addresses.set(podKey, pod === undefined ? undefined : endpointOf(service, pod));
    return addresses;
  }

  function remove(key: string): void {
    known.delete(key);
    if (existing.get(key) === undefined) return;
    try {
      client.delete(endpointsKind, key);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** upstream: syncService */
  function* write(key: string, service: Service): Steps {
    const addresses = yield* addressesOf(key, service);
    const { subsets, truncated } = addresses.subsets();
    const labels = {
      ...service.metadata.labels,
      ...(service.spec.clusterIP === 'None' && { [HEADLESS]: '' }),
      [MANAGED_BY]: 'endpoint-controller',
    };
    const annotations = truncated ? { [OVER_CAPACITY]: 'truncated' } : undefined;
    const current = existing.get(key);
    yield;
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
    yield;
    client.update(endpointsKind, { ...current, metadata: { ...current.metadata, labels, annotations: nextAnnotations }, subsets });
  }
}

function endpointOf(service: Service, pod: Pod): { address: Address; ready: boolean; ports: readonly Port[] } | undefined {
  const publishAll = service.spec.publishNotReadyAddresses === true;
  if (!shouldBeInEndpoints(pod, publishAll)) return undefined;
  const ports = endpointPorts(service, pod) as readonly Port[];
  // Only a headless Service may do without ports; a named one that the pod does not have gives no address.
  if (ports.length === 0 && (service.spec.clusterIP !== 'None' || (service.spec.ports ?? []).length > 0)) return undefined;
  return { address: addressOf(service, pod), ready: publishAll || isPodReady(pod), ports };
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
