// The status of a ReplicaSet or ReplicationController, counted from the pods it owns.
// upstream: pkg/controller/replicaset/replica_set_utils.go calculateStatus
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { findCondition, removeCondition } from '../../meta/conditions.ts';
import { isPodAvailable, isPodReady } from '../pod-state.ts';

export type ReplicaCondition = NonNullable<ReplicaSet['status']['conditions']>[number];

/** What both kinds that keep replicas have in common. */
export interface ReplicaSpec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
}

export interface ReplicaStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly ReplicaCondition[];
}

/** `error` is the text of what went wrong while pods were made or deleted; null when nothing did. */
export function replicaStatus(
  spec: ReplicaSpec,
  previous: ReplicaStatus,
  pods: readonly Pod[],
  error: string | null,
  unixMs: number,
  timestamp: string,
): ReplicaStatus {
  const wanted = Object.entries(spec.template?.metadata?.labels ?? {});
  let labeled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of pods) {
    if (wanted.every(([name, value]) => pod.metadata.labels?.[name] === value)) labeled += 1;
    if (!isPodReady(pod)) continue;
    ready += 1;
    if (isPodAvailable(pod, spec.minReadySeconds ?? 0, unixMs)) available += 1;
  }
  return {
    ...previous,
    replicas: pods.length,
    fullyLabeledReplicas: labeled,
    readyReplicas: ready,
    availableReplicas: available,
    ...conditionsPart(previous, error, pods.length - (spec.replicas ?? 1), timestamp),
  };
}

function conditionsPart(
  previous: ReplicaStatus,
  error: string | null,
  surplus: number,
  now: string,
): { conditions?: readonly ReplicaCondition[] } {
  const conditions = previous.conditions ?? [];
  const failure = findCondition(conditions, 'ReplicaFailure');
  if (error !== null && failure === undefined) {
    const reason = surplus < 0 ? 'FailedCreate' : surplus > 0 ? 'FailedDelete' : '';
    return { conditions: [...conditions, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: now, reason, message: error }] };
  }
  if (error === null && failure !== undefined) return { conditions: removeCondition(conditions, 'ReplicaFailure') };
  return previous.conditions === undefined ? {} : { conditions };
}
