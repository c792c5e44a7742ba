// PersistentVolume: its type and all of its API rules. upstream: pkg/registry/core/persistentvolume/strategy.go, ValidatePersistentVolume
import type { PersistentVolume as OpenApiPersistentVolume } from 'kubernetes-types/core/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import type { Stored } from '../../meta/object.ts';
import { canonicalQuantity } from '../../meta/quantity.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { immutable, oneOf, positiveQuantity, required } from '../rules.ts';
import { validateNodeSelector } from './affinity-validation.ts';
import { validateNoBacksteps } from './descending-path.ts';
import { sameMembers } from './pod-defaults.ts';
import { resourceAmount } from './resource-validation.ts';
import { accessModesText, validateAccessModes, validateClassAndMode } from './volume-claim-rules.ts';

export type PersistentVolume = Stored<OpenApiPersistentVolume, 'spec' | 'status'>;
type Spec = PersistentVolume['spec'];

const specPath = new FieldPath('spec');

export const persistentVolumeKind = defineKind<PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  namespaced: false,
  hasStatus: true,
  defaults: (volume) => {
    const given = volume.spec ?? {};
    const spec = {
      ...given,
      persistentVolumeReclaimPolicy: given.persistentVolumeReclaimPolicy ?? 'Retain',
      volumeMode: given.volumeMode ?? 'Filesystem',
      ...(given.hostPath && given.hostPath.type === undefined ? { hostPath: { ...given.hostPath, type: '' } } : {}),
    };
    return sameMembers(spec, given) ? volume : { ...volume, spec };
  },
  prepareForCreate: (volume) => ({ ...volume, status: { phase: 'Pending' } }),
  validate: validateVolume,
  validateUpdate,
  columns: volumeColumns(),
});

/** The fields of a spec that are not the source of the volume. upstream: core.PersistentVolumeSpec beside PersistentVolumeSource */
const plainFields: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

function sourceOf(spec: Spec): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(spec).filter(([field, value]) => !plainFields.has(field) && value !== undefined));
}

function validateVolume({ spec }: PersistentVolume): readonly FieldError[] {
  return [
    ...validateAccessModes(spec.accessModes, specPath.child('accessModes'), ''),
    ...validateCapacity(spec.capacity ?? {}, specPath.child('capacity')),
    ...oneOf(specPath.child('persistentVolumeReclaimPolicy'), spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']),
    ...validateAffinity(spec),
    ...validateSource(spec),
    ...validateClassAndMode(spec, specPath),
  ];
}

function validateCapacity(capacity: Readonly<Record<string, string>>, path: FieldPath): readonly FieldError[] {
  const names = Object.keys(capacity);
  const errors = names.length === 0 ? [fieldRequired(path, '')] : [];
  if (capacity['storage'] === undefined || names.length > 1) errors.push(fieldNotSupported(path, capacity, ['storage']));
  for (const [name, text] of Object.entries(capacity))
    errors.push(...resourceAmount(name, text, path.key(name)), ...positiveQuantity(path.key(name), text));
  return errors;
}

function validateAffinity({ nodeAffinity }: Spec): readonly FieldError[] {
  if (nodeAffinity === undefined) return [];
  const path = specPath.child('nodeAffinity', 'required');
  if (nodeAffinity.required === undefined) return [fieldRequired(path, 'must specify required node constraints')];
  return validateNodeSelector(nodeAffinity.required, path);
}

function validateSource(spec: Spec): readonly FieldError[] {
  const { hostPath, nfs, local, csi } = spec;
  const [first, ...more] = Object.keys(sourceOf(spec));
  const errors = more.map((source) => fieldForbidden(specPath.child(source), 'may not specify more than 1 volume type'));
  if (first === undefined) return [fieldRequired(specPath, 'must specify a volume type')];
  if (hostPath !== undefined) errors.push(...pathErrors(hostPath.path, specPath.child('hostPath', 'path')));
  if (nfs !== undefined) {
    errors.push(...required(specPath.child('nfs', 'server'), nfs.server), ...required(specPath.child('nfs', 'path'), nfs.path));
    if ((nfs.path ?? '') !== '' && !nfs.path.startsWith('/'))
      errors.push(fieldInvalid(specPath.child('nfs', 'path'), nfs.path, 'must be an absolute path'));
  }
  if (local !== undefined) {
    errors.push(...pathErrors(local.path, specPath.child('local', 'path')));
    if (spec.nodeAffinity === undefined) errors.push(fieldRequired(specPath.child('nodeAffinity'), 'Local volume requires node affinity'));
  }
  if (csi !== undefined)
    errors.push(
      ...required(specPath.child('csi', 'driver'), csi.driver),
      ...required(specPath.child('csi', 'volumeHandle'), csi.volumeHandle),
    );
  const recycled = spec.persistentVolumeReclaimPolicy === 'Recycle' && /^\/+$/.test(hostPath?.path ?? '');
  if (recycled)
    errors.push(fieldForbidden(specPath.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'"));
  return errors;
}

function pathErrors(text: string | undefined, path: FieldPath): readonly FieldError[] {
  return (text ?? '') === '' ? [fieldRequired(path, '')] : validateNoBacksteps(text as string, path);
}

/** upstream: ValidatePersistentVolumeUpdate; where upstream appends Go's diff, the changed fields are named. */
function validateUpdate(next: PersistentVolume, previous: PersistentVolume): readonly FieldError[] {
  const errors: FieldError[] = [];
  const [before, after] = [sourceOf(previous.spec), sourceOf(next.spec)];
  if (!equal(before, after)) {
    const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !equal(before[field], after[field]));
    const detail = `spec.persistentvolumesource is immutable after creation\n${changed
      .sort()
      .map((field) => `spec.${field}`)
      .join(', ')}`;
    errors.push(fieldForbidden(specPath.child('persistentvolumesource'), detail));
  }
  errors.push(...immutable(specPath.child('volumeMode'), next.spec.volumeMode, previous.spec.volumeMode));
  if (previous.spec.nodeAffinity !== undefined)
    errors.push(...immutable(specPath.child('nodeAffinity'), next.spec.nodeAffinity, previous.spec.nodeAffinity));
  return errors;
}

function volumeColumns(): readonly PrinterColumn<PersistentVolume>[] {
  const text = (name: string, value: (volume: PersistentVolume) => string | undefined, priority = 0): PrinterColumn<PersistentVolume> => ({
    name,
    type: 'string',
    ...(priority > 0 ? { priority } : {}),
    value: (volume) => value(volume) ?? '',
  });
  return [
    nameColumn,
    text('Capacity', ({ spec }) => canonicalQuantity(spec.capacity?.['storage'] ?? '0')),
    text('Access Modes', ({ spec }) => accessModesText(spec.accessModes)),
    text('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy),
    text('Status', ({ metadata, status }) => (metadata.deletionTimestamp === undefined ? status?.phase : 'Terminating')),
    text('Claim', ({ spec }) => (spec.claimRef === undefined ? '' : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`)),
    text(
      'StorageClass',
      ({ metadata, spec }) => metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName,
    ),
    text('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    text('Reason', ({ status }) => status?.reason),
    ageColumn,
    text('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>', 1),
  ];
}
