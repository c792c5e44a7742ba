// The OpenAPI v2 document: what clients before 1.27 validate by and older ways of explaining read, made from the same schemas as v3.
// upstream: kube-openapi pkg/openapiconv, pkg/handler
import { INFO, wholeDocument } from './openapi.ts';
import type { ResourceCatalogue } from './resource-catalogue.ts';

type Members = Readonly<Record<string, unknown>>;

/** `GET /openapi/v2`; the same value as long as the same is served. */
export function openApiV2Document(catalogue: ResourceCatalogue): object {
  const whole = wholeDocument(catalogue);
  let document = made.get(whole);
  if (document === undefined) {
    document = {
      swagger: '2.0',
      info: INFO,
      paths: mapped(whole.paths, (path) => mapped(path as Members, (operation) => operationOf(operation as Members))),
      definitions: mapped(whole.schemas, (schema) => schemaOf(schema as Members)),
    };
    made.set(whole, document);
  }
  return document;
}

const made = new WeakMap<object, object>();

const mapped = (object: Members, change: (value: unknown) => unknown): Members =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

/** Without what only v3 can say: choices become text, and a reference stands alone with its description. */
function schemaOf({ allOf, oneOf, anyOf: _any, not: _not, default: _default, nullable: _nullable, ...rest }: Members): object {
  const [part] = (allOf ?? []) as readonly { readonly $ref?: string }[];
  if (part?.$ref !== undefined) {
    const about = rest['description'] === undefined ? {} : { description: rest['description'] };
    return { ...about, $ref: part.$ref.replace('#/components/schemas/', '#/definitions/') };
  }
  const found: Record<string, unknown> = { ...rest, ...(oneOf !== undefined && { type: 'string' }) };
  const { items, properties, additionalProperties } = rest;
  if (isMembers(items)) found['items'] = schemaOf(items);
  if (isMembers(properties)) found['properties'] = mapped(properties, (property) => schemaOf(property as Members));
  if (isMembers(additionalProperties)) found['additionalProperties'] = schemaOf(additionalProperties);
  return found;
}

function operationOf({ parameters, responses: _responses, ...rest }: Members): object {
  const given = ((parameters ?? []) as readonly { readonly name: string; readonly in: string }[]).map((parameter) => ({
    ...{ name: parameter.name, in: parameter.in },
    ...{ type: 'string', uniqueItems: true },
  }));
  return { ...rest, ...(given.length > 0 && { parameters: given }), responses: { 200: { description: 'OK' } } };
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
