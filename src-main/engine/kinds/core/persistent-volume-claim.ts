// PersistentVolumeClaim: its type and all of its API rules. upstream: pkg/registry/core/persistentvolumeclaim/strategy.go, ValidatePersistentVolumeClaim
import type { PersistentVolumeClaim as OpenApiPersistentVolumeClaim } from 'kubernetes-types/core/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldNotSupported } from '../../meta/field-error.ts';
import { qualifiedName } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { canonicalQuantity, quantityValue } from '../../meta/quantity.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { immutable, invalidBy } from '../rules.ts';
import { validateClaimSpec } from './claim-spec-validation.ts';
import { basicAmount, resourceAmount } from './resource-validation.ts';
import { validateAttributesClassUpdate, withoutAttributesClass } from './volume-attributes.ts';
import { accessModesText } from './volume-claim-rules.ts';

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
  prepareForCreate: (claim) => ({ ...claim, spec: withDataSources(withoutAttributesClass(claim).spec), status: { phase: 'Pending' } }),
  prepareForUpdate: withoutAttributesClass,
  validate: ({ spec }) => validateClaimSpec(spec, specPath),
  validateStatus: validateClaimStatus,
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

/** upstream: ValidatePersistentVolumeClaimUpdate; where upstream appends Go's diff, the changed fields are named. */
function validateUpdate(next: PersistentVolumeClaim, previous: PersistentVolumeClaim): readonly FieldError[] {
  const errors: FieldError[] = [];
  const isMoved = movesClassFromAnnotation(next, previous);
  if (!isMoved && next.metadata.annotations?.[BETA_CLASS] !== previous.metadata.annotations?.[BETA_CLASS]) {
    const at = new FieldPath('metadata', 'annotations').key(BETA_CLASS);
    errors.push(fieldInvalid(at, next.metadata.annotations?.[BETA_CLASS] ?? '', 'field is immutable'));
  }
  const className = isMoved || setsClassLater(next, previous) ? previous.spec.storageClassName : next.spec.storageClassName;
  const before = fixedPart(previous, next);
  const after: Readonly<Record<string, unknown>> = { ...fixedPart(next, next), storageClassName: className };
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
  return [
    ...errors,
    ...immutable(new FieldPath('volumeMode'), next.spec.volumeMode, previous.spec.volumeMode),
    ...validateAttributesClassUpdate(next, previous),
  ];
}

/** What of a claim's spec may not change; the volume's name may be set once, and a bound claim may ask for more. */
function fixedPart(claim: PersistentVolumeClaim, next: PersistentVolumeClaim): Readonly<Record<string, unknown>> {
  const { volumeName, volumeAttributesClassName: _mutable, resources, ...others } = claim.spec;
  const { storage: _size, ...requests } = resources?.requests ?? {};
  const bound = next.status?.phase === 'Bound';
  return {
    ...others,
    storageClassName: others.storageClassName,
    resources: bound ? { ...resources, requests } : resources,
    volumeName: volumeName === undefined || volumeName === '' ? next.spec.volumeName : volumeName,
  };
}

/** A class that was named by an annotation is now named by the field. upstream: validateStorageClassUpgradeFromAnnotation */
function movesClassFromAnnotation(next: PersistentVolumeClaim, previous: PersistentVolumeClaim): boolean {
  const old = previous.metadata.annotations?.[BETA_CLASS];
  const now = next.metadata.annotations?.[BETA_CLASS];
  const isSet = old !== undefined && previous.spec.storageClassName === undefined && next.spec.storageClassName === old;
  return isSet && (now === undefined || now === old);
}

/** A claim that was made without a class is given one. upstream: validateStorageClassUpgradeFromNil */
function setsClassLater(next: PersistentVolumeClaim, previous: PersistentVolumeClaim): boolean {
  if (next.spec.storageClassName === undefined || previous.spec.storageClassName !== undefined) return false;
  const old = previous.metadata.annotations?.[BETA_CLASS];
  return old === undefined || old === next.spec.storageClassName;
}

/** upstream: ValidatePersistentVolumeClaimStatusUpdate */
function validateClaimStatus({ status = {} }: PersistentVolumeClaim): readonly FieldError[] {
  const path = new FieldPath('status');
  const resizing = path.child('allocatedResourceStatus');
  const allocated = path.child('allocatedResources');
  return [
    ...Object.entries(status.capacity ?? {}).flatMap(([name, text]) => basicAmount(text, path.child('capacity').key(name))),
    ...Object.entries(status.allocatedResourceStatuses ?? {}).flatMap(([name, state]) => [
      ...claimResource(name, resizing),
      ...(resizeStates.includes(state) ? [] : [fieldNotSupported(resizing, name, resizeStates)]),
    ]),
    ...Object.entries(status.allocatedResources ?? {}).flatMap(([name, text]) => {
      const errors = claimResource(name, allocated);
      if (errors.length > 0) return errors;
      const negative = basicAmount(text, allocated.key(name));
      return negative.length > 0 ? negative : resourceAmount('storage', text, allocated.key(name));
    }),
  ];
}

const resizeStates = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
].sort();

/** Of Kubernetes' own resources, a claim has storage only. upstream: validatePersistentVolumeClaimResourceKey */
function claimResource(name: string, path: FieldPath): readonly FieldError[] {
  const errors = invalidBy(path, name, qualifiedName(name));
  const isNative = !name.includes('/') || name.includes('kubernetes.io/');
  return errors.length === 0 && isNative && name !== 'storage' ? [fieldNotSupported(path, name, ['storage'])] : errors;
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
