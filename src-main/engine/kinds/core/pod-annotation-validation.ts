// The annotations of a pod that rules still read: some came before a field, some were never one. upstream: pkg/apis/core/validation ValidatePodSpecificAnnotations
import { type FieldError, type FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import { validateDescendingPath } from './descending-path.ts';
import type { PodSpec } from './pod-spec.ts';

type Annotations = Readonly<Record<string, string>>;

const MIRROR = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const LOCAL = 'localhost/';

export function validatePodAnnotations(annotations: Annotations | undefined, spec: PodSpec, path: FieldPath): readonly FieldError[] {
  return annotations === undefined
    ? []
    : Object.entries(annotations).flatMap(([name, value]) => validateAnnotation(name, value, annotations, spec, path));
}

function validateAnnotation(name: string, value: string, all: Annotations, spec: PodSpec, path: FieldPath): readonly FieldError[] {
  if (name === MIRROR && (spec.nodeName ?? '') === '')
    return [fieldInvalid(path.key(name), value, 'must set spec.nodeName if mirror pod annotation is set')];
  if (name === DELETION_COST && !isDeletionCost(value)) return [fieldInvalid(path.key(name), value, 'must be a 32bit integer')];
  if (name === SECCOMP_POD || name.startsWith(SECCOMP_CONTAINER)) return validateSeccomp(value, path.child(name));
  return name.startsWith(APP_ARMOR) ? validateAppArmor(name, all, spec, path) : [];
}

/** Neither a plus sign nor leading zeros. upstream: GetDeletionCostFromPodAnnotations */
function isDeletionCost(text: string): boolean {
  return /^(?:0|-\d+|[1-9]\d*)$/.test(text) && Number(text) === (Number(text) | 0);
}

/** upstream: ValidateSeccompProfile */
function validateSeccomp(profile: string, path: FieldPath): readonly FieldError[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return [];
  if (profile.startsWith(LOCAL)) return validateDescendingPath(profile.slice(LOCAL.length), path);
  return [fieldInvalid(path, profile, 'must be a valid seccomp profile')];
}

/** upstream: ValidateAppArmorPodAnnotations */
function validateAppArmor(name: string, all: Annotations, spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const container = name.slice(APP_ARMOR.length);
  const profile = all[name] ?? '';
  const at = path.key(name);
  const known = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
  const isFormed = ['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith(LOCAL);
  return [
    ...(known.some((one) => one.name === container) ? [] : [fieldInvalid(at, container, 'container not found')]),
    ...(isFormed ? [] : [fieldInvalid(at, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)]),
  ];
}
