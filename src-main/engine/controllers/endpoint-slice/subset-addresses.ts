// The addresses of one Service in the order of its Endpoints, kept by the changes of its pods.
// upstream: pkg/controller/endpoint/endpoints_controller.go addEndpointSubset, truncateEndpoints; pkg/api/v1/endpoints/util.go RepackSubsets
import { equal } from '../../base/equal.ts';
import type { Endpoints } from '../../kinds/core/endpoints.ts';

/** upstream: maxCapacity */
const ADDRESSES_MAX = 1000;

export type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];
type Ports = NonNullable<Subset['ports']>;

interface Group {
  readonly ports: Ports;
  /** Both in order. */
  readonly ready: Address[];
  readonly notReady: Address[];
}

interface Placed {
  readonly address: Address;
  readonly ready: boolean;
  readonly portsKey: string;
}

export class SubsetAddresses {
  readonly #groups = new Map<string, Group>();
  readonly #placed = new Map<string, Placed>();

  /** `next` undefined: the pod has no address here. */
  set(podKey: string, next: { readonly address: Address; readonly ready: boolean; readonly ports: Ports } | undefined): void {
    const before = this.#placed.get(podKey);
    const portsKey = next?.ports.map(({ name, port, protocol }) => `${name} ${port} ${protocol}`).join() ?? '';
    if (next !== undefined && before?.ready === next.ready && before.portsKey === portsKey && equal(before.address, next.address)) return;
    if (before !== undefined) this.#remove(podKey, before);
    if (next === undefined) return;
    let group = this.#groups.get(portsKey);
    if (group === undefined) {
      group = { ports: next.ports.toSorted(byName), ready: [], notReady: [] };
      this.#groups.set(portsKey, group);
    }
    const list = next.ready ? group.ready : group.notReady;
    list.splice(placeOf(list, next.address), 0, next.address);
    this.#placed.set(podKey, { address: next.address, ready: next.ready, portsKey });
  }

  /** Ready addresses are kept before others when there are too many. */
  subsets(): { readonly subsets: readonly Subset[]; readonly truncated: boolean } {
    let room = ADDRESSES_MAX;
    let truncated = false;
    const take = (addresses: readonly Address[]): readonly Address[] => {
      const taken = addresses.slice(0, room);
      truncated ||= taken.length < addresses.length;
      room -= taken.length;
      return taken;
    };
    const groups = [...this.#groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const kept = groups.map(([, group]) => ({ ...group, ready: take(group.ready) }));
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

  #remove(podKey: string, { address, ready, portsKey }: Placed): void {
    this.#placed.delete(podKey);
    const group = this.#groups.get(portsKey);
    if (group === undefined) return;
    const list = ready ? group.ready : group.notReady;
    list.splice(placeOf(list, address), 1);
    if (group.ready.length + group.notReady.length === 0) this.#groups.delete(portsKey);
  }
}

/** Where the address is in the list, or belongs. */
function placeOf(list: readonly Address[], address: Address): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(list[middle] as Address, address)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** upstream: LessEndpointAddress */
function isBefore(a: Address, b: Address): boolean {
  if (a.ip !== b.ip) return a.ip < b.ip;
  return (a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '');
}

function byName(a: Ports[number], b: Ports[number]): number {
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}
