/**
 * Holds a value against a schema, with the texts and paths that a real API server answers with.
 * General JSON-schema libraries compile to code (which the window's security policy forbids) and know neither these texts nor Kubernetes' extensions.
 * upstream: kube-openapi pkg/validation/validate, apiextensions-apiserver pkg/apiserver/validation/validation.go
 */
import { equal } from '../../base/equal.ts';
import {
  type FieldError,
  FieldPath,
  fieldDuplicate,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
  fieldTooMany,
  fieldTypeInvalid,
} from '../../meta/field-error.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { hasFormat } from './formats.ts';
import { isJsonObject, type JsonSchema, memberSchema } from './json-schema.ts';
import { compiledPattern } from './pattern.ts';

/** `path` '' is the whole object. */
export function validateValue(value: JsonValue, schema: JsonSchema, path = ''): readonly FieldError[] {
  if (value === null && schema.nullable === true) return [];
  const type = typeFault(value, schema, path);
  if (type !== undefined) return [type];
  return [
    ...combinations(value, schema, path),
    ...enumeration(value, schema, path),
    ...(typeof value === 'string' ? text(value, schema, path) : []),
    ...(typeof value === 'number' ? number(value, schema, path) : []),
    ...(Array.isArray(value) ? list(value, schema, path) : []),
    ...(isJsonObject(value) ? object(value, schema, path) : []),
  ];
}

/** Upstream's validators name the place in their own text, too. */
const named = (path: string, why: string): string => `${path} in body ${why}`;
const at = (path: string): FieldPath => new FieldPath(path === '' ? '<nil>' : path);
const invalid = (path: string, value: JsonValue, why: string): FieldError => fieldInvalid(at(path), value, named(path, why));

function typeFault(value: JsonValue, schema: JsonSchema, path: string): FieldError | undefined {
  const found = typeOf(value);
  const wanted = schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type === undefined ? [] : [schema.type];
  const fits = wanted.length === 0 || wanted.includes(found) || (found === 'integer' && wanted.includes('number'));
  return fits ? undefined : fieldTypeInvalid(at(path), found, named(path, `must be of type ${wanted.join(',')}: "${found}"`));
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function combinations(value: JsonValue, schema: JsonSchema, path: string): readonly FieldError[] {
  const fits = (one: JsonSchema): boolean => validateValue(value, one, path).length === 0;
  const errors: FieldError[] = [];
  const refuse = (why: string): number => errors.push(fieldInvalid(at(path), '', `"${path}" ${why}`));
  if (schema.anyOf !== undefined && !schema.anyOf.some(fits)) refuse('must validate at least one schema (anyOf)');
  const matching = (schema.oneOf ?? []).filter(fits).length;
  if (schema.oneOf !== undefined && matching !== 1)
    refuse(
      `must validate one and only one schema (oneOf). ${matching === 0 ? 'Found none valid' : `Found ${matching} valid alternatives`}`,
    );
  if (schema.allOf !== undefined && !schema.allOf.every(fits)) refuse('must validate all the schemas (allOf)');
  if (schema.not !== undefined && fits(schema.not)) refuse('must not validate the schema (not)');
  return errors;
}

function enumeration(value: JsonValue, schema: JsonSchema, path: string): readonly FieldError[] {
  const { enum: allowed } = schema;
  if (allowed === undefined || allowed.some((one) => equal(one, value))) return [];
  return [
    fieldNotSupported(
      at(path),
      value,
      allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    ),
  ];
}

function text(value: string, schema: JsonSchema, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { minLength, maxLength, pattern, format } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) errors.push(fieldTooLong(at(path), maxLength));
  if (minLength !== undefined && length < minLength) errors.push(invalid(path, value, `should be at least ${minLength} chars long`));
  if (pattern !== undefined && compiledPattern(pattern)?.matcher(value).find() === false)
    errors.push(invalid(path, value, `should match '${pattern}'`));
  if (format !== undefined && !hasFormat(value, format))
    errors.push(fieldTypeInvalid(at(path), value, named(path, `must be of type ${format}: ${JSON.stringify(value)}`)));
  return errors;
}

function number(value: number, schema: JsonSchema, path: string): readonly FieldError[] {
  const { minimum, maximum, exclusiveMinimum = false, exclusiveMaximum = false, multipleOf, format } = schema;
  const errors: FieldError[] = [];
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    errors.push(invalid(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`));
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    errors.push(invalid(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`));
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    errors.push(invalid(path, value, `should be a multiple of ${multipleOf}`));
  if (format === 'int32' && Math.abs(value + 0.5) > 2 ** 31)
    errors.push(invalid(path, value, 'should be less than or equal to 2.147483647e+09'));
  return errors;
}

function list(items: readonly JsonValue[], schema: JsonSchema, path: string): readonly FieldError[] {
  const { minItems, maxItems, uniqueItems = false, items: item } = schema;
  const errors = item === undefined ? [] : items.flatMap((one, index) => validateValue(one, item, `${path}[${index}]`));
  if (minItems !== undefined && items.length < minItems) errors.push(invalid(path, items.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && items.length > maxItems) errors.push(fieldTooMany(at(path), items.length, maxItems));
  if (uniqueItems && repeated(items).length > 0) errors.push(invalid(path, items, "shouldn't contain duplicates"));
  return [...errors, ...listType(items, schema, path)];
}

/** upstream: apiextensions-apiserver pkg/apiserver/schema/listtype/validation.go */
function listType(items: readonly JsonValue[], schema: JsonSchema, path: string): readonly FieldError[] {
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (kind !== 'set' && kind !== 'map') return [];
  const identity = (item: JsonValue): JsonValue =>
    kind === 'set' || !isJsonObject(item) ? item : Object.fromEntries(keys.map((key) => [key, item[key] ?? null]));
  const identities = items.map(identity);
  return repeated(identities).map((index) => fieldDuplicate(new FieldPath(path).index(index), identities[index]));
}

function repeated(items: readonly JsonValue[]): readonly number[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const text = JSON.stringify(item);
    if (seen.has(text)) return [index];
    seen.add(text);
    return [];
  });
}

function object(value: JsonObject, schema: JsonSchema, path: string): readonly FieldError[] {
  const { minProperties, maxProperties, required = [] } = schema;
  const count = Object.keys(value).length;
  const within = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const errors = Object.entries(value).flatMap(([name, member]) => {
    const known = memberSchema(schema, name);
    return known === undefined ? [] : validateValue(member, known, within(name));
  });
  if (minProperties !== undefined && count < minProperties)
    errors.push(invalid(path, value, `should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && count > maxProperties) errors.push(fieldTooMany(at(path), count, maxProperties));
  for (const name of required) if (!Object.hasOwn(value, name)) errors.push(fieldRequired(at(within(name)), ''));
  return errors;
}
