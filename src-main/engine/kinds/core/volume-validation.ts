// The rules of a pod's volumes. upstream: pkg/apis/core/validation ValidateVolumes, validateVolumeSource
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldDuplicate, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { dns1123Label } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { parseQuantity } from '../../meta/quantity.ts';
import { each, invalidBy, oneOf, required } from '../rules.ts';
import { validateDescendingPath, validateNoBacksteps } from './descending-path.ts';
import { validateFieldRef, validateResourceFieldRef } from './env-validation.ts';
import type { Volume } from './pod-spec.ts';

export interface CheckedVolumes {
  readonly errors: readonly FieldError[];
  /** The volumes without a fault, by name: those that can be mounted. */
  readonly sound: ReadonlyMap<string, Volume>;
}

export function validateVolumes(volumes: readonly Volume[] | undefined, path: FieldPath): CheckedVolumes {
  const sound = new Map<string, Volume>();
  const errors = each(path, volumes, (volume, at) => {
    const { name = '' } = volume;
    const found = [...validateSource(volume, at)];
    if (name === '') found.push(fieldRequired(at.child('name'), ''));
    else found.push(...invalidBy(at.child('name'), name, dns1123Label(name)));
    if (sound.has(name)) found.push(fieldDuplicate(at.child('name'), name));
    if (found.length === 0) sound.set(name, volume);
    return found;
  });
  return { errors, sound };
}

function validateSource(volume: Volume, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  let found = false;
  for (const source of Object.keys(volume)) {
    if (source === 'name') continue;
    if (found) errors.push(fieldForbidden(path.child(source), 'may not specify more than 1 volume type'));
    else errors.push(...(rules[source]?.(volume, path.child(source)) ?? []));
    found = true;
  }
  return found ? errors : [fieldRequired(path, 'must specify a volume type')];
}

type Rule = (volume: Volume, path: FieldPath) => readonly FieldError[];

/** Sources without an entry have no rule that the lab could break. */
const rules: Readonly<Record<string, Rule>> = {
  emptyDir: ({ emptyDir }, path) => {
    const limit = parseQuantity(String(emptyDir?.sizeLimit ?? '0')).value;
    const negative = limit !== undefined && limit.nanos < 0n;
    return negative ? [fieldForbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity')] : [];
  },
  hostPath: ({ hostPath }, path) => {
    const text = hostPath?.path ?? '';
    if (text === '') return [fieldRequired(path.child('path'), '')];
    return [...validateNoBacksteps(text, path.child('path')), ...oneOf(path.child('type'), hostPath?.type, hostPathTypes)];
  },
  nfs: ({ nfs }, path) => {
    const errors = [...required(path.child('server'), nfs?.server), ...required(path.child('path'), nfs?.path)];
    const relative = (nfs?.path ?? '') !== '' && nfs?.path.startsWith('/') === false;
    return relative ? [...errors, fieldInvalid(path.child('path'), nfs?.path, 'must be an absolute path')] : errors;
  },
  secret: ({ secret }, path) => [
    ...required(path.child('secretName'), secret?.secretName),
    ...fileMode(secret?.defaultMode, path.child('defaultMode')),
    ...each(path.child('items'), secret?.items, validateKeyToPath),
  ],
  configMap: ({ configMap }, path) => [
    ...required(path.child('name'), configMap?.name),
    ...fileMode(configMap?.defaultMode, path.child('defaultMode')),
    ...each(path.child('items'), configMap?.items, validateKeyToPath),
  ],
  downwardAPI: ({ downwardAPI }, path) => [
    ...fileMode(downwardAPI?.defaultMode, path.child('defaultMode')),
    ...(downwardAPI?.items ?? []).flatMap((file) => validateDownwardFile(file, path)),
  ],
  projected: ({ projected }, path) => [
    ...fileMode(projected?.defaultMode, path.child('defaultMode')),
    ...each(path.child('sources'), projected?.sources, validateProjection),
  ],
  persistentVolumeClaim: ({ persistentVolumeClaim: claim }, path) => required(path.child('claimName'), claim?.claimName),
  csi: ({ csi }, path) => required(path.child('driver'), csi?.driver),
  ephemeral: ({ ephemeral }, path) =>
    ephemeral?.volumeClaimTemplate === undefined ? [fieldRequired(path.child('volumeClaimTemplate'), '')] : [],
};

// Upstream keeps the unset type in its set of supported ones, and sorts them.
const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];
const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function fileMode(mode: number | undefined, path: FieldPath): readonly FieldError[] {
  const allowed = mode === undefined || (mode >= 0 && mode <= 0o777);
  return allowed ? [] : [fieldInvalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

function validateKeyToPath(item: Value<core.KeyToPath>, path: FieldPath): readonly FieldError[] {
  const errors = [...required(path.child('key'), item.key), ...required(path.child('path'), item.path)];
  if ((item.path ?? '') !== '') errors.push(...validateLocalPath(item.path, path.child('path')));
  return [...errors, ...fileMode(item.mode, path.child('mode'))];
}

function validateLocalPath(text: string, path: FieldPath): readonly FieldError[] {
  const reserved = text.startsWith('..') && !text.startsWith('../') ? [fieldInvalid(path, text, "must not start with '..'")] : [];
  return [...validateDescendingPath(text, path), ...reserved];
}

function validateDownwardFile(file: Value<core.DownwardAPIVolumeFile>, path: FieldPath): readonly FieldError[] {
  const errors = [...required(path.child('path'), file.path), ...validateLocalPath(file.path ?? '', path.child('path'))];
  if (file.fieldRef !== undefined) errors.push(...validateFieldRef(file.fieldRef, volumeFields, path.child('fieldRef')));
  else if (file.resourceFieldRef !== undefined)
    errors.push(...validateResourceFieldRef(file.resourceFieldRef, path.child('resourceFieldRef'), true));
  else errors.push(fieldRequired(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...fileMode(file.mode, path.child('mode'))];
}

function validateProjection(source: Value<core.VolumeProjection>, path: FieldPath): readonly FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken: token } = source;
  const errors: FieldError[] = [];
  if (secret !== undefined) errors.push(...required(path.child('secret', 'name'), secret.name));
  if (configMap !== undefined) errors.push(...required(path.child('configMap', 'name'), configMap.name));
  for (const file of downwardAPI?.items ?? []) errors.push(...validateDownwardFile(file, path.child('downwardAPI')));
  if (token === undefined) return errors;
  const at = path.child('serviceAccountToken');
  const seconds = token.expirationSeconds ?? 0;
  if (seconds < 600) errors.push(fieldInvalid(at.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > 2 ** 32)
    errors.push(fieldInvalid(at.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds'));
  return [...errors, ...required(at.child('path'), token.path)];
}
