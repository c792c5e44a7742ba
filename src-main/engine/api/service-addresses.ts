// Hands out cluster addresses and node ports to Services. upstream: pkg/registry/core/service/storage/alloc.go
import type { Random } from '../base/random.ts';
import type { Service } from '../kinds/core/service.ts';
import { serviceKind } from '../kinds/core/service.ts';
import { needsHealthCheck, needsNodePorts } from '../kinds/core/service-defaults.ts';
import { staticAddresses, staticPorts } from '../kinds/core/static-band.ts';
import { kindKey } from '../kinds/kind.ts';
import { FieldPath, fieldInvalid } from '../meta/field-error.ts';
import { internal, invalid } from '../meta/status-error.ts';
import type { Store } from './store.ts';

type Spec = Service['spec'];
type Ports = NonNullable<Spec['ports']>;

const NODE_PORT_MIN = 30_000;
const NODE_PORT_MAX = 32_767;
/** 10.96.0.0/12, kubeadm's default; the first address is the API server's. */
const CIDR = '10.96.0.0/12';
const NETWORK = (10 << 24) | (96 << 16);
const HOSTS = 1 << 20;
/** Chosen by chance only when nothing above them is free. */
const LOWER_ADDRESSES = staticAddresses(CIDR);
const LOWER_PORTS = staticPorts(NODE_PORT_MAX - NODE_PORT_MIN + 1);
const TRIES_MAX = 1000;

const address = (offset: number): string => {
  const value = NETWORK + offset;
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
};

/** Remembers what is taken; derived from the store, so it is no state of its own. */
export class ServiceAddresses {
  readonly #addresses = new Set<string>();
  readonly #nodePorts = new Set<number>();
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    this.#random = random;
    for (const service of store.table(kindKey(serviceKind)).values()) this.#note(service as Service, true);
    store.onChange(kindKey(serviceKind), (delta) => {
      if (delta.previous !== null) this.#note(delta.previous as Service, false);
      if (delta.type !== 'DELETED') this.#note(delta.object as Service, true);
    });
  }

  /** Fills in clusterIP(s) and node ports that the service needs and lacks; what `previous` had stays. */
  allocate(service: Service, previous: Service | null): Service {
    const { type, clusterIP } = service.spec;
    if (type === 'ExternalName') return service;
    const spec = { ...service.spec };
    if (clusterIP === undefined || clusterIP === '') {
      const given = previous?.spec.clusterIP;
      spec.clusterIP = given !== undefined && given !== '' ? given : this.#freeAddress();
      spec.clusterIPs = [spec.clusterIP];
    } else if (clusterIP !== 'None' && previous?.spec.clusterIP !== clusterIP && this.#addresses.has(clusterIP)) {
      const path = new FieldPath('spec').child('clusterIPs').index(0);
      throw invalid({ group: '', kind: 'Service' }, service.metadata.name, [
        fieldInvalid(path, [clusterIP], `failed to allocate IP ${clusterIP}: provided IP is already allocated`),
      ]);
    }
    spec.clusterIPs ??= [spec.clusterIP as string];
    const chosen = new Set<number>();
    if (type === 'NodePort' || type === 'LoadBalancer') spec.ports = this.#withNodePorts(service, previous, chosen);
    if (needsHealthCheck(spec)) spec.healthCheckNodePort = this.#healthCheckPort(spec, previous, chosen);
    return { ...service, spec };
  }

  /** upstream: allocHealthCheckNodePort, updateHealthCheckNodePort */
  #healthCheckPort({ healthCheckNodePort = 0 }: Spec, previous: Service | null, chosen: ReadonlySet<number>): number {
    const before = previous === null || !needsHealthCheck(previous.spec) ? 0 : (previous.spec.healthCheckNodePort ?? 0);
    if (healthCheckNodePort === 0) return before === 0 ? this.#freeNodePort(chosen) : before;
    const why = healthCheckNodePort === before ? null : this.#fault(healthCheckNodePort, chosen);
    if (why !== null) throw internal(`failed to allocate requested HealthCheck NodePort ${healthCheckNodePort}: ${why}`);
    return healthCheckNodePort;
  }

  /** In a new service, ports of one number and different protocols share a node port. upstream: initNodePorts, updateNodePorts */
  #withNodePorts({ metadata, spec }: Service, previous: Service | null, chosen: Set<number>): Ports {
    const ports = spec.ports ?? [];
    const before = new Set(previous?.spec.ports?.map(({ nodePort }) => nodePort));
    const shared = new Map<number, number>();
    if (previous === null) for (const { port, nodePort = 0 } of ports) if (nodePort !== 0 && !shared.has(port)) shared.set(port, nodePort);
    return ports.map((port, index) => {
      const { nodePort = 0 } = port;
      // Who does not want any may still ask for one.
      if (nodePort === 0 && !needsNodePorts(spec)) return port;
      const given = nodePort !== 0 ? nodePort : (shared.get(port.port) ?? this.#freeNodePort(chosen));
      const why = before.has(given) || chosen.has(given) ? null : this.#fault(given, chosen);
      if (why !== null) {
        const path = new FieldPath('spec').child('ports').index(index).child('nodePort');
        throw invalid({ group: '', kind: 'Service' }, metadata.name, [fieldInvalid(path, given, why)]);
      }
      chosen.add(given);
      if (previous === null && !shared.has(port.port)) shared.set(port.port, given);
      return given === nodePort ? port : { ...port, nodePort: given };
    });
  }

  /** Why the port cannot be had; null: it can. */
  #fault(port: number, chosen: ReadonlySet<number>): string | null {
    if (port < NODE_PORT_MIN || port > NODE_PORT_MAX)
      return `provided port is not in the valid range. The range of valid ports is ${NODE_PORT_MIN}-${NODE_PORT_MAX}`;
    return this.#nodePorts.has(port) || chosen.has(port) ? 'provided port is already allocated' : null;
  }

  #freeAddress(): string {
    const free = this.#pick(LOWER_ADDRESSES + 1, HOSTS - 2, (offset) => !this.#addresses.has(address(offset)));
    const lower = free ?? this.#pick(1, LOWER_ADDRESSES, (offset) => !this.#addresses.has(address(offset)));
    if (lower === undefined) throw internal('failed to allocate a serviceIP: range is full');
    return address(lower);
  }

  #freeNodePort(chosen: ReadonlySet<number>): number {
    const isFree = (port: number): boolean => !this.#nodePorts.has(port) && !chosen.has(port);
    const first = NODE_PORT_MIN + LOWER_PORTS;
    const free = this.#pick(first, NODE_PORT_MAX, isFree) ?? this.#pick(NODE_PORT_MIN, first - 1, isFree);
    if (free === undefined) throw internal('failed to allocate a nodePort: range is full');
    return free;
  }

  /** By chance, and where chance finds none the next one that is free. */
  #pick(min: number, max: number, isFree: (value: number) => boolean): number | undefined {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const value = this.#random.between(min, max);
      if (isFree(value)) return value;
    }
    for (let value = min; value <= max; value += 1) if (isFree(value)) return value;
    return undefined;
  }

  #note(service: Service, taken: boolean): void {
    for (const ip of service.spec.clusterIPs ?? []) if (ip !== 'None') change(this.#addresses, ip, taken);
    for (const port of service.spec.ports ?? [])
      if (port.nodePort !== undefined && port.nodePort !== 0) change(this.#nodePorts, port.nodePort, taken);
    const { healthCheckNodePort = 0 } = service.spec;
    if (healthCheckNodePort !== 0) change(this.#nodePorts, healthCheckNodePort, taken);
  }
}

function change<T>(set: Set<T>, value: T, present: boolean): void {
  if (present) set.add(value);
  else set.delete(value);
}
