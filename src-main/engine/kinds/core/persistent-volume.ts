// PersistentVolume: its type and all of its API rules. upstream: pkg/registry/core/persistentvolume/strategy.go, ValidatePersistentVolume
import type { PersistentVolume as OpenApiPersistentVolume } from 'kubernetes-types/core/v1.d.ts';
import { equal } from '../../base/equal.ts';
import {
  type FieldError,
  FieldPath,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  GoSyntax,
} from '../../meta/field-error.ts';
import type { Stored } from '../../meta/object.ts';
import { canonicalQuantity } from '../../meta/quantity.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { immutable, oneOf, positiveQuantity } from '../rules.ts';
import { validateNodeSelector } from './affinity-validation.ts';
import { validateNoBacksteps } from './descending-path.ts';
import { sameMembers } from './pod-defaults.ts';
import { basicAmount } from './resource-validation.ts';
import { keepsAffinity } from './volume-affinity-change.ts';
import { validateAttributesClassUpdate, withoutAttributesClass } from './volume-attributes.ts';
import { accessModesText, validateAccessModes, validateClassAndMode } from './volume-claim-rules.ts';
import { validateSharedSource } from './volume-source-rules.ts';

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
  prepareForCreate: (volume) => ({ ...withoutAttributesClass(volume), status: { phase: 'Pending' } }),
  prepareForUpdate: withoutAttributesClass,
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

function validateVolume({ metadata, spec }: PersistentVolume): readonly FieldError[] {
  return [
    ...validateAccessModes(spec.accessModes, specPath.child('accessModes'), ''),
    ...validateCapacity(spec.capacity ?? {}, specPath.child('capacity')),
    ...oneOf(specPath.child('persistentVolumeReclaimPolicy'), spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']),
    ...validateAffinity(spec),
    ...validateSource(spec, metadata.name),
    ...validateClassAndMode(spec, specPath),
  ];
}

function validateCapacity(capacity: Readonly<Record<string, string>>, path: FieldPath): readonly FieldError[] {
  const names = Object.keys(capacity);
  const errors = names.length === 0 ? [fieldRequired(path, '')] : [];
  if (capacity['storage'] === undefined || names.length > 1)
    errors.push(fieldNotSupported(path, names.length === 0 ? new GoSyntax('core.ResourceList(nil)') : capacity, ['storage']));
  for (const [name, text] of Object.entries(capacity))
    errors.push(...basicAmount(text, path.key(name)), ...positiveQuantity(path.key(name), text));
  return errors;
}

function validateAffinity({ nodeAffinity }: Spec): readonly FieldError[] {
  if (nodeAffinity === undefined) return [];
  const path = specPath.child('nodeAffinity', 'required');
  if (nodeAffinity.required === undefined) return [fieldRequired(path, 'must specify required node constraints')];
  return validateNodeSelector(nodeAffinity.required, path);
}

// Which of several sources is the one, and which are too many. upstream: the order of ValidatePersistentVolumeSpec's checks
const sourceOrder = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
];

function validateSource(spec: Spec, name: string): readonly FieldError[] {
  const given = sourceOf(spec);
  const [first, ...more] = sourceOrder.filter((source) => given[source] !== undefined);
  if (first === undefined) return [fieldRequired(specPath, 'must specify a volume type')];
  const errors = [...validateSharedSource(first, given[first], specPath, { name, isPersistent: true })];
  if (first === 'local') {
    errors.push(...pathErrors(spec.local?.path, specPath.child('local', 'path')));
    if (spec.nodeAffinity?.required === undefined)
      errors.push(fieldRequired(specPath.child('nodeAffinity'), 'Local volume requires node affinity'));
  }
  for (const source of more) {
    const spelled = source === 'cephfs' ? 'cephFS' : source;
    errors.push(fieldForbidden(specPath.child(spelled), 'may not specify more than 1 volume type'));
  }
  const recycled = spec.persistentVolumeReclaimPolicy === 'Recycle' && /^\/[/.]*$/.test(spec.hostPath?.path ?? '');
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
  const [before, after] = [sourceOf(previous.spec), withoutNewSecret(sourceOf(next.spec), previous.spec)];
  if (!equal(before, after)) {
    const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !equal(before[field], after[field]));
    const detail = `spec.persistentvolumesource is immutable after creation\n${changed
      .sort()
      .map((field) => `spec.${field}`)
      .join(', ')}`;
    errors.push(fieldForbidden(specPath.child('persistentvolumesource'), detail));
  }
  errors.push(...immutable(new FieldPath('volumeMode'), next.spec.volumeMode, previous.spec.volumeMode));
  if (previous.spec.nodeAffinity !== undefined && !keepsAffinity(next.spec.nodeAffinity, previous.spec.nodeAffinity)) {
    const detail = 'field is immutable, except for updating from beta label to GA';
    errors.push(fieldInvalid(new FieldPath('nodeAffinity'), next.spec.nodeAffinity, detail));
  }
  return [...errors, ...validateAttributesClassUpdate(next, previous)];
}

/** The secret for growing may be given to a volume that had none. */
function withoutNewSecret(source: Readonly<Record<string, unknown>>, previous: Spec): Readonly<Record<string, unknown>> {
  const csi = source['csi'] as Spec['csi'];
  if (csi?.controllerExpandSecretRef === undefined || previous.csi === undefined || previous.csi.controllerExpandSecretRef !== undefined)
    return source;
  const { controllerExpandSecretRef: _new, ...rest } = csi;
  return { ...source, csi: rest };
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
