// The next step of a DaemonSet's rolling update: which old pods may go, or on which nodes a second pod may come, within the limits.
// upstream: pkg/controller/daemon/update.go rollingUpdate (release 1.33)
import { compareText } from '../../base/compare-text.ts';
import { type DaemonSet, templateGenerationOf } from '../../kinds/apps/daemon-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { isPodAvailable } from '../pod-state.ts';
import { isPodUpdated } from './daemon-pod.ts';
import { updateLimits } from './limits.ts';
import type { DaemonPlan, DaemonWorld } from './manage.ts';
import { placementOn } from './placement.ts';
import type { PodsOnNodes } from './pods-on-nodes.ts';

type RollingWorld = Pick<DaemonWorld, 'nodes' | 'node' | 'unixMs'>;

export function rollingUpdate(world: RollingWorld, set: DaemonSet, onNodes: PodsOnNodes, hash: string): DaemonPlan {
  let wanted = 0;
  for (const node of world.nodes) if (placementOn(node, set).run) wanted += 1;
  const { maxSurge, maxUnavailable } = updateLimits(set, wanted);
  const generation = templateGenerationOf(set);
  const pairs = [...onNodes].map(([node, pods]) => ({ node, pair: pairOf(pods, hash, generation) }));
  if (pairs.every(({ pair }) => pair !== null && pair.old === undefined)) return { create: [], remove: [] };
  // Upstream takes nodes in the chance order of a Go map; here they are taken by name, so that one seed is one history.
  pairs.sort((a, b) => compareText(a.node, b.node));
  const available = (pod: Pod): boolean => isPodAvailable(pod, set.spec.minReadySeconds ?? 0, world.unixMs);
  const runsOn = (name: string): boolean => {
    const node = world.node(name);
    return node !== undefined && placementOn(node, set).run;
  };
  return maxSurge === 0 ? replace(pairs, maxUnavailable, available) : surge(pairs, maxSurge, wanted, available, runsOn);
}

/** The one new and the one old pod of a node. */
interface Pair {
  readonly fresh: Pod | undefined;
  readonly old: Pod | undefined;
}

/** `pair` null: there are more than one of a sort, which the core loop clears up first. */
type NodePair = { readonly node: string; readonly pair: Pair | null };

/** upstream: findUpdatedPodsOnNode */
function pairOf(pods: readonly Pod[], hash: string, generation: number | undefined): Pair | null {
  let fresh: Pod | undefined;
  let old: Pod | undefined;
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const updated = isPodUpdated(pod, hash, generation);
    if ((updated ? fresh : old) !== undefined) return null;
    if (updated) fresh = pod;
    else old = pod;
  }
  return { fresh, old };
}

/** Old pods that are not available go at once, others as far as the limit allows; the core loop makes the new ones. */
function replace(pairs: readonly NodePair[], maxUnavailable: number, available: (pod: Pod) => boolean): DaemonPlan {
  let unavailable = 0;
  const atOnce: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { pair } of pairs) {
    if (pair === null || (pair.old === undefined) === (pair.fresh === undefined)) unavailable += 1;
    else if (pair.fresh !== undefined) unavailable += Number(!available(pair.fresh));
    else if (pair.old !== undefined && !available(pair.old)) {
      atOnce.push(pair.old);
      unavailable += 1;
    } else if (pair.old !== undefined && unavailable < maxUnavailable) candidates.push(pair.old);
  }
  return { create: [], remove: [...atOnce, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))] };
}

/** New pods come beside the old ones; an old pod goes when its successor is available. */
function surge(
  pairs: readonly NodePair[],
  maxSurge: number,
  wanted: number,
  available: (pod: Pod) => boolean,
  runsOn: (node: string) => boolean,
): DaemonPlan {
  const remove: Pod[] = [];
  const outOfPlace: Pod[] = [];
  const atOnce: string[] = [];
  const candidates: string[] = [];
  let surging = 0;
  let availableNodes = 0;
  for (const { node, pair } of pairs) {
    if (pair === null) {
      surging += 1;
      continue;
    }
    const { fresh, old } = pair;
    const counted = old ?? fresh;
    if (counted !== undefined && available(counted)) availableNodes += 1;
    if (old === undefined) continue;
    if (fresh !== undefined) {
      if (available(fresh)) remove.push(old);
      else surging += 1;
    } else if (!available(old)) {
      if (runsOn(node)) atOnce.push(node);
      else remove.push(old);
    } else if (!runsOn(node)) outOfPlace.push(old);
    else if (surging < maxSurge) candidates.push(node);
  }
  remove.push(...outOfPlace.slice(0, Math.max(0, availableNodes - wanted)));
  return { create: [...atOnce, ...candidates.slice(0, Math.max(0, maxSurge - surging))], remove };
}
