// The rules of what a claim asks for, in claims and in the templates of claims that volumes of pods have.
// upstream: pkg/apis/core/validation ValidatePersistentVolumeClaimSpec, ValidatePersistentVolumeClaimTemplate
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldForbidden, fieldInvalid, fieldRequired, GoSyntax } from '../../meta/field-error.ts';
import { validateLabelSelector } from '../../meta/label-selector.ts';
import { validateLabels } from '../../meta/labels.ts';
import { dns1123Label, dns1123Subdomain } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { validateAnnotations } from '../object-meta.ts';
import { invalidBy, positiveQuantity, required } from '../rules.ts';
import { resourceAmount } from './resource-validation.ts';
import { validateAccessModes, validateClassAndMode } from './volume-claim-rules.ts';

type ClaimSpec = Value<core.PersistentVolumeClaimSpec>;

export function validateClaimSpec(spec: ClaimSpec, path: FieldPath): readonly FieldError[] {
  const storage = spec.resources?.requests?.['storage'];
  const at = path.child('resources').key('storage');
  const amount = storage === undefined ? [fieldRequired(at, '')] : positiveQuantity(at, storage);
  return [
    ...validateAccessModes(spec.accessModes, path.child('accessModes'), 'at least 1 access mode is required'),
    ...validateLabelSelector(spec.selector, path.child('selector')),
    ...amount,
    ...(storage === undefined || amount.length > 0 ? [] : resourceAmount('storage', storage, at)),
    ...validateClassAndMode(spec, path),
    ...validateSources(spec, path),
  ];
}

/** Of its metadata, a template may set labels and annotations only. */
export function validateClaimTemplate(template: Value<core.PersistentVolumeClaimTemplate>, path: FieldPath): readonly FieldError[] {
  const metadata = template.metadata ?? {};
  const at = path.child('metadata');
  return [
    ...validateAnnotations(metadata.annotations, at.child('annotations')),
    ...validateLabels(metadata.labels ?? {}, at.child('labels')),
    ...Object.keys(metadata)
      .filter((field) => field !== 'annotations' && field !== 'labels' && (metadata[field as keyof typeof metadata] ?? '') !== '')
      .map((field) => fieldForbidden(at.child(field), 'cannot be set')),
    ...validateClaimSpec(template.spec ?? {}, path.child('spec')),
  ];
}

/** What a claim is to be filled from, said in an old field and in a new one. */
function validateSources({ dataSource, dataSourceRef }: ClaimSpec, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (dataSource !== undefined) errors.push(...validateSource(dataSource, path.child('dataSource')));
  if (dataSourceRef !== undefined) errors.push(...validateSource(dataSourceRef, path.child('dataSourceRef')));
  if (dataSource === undefined || dataSourceRef === undefined) return errors;
  // Upstream gives the path of the field as its value.
  const shown = new GoSyntax(path.child('dataSource').toString());
  if ((dataSourceRef.namespace ?? '') !== '')
    errors.push(fieldInvalid(path, shown, 'may not be specified when dataSourceRef.namespace is specified'));
  else if (
    dataSource.apiGroup !== dataSourceRef.apiGroup ||
    dataSource.kind !== dataSourceRef.kind ||
    dataSource.name !== dataSourceRef.name
  )
    errors.push(fieldInvalid(path, shown, 'must match dataSourceRef'));
  return errors;
}

function validateSource({ apiGroup = '', kind, name, namespace = '' }: Value<core.TypedObjectReference>, path: FieldPath) {
  const errors: FieldError[] = [...required(path.child('name'), name), ...required(path.child('kind'), kind)];
  if (apiGroup !== '') errors.push(...invalidBy(path.child('apiGroup'), apiGroup, dns1123Subdomain(apiGroup)));
  else if (kind !== 'PersistentVolumeClaim')
    errors.push(fieldInvalid(path, kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (namespace !== '') errors.push(...invalidBy(path.child('namespace'), namespace, dns1123Label(namespace)));
  return errors;
}
