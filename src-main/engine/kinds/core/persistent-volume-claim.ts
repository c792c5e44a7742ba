// PersistentVolumeClaim: its type and all of its API rules. upstream: pkg/registry/core/persistentvolumeclaim/strategy.go, ValidatePersistentVolumeClaim
import type { PersistentVolumeClaim as OpenApiPersistentVolumeClaim } from 'kubernetes-types/core/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldRequired } from '../../meta/field-error.ts';
import { validateLabelSelector } from '../../meta/label-selector.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { canonicalQuantity, quantityValue } from '../../meta/quantity.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { immutable, positiveQuantity } from '../rules.ts';
import { resourceAmount } from './resource-validation.ts';
import { accessModesText, validateAccessModes, validateClassAndMode } from './volume-claim-rules.ts';

export type PersistentVolumeClaim = StoredInNamespace<OpenApiPersistentVolumeClaim, 'spec' | 'status'>;

const specPath = new FieldPath('spec');
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const persistentVolumeClaimKind = defineKind<PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  namespaced: true,
  hasStatus: true,
  defaults: (claim) => (claim.spec?.volumeMode === undefined ? { ...claim, spec: { ...claim.spec, volumeMode: 'Filesystem' } } : claim),
  prepareForCreate: (claim) => ({ ...claim, spec: withDataSources(claim.spec), status: { phase: 'Pending' } }),
  validate: validateClaim,
  validateUpdate,
  columns: claimColumns(),
});

/** The old field and the new one say the same. upstream: pkg/api/persistentvolumeclaim NormalizeDataSources */
function withDataSources(spec: PersistentVolumeClaim['spec']): PersistentVolumeClaim['spec'] {
  const { dataSource, dataSourceRef } = spec;
  const known = (source: { readonly apiGroup?: string; readonly kind: string }): boolean =>
    ((source.apiGroup ?? '') === '' && source.kind === 'PersistentVolumeClaim') ||
    (source.apiGroup === 'snapshot.storage.k8s.io' && source.kind === 'VolumeSnapshot');
  if (dataSource !== undefined && dataSourceRef === undefined) return { ...spec, dataSourceRef: dataSource };
  if (dataSource !== undefined || dataSourceRef === undefined || (dataSourceRef.namespace ?? '') !== '' || !known(dataSourceRef))
    return spec;
  const { apiGroup, kind, name } = dataSourceRef;
  return { ...spec, dataSource: { ...(apiGroup !== undefined && { apiGroup }), kind, name } };
}

function validateClaim({ spec }: PersistentVolumeClaim): readonly FieldError[] {
  const storage = spec.resources?.requests?.['storage'];
  const at = specPath.child('resources').key('storage');
  return [
    ...validateAccessModes(spec.accessModes, specPath.child('accessModes'), 'at least 1 access mode is required'),
    ...validateLabelSelector(spec.selector, specPath.child('selector')),
    ...(storage === undefined ? [fieldRequired(at, '')] : [...resourceAmount('storage', storage, at), ...positiveQuantity(at, storage)]),
    ...validateClassAndMode(spec, specPath),
  ];
}

/** upstream: ValidatePersistentVolumeClaimUpdate; where upstream appends Go's diff, the changed fields are named. */
function validateUpdate(next: PersistentVolumeClaim, previous: PersistentVolumeClaim): readonly FieldError[] {
  const errors: FieldError[] = [];
  const [before, after] = [fixedPart(previous, next), fixedPart(next, next)];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !equal(before[field], after[field]));
  if (changed.length > 0) {
    const detail = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(
      fieldForbidden(
        specPath,
        `${detail}\n${changed
          .sort()
          .map((field) => `spec.${field}`)
          .join(', ')}`,
      ),
    );
  }
  const size = (claim: PersistentVolumeClaim) => quantityValue(claim.spec.resources?.requests?.['storage'] ?? '0');
  const reached = quantityValue(previous.status?.capacity?.['storage'] ?? '0');
  if (size(next) < size(previous) && size(next) <= reached)
    errors.push(fieldForbidden(specPath.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'));
  return [...errors, ...immutable(specPath.child('volumeMode'), next.spec.volumeMode, previous.spec.volumeMode)];
}

/** What of a claim's spec may not change; the volume's name may be set once, and a bound claim may ask for more. */
function fixedPart(claim: PersistentVolumeClaim, next: PersistentVolumeClaim): Readonly<Record<string, unknown>> {
  const { volumeName, storageClassName, volumeAttributesClassName: _mutable, ...rest } = claim.spec;
  const { resources, ...others } = rest;
  const { storage: _size, ...requests } = resources?.requests ?? {};
  const bound = next.status?.phase === 'Bound';
  return {
    ...others,
    resources: bound ? { ...resources, requests } : resources,
    volumeName: volumeName === undefined || volumeName === '' ? next.spec.volumeName : volumeName,
    // A class may be given later to a claim that was made without one. upstream: validateStorageClassUpgradeFromNil
    storageClassName: storageClassName === undefined && (volumeName ?? '') === '' ? next.spec.storageClassName : storageClassName,
  };
}

function claimColumns(): readonly PrinterColumn<PersistentVolumeClaim>[] {
  const text = (name: string, value: (claim: PersistentVolumeClaim) => string | undefined, priority = 0) => ({
    name,
    type: 'string' as const,
    ...(priority > 0 ? { priority } : {}),
    value: (claim: PersistentVolumeClaim) => value(claim) ?? '',
  });
  const isBound = ({ spec }: PersistentVolumeClaim) => (spec.volumeName ?? '') !== '';
  return [
    nameColumn,
    text('Status', ({ metadata, status }) => (metadata.deletionTimestamp === undefined ? status?.phase : 'Terminating')),
    text('Volume', ({ spec }) => spec.volumeName),
    text('Capacity', (claim) => (isBound(claim) ? canonicalQuantity(claim.status?.capacity?.['storage'] ?? '0') : '')),
    text('Access Modes', (claim) => (isBound(claim) ? accessModesText(claim.status?.accessModes) : '')),
    text('StorageClass', ({ metadata, spec }) => metadata.annotations?.[BETA_CLASS] ?? spec.storageClassName),
    text('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    ageColumn,
    text('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>', 1),
  ];
}
