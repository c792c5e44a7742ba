// What a pod may not ask for on the operating system that it names. upstream: pkg/apis/core/validation validateOS, validateLinux, validateWindows
import { type FieldError, type FieldPath, fieldForbidden, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import type { PodSpec } from './pod-spec.ts';

type Fields = Readonly<Record<string, unknown>>;

const NOT_ON_WINDOWS_POD = [
  ...['appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'fsGroup', 'fsGroupChangePolicy', 'sysctls'],
  ...['runAsUser', 'runAsGroup', 'supplementalGroups', 'supplementalGroupsPolicy'],
];
const NOT_ON_WINDOWS_SPEC = ['hostUsers', 'shareProcessNamespace'];
const NEVER_TRUE_ON_WINDOWS = ['hostPID', 'hostIPC'];
const NOT_ON_WINDOWS_CONTAINER = [
  ...['appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'capabilities', 'readOnlyRootFilesystem', 'privileged'],
  ...['allowPrivilegeEscalation', 'procMount', 'runAsUser', 'runAsGroup'],
];

export function validatePodOs(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  if (spec.os === undefined) return [];
  const { name = '' } = spec.os;
  const at = path.child('os');
  if (name === '') return [fieldRequired(at.child('name'), 'cannot be empty')];
  if (name === 'linux') return unfit(spec, path, ['windowsOptions'], ['windowsOptions'], 'windows options cannot be set for a linux pod');
  if (name !== 'windows') return [fieldNotSupported(at, name, ['linux', 'windows'])];
  const detail = 'cannot be set for a windows pod';
  const own = spec as Fields;
  return [
    ...forbidden(own, NOT_ON_WINDOWS_SPEC, path, detail),
    ...NEVER_TRUE_ON_WINDOWS.filter((field) => own[field] === true).map((field) => fieldForbidden(path.child(field), detail)),
    ...unfit(spec, path, NOT_ON_WINDOWS_POD, NOT_ON_WINDOWS_CONTAINER, detail),
  ];
}

/** Fields of the security contexts: of the pod's, and of each container's. */
function unfit(spec: PodSpec, path: FieldPath, ofPod: readonly string[], ofContainer: readonly string[], detail: string): FieldError[] {
  const errors = forbidden(spec.securityContext as Fields | undefined, ofPod, path.child('securityContext'), detail);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    for (const [index, { securityContext }] of (spec[list] ?? []).entries())
      errors.push(
        ...forbidden(securityContext as Fields | undefined, ofContainer, path.child(list).index(index).child('securityContext'), detail),
      );
  return errors;
}

function forbidden(given: Fields | undefined, fields: readonly string[], path: FieldPath, detail: string): FieldError[] {
  return given === undefined
    ? []
    : fields.filter((field) => given[field] !== undefined).map((field) => fieldForbidden(path.child(field), detail));
}
