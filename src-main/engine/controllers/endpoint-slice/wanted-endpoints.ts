// The endpoints a Service should have, kept by the changes of its pods: which slices hold theirs already, and which endpoints have no slice yet.
// Derived from caches alone, so that a world that is opened again finds the same.
import { equal } from '../../base/equal.ts';
import type { EndpointSlice } from '../../kinds/discovery/endpoint-slice.ts';
import type { Endpoint, EndpointPort } from './endpoints.ts';

export interface WantedEndpoint {
  readonly endpoint: Endpoint;
  readonly ports: readonly EndpointPort[];
}

interface Known extends WantedEndpoint {
  readonly identity: string;
  readonly group: PortGroup;
}

/** Endpoints whose pods give the same ports. */
export class PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly wanted = new Map<string, WantedEndpoint>();
  /** Identities that no settled slice holds. */
  readonly homeless = new Set<string>();
  readonly #homes = new Map<string, EndpointSlice>();
  readonly #settled = new Set<EndpointSlice>();

  constructor(ports: readonly EndpointPort[]) {
    this.ports = ports;
  }

  put(identity: string, wanted: WantedEndpoint): void {
    this.unsettle(this.#homes.get(identity));
    this.wanted.set(identity, wanted);
    this.homeless.add(identity);
  }

  remove(identity: string): void {
    this.unsettle(this.#homes.get(identity));
    this.wanted.delete(identity);
    this.homeless.delete(identity);
  }

  /** Does the slice hold wanted endpoints alone, as they should be? */
  isSettled(slice: EndpointSlice): boolean {
    return this.#settled.has(slice);
  }

  settle(slice: EndpointSlice): void {
    if (this.#settled.has(slice)) return;
    this.#settled.add(slice);
    for (const endpoint of slice.endpoints ?? []) {
      const identity = identityOf(endpoint);
      this.#homes.set(identity, slice);
      this.homeless.delete(identity);
    }
  }

  unsettle(slice: EndpointSlice | undefined): void {
    if (slice === undefined || !this.#settled.delete(slice)) return;
    for (const endpoint of slice.endpoints ?? []) {
      const identity = identityOf(endpoint);
      this.#homes.delete(identity);
      if (this.wanted.has(identity)) this.homeless.add(identity);
    }
  }

  /** Slices that are not there any more hold nothing. */
  keepOnly(slices: readonly EndpointSlice[]): void {
    for (const slice of this.#settled) if (!slices.includes(slice)) this.unsettle(slice);
  }

  unsettleAll(): void {
    this.keepOnly([]);
  }
}

export class WantedEndpoints {
  readonly #groups = new Map<string, PortGroup>();
  readonly #byPod = new Map<string, Known>();

  /** `wanted` undefined: the pod has no endpoint. */
  set(podKey: string, wanted: WantedEndpoint | undefined): void {
    const before = this.#byPod.get(podKey);
    if (wanted === undefined) {
      this.#remove(podKey, before);
      return;
    }
    const portsKey = wanted.ports.map(({ name = '', port, protocol = '' }) => `${name} ${port} ${protocol}`).join();
    const known = this.#groups.get(portsKey);
    if (before !== undefined && before.group === known && equal(before.endpoint, wanted.endpoint)) return;
    this.#remove(podKey, before);
    const group = this.#groups.get(portsKey) ?? new PortGroup(wanted.ports);
    this.#groups.set(portsKey, group);
    const identity = identityOf(wanted.endpoint);
    this.#byPod.set(podKey, { ...wanted, identity, group });
    group.put(identity, wanted);
  }

  /** In the order in which the first pod of each comes. */
  groups(podKeys: () => Iterable<string>): readonly PortGroup[] {
    if (this.#groups.size < 2) return [...this.#groups.values()];
    const ordered = new Set<PortGroup>();
    for (const key of podKeys()) {
      const group = this.#byPod.get(key)?.group;
      if (group !== undefined) ordered.add(group);
      if (ordered.size === this.#groups.size) break;
    }
    return [...ordered];
  }

  #remove(podKey: string, known: Known | undefined): void {
    if (known === undefined) return;
    const { group, identity } = known;
    this.#byPod.delete(podKey);
    group.remove(identity);
    if (group.wanted.size > 0) return;
    for (const [key, other] of this.#groups) if (other === group) this.#groups.delete(key);
  }
}

/** upstream: endpointset hashEndpoint: addresses, hostname and pod; conditions may change. */
export function identityOf({ addresses, hostname = '', targetRef, nodeName = '', zone = '' }: Endpoint): string {
  return `${addresses.join()}|${hostname}|${targetRef?.uid ?? targetRef?.name ?? ''}|${nodeName}|${zone}`;
}
