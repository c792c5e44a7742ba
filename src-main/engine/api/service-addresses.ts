// Hands out cluster addresses and node ports to Services. upstream: pkg/registry/core/service/storage/alloc.go
import type { Random } from '../base/random.ts';
import { cidrContains, cidrSize, networkNumber } from '../kinds/core/cidr.ts';
import type { Service } from '../kinds/core/service.ts';
import { serviceKind } from '../kinds/core/service.ts';
import { isFreeOfFamilies, needsHealthCheck, needsNodePorts } from '../kinds/core/service-defaults.ts';
import { staticAddresses, staticPorts } from '../kinds/core/static-band.ts';
import { goStrings } from '../kinds/go-syntax.ts';
import { kindKey } from '../kinds/kind.ts';
import { ipAddressKind } from '../kinds/networking/ip-address.ts';
import { SERVICE_CIDR, type ServiceCIDR, serviceCidrKind } from '../kinds/networking/service-cidr.ts';
import { isConditionTrue } from '../meta/conditions.ts';
import { type FieldError, FieldPath, fieldInvalid } from '../meta/field-error.ts';
import { internal, invalid, type StatusError } from '../meta/status-error.ts';
import type { Store } from './store.ts';

type Spec = Service['spec'];
type Ports = NonNullable<Spec['ports']>;

const specPath = new FieldPath('spec');
const NODE_PORT_MIN = 30_000;
const NODE_PORT_MAX = 32_767;
const SERVICE_CIDRS = kindKey(serviceCidrKind);
const IP_ADDRESSES = kindKey(ipAddressKind);
const LOWER_PORTS = staticPorts(NODE_PORT_MAX - NODE_PORT_MIN + 1);
const TRIES_MAX = 1000;

const addressText = (value: number): string => `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

/** Remembers what is taken; derived from the store, so it is no state of its own. */
export class ServiceAddresses {
  readonly #addresses = new Set<string>();
  readonly #nodePorts = new Set<number>();
  readonly #store: Store;
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    this.#store = store;
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
    requireFamilies(service);
    const spec = { ...service.spec };
    if (clusterIP === undefined || clusterIP === '') {
      const given = previous?.spec.clusterIP;
      spec.clusterIP = given !== undefined && given !== '' ? given : this.#freeAddress();
      spec.clusterIPs = [spec.clusterIP];
    } else if (clusterIP !== 'None' && previous?.spec.clusterIP !== clusterIP) {
      const why = this.#addressFault(clusterIP);
      if (why !== null)
        throw refused(service, [
          fieldInvalid(
            specPath.child('clusterIPs'),
            goStrings(spec.clusterIPs ?? [clusterIP]),
            `failed to allocate IP ${clusterIP}: ${why}`,
          ),
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
        const path = specPath.child('ports').index(index).child('nodePort');
        throw refused({ metadata }, [fieldInvalid(path, given, why)]);
      }
      chosen.add(given);
      if (previous === null && !shared.has(port.port)) shared.set(port.port, given);
      return given === nodePort ? port : { ...port, nodePort: given };
    });
  }

  /** Why the address cannot be had; null: it can. upstream: pkg/registry/core/service/ipallocator MetaAllocator, Allocator.AllocateService */
  #addressFault(ip: string): string | null {
    const cidr = this.#ranges().find((range) => cidrContains(range, ip));
    if (cidr === undefined) return 'the provided network does not match the current range';
    const offset = networkNumber(`${ip}/32`) - networkNumber(cidr);
    // Neither the network's own address nor the last one, which reaches all.
    if (offset === 0 || offset === Number(cidrSize(cidr)) - 1)
      return `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${cidr}`;
    return this.#isTaken(ip) ? 'provided IP is already allocated' : null;
  }

  /** Also by somebody who has it without a Service. */
  #isTaken(ip: string): boolean {
    return this.#addresses.has(ip) || this.#store.get(IP_ADDRESSES, ip) !== undefined;
  }

  /** The blocks that are ready to be used. Without any object, as in worlds saved before there were such, it is the cluster's own. */
  #ranges(): readonly string[] {
    const all = [...this.#store.table(SERVICE_CIDRS).values()] as unknown as readonly ServiceCIDR[];
    if (all.length === 0) return [SERVICE_CIDR];
    const ready = all.filter(
      ({ metadata, status }) => metadata.deletionTimestamp === undefined && isConditionTrue(status?.conditions, 'Ready'),
    );
    return ready.flatMap(({ spec }) => (spec.cidrs ?? []).filter((cidr) => !cidr.includes(':')));
  }

  /** Why the port cannot be had; null: it can. */
  #fault(port: number, chosen: ReadonlySet<number>): string | null {
    if (port < NODE_PORT_MIN || port > NODE_PORT_MAX)
      return `provided port is not in the valid range. The range of valid ports is ${NODE_PORT_MIN}-${NODE_PORT_MAX}`;
    return this.#nodePorts.has(port) || chosen.has(port) ? 'provided port is already allocated' : null;
  }

  /** Which of several blocks comes first is chance. upstream: MetaAllocator.AllocateNextService */
  #freeAddress(): string {
    const ranges = this.#ranges();
    const first = ranges.length > 1 ? this.#random.between(0, ranges.length - 1) : 0;
    for (const cidr of [...ranges.slice(first), ...ranges.slice(0, first)]) {
      const free = this.#freeAddressIn(cidr);
      if (free !== undefined) return free;
    }
    throw internal('failed to allocate a serviceIP: range is full');
  }

  /** The lower part is chosen from only when nothing above it is free. */
  #freeAddressIn(cidr: string): string | undefined {
    const [network, last, lower] = [networkNumber(cidr), Number(cidrSize(cidr)) - 2, staticAddresses(cidr)];
    const isFree = (offset: number): boolean => !this.#isTaken(addressText(network + offset));
    const offset = this.#pick(lower + 1, last, isFree) ?? this.#pick(1, Math.min(lower, last), isFree);
    return offset === undefined ? undefined : addressText(network + offset);
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
    if (min > max) return undefined;
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

/** The cluster has addresses of one family. upstream: pkg/registry/core/service/storage/alloc.go initIPFamilyFields */
function requireFamilies(service: Service): void {
  const { clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = service.spec;
  const path = specPath.child('ipFamilyPolicy');
  const errors: FieldError[] = [];
  if (ipFamilyPolicy === 'SingleStack') {
    const detail = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
    if (clusterIPs.length === 2) errors.push(fieldInvalid(path, ipFamilyPolicy, `${detail} cluster IPs are specified`));
    if (ipFamilies.length === 2) errors.push(fieldInvalid(path, ipFamilyPolicy, `${detail} IP families are specified`));
  }
  if (errors.length === 0 && !isFreeOfFamilies(service.spec)) {
    if (ipFamilyPolicy === 'RequireDualStack')
      errors.push(fieldInvalid(path, ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
    for (const [index, family] of ipFamilies.entries())
      if (family === 'IPv6') errors.push(fieldInvalid(specPath.child('ipFamilies').index(index), family, 'not configured on this cluster'));
  }
  if (errors.length > 0) throw refused(service, errors);
}

function refused({ metadata }: Pick<Service, 'metadata'>, errors: readonly FieldError[]): StatusError {
  return invalid({ group: '', kind: 'Service' }, metadata.name, errors);
}

function change<T>(set: Set<T>, value: T, present: boolean): void {
  if (present) set.add(value);
  else set.delete(value);
}
