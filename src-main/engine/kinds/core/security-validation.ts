// The rules of security contexts that a simulated node can be told apart by. upstream: pkg/apis/core/validation ValidateSecurityContext, validatePodSpecSecurityContext
import {
  type FieldError,
  type FieldPath,
  fieldDuplicate,
  fieldInvalid,
  fieldRequired,
  fieldTooLong,
  type GoSyntax,
} from '../../meta/field-error.ts';
import { groupId, userId } from '../../meta/names.ts';
import { goPointer, goStruct } from '../go-syntax.ts';
import { each, invalidBy, oneOf } from '../rules.ts';
import { validateDescendingPath } from './descending-path.ts';
import type { Container, PodSpec } from './pod-spec.ts';

export function validateSecurityContext(context: Container['securityContext'], path: FieldPath): readonly FieldError[] {
  if (context === undefined) return [];
  const { runAsUser, runAsGroup, allowPrivilegeEscalation, privileged, capabilities } = context;
  const errors = [...validateIds(runAsUser, runAsGroup, path), ...validateProfiles(context, path)];
  errors.push(...oneOf(path.child('procMount'), context.procMount, ['Default', 'Unmasked']));
  if (allowPrivilegeEscalation !== false) return errors;
  const refuse = (what: string) => fieldInvalid(path, goContext(context), `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
  if (privileged === true) errors.push(refuse('`privileged` to true'));
  if ((capabilities?.add ?? []).includes('CAP_SYS_ADMIN')) errors.push(refuse('`capabilities.Add` CAP_SYS_ADMIN'));
  return errors;
}

/** upstream: pkg/apis/core/types.go SecurityContext */
function goContext(context: NonNullable<Container['securityContext']>): GoSyntax {
  const given = context as Readonly<Record<string, unknown>>;
  return goStruct('core.SecurityContext', {
    Capabilities: goPointer('core.Capabilities', given['capabilities']),
    Privileged: goPointer('bool', given['privileged']),
    SELinuxOptions: goPointer('core.SELinuxOptions', given['seLinuxOptions']),
    WindowsOptions: goPointer('core.WindowsSecurityContextOptions', given['windowsOptions']),
    RunAsUser: goPointer('int64', given['runAsUser']),
    RunAsGroup: goPointer('int64', given['runAsGroup']),
    RunAsNonRoot: goPointer('bool', given['runAsNonRoot']),
    ReadOnlyRootFilesystem: goPointer('bool', given['readOnlyRootFilesystem']),
    AllowPrivilegeEscalation: goPointer('bool', given['allowPrivilegeEscalation']),
    ProcMount: goPointer('core.ProcMountType', given['procMount']),
    SeccompProfile: goPointer('core.SeccompProfile', given['seccompProfile']),
    AppArmorProfile: goPointer('core.AppArmorProfile', given['appArmorProfile']),
  });
}

export function validatePodSecurityContext(spec: PodSpec, specPath: FieldPath): readonly FieldError[] {
  const path = specPath.child('securityContext');
  const { fsGroup, runAsUser, runAsGroup, supplementalGroups, fsGroupChangePolicy, sysctls } = spec.securityContext ?? {};
  const errors: FieldError[] = [];
  if (fsGroup !== undefined) errors.push(...invalidBy(path.child('fsGroup'), fsGroup, groupId(fsGroup)));
  errors.push(...validateIds(runAsUser, runAsGroup, path));
  for (const [index, group] of (supplementalGroups ?? []).entries())
    errors.push(...invalidBy(path.child('supplementalGroups').index(index), group, groupId(group)));
  if (spec.shareProcessNamespace === true && spec.hostPID === true)
    errors.push(fieldInvalid(specPath.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  errors.push(...validateSysctls(sysctls, path.child('sysctls')));
  errors.push(...oneOf(path.child('fsGroupChangePolicy'), fsGroupChangePolicy, ['Always', 'OnRootMismatch']));
  return [...errors, ...validateProfiles(spec.securityContext ?? {}, path)];
}

interface Profile {
  readonly type: string;
  readonly localhostProfile?: string;
}

interface Profiles {
  readonly seccompProfile?: Profile;
  readonly appArmorProfile?: Profile;
}

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const APP_ARMOR_LENGTH_MAX = 4095;
const SYSCTL_LENGTH_MAX = 253;
const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL = `(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}`;
const sysctlName = new RegExp(`^${SYSCTL}$`);

function validateProfiles({ seccompProfile, appArmorProfile }: Profiles, path: FieldPath): readonly FieldError[] {
  return [
    ...(seccompProfile === undefined ? [] : validateSeccomp(seccompProfile, path.child('seccompProfile'))),
    ...(appArmorProfile === undefined ? [] : validateAppArmor(appArmorProfile, path.child('appArmorProfile'))),
  ];
}

function validateType(type: string | undefined, field: string, path: FieldPath): readonly FieldError[] {
  if ((type ?? '') === '') return [fieldRequired(path, `type is required when ${field} is set`)];
  return oneOf(path, type, PROFILE_TYPES);
}

/** upstream: validateSeccompProfileField */
function validateSeccomp(profile: Profile, path: FieldPath): readonly FieldError[] {
  const { type, localhostProfile } = profile;
  const at = path.child('localhostProfile');
  const errors = [...validateType(type, 'seccompProfile', path.child('type'))];
  if (type !== 'Localhost') {
    if (localhostProfile !== undefined) errors.push(fieldInvalid(at, profile, 'can only be set when seccomp type is Localhost'));
  } else if (localhostProfile === undefined) errors.push(fieldRequired(at, 'must be set when seccomp type is Localhost'));
  else errors.push(...validateDescendingPath(localhostProfile, at));
  return errors;
}

/** upstream: ValidateAppArmorProfileField */
function validateAppArmor({ type, localhostProfile }: Profile, path: FieldPath): readonly FieldError[] {
  const at = path.child('localhostProfile');
  if (type === 'RuntimeDefault' || type === 'Unconfined')
    return localhostProfile === undefined ? [] : [fieldInvalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost')];
  if (type !== 'Localhost') return validateType(type, 'appArmorProfile', path.child('type'));
  if (localhostProfile === undefined) return [fieldRequired(at, 'must be set when AppArmor type is Localhost')];
  const errors: FieldError[] = [];
  if (localhostProfile.trim() !== localhostProfile) errors.push(fieldInvalid(at, localhostProfile, 'must not be padded with whitespace'));
  else if (localhostProfile === '') errors.push(fieldRequired(at, 'must be set when AppArmor type is Localhost'));
  return localhostProfile.length > APP_ARMOR_LENGTH_MAX ? [...errors, fieldTooLong(at, APP_ARMOR_LENGTH_MAX)] : errors;
}

function validateSysctls(sysctls: readonly { readonly name: string }[] | undefined, path: FieldPath): readonly FieldError[] {
  const names = new Set<string>();
  return each(path, sysctls, ({ name = '' }, index) => {
    const at = index.child('name');
    if (name === '') return [fieldRequired(at, '')];
    const isTaken = names.has(name);
    names.add(name);
    if (name.length > SYSCTL_LENGTH_MAX || !sysctlName.test(name))
      return [fieldInvalid(at, name, `must have at most ${SYSCTL_LENGTH_MAX} characters and match regex ${SYSCTL}`)];
    return isTaken ? [fieldDuplicate(at, name)] : [];
  });
}

function validateIds(user: number | undefined, group: number | undefined, path: FieldPath): readonly FieldError[] {
  return [
    ...(user === undefined ? [] : invalidBy(path.child('runAsUser'), user, userId(user))),
    ...(group === undefined ? [] : invalidBy(path.child('runAsGroup'), group, groupId(group))),
  ];
}
