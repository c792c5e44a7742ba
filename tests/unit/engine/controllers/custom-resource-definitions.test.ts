import { expect, test } from 'vitest';
import type { RestAnswer } from '../../../../src-main/engine/api/rest/rest-request.ts';
import type { JsonObject, JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets';

/** A cluster as a client of its API server finds it. */
class Client {
  readonly cluster = new TestCluster({ workers: 1 });

  ask(line: string, body?: JsonValue, contentType = 'application/json', accept = ''): RestAnswer {
    const [method = '', address = ''] = line.split(' ');
    const url = new URL(address, 'https://lab');
    const user = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
    const query = [...url.searchParams.entries()];
    const request = {
      method,
      path: url.pathname,
      query,
      accept,
      contentType,
      user,
      agent: 'test/v1',
      ...(body === undefined ? {} : { body }),
    };
    return this.cluster.world.command({ type: 'request', request }).answer as RestAnswer;
  }

  /** `200`, or code and text of the refusal. */
  outcome(line: string, body?: JsonValue, contentType?: string): string {
    const { code, body: answer } = this.ask(line, body, contentType);
    const { status, message } = answer as { status?: unknown; message?: string };
    return status === 'Failure' ? `${code}: ${message}` : String(code);
  }

  body(line: string, accept = ''): any {
    return this.ask(line, undefined, 'application/json', accept).body;
  }
}

const definition = (plural = 'widgets', kind = 'Widget', more: object = {}): JsonValue => ({
  metadata: { name: `${plural}.example.com` },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural, kind, shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: { size: { type: 'integer', minimum: 1, description: 'how big' }, color: { type: 'string', default: 'red' } },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
    ...more,
  },
});
const widget = (spec: JsonValue, name = 'w'): JsonValue => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec });

function defined(): Client {
  const client = new Client();
  expect(client.outcome(`POST ${DEFINITIONS}`, definition())).toBe('201');
  client.cluster.run('1s');
  return client;
}

const conditions = (client: Client, name = 'widgets.example.com'): readonly string[] =>
  (client.body(`GET ${DEFINITIONS}/${name}`).status.conditions as { type: string; status: string; reason: string }[]).map(
    ({ type, status, reason }) => `${type} ${status} ${reason}`,
  );

test('a definition is established, and its kind is served and discovered', () => {
  const client = defined();
  expect(conditions(client)).toEqual(['NamesAccepted True NoConflicts', 'Established True InitialNamesAccepted']);
  const [resource, scale, status] = client.body('GET /apis/example.com/v1').resources;
  expect(resource).toMatchObject({ name: 'widgets', singularName: 'widget', kind: 'Widget', namespaced: true, shortNames: ['wd'] });
  expect([scale.name, status.name]).toEqual(['widgets/scale', 'widgets/status']);
  const document = client.body('GET /openapi/v3/apis/example.com/v1');
  expect(document.components.schemas['com.example.v1.Widget'].properties.spec.properties.size.description).toBe('how big');
});

test('objects are defaulted, pruned and held against the schema', () => {
  const client = defined();
  expect(client.ask(`POST ${WIDGETS}`, widget({ size: 3, wide: 1 }))).toMatchObject({
    code: 201,
    warnings: ['unknown field "spec.wide"'],
    body: { spec: { size: 3, color: 'red' }, metadata: { generation: 1 } },
  });
  expect(client.outcome(`POST ${WIDGETS}?fieldValidation=Strict`, widget({ size: 3, wide: 1 }, 'x'))).toBe(
    '400: Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.wide"',
  );
  expect(client.outcome(`POST ${WIDGETS}`, widget({ size: 0 }, 'x'))).toBe(
    '422: Widget.example.com "x" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
  );
  expect(client.outcome(`POST ${WIDGETS}`, widget({}, 'x'))).toBe('422: Widget.example.com "x" is invalid: spec.size: Required value');
  expect(client.outcome(`PATCH ${WIDGETS}/w`, { spec: { size: 4 } }, 'application/strategic-merge-patch+json')).toContain('415: ');
  expect(client.ask(`PATCH ${WIDGETS}/w`, { spec: { size: 4 } }, 'application/merge-patch+json').body).toMatchObject({
    spec: { size: 4 },
    metadata: { generation: 2 },
  });
});

test('rows, status and scale follow the definition', () => {
  const client = defined();
  client.ask(`POST ${WIDGETS}`, { ...(widget({ size: 3 }) as object), status: { phase: 'Nonsense' } });
  const { columnDefinitions, rows } = client.body(`GET ${WIDGETS}`, 'application/json;as=Table;v=v1;g=meta.k8s.io');
  expect(columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Size', 'Phase']);
  expect(rows[0].cells).toEqual(['w', 3, null]);
  client.ask(`PATCH ${WIDGETS}/w/status`, { status: { phase: 'Fine', size: 2 } }, 'application/merge-patch+json');
  expect(client.body(`GET ${WIDGETS}/w`)).toMatchObject({ status: { phase: 'Fine' }, metadata: { generation: 1 } });
  expect(client.ask(`PATCH ${WIDGETS}/w/scale`, { spec: { replicas: 7 } }, 'application/merge-patch+json').body).toMatchObject({
    spec: { replicas: 7 },
    status: { replicas: 2 },
  });
  expect(client.body(`GET ${WIDGETS}/w`).spec.size).toBe(7);
});

test('managers own the fields of custom objects', () => {
  const client = defined();
  const apply = (manager: string, size: number): string =>
    client.outcome(`PATCH ${WIDGETS}/w?fieldManager=${manager}`, widget({ size }), 'application/apply-patch+yaml');
  expect([apply('one', 1), apply('two', 2)]).toEqual(['201', '409: Apply failed with 1 conflict: conflict with "one": .spec.size']);
});

test('a definition goes when all of its objects are gone, and its kind with it', () => {
  const client = defined();
  client.ask(`POST ${WIDGETS}`, { ...(widget({ size: 3 }) as object), metadata: { name: 'w', finalizers: ['example.com/held'] } });
  expect(client.body(`DELETE ${DEFINITIONS}/widgets.example.com`)).toMatchObject({
    metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] },
  });
  client.cluster.run('10s');
  expect(conditions(client)).toContain('Terminating True InstanceDeletionInProgress');
  client.ask(`PATCH ${WIDGETS}/w`, { metadata: { finalizers: null } }, 'application/merge-patch+json');
  client.cluster.run('10s');
  expect(client.outcome(`GET ${DEFINITIONS}/widgets.example.com`)).toContain('404');
  expect(client.outcome(`GET ${WIDGETS}`)).toBe('404: the server could not find the requested resource');
  expect(client.outcome('GET /apis/example.com')).toContain('404');
});

test('names that another definition has are refused until they are free', () => {
  const client = defined();
  client.ask(`POST ${DEFINITIONS}`, definition('gadgets', 'Widget'));
  client.cluster.run('1s');
  expect(conditions(client, 'gadgets.example.com')).toEqual(['NamesAccepted False ListKindConflict', 'Established False NotAccepted']);
  client.ask(`DELETE ${DEFINITIONS}/widgets.example.com`);
  client.cluster.run('10s');
  expect(conditions(client, 'gadgets.example.com')).toEqual(['NamesAccepted True NoConflicts', 'Established True InitialNamesAccepted']);
});

test('what a definition may not say', () => {
  const client = new Client();
  const refused = (body: JsonValue): string => client.outcome(`POST ${DEFINITIONS}`, body);
  expect(refused({ ...(definition() as JsonObject), metadata: { name: 'x.example.com' } })).toContain(
    'metadata.name: Invalid value: "x.example.com": must be spec.names.plural+"."+spec.group',
  );
  expect(refused(definition('widgets', 'Widget', { versions: [{ name: 'v1', served: true, storage: true }] }))).toContain(
    'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
  );
  const untyped = { openAPIV3Schema: { type: 'object', properties: { spec: { properties: {} } } } };
  expect(refused(definition('widgets', 'Widget', { versions: [{ name: 'v1', served: true, storage: true, schema: untyped }] }))).toContain(
    'spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
  );
  expect(refused({ metadata: { name: 'w' } })).toContain('422');
  expect(refused({ metadata: { name: 'w' }, spec: { versions: 'none' } })).toContain('400');
});

test('a world that is opened again knows its kinds', () => {
  const client = defined();
  client.ask(`POST ${WIDGETS}`, widget({ size: 3 }));
  client.cluster.reopen();
  expect(client.outcome(`GET ${WIDGETS}/w`)).toBe('200');
  expect(client.outcome(`PATCH ${WIDGETS}/w`, { spec: { size: 'big' } }, 'application/merge-patch+json')).toBe(
    '422: Widget.example.com "w" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
  );
});
