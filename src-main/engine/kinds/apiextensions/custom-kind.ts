// A kind that somebody defined: its rules come from the schema, columns and subresources of one version of a CustomResourceDefinition.
// upstream: apiextensions-apiserver pkg/registry/customresource/{strategy,etcd}.go
import { type FieldError, FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../meta/object.ts';
import { badRequest } from '../../meta/status-error.ts';
import { byVersionPriority } from '../../meta/version-priority.ts';
import { ageOf } from '../columns.ts';
import { decodeMetadata } from '../decode-object.ts';
import { defineKind } from '../define-kind.ts';
import type { Decoded, Kind, PrinterColumn } from '../kind.ts';
import type { CustomResourceDefinition, DefinedVersion } from './custom-resource-definition.ts';
import { fillDefaults } from './fill-defaults.ts';
import { findAll, parseJsonPath } from './json-path.ts';
import type { JsonSchema } from './json-schema.ts';
import { prune } from './prune.ts';
import { validateValue } from './validate-value.ts';
import { hasRules, validateRules } from './validation-rules.ts';

/** The kind as the version defines it. */
export function customKind(definition: CustomResourceDefinition, version: DefinedVersion): Kind {
  const { group, scope, names } = definition.spec;
  const schema = version.schema?.openAPIV3Schema ?? {};
  const { status, scale } = version.subresources ?? {};
  const hasStatus = status !== undefined;
  return defineKind<ApiObject>({
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    hasStatus,
    tracksGeneration: true,
    content: (object) => contentOf(object, hasStatus),
    schema,
    decode: (object) => decode({ group, kind: names.kind, version: version.name }, object, schema),
    defaults: (object) => fillDefaults(object as unknown as JsonValue, schema) as unknown as ApiObject,
    prepareForCreate: (object) => (hasStatus ? withoutStatus(object) : object),
    validate: (object) => validateValue(object as unknown as JsonValue, rooted(schema)),
    validateStatus: (object, previous) => [
      ...validateValue(object as unknown as JsonValue, rooted(schema)),
      ...(hasRules(schema) ? ruleFaults(schema, object, previous) : []),
    ],
    ...(hasRules(schema)
      ? {
          validateCreate: (object: ApiObject) => ruleFaults(schema, object, undefined),
          validateUpdate: (next: ApiObject, previous: ApiObject) => ruleFaults(schema, next, previous),
        }
      : {}),
    selectableFields: (object) =>
      Object.fromEntries(
        (version.selectableFields ?? []).map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), selectable(object, jsonPath)]),
      ),
    columns: [nameColumn, ...columnsOf(version)],
    ...(version.deprecated === true && { deprecation: version.deprecationWarning ?? deprecationOf(definition, version.name) }),
    ...(scale === undefined
      ? {}
      : {
          scalePaths: {
            specReplicas: scale.specReplicasPath,
            statusReplicas: scale.statusReplicasPath,
            ...(scale.labelSelectorPath === undefined ? {} : { labelSelector: scale.labelSelectorPath }),
          },
        }),
  });
}

function decode(
  { group, kind, version }: { readonly group: string; readonly kind: string; readonly version: string },
  given: JsonObject,
  schema: JsonSchema,
): Decoded {
  const { object, unknown, fault } = decodeMetadata(given);
  if (fault !== undefined)
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: converting (${group}/${version}): ${fault}`);
  const others: string[] = [];
  const known = prune(object, schema, others) as JsonObject;
  return { object: known, warnings: [...unknown, ...others].map((path) => `unknown field ${JSON.stringify(path)}`) };
}

/** What the schema says of metadata counts only for its names. The API server itself holds the rest against its rules. */
function rooted(schema: JsonSchema): JsonSchema {
  const { metadata: _metadata, apiVersion: _version, kind: _kind, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

/** Rules are asked of objects that are whole. upstream: pkg/registry/customresource/strategy.go hasBlockingErr */
function ruleFaults(schema: JsonSchema, object: ApiObject, previous: ApiObject | undefined): readonly FieldError[] {
  const value = object as unknown as JsonValue;
  const isBroken = validateValue(value, rooted(schema)).some(({ type }) => blocking.has(type));
  if (!isBroken) return validateRules(value, previous as unknown as JsonValue | undefined, schema);
  const why = 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [fieldInvalid(new FieldPath('<nil>'), null, why)];
}

const blocking: ReadonlySet<string> = new Set(['FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid']);

/** upstream: customresource_handler.go defaultDeprecationWarning */
function deprecationOf({ spec: { group, names, versions } }: CustomResourceDefinition, deprecated: string): string {
  const [best] = versions
    .filter(({ name, served, deprecated: isOld }) => served && isOld !== true && byVersionPriority(name, deprecated) < 0)
    .map(({ name }) => name)
    .sort(byVersionPriority);
  const advice = best === undefined ? '' : `; use ${group}/${best} ${names.kind}`;
  return `${group}/${deprecated} ${names.kind} is deprecated${advice}`;
}

function withoutStatus(object: ApiObject): ApiObject {
  if (!Object.hasOwn(object, 'status')) return object;
  const { status: _status, ...rest } = object as ApiObject & { status?: unknown };
  return rest;
}

function contentOf(object: ApiObject, hasStatus: boolean): unknown {
  const { metadata: _metadata, ...content } = hasStatus ? withoutStatus(object) : object;
  return content;
}

function selectable(object: ApiObject, path: string): string {
  const [value] = findAll(object as unknown as JsonValue, parseJsonPath(path) ?? []);
  return value === undefined || value === null ? '' : String(value);
}

const nameColumn: PrinterColumn<ApiObject> = { name: 'Name', type: 'string', value: (object) => object.metadata.name };

/** upstream: pkg/crdserverscheme, pkg/registry/customresource/tableconvertor/tableconvertor.go */
function columnsOf({ additionalPrinterColumns = [] }: DefinedVersion): readonly PrinterColumn<ApiObject>[] {
  if (additionalPrinterColumns.length === 0)
    return [{ name: 'Age', type: 'date', value: (object, nowMs) => ageOf(object.metadata.creationTimestamp, nowMs) }];
  return additionalPrinterColumns.map(({ name, type, jsonPath, priority = 0, description = '' }) => {
    const path = parseJsonPath(jsonPath) ?? [];
    return {
      name,
      type: type as PrinterColumn<ApiObject>['type'],
      priority,
      description,
      value: (object, nowMs) => cellOf(findAll(object as unknown as JsonValue, path), type, nowMs),
    };
  });
}

function cellOf(found: readonly JsonValue[], type: string, nowMs: number): string | number | boolean | null {
  const [value] = found;
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'string':
      return found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ');
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default: {
      const age = typeof value === 'string' ? ageOf(value, nowMs) : '<invalid>';
      return age === '<unknown>' ? '<invalid>' : age;
    }
  }
}
