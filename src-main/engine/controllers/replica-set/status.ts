// The status of a ReplicaSet or ReplicationController, counted from the pods it owns.
// upstream: pkg/controller/replicaset/replica_set_utils.go calculateStatus
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { findCondition, removeCondition } from '../../meta/conditions.ts';
import type { LabelMatcher } from '../../meta/labels.ts';
import { isPodAvailable, isPodReady } from '../pod-state.ts';
import type { OwnerTally } from './pod-tally.ts';

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

/** Of an owner's active pods. */
export interface ReplicaCounts {
  readonly replicas: number;
  readonly fullyLabeledReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
}

export function countReplicas(spec: ReplicaSpec, pods: readonly Pod[], unixMs: number): ReplicaCounts {
  const isFullyLabeled = fullLabels(spec);
  let labeled = 0;
  let ready = 0;
  let available = 0;
  for (const pod of pods) {
    if (isFullyLabeled(pod.metadata.labels)) labeled += 1;
    if (!isPodReady(pod)) continue;
    ready += 1;
    if (isPodAvailable(pod, spec.minReadySeconds ?? 0, unixMs)) available += 1;
  }
  return { replicas: pods.length, fullyLabeledReplicas: labeled, readyReplicas: ready, availableReplicas: available };
}

/**
 * The same from a tally, without looking at the pods; null where that does not do: a pod's labels do not match the owner's selector,
 * or how long it has been ready matters.
 */
export function talliedReplicas(spec: ReplicaSpec, tally: OwnerTally, matches: LabelMatcher): ReplicaCounts | null {
  if ((spec.minReadySeconds ?? 0) > 0) return null;
  const isFullyLabeled = fullLabels(spec);
  let replicas = 0;
  let labeled = 0;
  let ready = 0;
  for (const [labels, count] of tally) {
    if (!matches(labels)) return null;
    replicas += count.active;
    ready += count.ready;
    if (isFullyLabeled(labels)) labeled += count.active;
  }
  return { replicas, fullyLabeledReplicas: labeled, readyReplicas: ready, availableReplicas: ready };
}

/** `error` is the text of what went wrong while pods were made or deleted; null when nothing did. */
export function replicaStatus(
  spec: ReplicaSpec,
  previous: ReplicaStatus,
  counts: ReplicaCounts,
  error: string | null,
  timestamp: string,
): ReplicaStatus {
  const surplus = counts.replicas - (spec.replicas ?? 1);
  return { ...previous, ...counts, ...conditionsPart(previous, error, surplus, timestamp) };
}

function fullLabels({ template }: ReplicaSpec): (labels: Pod['metadata']['labels']) => boolean {
  const wanted = Object.entries(template?.metadata?.labels ?? {});
  return (labels) => wanted.every(([name, value]) => labels?.[name] === value);
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
