// Where a connection from a pod ends: names become addresses, addresses of Services become endpoints, and policies of both ends have their say.
// upstream: pkg/proxy/iptables/proxier.go syncProxyRules, coredns plugin/kubernetes
import type { ContainerNetwork, Reached } from '../client/container-network.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import type { EndpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { connectionVerdict, type PolicyWorld } from './policy-verdict.ts';

export interface ConnectionWorld {
  readonly service: (key: string) => Service | undefined;
  readonly services: () => Iterable<Service>;
  readonly servicesIn: (namespace: string) => Iterable<Service>;
  readonly slicesOf: (serviceKey: string) => Iterable<EndpointSlice>;
  readonly pod: (key: string) => Pod | undefined;
  readonly pods: () => Iterable<Pod>;
  /** Can the machines of two nodes reach each other? */
  readonly joined: (node: string, other: string) => boolean;
  /** Can the machine of a node reach the control plane? */
  readonly online: (node: string) => boolean;
  readonly policies: PolicyWorld;
}

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

interface Target {
  readonly endpoint: Endpoint;
  readonly port: number;
  readonly namespace: string;
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const LOOPBACK = '127.0.0.1';

export class Connections implements ContainerNetwork {
  readonly #world: ConnectionWorld;

  constructor(world: ConnectionWorld) {
    this.#world = world;
  }

  resolve(host: string, namespace: string): readonly string[] {
    if (host === 'localhost') return [LOOPBACK];
    if (ADDRESS.test(host)) return [host];
    const labels = host.replace(/\.$/, '').split('.');
    const service = this.#named(labels, namespace);
    if (service !== undefined) return this.#addressesOf(service, undefined);
    const [hostname, ...rest] = labels;
    const headless = rest.length === 0 ? undefined : this.#named(rest, namespace);
    return headless === undefined ? [] : this.#addressesOf(headless, hostname);
  }

  connect(from: Pod, host: string, port: number, turn: number): Reached {
    const addresses = this.resolve(host, from.metadata.namespace);
    const address = addresses[turn % addresses.length];
    if (address === undefined) return { kind: 'unknown' };
    if (this.#isApiServer(address, port)) return this.#toApiServer(from, address, address, port);
    const own = { kind: 'open', address, uid: from.metadata.uid, port } as const;
    if (address === LOOPBACK || address === from.status.podIP) return own;
    const service = this.#behind(address);
    if (service !== undefined) return this.#toService(from, service, address, port, turn);
    for (const pod of this.#world.pods())
      if (pod.status.podIP === address && pod.spec.hostNetwork !== true && isAlive(pod)) return this.#toPod(from, pod, address, port);
    return { kind: 'silent', address };
  }

  servicesFor(namespace: string): readonly Service[] {
    const own = [...this.#world.servicesIn(namespace)];
    const api = this.#world.service('default/kubernetes');
    return api === undefined || own.includes(api) ? own : [...own, api];
  }

  /** `web`, `web.shop`, `web.shop.svc`, `web.shop.svc.cluster.local`. */
  #named(labels: readonly string[], namespace: string): Service | undefined {
    const [name = '', space = namespace, kind = 'svc', ...domain] = labels;
    if (kind !== 'svc' || (domain.length > 0 && domain.join('.') !== 'cluster.local')) return undefined;
    return this.#world.service(`${space}/${name}`);
  }

  #addressesOf(service: Service, hostname: string | undefined): readonly string[] {
    const { clusterIP = '', type } = service.spec;
    if (type === 'ExternalName') return [];
    if (clusterIP !== '' && clusterIP !== 'None') return hostname === undefined ? [clusterIP] : [];
    const found = [...this.#world.slicesOf(`${service.metadata.namespace}/${service.metadata.name}`)]
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions, hostname: own }) => conditions?.ready !== false && (hostname === undefined || own === hostname));
    return found.flatMap(({ addresses }) => addresses);
  }

  #behind(address: string): Service | undefined {
    for (const service of this.#world.services()) {
      const { clusterIPs = [], externalIPs = [] } = service.spec;
      const balanced = (service.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
      if ([...clusterIPs, ...externalIPs, ...balanced].includes(address)) return service;
    }
    return undefined;
  }

  #toService(from: Pod, service: Service, address: string, port: number, turn: number): Reached {
    const wanted = service.spec.ports?.find((one) => one.port === port && (one.protocol ?? 'TCP') === 'TCP');
    // No rule is for this port: the packet finds no way.
    if (wanted === undefined) return { kind: 'silent', address };
    const { namespace, name } = service.metadata;
    const all = this.#targets(`${namespace}/${name}`, wanted.name ?? '');
    if (all.length === 0) return { kind: 'refused', address };
    const isLocal = service.spec.internalTrafficPolicy === 'Local';
    const usable = isLocal ? all.filter(({ endpoint }) => endpoint.nodeName === from.spec.nodeName) : all;
    const chosen = usable[(service.spec.sessionAffinity === 'ClientIP' ? 0 : turn) % usable.length];
    if (chosen === undefined) return { kind: 'silent', address };
    const { targetRef, addresses } = chosen.endpoint;
    // Of processes outside of pods, none in the lab answers a pod but the API server.
    if (targetRef === undefined) {
      const ip = addresses[0] ?? '';
      return this.#isApiServer(ip, chosen.port) ? this.#toApiServer(from, address, ip, chosen.port) : { kind: 'refused', address };
    }
    const pod = targetRef?.kind === 'Pod' ? this.#world.pod(`${chosen.namespace}/${targetRef.name}`) : undefined;
    return pod === undefined ? { kind: 'silent', address } : this.#toPod(from, pod, address, chosen.port);
  }

  /** Those that are ready; if none is, those that still serve while they end. */
  #targets(service: string, portName: string): readonly Target[] {
    const ready: Target[] = [];
    const ending: Target[] = [];
    for (const { endpoints, ports, metadata } of this.#world.slicesOf(service)) {
      const port = ports?.find(({ name }) => (name ?? '') === portName)?.port;
      if (port === undefined) continue;
      for (const endpoint of endpoints ?? []) {
        const target = { endpoint, port, namespace: metadata.namespace };
        if (endpoint.conditions?.ready !== false) ready.push(target);
        else if (endpoint.conditions.serving === true && endpoint.conditions.terminating === true) ending.push(target);
      }
    }
    return ready.length > 0 ? ready : ending;
  }

  #isApiServer(ip: string, port: number): boolean {
    return this.#targets('default/kubernetes', 'https').some(({ endpoint, port: own }) => own === port && endpoint.addresses.includes(ip));
  }

  #toApiServer(from: Pod, address: string, ip: string, port: number): Reached {
    const ends = { from: { pod: from, ip: from.status.podIP ?? '' }, to: { ip } };
    const isAllowed = connectionVerdict({ ...ends, port, protocol: 'TCP' }, this.#world.policies).allowed;
    return { kind: isAllowed && this.#world.online(from.spec.nodeName ?? '') ? 'api-server' : 'silent', address };
  }

  #toPod(from: Pod, pod: Pod, address: string, port: number): Reached {
    const ends = { from: { pod: from, ip: from.status.podIP ?? '' }, to: { pod, ip: pod.status.podIP ?? '' } };
    const isAllowed = connectionVerdict({ ...ends, port, protocol: 'TCP' }, this.#world.policies).allowed;
    if (!isAllowed || !this.#world.joined(from.spec.nodeName ?? '', pod.spec.nodeName ?? '')) return { kind: 'silent', address };
    return { kind: 'open', address, uid: pod.metadata.uid, port };
  }
}

function isAlive({ status }: Pod): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed';
}
