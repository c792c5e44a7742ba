// The rules of the files that volumes show of config maps, secrets, the pod itself and tokens. upstream: pkg/apis/core/validation validateKeyToPath, validateDownwardAPIVolumeFile, validateProjectionSources
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { validateLabelSelector } from '../../meta/label-selector.ts';
import { dns1123Subdomain } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { validateSignerName } from '../certificates/signer-name.ts';
import { each, invalidBy, required } from '../rules.ts';
import { validateDescendingPath } from './descending-path.ts';
import { validateFieldRef, validateResourceFieldRef } from './env-validation.ts';

export function fileMode(mode: number | undefined, path: FieldPath): readonly FieldError[] {
  const allowed = mode === undefined || (mode >= 0 && mode <= 0o777);
  return allowed ? [] : [fieldInvalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}

export function validateKeyToPath(item: Value<core.KeyToPath>, path: FieldPath): readonly FieldError[] {
  const errors = [...required(path.child('key'), item.key), ...required(path.child('path'), item.path)];
  if ((item.path ?? '') !== '') errors.push(...validateLocalPath(item.path, path.child('path')));
  return [...errors, ...fileMode(item.mode, path.child('mode'))];
}

export function validateDownwardFile(file: Value<core.DownwardAPIVolumeFile>, path: FieldPath): readonly FieldError[] {
  const errors = [...required(path.child('path'), file.path), ...validateLocalPath(file.path ?? '', path.child('path'))];
  if (file.fieldRef !== undefined) {
    errors.push(...validateFieldRef(file.fieldRef, volumeFields, path.child('fieldRef')));
    if (file.resourceFieldRef !== undefined)
      errors.push(fieldInvalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (file.resourceFieldRef !== undefined)
    errors.push(...validateResourceFieldRef(file.resourceFieldRef, path.child('resourceFieldRef'), true));
  else errors.push(fieldRequired(path, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...fileMode(file.mode, path.child('mode'))];
}

/** `volume`: the path of the projected source, which upstream blames for files that stand in each other's place. */
export function validateProjections(
  sources: readonly Value<core.VolumeProjection>[] | undefined,
  volume: FieldPath,
): readonly FieldError[] {
  const taken = new Set<string>();
  const twice = (path: string | undefined, shown: string | undefined): readonly FieldError[] => {
    if ((path ?? '') === '') return [];
    const isTaken = taken.has(path as string);
    taken.add(path as string);
    return isTaken ? [fieldInvalid(volume, shown, 'conflicting duplicate paths')] : [];
  };
  return each(volume.child('sources'), sources, (source, at) => {
    const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle } = source;
    const errors: FieldError[] = [];
    for (const [name, given] of [['secret', secret] as const, ['configMap', configMap] as const]) {
      if (given === undefined) continue;
      errors.push(...required(at.child(name, 'name'), given.name));
      for (const [index, item] of (given.items ?? []).entries())
        errors.push(...validateKeyToPath(item, at.child(name, 'items').index(index)), ...twice(item.path, given.name));
    }
    for (const file of downwardAPI?.items ?? [])
      errors.push(...validateDownwardFile(file, at.child('downwardAPI')), ...twice(file.path, file.path));
    if (serviceAccountToken !== undefined) errors.push(...validateToken(serviceAccountToken, at.child('serviceAccountToken'), volume));
    if (clusterTrustBundle !== undefined)
      errors.push(
        ...validateTrust(clusterTrustBundle, at.child('clusterTrustBundlePEM')),
        ...twice(clusterTrustBundle.path, clusterTrustBundle.path),
      );
    if (Object.keys(source).length > 1) errors.push(fieldForbidden(at, 'may not specify more than 1 volume type'));
    return errors;
  });
}

const volumeFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

/** upstream: ValidateLocalNonReservedPath */
function validateLocalPath(text: string, path: FieldPath): readonly FieldError[] {
  const reserved = text.startsWith('..') && !text.startsWith('../') ? [fieldInvalid(path, text, "must not start with '..'")] : [];
  return [...validateDescendingPath(text, path), ...reserved];
}

function validateToken(token: Value<core.ServiceAccountTokenProjection>, path: FieldPath, volume: FieldPath): readonly FieldError[] {
  const seconds = token.expirationSeconds ?? 0;
  const errors: FieldError[] = [];
  const at = path.child('expirationSeconds');
  if (seconds < 600) errors.push(fieldInvalid(at, seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > 2 ** 32) errors.push(fieldInvalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'));
  // Upstream blames the whole volume for the token's path.
  const text = token.path ?? '';
  return [...errors, ...(text === '' ? [fieldRequired(volume.child('path'), '')] : validateLocalPath(text, volume.child('path')))];
}

/** upstream: ValidateClusterTrustBundleName, of a bundle of no signer */
function validateTrust(trust: Value<core.ClusterTrustBundleProjection>, path: FieldPath): readonly FieldError[] {
  const { name, signerName, labelSelector, path: text = '' } = trust;
  const errors: FieldError[] = [];
  if (name !== undefined && signerName !== undefined) errors.push(fieldInvalid(path, trust, 'only one of name and signerName may be used'));
  else if (name !== undefined) {
    const at = path.child('name');
    if (name === '') errors.push(fieldRequired(at, 'must be a valid object name'));
    errors.push(
      ...invalidBy(
        at,
        name,
        dns1123Subdomain(name.replaceAll(':', '.')).map((fault) => `not a valid clustertrustbundlename: ${fault}`),
      ),
    );
    if (labelSelector !== undefined)
      errors.push(fieldInvalid(path.child('labelSelector'), labelSelector, 'labelSelector must be unset if name is specified'));
  } else if (signerName !== undefined) {
    const at = path.child('signerName');
    if (signerName === '') errors.push(fieldRequired(at, 'must be a valid signer name'));
    errors.push(...validateSignerName(signerName, at), ...validateLabelSelector(labelSelector, path.child('labelSelector')));
  } else errors.push(fieldRequired(path, 'either name or signerName must be specified'));
  return [...errors, ...required(path.child('path'), text), ...validateLocalPath(text, path.child('path'))];
}
