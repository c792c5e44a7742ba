// Which pod a scaled-down workload gives up first.
// upstream: pkg/controller/controller_utils.go ActivePodsWithRanks
import { compareText } from '../../base/compare-text.ts';
import { parseTimestamp } from '../../base/timestamp.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { isPodActive, isPodReady, podReadySinceMs } from '../pod-state.ts';

/** A pod and how many active pods of its owner's family share its node. */
export interface RankedPod {
  readonly pod: Pod;
  readonly rank: number;
}

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** What of a pod decides, read once: a list is sorted by many comparisons. */
interface Standing {
  readonly pod: Pod;
  readonly isScheduled: number;
  readonly phase: number;
  readonly isReady: number;
  readonly cost: number;
  readonly rank: number;
  readonly readyMs: number | null;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly createdMs: number | null;
}

/** Below zero: `a` goes before `b`. */
export function compareForDeletion(a: RankedPod, b: RankedPod, unixMs: number): number {
  return compareStandings(standingOf(a), standingOf(b), unixMs);
}

function standingOf({ pod, rank }: RankedPod): Standing {
  return {
    pod,
    isScheduled: Number(isScheduled(pod)),
    phase: phaseOf(pod),
    isReady: Number(isPodReady(pod)),
    cost: deletionCost(pod),
    rank,
    readyMs: podReadySinceMs(pod),
    restarts: restarts(pod, false),
    sidecarRestarts: restarts(pod, true),
    createdMs: createdMs(pod),
  };
}

function compareStandings(a: Standing, b: Standing, unixMs: number): number {
  return (
    a.isScheduled - b.isScheduled ||
    a.phase - b.phase ||
    a.isReady - b.isReady ||
    a.cost - b.cost ||
    b.rank - a.rank ||
    compareAges(a.isReady === 1, a.readyMs, b.readyMs, a.pod, b.pod, unixMs) ||
    b.restarts - a.restarts ||
    b.sidecarRestarts - a.sidecarRestarts ||
    compareAges(true, a.createdMs, b.createdMs, a.pod, b.pod, unixMs)
  );
}

/** The same without regard to nodes and costs: below zero when `a` goes before `b`. upstream: ActivePods.Less */
export function compareActivePods(a: Pod, b: Pod): number {
  const later = (left: number | null, right: number | null): number =>
    (right ?? Number.MAX_SAFE_INTEGER) - (left ?? Number.MAX_SAFE_INTEGER);
  return (
    Number(isScheduled(a)) - Number(isScheduled(b)) ||
    phaseOf(a) - phaseOf(b) ||
    Number(isPodReady(a)) - Number(isPodReady(b)) ||
    (isPodReady(a) ? later(podReadySinceMs(a), podReadySinceMs(b)) : 0) ||
    restarts(b, false) - restarts(a, false) ||
    restarts(b, true) - restarts(a, true) ||
    later(createdMs(a), createdMs(b))
  );
}

/** All pods, first to be deleted first. `related` are the pods of all sets of the same owner. upstream: getPodsRankedByRelatedPodsOnSameNode */
export function inDeleteOrder(pods: readonly Pod[], related: Iterable<Pod>, unixMs: number): readonly Pod[] {
  const onNode = new Map<string, number>();
  for (const pod of related) if (isPodActive(pod)) onNode.set(pod.spec.nodeName ?? '', (onNode.get(pod.spec.nodeName ?? '') ?? 0) + 1);
  return pods
    .map((pod) => standingOf({ pod, rank: onNode.get(pod.spec.nodeName ?? '') ?? 0 }))
    .sort((a, b) => compareStandings(a, b, unixMs) || compareText(a.pod.metadata.name, b.pod.metadata.name))
    .map(({ pod }) => pod);
}

function isScheduled(pod: Pod): boolean {
  return (pod.spec.nodeName ?? '') !== '';
}

function phaseOf(pod: Pod): number {
  return phases[pod.status.phase ?? ''] ?? 0;
}

/** upstream: pkg/apis/core/helper GetDeletionCostFromPodAnnotations */
function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '';
  const valid = /^(0|-?[1-9]\d*)$/.test(text) && Math.abs(Number(text)) <= 2_147_483_647;
  return valid ? Number(text) : 0;
}

/** Unknown first, then younger, compared in powers of two; within one power the uid decides. */
function compareAges(both: boolean, a: number | null, b: number | null, left: Pod, right: Pod, unixMs: number): number {
  if (!both || a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  const difference = magnitude(unixMs - a) - magnitude(unixMs - b);
  return difference === 0 ? compareText(left.metadata.uid, right.metadata.uid) : difference;
}

/** Floor of log2 of the age in nanoseconds; halving is exact where a logarithm is not. */
function magnitude(ageMs: number): number {
  if (ageMs <= 0) return -1;
  let power = 0;
  for (let left = ageMs * 1_000_000; left >= 2; left /= 2) power += 1;
  return power;
}

function restarts(pod: Pod, sidecars: boolean): number {
  const statuses = sidecars ? sidecarStatuses(pod) : (pod.status.containerStatuses ?? []);
  return statuses.reduce((most, { restartCount }) => Math.max(most, restartCount), 0);
}

function sidecarStatuses(pod: Pod): NonNullable<Pod['status']['initContainerStatuses']> {
  const statuses = pod.status.initContainerStatuses ?? [];
  if (statuses.length === 0) return statuses;
  const names = new Set((pod.spec.initContainers ?? []).filter(restartsAlways).map(({ name }) => name));
  return statuses.filter(({ name }) => names.has(name));
}

function restartsAlways(container: object): boolean {
  return (container as { readonly restartPolicy?: string }).restartPolicy === 'Always';
}

function createdMs(pod: Pod): number | null {
  return parseTimestamp(pod.metadata.creationTimestamp ?? '');
}
