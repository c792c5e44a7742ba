// The rules of a container's environment. upstream: pkg/apis/core/validation ValidateEnv, ValidateEnvFrom
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { validateLabels } from '../../meta/labels.ts';
import { configMapKey, dns1123Subdomain, envVarName } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { validateAnnotations } from '../object-meta.ts';
import { each, invalidBy, required } from '../rules.ts';

export function validateEnv(env: readonly Value<core.EnvVar>[] | undefined, path: FieldPath): readonly FieldError[] {
  return each(path, env, (variable, at) => {
    const name = variable.name ?? '';
    const named = name === '' ? [fieldRequired(at.child('name'), '')] : invalidBy(at.child('name'), name, envVarName(name));
    return [...named, ...validateValueFrom(variable, at.child('valueFrom'))];
  });
}

export function validateEnvFrom(sources: readonly Value<core.EnvFromSource>[] | undefined, path: FieldPath): readonly FieldError[] {
  return each(path, sources, ({ prefix = '', configMapRef, secretRef }, at) => {
    const errors = prefix === '' ? [] : [...invalidBy(at.child('prefix'), prefix, envVarName(prefix))];
    if (configMapRef !== undefined) errors.push(...validateName(configMapRef.name, at.child('configMapRef', 'name')));
    if (secretRef !== undefined) errors.push(...validateName(secretRef.name, at.child('secretRef', 'name')));
    if (configMapRef === undefined && secretRef === undefined)
      errors.push(fieldInvalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (configMapRef !== undefined && secretRef !== undefined)
      errors.push(fieldInvalid(path, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}

/** A field of the pod shown to a container. upstream: validateObjectFieldSelector */
export function validateFieldRef(ref: Value<core.ObjectFieldSelector>, allowed: readonly string[], path: FieldPath): readonly FieldError[] {
  const missing = [...required(path.child('apiVersion'), ref.apiVersion), ...required(path.child('fieldPath'), ref.fieldPath)];
  if (missing.length > 0) return missing.slice(0, 1);
  const at = path.child('fieldPath');
  const convertFault = (fault: string) => [fieldInvalid(at, ref.fieldPath, `error converting fieldPath: ${fault}`)];
  if (ref.apiVersion !== 'v1') return convertFault(`unsupported pod version: ${ref.apiVersion}`);
  const [, whole, subscript = ''] = /^(.+?)\['(.*)'\]$/s.exec(ref.fieldPath) ?? [];
  if (whole === 'metadata.annotations') return validateAnnotations({ [subscript]: '' }, path);
  if (whole === 'metadata.labels') return validateLabels({ [subscript]: '' }, path);
  if (whole !== undefined) return convertFault('field label does not support subscript');
  if (!convertible.has(ref.fieldPath)) return convertFault(`field label not supported: ${ref.fieldPath}`);
  return allowed.includes(ref.fieldPath) ? [] : [fieldNotSupported(at, ref.fieldPath, allowed)];
}

/** A resource of a container shown to it. upstream: validateContainerResourceFieldSelector */
export function validateResourceFieldRef(
  ref: Value<core.ResourceFieldSelector>,
  path: FieldPath,
  containerRequired: boolean,
): readonly FieldError[] {
  if (containerRequired && (ref.containerName ?? '') === '') return [fieldRequired(path.child('containerName'), '')];
  if ((ref.resource ?? '') === '') return [fieldRequired(path.child('resource'), '')];
  if (resourceFields.includes(ref.resource) || /^(limits|requests)\.hugepages-/.test(ref.resource)) return [];
  return [fieldNotSupported(path.child('resource'), ref.resource, resourceFields)];
}

const envFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const otherFields = ['metadata.annotations', 'metadata.labels', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase', 'spec.host'];
const convertible: ReadonlySet<string> = new Set([...envFields, ...otherFields]);
const resourceFields = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

function validateValueFrom({ value = '', valueFrom }: Value<core.EnvVar>, path: FieldPath): readonly FieldError[] {
  if (valueFrom === undefined) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  const errors: FieldError[] = [];
  if (fieldRef !== undefined) errors.push(...validateFieldRef(fieldRef, envFields, path.child('fieldRef')));
  if (resourceFieldRef !== undefined) errors.push(...validateResourceFieldRef(resourceFieldRef, path.child('resourceFieldRef'), false));
  if (configMapKeyRef !== undefined) errors.push(...validateKeyRef(configMapKeyRef, path.child('configMapKeyRef')));
  if (secretKeyRef !== undefined) errors.push(...validateKeyRef(secretKeyRef, path.child('secretKeyRef')));
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter((source) => source !== undefined).length;
  if (sources === 0)
    errors.push(fieldInvalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'));
  else if (value !== '') errors.push(fieldInvalid(path, '', 'may not be specified when `value` is not empty'));
  else if (sources > 1) errors.push(fieldInvalid(path, '', 'may not have more than one field specified at a time'));
  return errors;
}

function validateKeyRef(ref: { readonly name?: string; readonly key: string }, path: FieldPath): readonly FieldError[] {
  const name = invalidBy(path.child('name'), ref.name ?? '', dns1123Subdomain(ref.name ?? ''));
  const key =
    (ref.key ?? '') === '' ? [fieldRequired(path.child('key'), '')] : invalidBy(path.child('key'), ref.key, configMapKey(ref.key));
  return [...name, ...key];
}

function validateName(name: string | undefined, path: FieldPath): readonly FieldError[] {
  return (name ?? '') === '' ? [fieldRequired(path, '')] : invalidBy(path, name, dns1123Subdomain(name as string));
}
