// Carries a preemption out: victims are marked and deleted, and lesser pods that were promised the room look for another place.
// Upstream calls the API beside the scheduling cycle (SchedulerAsyncPreemption) and lets the pod out of its queue's gate when the last call is
// made. Calls answer at once here and news of them travels later, so the pod would be let out before anything could bring it back: no gate is needed.
// upstream: pkg/scheduler/framework/preemption/preemption.go prepareCandidate, PodEligibleToPreemptOthers
import type { ComponentContext } from '../client/component.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { findCondition, updatePodCondition } from '../meta/conditions.ts';
import { keyOf } from '../meta/object.ts';
import { StatusError } from '../meta/status-error.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Nominations } from './nominations.ts';
import { type Candidate, priorityOf } from './preemption.ts';
import type { SchedulerEvents } from './scheduler-events.ts';

type Context = Pick<ComponentContext<unknown>, 'client' | 'time'>;

/** Victims of an earlier preemption are still leaving. upstream: PodEligibleToPreemptOthers */
export function isBeingEmptied(node: string, pod: Pod, view: ClusterView): boolean {
  for (const other of view.node(node)?.pods.values() ?? [])
    if (
      other.metadata.deletionTimestamp !== undefined &&
      priorityOf(other) < priorityOf(pod) &&
      findCondition(other.status.conditions, 'DisruptionTarget')?.reason === 'PreemptionByScheduler'
    )
      return true;
  return false;
}

export function evictVictims(
  context: Context,
  events: SchedulerEvents,
  schedulerName: string,
  pod: Pod,
  { node, victims }: Candidate,
): void {
  const { client, time } = context;
  const message = `${schedulerName}: preempting to accommodate a higher priority pod`;
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message } as const;
  for (const victim of victims) {
    const key = keyOf(victim);
    const evicted = tryWrite(() => {
      client.patchStatus(podKind, key, (current) => {
        const conditions = updatePodCondition(current.status.conditions ?? [], condition, time.timestamp());
        return conditions === current.status.conditions ? current : { ...current, status: { ...current.status, conditions } };
      });
      client.delete(podKind, key, { preconditions: { uid: victim.metadata.uid } });
    });
    if (!evicted) continue;
    const note = `Preempted by pod ${pod.metadata.uid} on node ${node}`;
    events.tellOnce(victim, { scheduler: schedulerName, type: 'Normal', reason: 'Preempted', action: 'Preempting', note, related: pod });
  }
}

/** Lesser pods that were promised room on the node are not any more. upstream: getLowerPriorityNominatedPods, ClearNominatedNodeName */
export function takeBackPromises(
  { client }: Context,
  nominations: Nominations,
  podOf: (key: string) => Pod | undefined,
  pod: Pod,
  node: string,
): void {
  for (const [key, nominated] of Object.entries(nominations)) {
    const other = podOf(key);
    if (nominated !== node || other === undefined || priorityOf(other) >= priorityOf(pod)) continue;
    delete nominations[key];
    tryWrite(() =>
      client.patchStatus(podKind, key, (current) => {
        const { nominatedNodeName: _, ...status } = current.status;
        return { ...current, status };
      }),
    );
  }
}

/** An object that is gone, or is another one of that name, needs no change. */
function tryWrite(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (error instanceof StatusError) return false;
    throw error;
  }
}
