// Who a pod of a StatefulSet is: its name is its number, and its number is its host name, its claims and its place in the order.
// upstream: pkg/controller/statefulset/stateful_set_utils.go
import type { ClaimTemplate, StatefulSet } from '../../kinds/apps/stateful-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { revisionLabel } from '../controller-revision/revisions.ts';

export const podNameLabel = 'statefulset.kubernetes.io/pod-name';
export const podIndexLabel = 'apps.kubernetes.io/pod-index';

const ORDINAL_MAX = 2_147_483_647;
const memberPattern = /^(.*)-([0-9]+)$/s;

/** The set's name and the ordinal that a pod's name says; '' and -1 when it says none. upstream: getParentNameAndOrdinal */
export function parentAndOrdinal(podName: string): { readonly parent: string; readonly ordinal: number } {
  const [, parent = '', digits = ''] = memberPattern.exec(podName) ?? [];
  const ordinal = digits === '' || Number(digits) > ORDINAL_MAX ? -1 : Number(digits);
  return { parent, ordinal };
}

export function ordinalOf(pod: Pod): number {
  return parentAndOrdinal(pod.metadata.name).ordinal;
}

/** upstream: isMemberOf */
export function isMemberOf(setName: string, podName: string): boolean {
  return parentAndOrdinal(podName).parent === setName;
}

export function startOrdinal(set: StatefulSet): number {
  return set.spec.ordinals?.start ?? 0;
}

export function wantedReplicas(set: StatefulSet): number {
  return set.spec.replicas ?? 1;
}

/** Not to be scaled away. upstream: podInOrdinalRange */
export function isInRange(set: StatefulSet, ordinal: number): boolean {
  const start = startOrdinal(set);
  return ordinal >= start && ordinal < start + wantedReplicas(set);
}

export function podNameOf(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`;
}

/** upstream: getPersistentVolumeClaimName */
export function claimNameOf(set: StatefulSet, template: ClaimTemplate, ordinal: number): string {
  return `${template.metadata?.name ?? ''}-${podNameOf(set, ordinal)}`;
}

/** The pod that a claim belongs to by its name; '' for a claim that is not the set's. upstream: getClaimPodName */
export function podNameOfClaim(setName: string, claimName: string): string {
  const [, before = '', digits = ''] = memberPattern.exec(claimName) ?? [];
  return before.endsWith(`-${setName}`) ? `${setName}-${digits}` : '';
}

export function revisionOfPod(pod: Pod): string {
  return pod.metadata.labels?.[revisionLabel] ?? '';
}

/** upstream: identityMatches */
export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  const { parent, ordinal } = parentAndOrdinal(pod.metadata.name);
  return (
    ordinal >= 0 &&
    parent === set.metadata.name &&
    pod.metadata.name === podNameOf(set, ordinal) &&
    pod.metadata.labels?.[podNameLabel] === pod.metadata.name
  );
}

/** upstream: updateIdentity */
export function identityLabels(set: StatefulSet, ordinal: number): Readonly<Record<string, string>> {
  return { [podNameLabel]: podNameOf(set, ordinal), [podIndexLabel]: String(ordinal) };
}
