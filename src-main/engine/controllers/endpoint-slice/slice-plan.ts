// Which EndpointSlices to create, update and delete so that they hold the wanted endpoints, with as few writes as upstream makes.
// upstream: staging/src/k8s.io/endpointslice/reconciler.go reconcileByAddressType, reconcileByPortMapping
import { equal } from '../../base/equal.ts';
import type { EndpointSlice } from '../../kinds/discovery/endpoint-slice.ts';
import type { Endpoint, EndpointPort } from './endpoints.ts';

/** upstream: --max-endpoints-per-slice */
const ENDPOINTS_MAX = 100;

type Labels = Readonly<Record<string, string>>;
type Ports = readonly EndpointPort[];

/** Endpoints whose pods give the same ports. */
export interface PortGroup {
  readonly ports: Ports;
  readonly endpoints: Endpoint[];
}

/** A slice yet to be made, or the new content of one that is there. */
export interface SliceContent {
  readonly ports: Ports;
  readonly endpoints: readonly Endpoint[];
}

export interface SlicePlan {
  readonly create: readonly SliceContent[];
  readonly update: ReadonlyMap<EndpointSlice, SliceContent>;
  readonly remove: readonly EndpointSlice[];
}

interface Draft {
  readonly slice: EndpointSlice;
  endpoints: Endpoint[];
}

export function planSlices(existing: readonly EndpointSlice[], groups: readonly PortGroup[], labels: Labels): SlicePlan {
  const create: SliceContent[] = [];
  const update = new Map<EndpointSlice, SliceContent>();
  const remove: EndpointSlice[] = [];
  const left = new Set(existing);
  for (const group of groups) {
    const slices = existing.filter((slice) => equal(slice.ports ?? [], group.ports));
    for (const slice of slices) left.delete(slice);
    planGroup(slices, group, labels, { create, update, remove });
  }
  // Ports that no pod gives any more.
  remove.push(...left);
  if (create.length === 0 && remove.length === existing.length) keepPlaceholder(existing, remove, create, update, labels);
  return reuse(create, update, remove);
}

interface Plans {
  readonly create: SliceContent[];
  readonly update: Map<EndpointSlice, SliceContent>;
  readonly remove: EndpointSlice[];
}

function planGroup(slices: readonly EndpointSlice[], { ports, endpoints }: PortGroup, labels: Labels, plans: Plans): void {
  const wanted = new Map(endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  const changed: Draft[] = [];
  const unchanged: Draft[] = [];
  for (const slice of slices) {
    const { kept, updated } = keep(slice, wanted);
    if (updated && kept.length === 0) plans.remove.push(slice);
    else if (updated || !equal(slice.metadata.labels ?? {}, labels)) changed.push({ slice, endpoints: kept });
    else unchanged.push({ slice, endpoints: kept });
  }
  const rest = [...wanted.values()];
  // The fullest first.
  for (const draft of changed.toSorted((a, b) => b.endpoints.length - a.endpoints.length)) fill(draft, rest);
  while (rest.length > 0) {
    const target = rest.length < ENDPOINTS_MAX ? bestFit(unchanged, rest.length) : undefined;
    if (target === undefined) plans.create.push({ ports, endpoints: rest.splice(0, ENDPOINTS_MAX) });
    else {
      unchanged.splice(unchanged.indexOf(target), 1);
      fill(target, rest);
      changed.push(target);
    }
  }
  for (const { slice, endpoints: next } of changed) plans.update.set(slice, { ports, endpoints: next });
}

function keep(slice: EndpointSlice, wanted: Map<string, Endpoint>): { readonly kept: Endpoint[]; readonly updated: boolean } {
  const before = slice.endpoints ?? [];
  const kept: Endpoint[] = [];
  let updated = false;
  for (const endpoint of before) {
    const identity = identityOf(endpoint);
    const next = wanted.get(identity);
    if (next === undefined) continue;
    wanted.delete(identity);
    const same = next === endpoint || equal(next, endpoint);
    kept.push(same ? endpoint : next);
    updated ||= !same;
  }
  return { kept, updated: updated || kept.length !== before.length };
}

function fill(draft: Draft, rest: Endpoint[]): void {
  draft.endpoints = [...draft.endpoints, ...rest.splice(0, Math.max(0, ENDPOINTS_MAX - draft.endpoints.length))];
}

/** The fullest slice that takes all of them. upstream: getSliceToFill */
function bestFit(drafts: readonly Draft[], count: number): Draft | undefined {
  let best: Draft | undefined;
  for (const draft of drafts) {
    const length = draft.endpoints.length;
    if (length + count <= ENDPOINTS_MAX && (best === undefined || length > best.endpoints.length)) best = draft;
  }
  return best;
}

/** A Service without endpoints has one empty slice. */
function keepPlaceholder(
  existing: readonly EndpointSlice[],
  remove: EndpointSlice[],
  create: SliceContent[],
  update: Map<EndpointSlice, SliceContent>,
  labels: Labels,
): void {
  const [only] = existing;
  const isPlaceholder = only !== undefined && (only.endpoints ?? []).length === 0 && (only.ports ?? []).length === 0;
  if (existing.length !== 1 || only === undefined || !isPlaceholder) {
    create.push({ ports: [], endpoints: [] });
    return;
  }
  remove.splice(0);
  if (!equal(only.metadata.labels ?? {}, labels)) update.set(only, { ports: [], endpoints: [] });
}

/** What would be created takes the place of what would be deleted. upstream: finalize */
function reuse(
  create: readonly SliceContent[],
  update: ReadonlyMap<EndpointSlice, SliceContent>,
  remove: readonly EndpointSlice[],
): SlicePlan {
  const count = Math.min(create.length, remove.length);
  const reused = create.slice(0, count).map((content, index) => [remove[index] as EndpointSlice, content] as const);
  return { create: create.slice(count), update: new Map([...update, ...reused]), remove: remove.slice(count) };
}

/** upstream: endpointset hashEndpoint: addresses, hostname and pod; conditions may change. */
function identityOf({ addresses, hostname = '', targetRef, nodeName = '', zone = '' }: Endpoint): string {
  return `${addresses.join()}|${hostname}|${targetRef?.uid ?? targetRef?.name ?? ''}|${nodeName}|${zone}`;
}
