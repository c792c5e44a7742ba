// Tells an environment of the types that its variables have, so that a rule that asks for a field that is none is refused when it is written.
// upstream: apiserver pkg/cel/common/schemas.go SchemaDeclType
import type { Environment } from '@marcbachmann/cel-js';
import { celName, hasCelName } from './escape.ts';
import type { CelShape } from './values.ts';

/** The name of the type for signatures; object types are declared under names below `name`. undefined: rules cannot speak of such a value. */
export function declareType(environment: Environment, shape: CelShape, name: string): string | undefined {
  if (shape.celType !== undefined) return shape.celType;
  if (shape['x-kubernetes-int-or-string'] === true) return 'dyn';
  switch (shape.type) {
    case 'array':
      return listType(environment, shape, name);
    case 'object':
      return objectType(environment, shape, name);
    case 'string':
      return textType(shape.format);
    case 'boolean':
      return 'bool';
    case 'integer':
      return 'int';
    case 'number':
      return 'double';
    case 'dyn':
      return 'dyn';
    case 'optional':
      return `optional<${declareType(environment, shape.items ?? {}, name) ?? 'dyn'}>`;
    default:
      return undefined;
  }
}

function listType(environment: Environment, { items }: CelShape, name: string): string | undefined {
  if (items === undefined) return undefined;
  const inner = declareType(environment, items, `${name}.items`);
  return inner === undefined ? undefined : `list<${inner}>`;
}

/** One shape is one type, so that `self` and `oldSelf` compare. */
const declared = new WeakMap<Environment, Map<CelShape, string>>();

function objectType(environment: Environment, shape: CelShape, name: string): string | undefined {
  const types = declared.get(environment) ?? new Map<CelShape, string>();
  declared.set(environment, types);
  const known = types.get(shape);
  if (known !== undefined) return known;
  if (typeof shape.additionalProperties === 'object') {
    const inner = declareType(environment, shape.additionalProperties, `${name}.values`);
    return inner === undefined ? undefined : `map<string, ${inner}>`;
  }
  const fields: Record<string, string> = {};
  const properties = shape['x-kubernetes-embedded-resource'] === true ? { ...shape.properties, ...embedded } : (shape.properties ?? {});
  for (const [field, inner] of Object.entries(properties)) {
    if (!hasCelName(field)) continue;
    const told = shape.hasPlainNames === true ? field : celName(field);
    const type = declareType(environment, inner, `${name}.${told}`);
    if (type !== undefined) fields[told] = type;
  }
  // Every type needs a constructor of its own, though no value of it is ever made: expressions run over plain maps.
  const ctor = class {};
  environment.registerType(name, { ctor, fields });
  environment.registerOperator(`${name} == ${name}`, () => false);
  types.set(shape, name);
  return name;
}

const text: CelShape = { type: 'string' };
/** Of metadata rules see the names alone. upstream: WithTypeAndObjectMeta */
export const embedded: Readonly<Record<string, CelShape>> = {
  apiVersion: text,
  kind: text,
  metadata: { type: 'object', properties: { name: text, generateName: text } },
};

function textType(format: string | undefined): string {
  if (format === 'date-time' || format === 'date') return 'google.protobuf.Timestamp';
  return format === 'duration' ? 'google.protobuf.Duration' : 'string';
}
