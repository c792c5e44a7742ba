// The status of a DaemonSet, counted over the nodes it wants to be on.
// upstream: pkg/controller/daemon/daemon_controller.go updateDaemonSetStatus
import { type DaemonSet, templateGenerationOf } from '../../kinds/apps/daemon-set.ts';
import { isPodAvailable, isPodReady } from '../pod-state.ts';
import { isPodUpdated } from './daemon-pod.ts';
import type { DaemonWorld } from './manage.ts';
import { placementOn } from './placement.ts';
import { inOrder, type PodsOnNodes } from './pods-on-nodes.ts';

export type DaemonSetStatus = DaemonSet['status'];

/** `observed`: the generation was worked on, not only counted. */
export function daemonSetStatus(
  { nodes, unixMs }: Pick<DaemonWorld, 'nodes' | 'unixMs'>,
  set: DaemonSet,
  onNodes: PodsOnNodes,
  hash: string,
  observed: boolean,
): DaemonSetStatus {
  const generation = templateGenerationOf(set);
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
  for (const node of nodes) {
    const pods = onNodes.get(node.metadata.name);
    if (!placementOn(node, set).run) {
      if (pods !== undefined) counts.misscheduled += 1;
      continue;
    }
    counts.desired += 1;
    const [first] = inOrder(pods ?? []);
    if (first === undefined) continue;
    counts.current += 1;
    if (isPodReady(first)) counts.ready += 1;
    if (isPodAvailable(first, set.spec.minReadySeconds ?? 0, unixMs)) counts.available += 1;
    if (isPodUpdated(first, hash, generation)) counts.updated += 1;
  }
  const unavailable = counts.desired - counts.available;
  const { conditions, collisionCount, observedGeneration } = set.status;
  const seen = observed ? (set.metadata.generation ?? 0) : (observedGeneration ?? 0);
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...(seen > 0 && { observedGeneration: seen }),
    ...(counts.updated > 0 && { updatedNumberScheduled: counts.updated }),
    ...(counts.available > 0 && { numberAvailable: counts.available }),
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
    ...(collisionCount !== undefined && { collisionCount }),
    ...(conditions !== undefined && { conditions }),
  };
}
