// Services at rest: their EndpointSlices and Endpoints name exactly the pods that are ready, at their addresses.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Endpoints } from '../../src-main/engine/kinds/core/endpoints.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { Service } from '../../src-main/engine/kinds/core/service.ts';
import type { EndpointSlice } from '../../src-main/engine/kinds/discovery/endpoint-slice.ts';
import type { IPAddress } from '../../src-main/engine/kinds/networking/ip-address.ts';
import { isOver, isReady, tableOf } from './convergence.ts';

export function serviceFaults(cluster: Cluster): readonly string[] {
  const services = tableOf<Service>(cluster, 'Service');
  return [
    ...services.flatMap((service) => faultsOf(cluster, service)),
    ...strays(cluster, new Set(services.map(nameOf))),
    ...addressFaults(cluster, services),
  ];
}

const nameOf = ({ metadata }: { readonly metadata: { readonly namespace: string; readonly name: string } }): string =>
  `${metadata.namespace}/${metadata.name}`;
const serviceOf = ({ metadata }: EndpointSlice): string => `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}`;
const same = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join() === b.toSorted().join();

function faultsOf(cluster: Cluster, service: Service): readonly string[] {
  const { selector = {}, publishNotReadyAddresses: eager = false } = service.spec;
  if (Object.keys(selector).length === 0) return [];
  const selected = tableOf<Pod>(cluster, 'Pod').filter(
    (pod) =>
      pod.metadata.namespace === service.metadata.namespace &&
      Object.entries(selector).every(([label, value]) => pod.metadata.labels?.[label] === value) &&
      (pod.status.podIP ?? '') !== '',
  );
  const uids = (pods: readonly Pod[]): readonly string[] => pods.map(({ metadata }) => metadata.uid);
  const lives = selected.filter((pod) => !isOver(pod));
  // The end of a pod that was not ready is no news. upstream: endpointslice/util podEndpointsChanged
  const stale = new Set(uids(selected.filter(isOver)));
  const wanted = uids(lives.filter((pod) => eager || isReady(pod)));
  const slices = tableOf<EndpointSlice>(cluster, 'EndpointSlice.discovery.k8s.io').filter((slice) => serviceOf(slice) === nameOf(service));
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []).filter(({ targetRef }) => !stale.has(targetRef?.uid ?? ''));
  const open = endpoints.filter(({ conditions }) => conditions?.ready === true).map(({ targetRef }) => targetRef?.uid ?? '');
  const old = cluster.store.get('Endpoints', nameOf(service)) as Endpoints | undefined;
  const addresses = (old?.subsets ?? []).flatMap((subset) => subset.addresses ?? []);
  const oldOpen = addresses.map(({ targetRef }) => targetRef?.uid ?? '').filter((uid) => !stale.has(uid));
  const addressFaults = endpoints
    .filter(
      ({ targetRef, addresses: [ip] }) => !lives.some(({ metadata, status }) => metadata.uid === targetRef?.uid && status.podIP === ip),
    )
    .map(({ targetRef, addresses: [ip] }) => `service ${nameOf(service)} has ${ip} for ${targetRef?.name}`);
  const twice = endpoints.filter(({ targetRef }, index) => endpoints.findIndex((one) => one.targetRef?.uid === targetRef?.uid) !== index);
  return [
    ...addressFaults,
    ...twice.map(({ targetRef }) => `service ${nameOf(service)} has ${targetRef?.name} in two slices`),
    ...(same(wanted, open) ? [] : [`service ${nameOf(service)} has slices with ${open} ready for ${wanted}`]),
    ...(endpoints.length === lives.length ? [] : [`service ${nameOf(service)} has ${endpoints.length} endpoints for ${lives.length} pods`]),
    ...(same(wanted, oldOpen) ? [] : [`service ${nameOf(service)} has endpoints ${oldOpen} for ${wanted}`]),
  ];
}

/** Each address that a service has is an object that names it, and none is left of a service that is gone. */
function addressFaults(cluster: Cluster, services: readonly Service[]): readonly string[] {
  const held = new Map(
    services.flatMap((service) =>
      (service.spec.clusterIPs ?? []).filter((ip) => ip !== 'None').map((ip) => [ip, nameOf(service)] as const),
    ),
  );
  const told = new Map(
    tableOf<IPAddress>(cluster, 'IPAddress.networking.k8s.io')
      .filter(({ spec: { parentRef } }) => parentRef.resource === 'services')
      .map(({ metadata, spec: { parentRef } }) => [metadata.name, `${parentRef.namespace}/${parentRef.name}`] as const),
  );
  return [
    ...[...held].filter(([ip, name]) => told.get(ip) !== name).map(([ip, name]) => `address ${ip} of ${name} is told of ${told.get(ip)}`),
    ...[...told].filter(([ip]) => !held.has(ip)).map(([ip, name]) => `address ${ip} of ${name} is nobody's`),
  ];
}

/** A slice may be orphaned; Endpoints have no owner and go with their service's name. */
function strays(cluster: Cluster, services: ReadonlySet<string>): readonly string[] {
  return tableOf<Endpoints>(cluster, 'Endpoints')
    .filter((endpoints) => !services.has(nameOf(endpoints)))
    .map(({ metadata }) => `endpoints ${metadata.name} outlive their service`);
}
