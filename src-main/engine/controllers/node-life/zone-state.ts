// The health of a zone and how fast its nodes may be emptied: a wide outage slows evictions down or stops them.
// upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go ComputeZoneState, handleDisruption, setLimiterInZone
import type { Node } from '../../kinds/core/node.ts';

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption';

export const zoneDefaults = { unhealthyThreshold: 0.55, perSecond: 0.1, reducedPerSecond: 0.01, largeZone: 50 } as const;

/** `region/zone`; '' for a node without zone labels. upstream: GetZoneKey, which joins with a NUL byte */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {};
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? '';
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}/${zone}`;
}

/** upstream: isNodeExcludedFromDisruptionChecks */
export function countsForDisruption(node: Node): boolean {
  return node.metadata.labels?.['node.kubernetes.io/exclude-disruption'] === undefined;
}

/** From the status of each node's Ready condition; undefined counts as not ready. upstream: ComputeZoneState */
export function zoneState(statuses: readonly (string | undefined)[], unhealthyThreshold: number): ZoneState {
  const ready = statuses.filter((status) => status === 'True').length;
  const notReady = statuses.length - ready;
  if (ready === 0 && notReady > 0) return 'FullDisruption';
  if (notReady > 2 && notReady / statuses.length >= unhealthyThreshold) return 'PartialDisruption';
  return 'Normal';
}

/** Nodes a second that may get a NoExecute taint. upstream: setLimiterInZone, ReducedQPSFunc */
export function taintingRate(state: ZoneState, zoneSize: number): number {
  if (state !== 'PartialDisruption') return zoneDefaults.perSecond;
  return zoneSize > zoneDefaults.largeZone ? zoneDefaults.reducedPerSecond : 0;
}

/** What a look at all zones asks for. */
export interface Disruption {
  readonly states: Readonly<Record<string, ZoneState>>;
  /** New tainting rates of the zones whose rate must change. */
  readonly rates: Readonly<Record<string, number>>;
  /** Everything is down: all nodes lose their NoExecute taints, because the fault may be the controller's own. */
  readonly entersFullDisruption: boolean;
  /** Something answers again: every node gets a fresh grace period. */
  readonly leavesFullDisruption: boolean;
}

/** upstream: handleDisruption */
export function judgeZones(
  statusesOfZone: ReadonlyMap<string, readonly (string | undefined)[]>,
  previous: Readonly<Record<string, ZoneState>>,
  unhealthyThreshold: number = zoneDefaults.unhealthyThreshold,
): Disruption {
  const next: Record<string, ZoneState> = {};
  for (const [zone, statuses] of statusesOfZone) next[zone] = zoneState(statuses, unhealthyThreshold);
  const zones = Object.keys(next);
  const allDown = zones.every((zone) => next[zone] === 'FullDisruption');
  const allWereDown = zones.every((zone) => previous[zone] === 'FullDisruption');
  const none = { states: next, rates: {}, entersFullDisruption: false, leavesFullDisruption: false };
  if (allDown && allWereDown) return none;
  if (allDown) return { ...none, rates: Object.fromEntries(zones.map((zone) => [zone, 0])), entersFullDisruption: true };
  const rateOf = (zone: string): number => taintingRate(next[zone] ?? 'Normal', statusesOfZone.get(zone)?.length ?? 0);
  const changed = allWereDown ? zones : zones.filter((zone) => (previous[zone] ?? 'Initial') !== next[zone]);
  return { ...none, rates: Object.fromEntries(changed.map((zone) => [zone, rateOf(zone)])), leavesFullDisruption: allWereDown };
}
