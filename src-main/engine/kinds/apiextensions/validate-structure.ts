// Is a schema structural: does it say of every field which type it has, in one place? upstream: apiextensions-apiserver pkg/apiserver/schema/validation.go
import { type FieldError, type FieldPath, fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { fillDefaults } from './fill-defaults.ts';
import type { JsonSchema } from './json-schema.ts';
import { compiledPattern } from './pattern.ts';
import { prune } from './prune.ts';
import { statedRules } from './stated-rules.ts';
import { validateValue } from './validate-value.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const DEPTH_MAX = 60;

export function validateStructure(schema: JsonSchema, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  if ((schema.type ?? '') === '') errors.push(fieldRequired(path.child('type'), 'must not be empty at the root'));
  else if (schema.type !== 'object') errors.push(fieldInvalid(path.child('type'), schema.type, 'must be object at the root'));
  if (schema.nullable === true) errors.push(fieldForbidden(path.child('nullable'), 'nullable cannot be true at the root'));
  return [...errors, ...inner(schema, path, 0)];
}

type Place = 'root' | 'field' | 'item' | 'additional';
const texts: Readonly<Record<Exclude<Place, 'root'>, string>> = {
  field: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
  additional: 'must not be empty for additional properties',
};

function nested(schema: JsonSchema, path: FieldPath, place: Exclude<Place, 'root'>, depth: number): readonly FieldError[] {
  const untyped =
    (schema.type ?? '') === '' && schema['x-kubernetes-int-or-string'] !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true;
  return [...(untyped ? [fieldRequired(path.child('type'), texts[place])] : []), ...inner(schema, path, depth + 1)];
}

function inner(schema: JsonSchema, path: FieldPath, depth: number): readonly FieldError[] {
  if (depth > DEPTH_MAX) return [fieldForbidden(path, 'schema is nested too deeply')];
  const { type = '', properties = {}, additionalProperties, items, pattern } = schema;
  const errors: FieldError[] = [];
  if (type !== '' && !TYPES.includes(type)) errors.push(fieldNotSupported(path.child('type'), type, TYPES));
  if (schema.uniqueItems === true)
    errors.push(
      fieldForbidden(path.child('uniqueItems'), 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'),
    );
  if (pattern !== undefined && compiledPattern(pattern) === null)
    errors.push(fieldInvalid(path.child('pattern'), pattern, 'must be a valid regular expression'));
  if (additionalProperties !== undefined && additionalProperties !== true && Object.keys(properties).length > 0)
    errors.push(fieldForbidden(path.child('additionalProperties'), 'additionalProperties and properties are mutual exclusive'));
  if (type === 'array' && items === undefined) errors.push(fieldRequired(path.child('items'), 'must be specified'));
  errors.push(...listRules(schema, path), ...defaultRules(schema, path), ...statedRules(schema, path, depth === 0));
  if (items !== undefined && (typeof items !== 'object' || items === null))
    errors.push(fieldForbidden(path.child('items'), 'items must be a schema object and not an array'));
  else if (items !== undefined && !Array.isArray(items)) errors.push(...nested(items, path.child('items'), 'item', depth));
  if (typeof additionalProperties === 'object' && additionalProperties !== null)
    errors.push(...nested(additionalProperties, path.child('additionalProperties'), 'additional', depth));
  for (const [name, property] of Object.entries(properties))
    errors.push(...nested(property, path.child('properties').key(name), 'field', depth));
  return errors;
}

function listRules(schema: JsonSchema, path: FieldPath): readonly FieldError[] {
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  const errors: FieldError[] = [];
  if (kind !== undefined && !['atomic', 'set', 'map'].includes(kind))
    errors.push(fieldNotSupported(path.child('x-kubernetes-list-type'), kind, ['atomic', 'map', 'set']));
  if (kind === 'map' && (keys ?? []).length === 0)
    errors.push(fieldRequired(path.child('x-kubernetes-list-map-keys'), 'must not be empty if x-kubernetes-list-type is map'));
  if (kind !== 'map' && keys !== undefined)
    errors.push(fieldInvalid(path.child('x-kubernetes-list-map-keys'), keys, 'x-kubernetes-list-type must be map'));
  return errors;
}

/** A default must be what the schema itself allows. */
function defaultRules(schema: JsonSchema, path: FieldPath): readonly FieldError[] {
  const { default: given } = schema;
  if (given === undefined) return [];
  const unknown: string[] = [];
  prune(given, schema, unknown);
  const at = path.child('default');
  if (unknown.length > 0) return [fieldInvalid(at, given, 'must not have unknown fields')];
  const faults = validateValue(fillDefaults(given, schema), schema, at.toString());
  return faults;
}
