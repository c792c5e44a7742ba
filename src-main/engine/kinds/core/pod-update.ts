// What may change of a pod once it exists: very little. upstream: pkg/apis/core/validation/validation.go ValidatePodUpdate (release 1.33)
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { inRange } from '../../meta/names.ts';
import type { Toleration } from '../../meta/tolerations.ts';
import { invalidBy } from '../rules.ts';
import { validateNarrowing, withoutNarrowing } from './gated-pod-update.ts';
import type { Container, PodSpec } from './pod-spec.ts';

const UPDATABLE =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const INT32_MAX = 2_147_483_647;

export function validatePodSpecUpdate(next: PodSpec, previous: PodSpec): readonly FieldError[] {
  if (next === previous) return [];
  const path = new FieldPath('spec');
  const removed = [
    ...sameCount(next.containers, previous.containers, path.child('containers')),
    ...sameCount(next.initContainers ?? [], previous.initContainers ?? [], path.child('initContainers')),
  ];
  if (removed.length > 0) return removed;
  return [
    ...validateDeadline(next.activeDeadlineSeconds, previous.activeDeadlineSeconds, path.child('activeDeadlineSeconds')),
    ...onlyAdded(next.tolerations ?? [], previous.tolerations ?? [], path.child('tolerations')),
    ...onlyUngated(next, previous, path.child('schedulingGates')),
    ...(isGated(previous) ? validateNarrowing(next, previous) : []),
    ...nothingElse(isGated(previous) ? withoutNarrowing(next, previous) : next, previous, path),
  ];
}

function isGated({ schedulingGates = [] }: PodSpec): boolean {
  return schedulingGates.length > 0;
}

function sameCount(next: readonly Container[], previous: readonly Container[], path: FieldPath): readonly FieldError[] {
  if (next.length !== previous.length) return [fieldForbidden(path, 'pod updates may not add or remove containers')];
  return next.flatMap(({ image }, index) => ((image ?? '') === '' ? [fieldRequired(path.index(index).child('image'), '')] : []));
}

function validateDeadline(next: number | undefined, previous: number | undefined, path: FieldPath): readonly FieldError[] {
  if (next === undefined)
    return previous === undefined ? [] : [fieldInvalid(path, next, 'must not update from a positive integer to nil value')];
  const errors = [...invalidBy(path, next, inRange(next, 0, INT32_MAX))];
  if (errors.length === 0 && previous !== undefined && previous < next)
    errors.push(fieldInvalid(path, next, 'must be less than or equal to previous value'));
  return errors;
}

/** upstream: validateOnlyAddedTolerations */
function onlyAdded(next: readonly Toleration[], previous: readonly Toleration[], path: FieldPath): readonly FieldError[] {
  const kept = previous.every((old) =>
    next.some((toleration) => equal({ ...toleration, tolerationSeconds: old.tolerationSeconds }, { ...old })),
  );
  return kept ? [] : [fieldForbidden(path, 'existing toleration can not be modified except its tolerationSeconds')];
}

/** upstream: validateOnlyDeletedSchedulingGates */
function onlyUngated(next: PodSpec, previous: PodSpec, path: FieldPath): readonly FieldError[] {
  const known = new Set((previous.schedulingGates ?? []).map(({ name }) => name));
  return (next.schedulingGates ?? []).flatMap(({ name }, index) =>
    known.has(name) ? [] : [fieldForbidden(path.index(index), `only deletion is allowed, but found new scheduling gate '${name}'`)],
  );
}

function nothingElse(next: PodSpec, previous: PodSpec, path: FieldPath): readonly FieldError[] {
  const [before, after] = [frozenPart(previous, previous), frozenPart(next, previous)];
  if (equal(before, after)) return [];
  // Upstream shows Go's diff of both specs here; the changed fields are named instead.
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !equal(before[field], after[field]));
  const detail = `pod updates may not change fields other than ${UPDATABLE}\n${changed
    .sort()
    .map((field) => `spec.${field}`)
    .join(', ')}`;
  return [fieldForbidden(path, detail)];
}

function frozenPart(spec: PodSpec, previous: PodSpec): Record<string, unknown> {
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, schedulingGates: _gates, ...rest } = spec;
  const withoutImages = (containers: readonly Container[]) => containers.map(({ image: _image, ...container }) => container);
  const grace = spec.terminationGracePeriodSeconds;
  const before = previous.terminationGracePeriodSeconds ?? 0;
  return {
    ...rest,
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers ?? []),
    terminationGracePeriodSeconds: grace === 1 && before < 0 ? before : grace,
  };
}
