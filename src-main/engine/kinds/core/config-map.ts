// ConfigMap: its type and all of its API rules. upstream: pkg/registry/core/configmap/strategy.go, ValidateConfigMap
import type { ConfigMap as OpenApiConfigMap } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldTooLong } from '../../meta/field-error.ts';
import { configMapKey } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { utf8Length } from '../../meta/utf8.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { invalidBy } from '../rules.ts';
import { decodedLength } from './base64.ts';
import { immutableData } from './immutable-data.ts';

export type ConfigMap = StoredInNamespace<OpenApiConfigMap>;

const BYTES_MAX = 1_048_576;

export const configMapKind = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  validate: validateConfigMap,
  validateUpdate: (next, previous) => immutableData(next, previous, ['data', 'binaryData']),
  columns: [
    nameColumn,
    {
      name: 'Data',
      type: 'integer',
      value: ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length,
    },
    ageColumn,
  ],
});

function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): readonly FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    const path = new FieldPath('data').key(key);
    errors.push(...invalidBy(path, key, configMapKey(key)));
    if (Object.hasOwn(binaryData, key)) errors.push(fieldInvalid(path, key, 'duplicate of key present in binaryData'));
    bytes += utf8Length(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    errors.push(...invalidBy(new FieldPath('binaryData').key(key), key, configMapKey(key)));
    bytes += decodedLength(value);
  }
  return bytes > BYTES_MAX ? [...errors, fieldTooLong(new FieldPath(''), BYTES_MAX)] : errors;
}
