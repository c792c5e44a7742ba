// A sentence for each type and field of the API, and which fields an object must have; see assets/openapi.
import table from '../../../assets/openapi/field-descriptions.json' with { type: 'json' };
import type { FieldType } from './kind-fields.ts';

type Texts = Readonly<Record<string, string>>;

/** Undefined where nobody has written one. */
export function describeType(type: FieldType): string | undefined {
  return textOf(table.types, type);
}

/** What is said of the field of this type, or of every field of that name. */
export function describeField(type: FieldType, field: string): string | undefined {
  return textOf(table.fields, `${type}.${field}`) ?? textOf(table.fields, field);
}

export function requiredFields(type: FieldType): readonly string[] {
  const all: Readonly<Record<string, readonly string[]>> = table.required;
  return Object.hasOwn(all, type) ? (all[type] ?? []) : [];
}

function textOf(texts: Texts, key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}
