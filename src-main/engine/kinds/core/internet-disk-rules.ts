// The rules of iSCSI sources, whose names follow a form of their own. upstream: pkg/apis/core/validation validateISCSIVolumeSource, validateISCSIPersistentVolumeSource
import type { ISCSIPersistentVolumeSource } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { inRange } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { invalidBy, required } from '../rules.ts';

/** `owner`: the volume that the disk is the source of. */
export function validateInternetDisk(
  disk: Value<ISCSIPersistentVolumeSource>,
  path: FieldPath,
  owner: { readonly name: string; readonly isPersistent: boolean },
): readonly FieldError[] {
  const { targetPortal = '', iqn = '', lun = 0, initiatorName, secretRef } = disk;
  const errors: FieldError[] = [...required(path.child('targetPortal'), targetPortal)];
  const isTooLong = initiatorName !== undefined && `${owner.name}:${targetPortal}`.length > 64;
  if (isTooLong && owner.isPersistent) errors.push(fieldInvalid(path.child('targetportal'), targetPortal, TOO_LONG));
  if (iqn === '') errors.push(fieldRequired(path.child('iqn'), ''));
  else errors.push(...qualified(iqn, path.child('iqn')));
  errors.push(...invalidBy(path.child('lun'), lun, inRange(lun, 0, 255)));
  if ((disk.chapAuthDiscovery === true || disk.chapAuthSession === true) && secretRef === undefined)
    errors.push(fieldRequired(path.child('secretRef'), ''));
  if (owner.isPersistent && secretRef !== undefined) errors.push(...required(path.child('secretRef', 'name'), secretRef.name));
  if (initiatorName !== undefined) errors.push(...qualified(initiatorName, path.child('initiatorname')));
  return errors;
}

/** What is wrong with the name of a pod's volume that is such a disk. */
export function longDiskName(name: string, disk: Value<ISCSIPersistentVolumeSource>, path: FieldPath): readonly FieldError[] {
  const isTooLong = disk.initiatorName !== undefined && `${name}:${disk.targetPortal ?? ''}`.length > 64;
  return isTooLong ? [fieldInvalid(path, name, TOO_LONG)] : [];
}

const TOO_LONG = 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';

const forms: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([\dA-Za-z\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[\dA-Za-z]{16}$/,
  naa: /^naa.[\dA-Za-z]{32}$/,
};

function qualified(name: string, path: FieldPath): readonly FieldError[] {
  const form = forms[name.slice(0, 3)];
  if (form === undefined) return [fieldInvalid(path, name, 'must be valid format starting with iqn, eui, or naa')];
  return form.test(name) ? [] : [fieldInvalid(path, name, 'must be valid format')];
}
