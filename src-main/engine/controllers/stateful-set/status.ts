// The status of a StatefulSet, counted from its pods and the revisions they are of.
// upstream: pkg/controller/statefulset/stateful_set_control.go computeReplicaStatus, stateful_set_utils.go completeRollingUpdate
import type { StatefulSet } from '../../kinds/apps/stateful-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { isPodAvailable, isPodReady } from '../pod-state.ts';
import { revisionOfPod, wantedReplicas } from './identity.ts';
import type { Revisions } from './new-pod.ts';

export type StatefulSetStatus = StatefulSet['status'];

/** Working copy of the counts; absent from the stored status where zero, as upstream's `omitempty` has it. */
export interface Counts {
  replicas: number;
  readyReplicas: number;
  availableReplicas: number;
  currentReplicas: number;
  updatedReplicas: number;
}

/** Not the API server's: a pod that is only planned has no phase. */
export function isCreated(pod: Pod): boolean {
  return (pod.status.phase ?? '') !== '';
}

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status.phase === 'Running' && isPodReady(pod);
}

export function isHealthy(pod: Pod): boolean {
  return isRunningAndReady(pod) && !isTerminating(pod);
}

export function countPods(set: StatefulSet, pods: Iterable<Pod>, { current, update }: Revisions, unixMs: number): Counts {
  const counts = { replicas: 0, readyReplicas: 0, availableReplicas: 0, currentReplicas: 0, updatedReplicas: 0 };
  for (const pod of pods) {
    if (!isCreated(pod)) continue;
    counts.replicas += 1;
    if (isRunningAndReady(pod)) {
      counts.readyReplicas += 1;
      if (isPodAvailable(pod, set.spec.minReadySeconds ?? 0, unixMs)) counts.availableReplicas += 1;
    }
    if (isTerminating(pod)) continue;
    const revision = revisionOfPod(pod);
    if (revision === current.metadata.name) counts.currentReplicas += 1;
    if (revision === update.metadata.name) counts.updatedReplicas += 1;
  }
  return counts;
}

/** When all wanted pods are updated and ready, what was the update is what is current. */
export function statusOf(set: StatefulSet, counts: Counts, { current, update }: Revisions, collisionCount: number): StatefulSetStatus {
  const wanted = wantedReplicas(set);
  const rolling = set.spec.updateStrategy?.type === 'RollingUpdate';
  const complete = rolling && [counts.updatedReplicas, counts.readyReplicas, counts.replicas].every((count) => count === wanted);
  const currentReplicas = complete ? counts.updatedReplicas : counts.currentReplicas;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: counts.replicas,
    ...(counts.readyReplicas > 0 && { readyReplicas: counts.readyReplicas }),
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(counts.updatedReplicas > 0 && { updatedReplicas: counts.updatedReplicas }),
    availableReplicas: counts.availableReplicas,
    currentRevision: complete ? update.metadata.name : current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
  };
}
