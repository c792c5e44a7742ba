// How a claim tells that it grows: the conditions and amounts that resizer and kubelets write, one after the other.
// upstream: kubernetes-csi/external-resizer pkg/controller, pkg/volume/util/resize_util.go
import { quantityValue } from '../../meta/quantity.ts';
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';

type Status = PersistentVolumeClaim['status'];
type Condition = NonNullable<Status['conditions']>[number];

/** The driver is asked for more. */
export function markResizing(claim: PersistentVolumeClaim, timestamp: string): PersistentVolumeClaim {
  return withProgress(claim, { type: 'Resizing', status: 'True', lastTransitionTime: timestamp }, 'ControllerResizeInProgress');
}

/** The volume has grown, its file system has not. */
export function markWaitingForNode(claim: PersistentVolumeClaim, timestamp: string): PersistentVolumeClaim {
  const message = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';
  const condition = { type: 'FileSystemResizePending', status: 'True', message, lastTransitionTime: timestamp };
  return withProgress(claim, condition, 'NodeResizePending');
}

/** All of it can be used. `size`: a quantity. */
export function markResized(claim: PersistentVolumeClaim, size: string): PersistentVolumeClaim {
  const { allocatedResourceStatuses: _, conditions: __, ...status } = claim.status;
  const others = otherConditions(claim);
  const conditions = others.length > 0 ? { conditions: others } : {};
  return {
    ...claim,
    status: { ...status, ...conditions, capacity: { ...status.capacity, storage: size }, allocatedResources: { storage: size } },
  };
}

/** Has the node still to grow the file system? */
export function isWaitingForNode({ status }: PersistentVolumeClaim): boolean {
  return status?.conditions?.some(({ type, status: state }) => type === 'FileSystemResizePending' && state === 'True') === true;
}

/** Does a bound claim ask for more than it has? */
export function wantsMore({ spec, status }: PersistentVolumeClaim): boolean {
  if (status?.phase !== 'Bound') return false;
  return quantityValue(requestedSize(spec)) > quantityValue(status.capacity?.['storage'] ?? '0');
}

export function requestedSize({ resources }: PersistentVolumeClaim['spec']): string {
  return resources?.requests?.['storage'] ?? '0';
}

function withProgress(claim: PersistentVolumeClaim, condition: Condition, progress: string): PersistentVolumeClaim {
  const { status, spec } = claim;
  return {
    ...claim,
    status: {
      ...status,
      conditions: [...otherConditions(claim), condition],
      allocatedResources: { storage: requestedSize(spec) },
      allocatedResourceStatuses: { storage: progress },
    },
  };
}

// upstream: MergeResizeConditionOfPVC
function otherConditions({ status }: PersistentVolumeClaim): readonly Condition[] {
  return (status.conditions ?? []).filter(({ type }) => type !== 'Resizing' && type !== 'FileSystemResizePending');
}
