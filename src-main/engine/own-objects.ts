// What the API server keeps there of its own: the system's namespaces, its Service, and where it is reached, which no pod's controller would say.
// It looks every 10 seconds (namespaces: every minute); here a look is due only after something of it has changed.
// upstream: pkg/controlplane/controller/{kubernetesservice,systemnamespaces}, pkg/controlplane/reconcilers/{lease,endpointsadapter}.go
import { createOwnApiServices, followDefinitions } from './api/api-services.ts';
import { createFlowControl, isOfFlowControl } from './api/flow-control.ts';
import { addressesOf, createAddress } from './api/ip-addresses.ts';
import type { ApiServer } from './api/server.ts';
import type { Delta, Store } from './api/store.ts';
import { defined } from './base/assert.ts';
import { formatTimestamp } from './base/timestamp.ts';
import { customResourceDefinitionKind } from './kinds/apiextensions/custom-resource-definition.ts';
import { AUTO_MANAGED, apiServiceKind } from './kinds/apiregistration/api-service.ts';
import { type Endpoints, endpointsKind } from './kinds/core/endpoints.ts';
import { namespaceKind } from './kinds/core/namespace.ts';
import { serviceKind } from './kinds/core/service.ts';
import { type EndpointSlice, endpointSliceKind } from './kinds/discovery/endpoint-slice.ts';
import { flowSchemaKind, priorityLevelConfigurationKind } from './kinds/flowcontrol/flow-schema.ts';
import { type Kind, kindKey } from './kinds/kind.ts';
import { type IPAddress, ipAddressKind } from './kinds/networking/ip-address.ts';
import { DEFAULT_SERVICE_CIDR, SERVICE_CIDR, type ServiceCIDR, serviceCidrKind } from './kinds/networking/service-cidr.ts';
import { setStatusCondition } from './meta/conditions.ts';
import { StatusError } from './meta/status-error.ts';
import type { Timeline } from './time/timeline.ts';

const USER = 'system:apiserver';
const OWNER = 'kube-apiserver';
const KEY = 'default/kubernetes';
/** upstream: kube-apiserver --secure-port */
const SECURE_PORT = 6443;
/** upstream: pkg/controlplane/instance.go DefaultEndpointReconcilerInterval */
const SERVICE_LOOK_MS = 10_000;
/** upstream: pkg/controlplane/controller/systemnamespaces NewController */
const NAMESPACES_LOOK_MS = 60_000;
/** upstream: pkg/registry/core/rest/storage_core.go, repair of addresses every 3 minutes */
const ADDRESSES_LOOK_MS = 180_000;
/** upstream: apiserver pkg/registry/flowcontrol/rest/storage_flowcontrol.go */
const FLOW_CONTROL_LOOK_MS = 60_000;
/** Until a change of a definition is heard of; not a look but news. */
const DEFINITIONS_HEARD_MS = 10;
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];
const METADATA = { name: 'kubernetes', namespace: 'default' };
const PORT = { name: 'https', port: SECURE_PORT, protocol: 'TCP' } as const;
const SKIP_MIRROR = 'endpointslice.kubernetes.io/skip-mirror';

type Conditions = NonNullable<NonNullable<ServiceCIDR['status']>['conditions']>;

interface Places {
  readonly server: ApiServer;
  readonly store: Store;
  readonly timeline: Timeline;
  /** Addresses of the machines on which the API server runs. */
  readonly addresses: readonly string[];
}

/** What is looked at, how often, and what a look does. */
interface Look {
  readonly everyMs: number;
  readonly do: (places: Places) => void;
}

const LOOKS: Readonly<Record<string, Look>> = {
  namespaces: { everyMs: NAMESPACES_LOOK_MS, do: ({ server }) => createSystemNamespaces(server) },
  service: {
    everyMs: SERVICE_LOOK_MS,
    do: ({ server, addresses }) => {
      createOwnServiceCidr(server);
      createOwnService(server);
      keepOwnEndpoints(server, addresses);
    },
  },
  addresses: { everyMs: ADDRESSES_LOOK_MS, do: ({ server }) => repairAddresses(server) },
  'flow-control': {
    everyMs: FLOW_CONTROL_LOOK_MS,
    do: ({ server }) => server.drawingFrom('flow-control', () => createFlowControl(server)),
  },
  definitions: { everyMs: DEFINITIONS_HEARD_MS, do: ({ server }) => server.drawingFrom('api-services', () => followDefinitions(server)) },
  'api-services': { everyMs: SERVICE_LOOK_MS, do: ({ server }) => server.drawingFrom('api-services', () => createOwnApiServices(server)) },
};

/** Sees to them from now on. */
export function keepOwnObjects(places: Places): void {
  const { store, timeline } = places;
  timeline.handle(OWNER, (name) => look(places, name));
  const follow = (kind: Pick<Kind, 'group' | 'kind'>, name: string, isMeant: (delta: Delta) => boolean): void =>
    void store.onChange(kindKey(kind), (delta) => {
      if (isMeant(delta)) lookLater(timeline, name);
    });
  const isGone = ({ type }: Delta): boolean => type === 'DELETED';
  for (const kind of [serviceKind, endpointsKind, endpointSliceKind]) follow(kind, 'service', ({ key }) => key === KEY);
  follow(namespaceKind, 'namespaces', (delta) => isGone(delta) && SYSTEM_NAMESPACES.includes(delta.key));
  follow(serviceCidrKind, 'service', (delta) => isGone(delta) && delta.key === DEFAULT_SERVICE_CIDR);
  const isUsed = ({ object }: Delta): boolean => store.get(kindKey(serviceKind), parentKey(object as IPAddress)) !== undefined;
  follow(ipAddressKind, 'addresses', (delta) => isGone(delta) && isUsed(delta));
  for (const kind of [flowSchemaKind, priorityLevelConfigurationKind])
    follow(kind, 'flow-control', (delta) => isGone(delta) && isOfFlowControl(delta.key));
  follow(customResourceDefinitionKind, 'definitions', () => true);
  follow(apiServiceKind, 'definitions', (delta) => isGone(delta) && delta.object.metadata.labels?.[AUTO_MANAGED] === 'true');
  // A world that was saved before there were such objects.
  if (store.get(kindKey(serviceCidrKind), DEFAULT_SERVICE_CIDR) === undefined)
    for (const name of ['service', 'addresses']) lookLater(timeline, name);
  if (store.count(kindKey(flowSchemaKind)) === 0) lookLater(timeline, 'flow-control');
  if (store.count(kindKey(apiServiceKind)) === 0) lookLater(timeline, 'api-services');
}

function parentKey({ spec: { parentRef } }: IPAddress): string {
  return `${parentRef.namespace ?? ''}/${parentRef.name}`;
}

function lookLater(timeline: Timeline, name: string): void {
  if (timeline.entriesOf(OWNER).some((entry) => entry.name === name)) return;
  const { everyMs } = defined(LOOKS[name], name);
  timeline.schedule(OWNER, name, '', everyMs - (timeline.nowMs % everyMs));
}

function look(places: Places, name: string): void {
  try {
    defined(LOOKS[name], name).do(places);
  } catch (error) {
    // Somebody else has its address, or a policy is against it: upstream tries again at its next look.
    if (!(error instanceof StatusError)) throw error;
    lookLater(places.timeline, name);
  }
}

export function createSystemNamespaces(server: ApiServer): void {
  for (const name of SYSTEM_NAMESPACES)
    if (server.find(namespaceKind, name) === undefined) server.create(namespaceKind, { metadata: { name }, spec: {} }, USER);
}

/** Its status is somebody's who comes later. upstream: pkg/controlplane/controller/defaultservicecidr sync, syncStatus */
export function createOwnServiceCidr(server: ApiServer): void {
  if (server.find(serviceCidrKind, DEFAULT_SERVICE_CIDR) !== undefined) return;
  server.create(serviceCidrKind, { metadata: { name: DEFAULT_SERVICE_CIDR }, spec: { cidrs: [SERVICE_CIDR] } }, USER);
  const condition = { type: 'Ready', status: 'True', reason: '', message: 'Kubernetes default Service CIDR is ready' };
  const conditions = setStatusCondition([], condition, formatTimestamp(server.unixMs)) as Conditions;
  const withReady = (current: ServiceCIDR): ServiceCIDR => ({ ...current, status: { conditions } });
  server.patch(serviceCidrKind, DEFAULT_SERVICE_CIDR, withReady, 'system:kubernetes-service-cidr-controller', 'status');
}

/** Somebody has taken an object away whose address is in use. upstream: pkg/registry/core/service/ipallocator/controller/repairip.go syncService */
function repairAddresses(server: ApiServer): void {
  for (const service of server.list(serviceKind))
    for (const address of addressesOf(service))
      if (server.find(ipAddressKind, address) === undefined) createAddress(server, address, service);
}

/** upstream: CreateOrUpdateMasterServiceIfNeeded */
export function createOwnService(server: ApiServer): void {
  if (server.find(serviceKind, KEY) !== undefined) return;
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const spec = { clusterIP: '10.96.0.1', ports: [{ ...PORT, port: 443, targetPort: SECURE_PORT }], type: 'ClusterIP' };
  server.create(serviceKind, { metadata: { ...METADATA, labels }, spec }, USER);
}

/** upstream: leaseEndpointReconciler.doReconcile, EnsureEndpointSliceFromEndpoints */
export function keepOwnEndpoints(server: ApiServer, addresses: readonly string[]): void {
  if (addresses.length === 0) return;
  const found = server.find(endpointsKind, KEY);
  const wanted = wantedEndpoints(found, addresses);
  if (found === undefined) server.create(endpointsKind, wanted, USER);
  else if (wanted !== found) server.update(endpointsKind, wanted as Endpoints, USER);
  const [subset] = wanted.subsets ?? [];
  keepOwnSlice(server, {
    addressType: 'IPv4',
    endpoints: (subset?.addresses ?? []).map(({ ip }) => ({ addresses: [ip], conditions: { ready: true } })),
    ports: subset?.ports ?? [],
  });
}

type Wanted = Pick<Endpoints, 'subsets'> & { readonly metadata: object };

/** Ports are left as they are where there is one subset. upstream: checkEndpointSubsetFormatWithLease */
function wantedEndpoints(found: Endpoints | undefined, addresses: readonly string[]): Wanted {
  const [subset, another] = found?.subsets ?? [];
  const labels = { ...found?.metadata.labels, [SKIP_MIRROR]: 'true' };
  const metadata = { ...(found?.metadata ?? METADATA), labels };
  const whole = [{ addresses: addresses.map((ip) => ({ ip })), ports: [PORT] }];
  if (found === undefined || subset === undefined || another !== undefined) return { ...found, metadata, subsets: whole };
  const known = (subset.addresses ?? []).map(({ ip }) => ip);
  const isRight = known.length === addresses.length && addresses.every((address) => known.includes(address));
  if (isRight && found.metadata.labels?.[SKIP_MIRROR] === 'true') return found;
  return { ...found, metadata, subsets: isRight ? found.subsets : [{ ...subset, addresses: addresses.map((ip) => ({ ip })) }] } as Wanted;
}

function keepOwnSlice(server: ApiServer, wanted: Pick<EndpointSlice, 'addressType' | 'endpoints' | 'ports'>): void {
  const found = server.find(endpointSliceKind, KEY);
  const labels = { 'kubernetes.io/service-name': 'kubernetes' };
  const slice = { metadata: { ...METADATA, labels }, ...wanted };
  if (found === undefined) server.create(endpointSliceKind, slice, USER);
  else server.update(endpointSliceKind, { ...found, metadata: { ...found.metadata, labels }, ...wanted }, USER);
}
