// Secret: its type and all of its API rules. upstream: pkg/registry/core/secret/strategy.go, ValidateSecret
import type { Secret as OpenApiSecret } from 'kubernetes-types/core/v1.d.ts';
import { jsonFault } from '../../base/json-fault.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldRequired, fieldTooLong } from '../../meta/field-error.ts';
import { configMapKey } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy } from '../rules.ts';
import { decodeBase64, decodedLength, encodeBase64 } from './base64.ts';
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

/** Where the passwords of registries stand, which have to be readable. */
const keyOfRegistries: Readonly<Record<string, string>> = {
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
};

/** Why a text is no JSON object. upstream: json.Unmarshal into a map */
function objectFault(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return jsonFault(text);
  }
  if (typeof value === 'object' && !Array.isArray(value)) return undefined;
  const word = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${word} into Go value of type map[string]interface {}`;
}

function validateSecret({ metadata, type = '', data = {} }: Secret): readonly FieldError[] {
  const path = new FieldPath('data');
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    errors.push(...invalidBy(path.key(key), key, configMapKey(key)));
    bytes += decodedLength(value);
  }
  if (bytes > BYTES_MAX) errors.push(fieldTooLong(path, BYTES_MAX));
  if (type === 'kubernetes.io/service-account-token' && (metadata.annotations?.[ACCOUNT_ANNOTATION] ?? '') === '')
    errors.push(fieldRequired(new FieldPath('metadata', 'annotations').key(ACCOUNT_ANNOTATION), ''));
  for (const key of keysOfType[type] ?? []) if (data[key] === undefined) errors.push(fieldRequired(path.key(key), ''));
  const registries = keyOfRegistries[type];
  const fault = registries === undefined || data[registries] === undefined ? undefined : objectFault(decodeBase64(data[registries]));
  if (fault !== undefined) errors.push(fieldInvalid(path.key(registries ?? ''), '<secret contents redacted>', fault));
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined)
    errors.push(fieldRequired(path.key('username'), ''), fieldRequired(path.key('password'), ''));
  return errors;
}
