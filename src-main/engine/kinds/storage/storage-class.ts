// StorageClass: its type and all of its API rules. upstream: pkg/registry/storage/storageclass/strategy.go, pkg/apis/storage/validation
import type { StorageClass as OpenApiStorageClass } from 'kubernetes-types/storage/v1.d.ts';
import { equal } from '../../base/equal.ts';
import {
  type FieldError,
  FieldPath,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldRequired,
  fieldTooLong,
} from '../../meta/field-error.ts';
import { validateLabelName } from '../../meta/labels.ts';
import { qualifiedName } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { utf8Length } from '../../meta/utf8.ts';
import { ageColumn } from '../columns.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { defineKind } from '../define-kind.ts';
import { each, immutable, invalidBy, oneOf } from '../rules.ts';

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
    ...validateParameters(given.parameters ?? {}),
    ...validateTopologies(given.allowedTopologies ?? [], new FieldPath('allowedTopologies')),
  ];
}

const PARAMETERS_MAX = 512;
const PARAMETERS_BYTES_MAX = 262_144;

function validateParameters(parameters: Readonly<Record<string, string>>): readonly FieldError[] {
  const path = new FieldPath('parameters');
  const given = Object.entries(parameters);
  if (given.length > PARAMETERS_MAX) return [fieldTooLong(path, PARAMETERS_MAX)];
  const errors = given.flatMap(([key]) => (key === '' ? [fieldInvalid(path, key, 'field can not be empty.')] : []));
  const bytes = given.reduce((sum, [key, value]) => sum + utf8Length(key) + utf8Length(value), 0);
  return bytes > PARAMETERS_BYTES_MAX ? [...errors, fieldTooLong(path, PARAMETERS_BYTES_MAX)] : errors;
}

type Topology = NonNullable<StorageClass['allowedTopologies']>[number];

/** Terms that say the same are one too many. upstream: validateAllowedTopologies, ValidateTopologySelectorTerm */
function validateTopologies(terms: readonly Topology[], path: FieldPath): readonly FieldError[] {
  const seen = new Set<string>();
  return each(path, terms, ({ matchLabelExpressions = [] }, at) => {
    const keys = new Map<string, readonly string[]>();
    const errors = each(at.child('matchLabelExpressions'), matchLabelExpressions, ({ key = '', values = [] }, place) => {
      const found: FieldError[] = values.length === 0 ? [fieldRequired(place.child('values'), '')] : [];
      for (const [index, value] of values.entries())
        if (values.indexOf(value) < index) found.push(fieldDuplicate(place.child('values').index(index), value));
      found.push(...validateLabelName(key, place.child('key')));
      if (keys.has(key)) found.push(fieldDuplicate(place.child('key'), key));
      keys.set(key, [...new Set(values)].sort());
      return found;
    });
    const term = JSON.stringify([...keys].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (seen.has(term)) errors.push(fieldDuplicate(at.child('matchLabelExpressions'), ''));
    seen.add(term);
    return errors;
  });
}

function unchanged(field: string, next: unknown, previous: unknown): readonly FieldError[] {
  return equal(next, previous) ? [] : [fieldForbidden(new FieldPath(field), `updates to ${field} are forbidden.`)];
}
