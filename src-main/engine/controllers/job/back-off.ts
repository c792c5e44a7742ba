// How long a Job waits after failed pods before it makes new ones: 10 s, doubled with each failure since the last success.
// upstream: pkg/controller/job/backoff_utils.go
import { parseTimestamp } from '../../base/timestamp.ts';
import { FAILURE_COUNT_ANNOTATION, IGNORED_COUNT_ANNOTATION } from '../../kinds/batch/job-labels.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { findCondition } from '../../meta/conditions.ts';

/** Failures since the last success. */
export interface BackOffRecord {
  readonly failures: number;
  /** Unix milliseconds. */
  readonly lastFailureMs: number | null;
}

export interface BackOffLimits {
  readonly baseMs: number;
  readonly mostMs: number;
}

export const noFailures: BackOffRecord = { failures: 0, lastFailureMs: null };
export const backOffLimits: BackOffLimits = { baseMs: 10_000, mostMs: 600_000 };

/** The record with the pods that have ended since. upstream: newBackoffRecord */
export function withEnded(record: BackOffRecord, succeeded: readonly Pod[], failed: readonly Pod[]): BackOffRecord {
  const failures = failed.map(finishedMs).sort((a, b) => a - b);
  const last = failures.at(-1);
  if (succeeded.length === 0) return last === undefined ? record : { failures: record.failures + failures.length, lastFailureMs: last };
  const lastSuccess = Math.max(...succeeded.map(finishedMs));
  const later = failures.filter((time) => time > lastSuccess);
  return later.length === 0 ? noFailures : { failures: later.length, lastFailureMs: last ?? null };
}

/** When a pod ended: by its containers, its readiness, its deletion, or its birth. upstream: getFinishedTime */
export function finishedMs(pod: Pod): number {
  return byContainers(pod) ?? byReadiness(pod) ?? byDeletion(pod) ?? parseTimestamp(pod.metadata.creationTimestamp ?? '') ?? 0;
}

export function remainingMs({ failures, lastFailureMs }: BackOffRecord, unixMs: number, { baseMs, mostMs } = backOffLimits): number {
  if (failures === 0) return 0;
  let waitMs = baseMs;
  for (let count = 1; count < failures && waitMs < mostMs; count += 1) waitMs = Math.min(waitMs * 2, mostMs);
  return Math.max(0, waitMs - (unixMs - (lastFailureMs ?? 0)));
}

/** The same for one index, by its pod that failed last. upstream: getRemainingTimePerIndex */
export function remainingMsOfIndex(lastFailed: Pod | undefined, unixMs: number, limits = backOffLimits): number {
  if (lastFailed === undefined) return 0;
  return remainingMs({ failures: allFailures(lastFailed) + 1, lastFailureMs: finishedMs(lastFailed) }, unixMs, limits);
}

/** Failures of its index before this pod. */
export function countedFailures(pod: Pod): number {
  return countOf(pod, FAILURE_COUNT_ANNOTATION);
}

export function ignoredFailures(pod: Pod): number {
  return countOf(pod, IGNORED_COUNT_ANNOTATION);
}

export function allFailures(pod: Pod): number {
  return countedFailures(pod) + ignoredFailures(pod);
}

function countOf({ metadata }: Pod, annotation: string): number {
  const text = metadata.annotations?.[annotation] ?? '';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

type Statuses = NonNullable<Pod['status']['containerStatuses']>;

function byContainers({ spec, status }: Pod): number | null {
  const sidecars = new Set((spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  const main = latestEnd(null, status.containerStatuses ?? []);
  return latestEnd(
    main,
    (status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)),
  );
}

function latestEnd(before: number | null, statuses: Statuses): number | null {
  let latest = before;
  for (const { state } of statuses) {
    const end = parseTimestamp(state?.terminated?.finishedAt ?? '');
    if (end === null) return null;
    if (latest === null || latest < end) latest = end;
  }
  return latest;
}

function byReadiness({ status }: Pod): number | null {
  const condition = findCondition(status.conditions, 'Ready');
  return condition?.status === 'False' ? parseTimestamp(condition.lastTransitionTime ?? '') : null;
}

function byDeletion({ metadata }: Pod): number | null {
  const until = parseTimestamp(metadata.deletionTimestamp ?? '');
  return until === null ? null : until - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
}
