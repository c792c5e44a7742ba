// What persistent volumes and claims have in common. upstream: pkg/apis/core/validation, pkg/apis/core/helper GetAccessModesAsString
import { type FieldError, type FieldPath, fieldForbidden, fieldRequired } from '../../meta/field-error.ts';
import { dns1123Subdomain } from '../../meta/names.ts';
import { invalidBy, oneOf } from '../rules.ts';

const modes: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,RWX`, in a fixed order. */
export function accessModesText(given: readonly string[] | undefined): string {
  return modes
    .filter(([mode]) => given?.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

export function validateAccessModes(given: readonly string[] | undefined, path: FieldPath, detail: string): readonly FieldError[] {
  if (given === undefined || given.length === 0) return [fieldRequired(path, detail)];
  const supported = modes.map(([mode]) => mode).sort();
  const errors = given.flatMap((mode) => oneOf(path, mode, supported));
  if (given.includes('ReadWriteOncePod') && given.some((mode) => mode !== 'ReadWriteOncePod'))
    errors.push(fieldForbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

export function validateClassAndMode(
  spec: { readonly storageClassName?: string; readonly volumeMode?: string },
  path: FieldPath,
): readonly FieldError[] {
  const name = spec.storageClassName ?? '';
  return [
    ...(name === '' ? [] : invalidBy(path.child('storageClassName'), name, dns1123Subdomain(name))),
    ...oneOf(path.child('volumeMode'), spec.volumeMode, ['Block', 'Filesystem']),
  ];
}
