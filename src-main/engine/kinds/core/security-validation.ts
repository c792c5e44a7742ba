// The rules of security contexts that a simulated node can be told apart by. upstream: pkg/apis/core/validation ValidateSecurityContext, validatePodSpecSecurityContext
import { type FieldError, type FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import { groupId, userId } from '../../meta/names.ts';
import { invalidBy, oneOf } from '../rules.ts';
import type { Container, PodSpec } from './pod-spec.ts';

export function validateSecurityContext(context: Container['securityContext'], path: FieldPath): readonly FieldError[] {
  if (context === undefined) return [];
  const { runAsUser, runAsGroup, allowPrivilegeEscalation, privileged, capabilities } = context;
  const errors = [...validateIds(runAsUser, runAsGroup, path)];
  errors.push(...oneOf(path.child('procMount'), context.procMount, ['Default', 'Unmasked']));
  if (allowPrivilegeEscalation !== false) return errors;
  const refuse = (what: string) => fieldInvalid(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
  if (privileged === true) errors.push(refuse('`privileged` to true'));
  if ((capabilities?.add ?? []).includes('CAP_SYS_ADMIN')) errors.push(refuse('`capabilities.Add` CAP_SYS_ADMIN'));
  return errors;
}

export function validatePodSecurityContext(spec: PodSpec, specPath: FieldPath): readonly FieldError[] {
  const path = specPath.child('securityContext');
  const { fsGroup, runAsUser, runAsGroup, supplementalGroups, fsGroupChangePolicy } = spec.securityContext ?? {};
  const errors: FieldError[] = [];
  if (fsGroup !== undefined) errors.push(...invalidBy(path.child('fsGroup'), fsGroup, groupId(fsGroup)));
  errors.push(...validateIds(runAsUser, runAsGroup, path));
  for (const [index, group] of (supplementalGroups ?? []).entries())
    errors.push(...invalidBy(path.child('supplementalGroups').index(index), group, groupId(group)));
  if (spec.shareProcessNamespace === true && spec.hostPID === true)
    errors.push(fieldInvalid(specPath.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  return [...errors, ...oneOf(path.child('fsGroupChangePolicy'), fsGroupChangePolicy, ['Always', 'OnRootMismatch'])];
}

function validateIds(user: number | undefined, group: number | undefined, path: FieldPath): readonly FieldError[] {
  return [
    ...(user === undefined ? [] : invalidBy(path.child('runAsUser'), user, userId(user))),
    ...(group === undefined ? [] : invalidBy(path.child('runAsGroup'), group, groupId(group))),
  ];
}
