// What each type of the API holds, as JSON schemas with a sentence for each field: the one source of both OpenAPI documents.
import { describeField, describeType, requiredFields } from '../../kinds/field-descriptions.ts';
import { type FieldType, fieldsOf } from '../../kinds/kind-fields.ts';
import { ruleOf } from '../patch/merge-rules.ts';

export type Schemas = Record<string, object>;

/** `core.Pod` is `io.k8s.api.core.v1.Pod`. */
export function schemaName(type: FieldType): string {
  const [folder = '', name = ''] = type.split('.');
  if (folder.includes('/')) return `io.k8s.api.${folder.replace('/', '.')}.${name}`;
  if (folder === 'meta') return `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`;
  return `io.k8s.api.${folder}.${folder === 'autoscaling' ? 'v2' : 'v1'}.${name}`;
}

/** Adds the type and all that it is made of. */
export function addType(schemas: Schemas, type: FieldType): void {
  const fields = fieldsOf(type);
  const name = schemaName(type);
  if (fields === undefined || Object.hasOwn(schemas, name)) return;
  schemas[name] = {};
  const properties: Record<string, object> = {};
  for (const [field, fieldType] of Object.entries(fields)) {
    const about = describeField(type, field);
    properties[field] = { ...(about && { description: about }), ...schemaOf(schemas, fieldType), ...extensions(type, field) };
  }
  const about = describeType(type);
  const required = requiredFields(type);
  schemas[name] = { ...(about && { description: about }), type: 'object', properties, ...(required.length > 0 && { required }) };
}

function schemaOf(schemas: Schemas, type: FieldType): object {
  if (type.startsWith('[]')) return { type: 'array', items: schemaOf(schemas, type.slice(2)) };
  if (type.startsWith('{}')) return { type: 'object', additionalProperties: schemaOf(schemas, type.slice(2)) };
  if (fieldsOf(type) !== undefined) {
    addType(schemas, type);
    return { allOf: [{ $ref: `#/components/schemas/${schemaName(type)}` }], default: {} };
  }
  const named = namedScalars[type];
  if (named === undefined) return scalars[type] ?? {};
  schemas[named.name] ??= named.schema;
  return { allOf: [{ $ref: `#/components/schemas/${named.name}` }] };
}

/** What is either a number or a text has a name, which is what `kubectl explain` shows of it. */
const namedScalars: Readonly<Record<string, { readonly name: string; readonly schema: object }>> = {
  quantity: { name: 'io.k8s.apimachinery.pkg.api.resource.Quantity', schema: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
  intOrString: {
    name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    schema: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  },
};

const scalars: Readonly<Record<string, object>> = {
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};

function extensions(type: FieldType, field: string): object {
  const { strategies, mergeKey } = ruleOf(type, field);
  if (strategies.length === 0) return {};
  const key = mergeKey === '' ? {} : { 'x-kubernetes-patch-merge-key': mergeKey };
  return { 'x-kubernetes-patch-strategy': strategies.join(','), ...key };
}
