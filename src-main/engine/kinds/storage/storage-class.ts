// StorageClass: its type and all of its API rules. upstream: pkg/registry/storage/storageclass/strategy.go, pkg/apis/storage/validation
import type { StorageClass as OpenApiStorageClass } from 'kubernetes-types/storage/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldRequired } from '../../meta/field-error.ts';
import { qualifiedName } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy, oneOf } from '../rules.ts';

export type StorageClass = Stored<OpenApiStorageClass>;

export const storageClassKind = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  defaults: (given) => {
    const { reclaimPolicy = 'Delete', volumeBindingMode = 'Immediate' } = given;
    const filled = { ...given, reclaimPolicy, volumeBindingMode };
    return sameMembers(filled, given) ? given : filled;
  },
  validate: validateClass,
  validateUpdate: (next, previous) => [
    ...unchanged('parameters', next.parameters ?? {}, previous.parameters ?? {}),
    ...unchanged('provisioner', next.provisioner, previous.provisioner),
    ...unchanged('reclaimPolicy', next.reclaimPolicy, previous.reclaimPolicy),
    ...immutable(new FieldPath('volumeBindingMode'), next.volumeBindingMode, previous.volumeBindingMode),
  ],
  columns: [
    { name: 'Name', type: 'string', value: (given) => `${given.metadata.name}${isDefaultClass(given) ? ' (default)' : ''}` },
    { name: 'Provisioner', type: 'string', value: ({ provisioner }) => provisioner },
    { name: 'ReclaimPolicy', type: 'string', value: ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', type: 'string', value: ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate' },
    { name: 'AllowVolumeExpansion', type: 'boolean', value: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false },
    ageColumn,
  ],
});

/** Does the class serve claims that name none? upstream: pkg/apis/storage/util IsDefaultAnnotation */
export function isDefaultClass({ metadata }: Pick<StorageClass, 'metadata'>): boolean {
  const { annotations = {} } = metadata;
  return (
    annotations['storageclass.kubernetes.io/is-default-class'] === 'true' ||
    annotations['storageclass.beta.kubernetes.io/is-default-class'] === 'true'
  );
}

function validateClass(given: StorageClass): readonly FieldError[] {
  const path = new FieldPath('provisioner');
  const { provisioner = '' } = given;
  return [
    ...(provisioner === '' ? [fieldRequired(path, '')] : invalidBy(path, provisioner, qualifiedName(provisioner.toLowerCase()))),
    ...oneOf(new FieldPath('reclaimPolicy'), given.reclaimPolicy, ['Delete', 'Retain']),
    ...oneOf(new FieldPath('volumeBindingMode'), given.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
  ];
}

function unchanged(field: string, next: unknown, previous: unknown): readonly FieldError[] {
  return equal(next, previous) ? [] : [fieldForbidden(new FieldPath(field), `updates to ${field} are forbidden.`)];
}
