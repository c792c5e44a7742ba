// VolumeSnapshot, VolumeSnapshotContent and VolumeSnapshotClass: their types and API rules, as the snapshot controller's definitions state them.
// upstream: kubernetes-csi/external-snapshotter client/apis/volumesnapshot/v1, client/config/crd
import { FieldPath, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import type { ApiObject, StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, ageOf, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, required, requiredOneOf } from '../rules.ts';

interface SnapshotError {
  readonly time?: string;
  readonly message?: string;
}

interface SnapshotBody {
  readonly metadata?: unknown;
  readonly spec: {
    readonly source: { readonly persistentVolumeClaimName?: string; readonly volumeSnapshotContentName?: string };
    readonly volumeSnapshotClassName?: string;
  };
  readonly status?: {
    readonly boundVolumeSnapshotContentName?: string;
    readonly creationTime?: string;
    readonly readyToUse?: boolean;
    readonly restoreSize?: string;
    readonly error?: SnapshotError;
  };
}

export type VolumeSnapshot = StoredInNamespace<SnapshotBody, 'spec'>;

export interface VolumeSnapshotContent extends ApiObject {
  readonly spec: {
    readonly deletionPolicy: string;
    readonly driver: string;
    readonly source: { readonly volumeHandle?: string; readonly snapshotHandle?: string };
    readonly volumeSnapshotClassName?: string;
    readonly volumeSnapshotRef: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly namespace?: string;
      readonly uid?: string;
    };
  };
  readonly status?: {
    readonly snapshotHandle?: string;
    /** Nanoseconds since 1970. */
    readonly creationTime?: number;
    readonly readyToUse?: boolean;
    readonly restoreSize?: number;
    readonly error?: SnapshotError;
  };
}

export interface VolumeSnapshotClass extends ApiObject {
  readonly driver: string;
  readonly deletionPolicy: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const group = { group: 'snapshot.storage.k8s.io', version: 'v1' } as const;
const specPath = new FieldPath('spec');
const policies = ['Delete', 'Retain'];

export const volumeSnapshotKind = defineKind<VolumeSnapshot>({
  ...group,
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
  shortNames: ['vs'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  validate: (snapshot) => {
    const spec = snapshot.spec as VolumeSnapshot['spec'] | undefined;
    if (spec?.source === undefined) return [fieldRequired(specPath.child('source'), '')];
    const { persistentVolumeClaimName: claim, volumeSnapshotContentName: content } = spec.source;
    const at = specPath.child('source');
    if ((claim === undefined) === (content === undefined))
      return [fieldInvalid(at, spec.source, 'exactly one of volumeSnapshotContentName and persistentVolumeClaimName must be set')];
    return spec.volumeSnapshotClassName === ''
      ? [fieldInvalid(specPath.child('volumeSnapshotClassName'), '', 'volumeSnapshotClassName must not be the empty string when set')]
      : [];
  },
  validateUpdate: (next, previous) => immutable(specPath.child('source'), next.spec?.source, previous.spec?.source),
  columns: [
    nameColumn,
    { name: 'ReadyToUse', type: 'boolean', value: ({ status }) => status?.readyToUse ?? '' },
    { name: 'SourcePVC', type: 'string', value: ({ spec }) => spec.source.persistentVolumeClaimName ?? '' },
    { name: 'SourceSnapshotContent', type: 'string', value: ({ spec }) => spec.source.volumeSnapshotContentName ?? '' },
    { name: 'RestoreSize', type: 'string', value: ({ status }) => status?.restoreSize ?? '' },
    { name: 'SnapshotClass', type: 'string', value: ({ spec }) => spec.volumeSnapshotClassName ?? '' },
    { name: 'SnapshotContent', type: 'string', value: ({ status }) => status?.boundVolumeSnapshotContentName ?? '' },
    {
      name: 'CreationTime',
      type: 'string',
      value: ({ status }, nowMs) => (status?.creationTime === undefined ? '' : ageOf(status.creationTime, nowMs)),
    },
    ageColumn,
  ],
});

export const volumeSnapshotContentKind = defineKind<VolumeSnapshotContent>({
  ...group,
  kind: 'VolumeSnapshotContent',
  plural: 'volumesnapshotcontents',
  shortNames: ['vsc', 'vscs'],
  namespaced: false,
  hasStatus: true,
  tracksGeneration: true,
  validate: (content) => {
    const spec = content.spec as Partial<VolumeSnapshotContent['spec']> | undefined;
    return [
      ...requiredOneOf(specPath.child('deletionPolicy'), spec?.deletionPolicy, policies),
      ...required(specPath.child('driver'), spec?.driver),
      ...(spec?.source === undefined ? [fieldRequired(specPath.child('source'), '')] : []),
      ...(spec?.volumeSnapshotRef === undefined ? [fieldRequired(specPath.child('volumeSnapshotRef'), '')] : []),
    ];
  },
  validateUpdate: (next, previous) => immutable(specPath.child('source'), next.spec?.source, previous.spec?.source),
  columns: [
    nameColumn,
    { name: 'ReadyToUse', type: 'boolean', value: ({ status }) => status?.readyToUse ?? '' },
    { name: 'RestoreSize', type: 'integer', value: ({ status }) => status?.restoreSize ?? '' },
    { name: 'DeletionPolicy', type: 'string', value: ({ spec }) => spec.deletionPolicy },
    { name: 'Driver', type: 'string', value: ({ spec }) => spec.driver },
    { name: 'VolumeSnapshotClass', type: 'string', value: ({ spec }) => spec.volumeSnapshotClassName ?? '' },
    { name: 'VolumeSnapshot', type: 'string', value: ({ spec }) => spec.volumeSnapshotRef.name ?? '' },
    { name: 'VolumeSnapshotNamespace', type: 'string', value: ({ spec }) => spec.volumeSnapshotRef.namespace ?? '' },
    ageColumn,
  ],
});

export const volumeSnapshotClassKind = defineKind<VolumeSnapshotClass>({
  ...group,
  kind: 'VolumeSnapshotClass',
  plural: 'volumesnapshotclasses',
  shortNames: ['vsclass', 'vsclasses'],
  namespaced: false,
  tracksGeneration: true,
  validate: ({ deletionPolicy, driver }) => [
    ...requiredOneOf(new FieldPath('deletionPolicy'), deletionPolicy, policies),
    ...required(new FieldPath('driver'), driver),
  ],
  columns: [
    nameColumn,
    { name: 'Driver', type: 'string', value: ({ driver }) => driver },
    { name: 'DeletionPolicy', type: 'string', value: ({ deletionPolicy }) => deletionPolicy },
    ageColumn,
  ],
});
