// Which EndpointSlices to create, update and delete so that they hold the wanted endpoints, with as few writes as upstream makes.
// upstream: staging/src/k8s.io/endpointslice/reconciler.go reconcileByAddressType, reconcileByPortMapping
import { equal } from '../../base/equal.ts';
import type { Steps } from '../../base/in-one-go.ts';
import type { EndpointSlice } from '../../kinds/discovery/endpoint-slice.ts';
import { type Endpoint, type EndpointPort, withoutHint } from './endpoints.ts';
import { identityOf, type PortGroup, type WantedEndpoint } from './wanted-endpoints.ts';

/** upstream: --max-endpoints-per-slice */
const ENDPOINTS_MAX = 100;

type Labels = Readonly<Record<string, string>>;
type Ports = readonly EndpointPort[];

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
  endpoints: readonly Endpoint[];
}

/** `hintsApart`: hints are added later, so that they make no difference here. */
interface Comparison {
  readonly labels: Labels;
  readonly hintsApart: boolean;
}

/** `inOrder` puts identities of a group's endpoints in the order of their pods. */
export type IdentityOrder = (group: PortGroup, identities: readonly string[]) => Generator<void, readonly string[]>;

/** In steps: a Service may have thousands of endpoints. Slices that are not its `own` are those of an earlier one of its name. */
export function* planSlices(
  existing: readonly EndpointSlice[],
  own: readonly EndpointSlice[],
  groups: readonly PortGroup[],
  { labels, hintsApart }: Comparison,
  inOrder: IdentityOrder,
): Generator<void, SlicePlan> {
  const create: SliceContent[] = [];
  const update = new Map<EndpointSlice, SliceContent>();
  const remove: EndpointSlice[] = [];
  const left = new Set(existing);
  for (const group of groups) {
    const slices = own.filter((slice) => equal(slice.ports ?? [], group.ports));
    for (const slice of slices) left.delete(slice);
    yield* planGroup(slices, group, { labels, hintsApart }, { create, update, remove }, inOrder);
  }
  // Ports that no pod gives any more.
  remove.push(...left);
  if (create.length === 0 && remove.length === existing.length) keepPlaceholder(existing, remove, create, update, labels);
  return reuse(create, update, remove, own);
}

interface Plans {
  readonly create: SliceContent[];
  readonly update: Map<EndpointSlice, SliceContent>;
  readonly remove: EndpointSlice[];
}

function* planGroup(
  slices: readonly EndpointSlice[],
  group: PortGroup,
  { labels, hintsApart }: Comparison,
  plans: Plans,
  inOrder: IdentityOrder,
): Steps {
  const { ports } = group;
  const changed: Draft[] = [];
  const unchanged: Draft[] = [];
  const { keeps, placed } = yield* keepAll(slices, group, hintsApart);
  for (const { slice, kept, updated } of keeps) {
    if (updated && kept.length === 0) plans.remove.push(slice);
    else if (updated || !equal(slice.metadata.labels ?? {}, labels)) changed.push({ slice, endpoints: kept });
    else unchanged.push({ slice, endpoints: kept });
  }
  const homeless = [...group.homeless].filter((identity) => !placed.has(identity));
  yield;
  const ordered = yield* inOrder(group, homeless);
  const rest = ordered.map((identity) => (group.wanted.get(identity) as WantedEndpoint).endpoint);
  yield;
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
  for (const { slice } of unchanged) yield group.settle(slice);
  for (const { slice, endpoints: next } of changed) plans.update.set(slice, { ports, endpoints: next });
}

interface Keep {
  readonly slice: EndpointSlice;
  readonly kept: readonly Endpoint[];
  readonly updated: boolean;
}

interface Kept {
  readonly keeps: readonly Keep[];
  /** Identities in slices that are not settled. */
  readonly placed: Set<string>;
}

/** What stays where it is. */
function* keepAll(slices: readonly EndpointSlice[], group: PortGroup, hintsApart: boolean): Generator<void, Kept> {
  group.keepOnly(slices);
  const placed = new Set<string>();
  const keeps: Keep[] = [];
  for (const slice of slices) {
    const keep = group.isSettled(slice) ? { slice, kept: slice.endpoints ?? [], updated: false } : keepOf(slice, group, placed, hintsApart);
    if (keep === null) {
      // An endpoint is in two slices, which only somebody else can have done: the first one counts, as if nothing was known.
      group.unsettleAll();
      return yield* keepAll(slices, group, hintsApart);
    }
    yield void keeps.push(keep);
  }
  return { keeps, placed };
}

/** Null when a settled slice holds one of the endpoints, too. */
function keepOf(slice: EndpointSlice, group: PortGroup, placed: Set<string>, hintsApart: boolean): Keep | null {
  const before = slice.endpoints ?? [];
  const kept: Endpoint[] = [];
  let updated = false;
  for (const endpoint of before) {
    const identity = identityOf(endpoint);
    const next = group.wanted.get(identity)?.endpoint;
    if (next === undefined || placed.has(identity)) continue;
    if (!group.homeless.has(identity)) return null;
    placed.add(identity);
    const same = next === endpoint || equal(next, hintsApart ? withoutHint(endpoint) : endpoint);
    kept.push(same ? endpoint : next);
    updated ||= !same;
  }
  return { slice, kept, updated: updated || kept.length !== before.length };
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

/** What would be created takes the place of what would be deleted, unless that is another Service's: it is about to go with its owner. upstream: finalize */
function reuse(
  create: readonly SliceContent[],
  update: ReadonlyMap<EndpointSlice, SliceContent>,
  remove: readonly EndpointSlice[],
  own: readonly EndpointSlice[],
): SlicePlan {
  const left = [...create];
  const reused = new Map(update);
  const gone = remove.filter((slice) => {
    const content = own.includes(slice) ? left.pop() : undefined;
    if (content !== undefined) reused.set(slice, content);
    return content === undefined;
  });
  return { create: left, update: reused, remove: gone };
}
