// The counts in a status: none is below zero, and no part is more than the whole.
// upstream: pkg/apis/apps/validation/validation.go Validate{Deployment,ReplicaSet,StatefulSet,DaemonSet}Status, pkg/apis/core/validation ValidateReplicationControllerStatusUpdate
import { type FieldError, FieldPath, fieldInvalid } from '../meta/field-error.ts';
import { notNegative } from './rules.ts';

const path = new FieldPath('status');

export function notNegativeCounts<Status extends object>(
  status: Status | undefined,
  fields: readonly (keyof Status & string)[],
): readonly FieldError[] {
  return fields.flatMap((field) => notNegative(path.child(field), status?.[field] as number | undefined));
}

/** `whole`: the count that none of `parts` exceeds; `text` is how the message calls it. */
export function partsOf<Status extends object>(
  status: Status,
  parts: readonly (keyof Status & string)[],
  whole: keyof Status & string,
  text: string = `status.${whole}`,
): readonly FieldError[] {
  const most = (status[whole] as number | undefined) ?? 0;
  return parts
    .filter((part) => ((status[part] as number | undefined) ?? 0) > most)
    .map((part) => fieldInvalid(path.child(part), status[part], `cannot be greater than ${text}`));
}

interface Colliding {
  readonly collisionCount?: number;
}

/** Names of revisions are made of it: one that was taken stays taken. */
export function keptCollisions(next: Colliding, previous: Colliding): readonly FieldError[] {
  const count = next.collisionCount ?? 0;
  if (previous.collisionCount === undefined || count >= previous.collisionCount) return [];
  return [fieldInvalid(path.child('collisionCount'), count, 'cannot be decremented')];
}

interface Replicated {
  readonly replicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
}

/** Of a ReplicaSet and of a ReplicationController. upstream: ValidateReplicaSetStatus */
export function validateReplicatedStatus(status: Replicated): readonly FieldError[] {
  return [
    ...notNegativeCounts(status, ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration']),
    ...partsOf(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], 'replicas'),
    ...partsOf(status, ['availableReplicas'], 'readyReplicas', 'readyReplicas'),
  ];
}
