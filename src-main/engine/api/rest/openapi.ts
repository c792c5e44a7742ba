// OpenAPI v3 documents, one for each group and version, made from the kinds' own fields: what `kubectl explain`, `apply` and editors read.
// upstream: kube-openapi pkg/handler3; api/openapi-spec/v3
import { sha256 } from '../../base/sha256.ts';
import type { JsonSchema } from '../../kinds/apiextensions/json-schema.ts';
import type { Kind } from '../../kinds/kind.ts';
import { typeOfKind } from '../../kinds/kind-fields.ts';
import { RELEASE } from '../../kinds/release.ts';
import { addType, schemaName } from './openapi-schemas.ts';
import type { Resource, ResourceCatalogue, VirtualKind } from './resource-catalogue.ts';

interface Document {
  readonly text: object;
  readonly hash: string;
}

/** `GET /openapi/v3`: the addresses of the documents, each with a hash of its content, because clients keep them for a year. */
export function openApiIndex(catalogue: ResourceCatalogue): object {
  const paths = described(catalogue).map(({ group, version }) => {
    const name = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${documentOf(catalogue, group, version).hash}` }] as const;
  });
  return { paths: Object.fromEntries(paths) };
}

/** The document of `api/v1` or `apis/apps/v1`; undefined when nothing of it is served. */
export function openApiDocument(catalogue: ResourceCatalogue, name: string): object | undefined {
  const [root, ...rest] = name.split('/');
  const [group = '', version = ''] = root === 'api' ? ['', ...rest] : rest;
  if (!described(catalogue).some((one) => one.group === group && one.version === version)) return undefined;
  return documentOf(catalogue, group, version).text;
}

/** The documents of several groups and versions as one, for clients that read nothing newer. */
export interface WholeDocument {
  readonly paths: Readonly<Record<string, object>>;
  readonly schemas: Readonly<Record<string, object>>;
}

/** All that is served; the same value as long as that is so. */
export function wholeDocument(catalogue: ResourceCatalogue): WholeDocument {
  const all = catalogue.all();
  let document = whole.get(all);
  if (document === undefined) {
    document = makeDocument(all, catalogue.virtuals());
    whole.set(all, document);
  }
  return document;
}

const whole = new WeakMap<readonly Resource[], WholeDocument>();

/** Documents are made once for each list of resources. */
const made = new WeakMap<readonly Resource[], Map<string, Document>>();

function documentOf(catalogue: ResourceCatalogue, group: string, version: string): Document {
  const all = catalogue.all();
  let documents = made.get(all);
  if (documents === undefined) {
    documents = new Map();
    made.set(all, documents);
  }
  const key = `${group}/${version}`;
  let document = documents.get(key);
  if (document === undefined) {
    const isOfIt = (kind: Pick<Kind, 'group' | 'version'>): boolean => kind.group === group && kind.version === version;
    const { paths, schemas } = makeDocument(
      all.filter(({ kind }) => isOfIt(kind)),
      catalogue.virtuals().filter(isOfIt),
    );
    const text = { openapi: '3.0.0', info: INFO, paths, components: { schemas } };
    document = { text, hash: sha256(JSON.stringify(text).replace(/[^\x20-\x7e]/g, '?')).toUpperCase() };
    documents.set(key, document);
  }
  return document;
}

export const INFO = { title: 'Kubernetes', version: RELEASE };

function makeDocument(resources: readonly Resource[], asked: readonly VirtualKind[]): WholeDocument {
  const schemas: Record<string, object> = {};
  const paths: Record<string, object> = {};
  for (const resource of resources) {
    const { kind } = resource;
    const type = typeOfKind(kind.group, kind.version, kind.kind);
    const name =
      kind.schema !== undefined
        ? customName(kind)
        : type === undefined
          ? `io.k8s.api.${kind.group || 'core'}.${kind.version}.${kind.kind}`
          : schemaName(type);
    if (type === undefined) addType(schemas, 'meta.ObjectMeta');
    else addType(schemas, type);
    const given = kind.schema !== undefined ? customSchema(kind.schema) : (schemas[name] ?? storedSchema());
    schemas[name] = { ...given, 'x-kubernetes-group-version-kind': [gvk(kind)] };
    addPaths(paths, resource, name);
  }
  for (const kind of asked) {
    const type = typeOfKind(kind.group, kind.version, kind.kind);
    if (type === undefined) continue;
    addType(schemas, type);
    const name = schemaName(type);
    schemas[name] = { ...schemas[name], 'x-kubernetes-group-version-kind': [gvk(kind)] };
    paths[pathOf(kind)] = { post: { ...operation(kind, name, 'post'), parameters: WRITE_PARAMETERS } };
  }
  return { paths, schemas };
}

/** Groups and versions of which there is something to be said. */
function described(catalogue: ResourceCatalogue): ReturnType<ResourceCatalogue['groupVersions']> {
  const own = catalogue.groupVersions();
  const asked = catalogue
    .virtuals()
    .filter(({ group, version, kind }) => typeOfKind(group, version, kind) !== undefined)
    .map(({ group, version }) => ({ group, version }));
  const all = [...own, ...asked];
  return all.filter(({ group, version }, index) => all.findIndex((one) => one.group === group && one.version === version) === index);
}

const gvk = ({ group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>): object => ({ group, version, kind });

/** `com.example.v1.Widget`. upstream: apiextensions-apiserver pkg/controller/openapi/builder */
function customName({ group, version, kind }: Kind): string {
  return `${group.split('.').toReversed().join('.')}.${version}.${kind}`;
}

/** As the definition says it, with the parts that every object has. */
function customSchema(schema: JsonSchema): object {
  const metadata = { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }] };
  const envelope = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata };
  return { ...schema, type: 'object', properties: { ...schema.properties, ...envelope } };
}

/** A kind without a model: whatever is in it stays. */
function storedSchema(): object {
  const metadata = { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }] };
  const properties = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata };
  return { type: 'object', properties, 'x-kubernetes-preserve-unknown-fields': true };
}

function pathOf({ group, version, namespaced, plural }: Pick<Kind, 'group' | 'version' | 'namespaced' | 'plural'>): string {
  return `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
}

function operation(kind: Pick<Kind, 'group' | 'version' | 'kind'>, schema: string, action: string): object {
  return {
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk(kind),
  };
}

function addPaths(paths: Record<string, object>, { kind, subresources }: Resource, schema: string): void {
  const list = pathOf(kind);
  const reading = (action: string): object => operation(kind, schema, action);
  const writing = (action: string): object => ({ ...reading(action), parameters: WRITE_PARAMETERS });
  paths[list] = { get: reading('list'), post: writing('post'), delete: reading('deletecollection') };
  const item = { get: reading('get'), put: writing('put'), patch: writing('patch'), delete: reading('delete') };
  paths[`${list}/{name}`] = item;
  if (subresources.some(({ name }) => name === 'status'))
    paths[`${list}/{name}/status`] = { get: item.get, put: item.put, patch: item.patch };
}

/** kubectl leaves validation to a server whose PATCH knows `fieldValidation`. */
const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));
