// Secret: its type and all of its API rules. upstream: pkg/registry/core/secret/strategy.go, ValidateSecret
import type { Secret as OpenApiSecret } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldRequired, fieldTooLong } from '../../meta/field-error.ts';
import { configMapKey } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy } from '../rules.ts';
import { decodedLength, encodeBase64 } from './base64.ts';
import { immutableData } from './immutable-data.ts';

export type Secret = StoredInNamespace<OpenApiSecret>;

const BYTES_MAX = 1_048_576;
const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';

export const secretKind = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  defaults,
  prepareForUpdate: (next, previous) => ((next.type ?? '') === '' && previous.type !== undefined ? { ...next, type: previous.type } : next),
  validate: validateSecret,
  validateUpdate: (next, previous) => [
    ...immutable(new FieldPath('type'), next.type, previous.type),
    ...immutableData(next, previous, ['data']),
  ],
  selectableFields: ({ type }) => ({ type: type ?? '' }),
  columns: [
    nameColumn,
    { name: 'Type', type: 'string', value: ({ type }) => type ?? '' },
    { name: 'Data', type: 'integer', value: ({ data }) => Object.keys(data ?? {}).length },
    ageColumn,
  ],
});

/** `stringData` is only a way of writing. upstream: Convert_v1_Secret_To_core_Secret */
function defaults(secret: Secret): Secret {
  const { stringData, ...kept } = secret;
  if (stringData === undefined) return secret.type === undefined ? { ...secret, type: 'Opaque' } : secret;
  const encoded = Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)]));
  return { ...kept, data: { ...secret.data, ...encoded }, type: secret.type ?? 'Opaque' } as Secret;
}

/** Keys that a type of secret has to have. */
const keysOfType: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function validateSecret({ metadata, type = '', data = {} }: Secret): readonly FieldError[] {
  const path = new FieldPath('data');
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    errors.push(...invalidBy(path.key(key), key, configMapKey(key)));
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0)
      errors.push(fieldInvalid(path.key(key), '<secret contents redacted>', 'illegal base64 data'));
    bytes += decodedLength(value);
  }
  if (bytes > BYTES_MAX) errors.push(fieldTooLong(path, BYTES_MAX));
  if (type === 'kubernetes.io/service-account-token' && (metadata.annotations?.[ACCOUNT_ANNOTATION] ?? '') === '')
    errors.push(fieldRequired(new FieldPath('metadata', 'annotations').key(ACCOUNT_ANNOTATION), ''));
  for (const key of keysOfType[type] ?? []) if (data[key] === undefined) errors.push(fieldRequired(path.key(key), ''));
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined)
    errors.push(fieldRequired(path.key('username'), ''), fieldRequired(path.key('password'), ''));
  return errors;
}
