// How Services at rest are reached: node ports are each somebody's alone, and endpoints have the hints that their Service wants.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Service } from '../../src-main/engine/kinds/core/service.ts';
import type { EndpointSlice } from '../../src-main/engine/kinds/discovery/endpoint-slice.ts';
import { tableOf } from './convergence.ts';

const NAME = 'kubernetes.io/service-name';
const MODE = 'service.kubernetes.io/topology-mode';

export function reachFaults(cluster: Cluster): readonly string[] {
  const services = tableOf<Service>(cluster, 'Service');
  const slices = tableOf<EndpointSlice>(cluster, 'EndpointSlice.discovery.k8s.io');
  return [...portFaults(services), ...services.flatMap((service) => [...typeFaults(service), ...hintFaults(service, slices)])];
}

function portFaults(services: readonly Service[]): readonly string[] {
  const owners = new Map<number, string>();
  return services.flatMap(({ metadata, spec }) => {
    const ports = new Set([...(spec.ports ?? []).map(({ nodePort = 0 }) => nodePort), spec.healthCheckNodePort ?? 0]);
    ports.delete(0);
    return [...ports].flatMap((port) => {
      const owner = owners.get(port);
      owners.set(port, metadata.name);
      return owner === undefined ? [] : [`node port ${port} belongs to ${owner} and ${metadata.name}`];
    });
  });
}

function typeFaults({ metadata: { name }, spec }: Service): readonly string[] {
  const { type, ports = [], allocateLoadBalancerNodePorts: wanted = true, healthCheckNodePort, externalTrafficPolicy } = spec;
  const all = type === 'NodePort' || (type === 'LoadBalancer' && wanted);
  const checked = type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
  const given = ports.filter(({ nodePort = 0 }) => nodePort > 0).length;
  return [
    ...(all && given < ports.length ? [`service ${name} has node ports for ${given} of ${ports.length} ports`] : []),
    ...(type === 'ClusterIP' && given > 0 ? [`service ${name} keeps node ports that it has no use for`] : []),
    ...(checked === (healthCheckNodePort ?? 0) > 0 ? [] : [`service ${name} has ${healthCheckNodePort} for health checks`]),
  ];
}

function hintFaults({ metadata, spec }: Service, slices: readonly EndpointSlice[]): readonly string[] {
  const own = slices.filter((slice) => slice.metadata.namespace === metadata.namespace && slice.metadata.labels?.[NAME] === metadata.name);
  const ready = own.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready === true);
  const hinted = ready.filter(({ hints }) => hints !== undefined);
  if (metadata.annotations?.[MODE] === 'Auto')
    return hinted.length === 0 || hinted.length === ready.length ? [] : [`service ${metadata.name} has hints for some endpoints`];
  const wanted = ready.filter(({ zone, hints }) => {
    const expected = spec.trafficDistribution === 'PreferClose' ? zone : undefined;
    return hints?.forZones?.map(({ name }) => name).join() === expected;
  });
  return wanted.length === ready.length ? [] : [`service ${metadata.name} has ${ready.length - wanted.length} endpoints with wrong hints`];
}
