// The fields and types of the modelled kinds, as the OpenAPI document states them; see assets/openapi.
import table from '../../../assets/openapi/kind-fields.json' with { type: 'json' };

/** `string`, `bytes`, `time`, `microTime`, `bool`, `int32`, `int64`, `quantity`, `intOrString`, `any`, the name of an object type, or one of these after `[]` or `{}`. */
export type FieldType = string;

export type ObjectFields = Readonly<Record<string, FieldType>>;

/** The name of a kind's type, if the kind is modelled. */
export function typeOfKind(group: string, version: string, kind: string): FieldType | undefined {
  // The short group is the folder of the declarations: `storage` of `storage.k8s.io`.
  const folder = group === '' ? 'core' : (group.split('.')[0] ?? '');
  const key = `${folder}/${version} ${kind}`;
  return Object.hasOwn(table.kinds, key) ? (table.kinds as ObjectFields)[key] : undefined;
}

/** The fields of an object type; undefined for the others. */
export function fieldsOf(type: FieldType): ObjectFields | undefined {
  return Object.hasOwn(table.types, type) ? (table.types as unknown as Readonly<Record<string, ObjectFields>>)[type] : undefined;
}
