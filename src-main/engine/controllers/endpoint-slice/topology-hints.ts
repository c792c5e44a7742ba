// Hints that spread a Service's traffic over zones as their processors are spread: what the annotation for topology hints asks for.
// upstream: staging/src/k8s.io/endpointslice/topologycache (release 1.33)
import { compareText } from '../../base/compare-text.ts';
import { equal } from '../../base/equal.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { EndpointSlice } from '../../kinds/discovery/endpoint-slice.ts';
import { isConditionTrue } from '../../meta/conditions.ts';
import { quantityMilliValue } from '../../meta/quantity.ts';
import { type Endpoint, withoutHint } from './endpoints.ts';
import type { SliceContent, SlicePlan } from './slice-plan.ts';

/** What share of all processors each zone has; null: it cannot be told. */
export type ZoneShares = ReadonlyMap<string, number> | null;

/** How many endpoints are for each zone. */
export type HintsByZone = Readonly<Record<string, number>>;

export interface Hinted {
  readonly plan: SlicePlan;
  /** null: there are no hints, for this reason. */
  readonly zones: HintsByZone | null;
  readonly fault: string | null;
}

interface Allocation {
  readonly minimum: number;
  readonly maximum: number;
  readonly desired: number;
}

const ZONE = 'topology.kubernetes.io/zone';
const EXCLUDED = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** How much more than its share an endpoint may have to bear. */
const OVERLOAD = 0.2;

export function isNodeReady({ status }: Node): boolean {
  return isConditionTrue(status?.conditions, 'Ready');
}

/** upstream: SetNodes */
export function zoneShares(nodes: Iterable<Node>): ZoneShares {
  const millis = new Map<string, number>();
  let all = 0;
  for (const node of nodes) {
    const { labels = {} } = node.metadata;
    if (EXCLUDED.some((label) => labels[label] !== undefined) || !isNodeReady(node)) continue;
    const zone = labels[ZONE] ?? '';
    const cpu = quantityMilliValue(node.status?.allocatable?.['cpu'] ?? '0');
    if (zone === '' || cpu === 0) return null;
    millis.set(zone, (millis.get(zone) ?? 0) + cpu);
    all += cpu;
  }
  if (millis.size < 2) return null;
  return new Map([...millis].sort(([a], [b]) => compareText(a, b)).map(([zone, cpu]) => [zone, cpu / all]));
}

/** Has a zone too few endpoints for its share? upstream: serviceOverloaded */
export function isOverloaded(zones: HintsByZone, shares: ZoneShares): boolean {
  const counts = Object.values(zones);
  if (counts.length === 0) return false;
  if (shares === null) return true;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return [...shares].some(([zone, share]) => (zones[zone] ?? -1) < Math.ceil(total * share * (1 / (1 + OVERLOAD))));
}

/** The plan with hints; `unchanged` slices are drawn in where theirs do not do. upstream: AddHints */
export function withTopologyHints(plan: SlicePlan, unchanged: readonly EndpointSlice[], shares: ZoneShares): Hinted {
  const contents = [...plan.create, ...plan.update.values(), ...unchanged];
  const ready = contents.reduce((sum, { endpoints }) => sum + (endpoints ?? []).filter(isReady).length, 0);
  const allocations = allocationsOf(ready, shares);
  if (typeof allocations === 'string') return withoutHints(plan, unchanged, allocations);
  const zones = new Map<string, number>();
  const updates = new Map(plan.update);
  for (const slice of unchanged) {
    const found = usableHints(slice, zones, allocations);
    if (found === null) updates.set(slice, { ports: slice.ports ?? [], endpoints: slice.endpoints });
    else for (const [zone, count] of found) add(zones, zone, count);
  }
  const drafts = [...plan.create, ...updates.values()].map(({ ports, endpoints }) => ({ ports, endpoints: endpoints.map(forOwnZone) }));
  for (const endpoint of drafts.flatMap(({ endpoints }) => endpoints)) {
    if (!isReady(endpoint)) continue;
    if ((endpoint.zone ?? '') === '') return withoutHints(plan, unchanged, 'One or more endpoints do not have a zone specified');
    add(zones, endpoint.zone ?? '', 1);
  }
  redistribute(drafts, moves(allocations, zones), zones);
  if (zones.size === 0) return withoutHints(plan, unchanged, 'No hints allocated for zones');
  const create = drafts.slice(0, plan.create.length);
  const update = new Map<EndpointSlice, SliceContent>();
  for (const [index, slice] of [...updates.keys()].entries()) {
    const content = drafts[plan.create.length + index] as SliceContent;
    // What was drawn in and comes out as it was is not written.
    if (plan.update.has(slice) || !equal(content.endpoints, slice.endpoints)) update.set(slice, content);
  }
  return { plan: { ...plan, create, update }, zones: Object.fromEntries(zones), fault: null };
}

/** upstream: getAllocations; a text says why there are none. */
function allocationsOf(endpoints: number, shares: ZoneShares): ReadonlyMap<string, Allocation> | string {
  if (shares === null) return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';
  const counts = `(${endpoints} endpoints, ${shares.size} zones)`;
  if (shares.size > endpoints) return `Insufficient number of endpoints ${counts}`;
  const least = new Map([...shares].map(([zone, share]) => [zone, Math.ceil(share * endpoints * (1 / (1 + OVERLOAD)))]));
  const total = [...least.values()].reduce((sum, minimum) => sum + minimum, 0);
  if (total > endpoints) return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${counts}`;
  return new Map(
    [...shares].map(([zone, share]) => {
      const minimum = least.get(zone) ?? 0;
      return [zone, { minimum, maximum: minimum + endpoints - total, desired: Math.max(share * endpoints, minimum) }];
    }),
  );
}

/** What the slice's hints give each zone; null: they cannot stay. upstream: getHintsByZone */
function usableHints(
  { endpoints }: EndpointSlice,
  before: ReadonlyMap<string, number>,
  allocations: ReadonlyMap<string, Allocation>,
): ReadonlyMap<string, number> | null {
  const found = new Map<string, number>();
  for (const endpoint of endpoints ?? []) {
    if (!isReady(endpoint)) continue;
    const zones = endpoint.hints?.forZones ?? [];
    if (zones.length === 0) return null;
    for (const { name } of zones) add(found, name, 1);
  }
  for (const [zone, count] of found) if (count + (before.get(zone) ?? 0) > (allocations.get(zone)?.maximum ?? -1)) return null;
  return found;
}

interface Moves {
  readonly giving: Map<string, number>;
  readonly receiving: Map<string, number>;
}

/** How many endpoints a zone gives to others or gets from them. upstream: getGivingAndReceivingZones */
function moves(allocations: ReadonlyMap<string, Allocation>, zones: ReadonlyMap<string, number>): Moves {
  const [toGive, toGet] = [new Map<string, number>(), new Map<string, number>()];
  for (const [zone, { desired }] of allocations) {
    const count = zones.get(zone) ?? 0;
    if (count > desired) toGive.set(zone, count - desired);
    else if (count < desired) toGet.set(zone, desired - count);
  }
  const result: Moves = { giving: new Map(), receiving: new Map() };
  for (let [from, to] = [most(toGive), most(toGet)]; from !== null && to !== null; [from, to] = [most(toGive), most(toGet)]) {
    if ((from.count < 1 && to.count < 1) || from.count < 0.5 || to.count < 0.5) break;
    add(result.giving, from.zone, 1);
    add(toGive, from.zone, -1);
    add(result.receiving, to.zone, 1);
    add(toGet, to.zone, -1);
  }
  return result;
}

/** upstream: getMost, which leaves ties to the chance order of a Go map */
function most(zones: ReadonlyMap<string, number>): { readonly zone: string; readonly count: number } | null {
  let found: { readonly zone: string; readonly count: number } | null = null;
  for (const [zone, count] of zones) if (count > (found?.count ?? 0)) found = { zone, count };
  return found;
}

/** upstream: redistributeHints */
function redistribute(
  drafts: readonly { readonly endpoints: Endpoint[] }[],
  { giving, receiving }: Moves,
  zones: Map<string, number>,
): void {
  for (const { endpoints } of drafts)
    for (const [index, endpoint] of endpoints.entries()) {
      const from = endpoint.zone ?? '';
      const [to] = receiving.keys();
      if (!isReady(endpoint) || to === undefined || (giving.get(from) ?? 0) === 0) continue;
      endpoints[index] = { ...endpoint, hints: { forZones: [{ name: to }] } };
      add(giving, from, -1);
      add(receiving, to, -1);
      if (receiving.get(to) === 0) receiving.delete(to);
      add(zones, from, -1);
      add(zones, to, 1);
    }
}

/** upstream: RemoveHintsFromSlices */
function withoutHints(plan: SlicePlan, unchanged: readonly EndpointSlice[], fault: string): Hinted {
  const bare = ({ ports, endpoints }: SliceContent): SliceContent => ({ ports, endpoints: endpoints.map(withoutHint) });
  const update = new Map([...plan.update].map(([slice, content]) => [slice, bare(content)]));
  for (const slice of unchanged)
    if ((slice.endpoints ?? []).some(({ hints }) => hints !== undefined))
      update.set(slice, bare({ ports: slice.ports ?? [], endpoints: slice.endpoints }));
  return { plan: { ...plan, create: plan.create.map(bare), update }, zones: null, fault };
}

function forOwnZone(endpoint: Endpoint): Endpoint {
  const { zone = '' } = endpoint;
  return isReady(endpoint) && zone !== '' ? { ...endpoint, hints: { forZones: [{ name: zone }] } } : endpoint;
}

function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready === true;
}

function add(counts: Map<string, number>, zone: string, count: number): void {
  counts.set(zone, (counts.get(zone) ?? 0) + count);
}
