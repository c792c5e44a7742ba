// A pod as the window draws it: its one look is decided here, from the API object alone.
import type { PodLook, PodRecord } from '../../contract/view.ts';
import { parseTimestamp } from '../../engine/base/timestamp.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../engine/kinds/core/pod-claims.ts';
import { podStatusColumn } from '../../engine/kinds/core/pod-status.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';

const BACK_OFF = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'RunContainerError',
  'CreateContainerError',
  'CreateContainerConfigError',
]);

export interface PodSurroundings {
  readonly epochMs: number;
  /** The top-most owner. */
  readonly workload: PodRecord['workload'];
  /** The last warning about this pod; '' when there was none. */
  readonly warning: string;
  /** The pod's node no longer answers. */
  readonly nodeLost: boolean;
}

function lookOf(pod: Pod, nodeLost: boolean): PodLook {
  const { phase, containerStatuses, initContainerStatuses, conditions } = pod.status;
  if (phase === 'Succeeded') return 'succeeded';
  if (phase === 'Failed') return 'failed';
  if (pod.metadata.deletionTimestamp !== undefined) return 'terminating';
  if ((pod.spec.nodeName ?? '') === '') return 'unscheduled';
  if (nodeLost || phase === 'Unknown') return 'unknown';
  const waiting = [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])].map((status) => status.state?.waiting?.reason ?? '');
  if (waiting.some((reason) => BACK_OFF.has(reason))) return 'back-off';
  if (phase !== 'Running') return 'creating';
  return isConditionTrue(conditions, 'Ready') ? 'ready' : 'not-ready';
}

function waitingText(pod: Pod, look: PodLook, warning: string): string {
  if (look === 'ready' || look === 'succeeded') return '';
  const scheduled = findCondition(pod.status.conditions, 'PodScheduled');
  if (look === 'unscheduled') return scheduled?.status === 'False' ? (scheduled.message ?? '') : '';
  if (pod.status.message !== undefined && pod.status.message !== '') return pod.status.message;
  for (const status of [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]) {
    const { waiting } = status.state ?? {};
    if (waiting?.message !== undefined && waiting.message !== '') return waiting.message;
  }
  return warning;
}

export function podRecord(pod: Pod, { epochMs, workload, warning, nodeLost }: PodSurroundings): PodRecord {
  const column = podStatusColumn(pod);
  const look = lookOf(pod, nodeLost);
  const { namespace, name, uid, creationTimestamp } = pod.metadata;
  return {
    id: uid,
    namespace,
    name,
    node: pod.spec.nodeName ?? '',
    look,
    status: column.status,
    readyContainers: column.ready,
    containers: column.containers,
    restarts: column.restarts,
    workload,
    claims: podClaimKeys(pod),
    waiting: waitingText(pod, look, warning),
    createdMs: (parseTimestamp(creationTimestamp) ?? epochMs) - epochMs,
  };
}
