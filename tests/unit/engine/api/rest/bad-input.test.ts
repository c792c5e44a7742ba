// Whatever a client sends, the answer is a document with a code: nothing is thrown, and what is refused changes nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KindRegistry } from '../../../../../src-main/engine/api/kind-registry.ts';
import { ResourceCatalogue } from '../../../../../src-main/engine/api/rest/resource-catalogue.ts';
import { Random } from '../../../../../src-main/engine/base/random.ts';
import { apiVersionOf } from '../../../../../src-main/engine/kinds/kind.ts';
import { type FieldType, fieldsOf, typeOfKind } from '../../../../../src-main/engine/kinds/kind-fields.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const resources = new ResourceCatalogue(new KindRegistry()).all();
const addresses = resources.map(({ kind }) => {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  return `${root}${kind.namespaced ? '/namespaces/default' : ''}/${kind.plural}`;
});

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
const names = [
  'spec',
  'status',
  'data',
  'metadata',
  'containers',
  'template',
  'selector',
  'ports',
  'rules',
  'subjects',
  'labels',
  'name',
  'replicas',
  'strategy',
];
/** Objects whose members are sometimes the real ones. */
const likely: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    json,
    fc.dictionary(fc.constantFrom(...names), tie('value')) as fc.Arbitrary<JsonValue>,
    fc.array(tie('value'), { maxLength: 3 }) as fc.Arbitrary<JsonValue>,
  ),
})).value;

const isAnswer = (world: RestWorld, line: string, body: JsonValue, contentType = 'application/json'): boolean => {
  const before = world.store.revision;
  const { code } = world.ask(line, body, { contentType });
  expect(code).toBeGreaterThanOrEqual(200);
  if (code >= 400) expect(world.store.revision).toBe(before);
  return code < 400;
};

/** A value of a type with every member left out now and then: what a decoder lets through. */
function typed(type: FieldType, random: Random, depth: number): JsonValue {
  const item = type.slice(2);
  if (type.startsWith('[]')) return Array.from({ length: random.below(3) }, () => typed(item, random, depth - 1));
  if (type.startsWith('{}'))
    return Object.fromEntries(['a', 'b'].slice(random.below(3)).map((name) => [name, typed(item, random, depth - 1)]));
  const fields = fieldsOf(type);
  if (fields !== undefined) {
    const given = Object.entries(fields).filter(([name]) => name !== 'status' && random.below(10) < (depth > 6 ? 7 : depth > 2 ? 3 : 0));
    return Object.fromEntries(given.map(([name, of]) => [name, typed(of, random, depth - 1)]));
  }
  if (type === 'bool') return random.below(2) === 0;
  if (type === 'int32' || type === 'int64') return random.below(5) - 1;
  if (type === 'quantity') return ['1', '100m', '1Gi', '-1', '0'][random.below(5)] ?? '';
  if (type === 'bytes') return 'YQ==';
  if (type === 'time') return '2025-06-01T08:00:00Z';
  if (type === 'microTime') return '2025-06-01T08:00:00.000000Z';
  if (type === 'intOrString') return random.below(2) === 0 ? '25%' : 80;
  return ['', 'a', 'Always', 'TCP', '10.0.0.1', 'A_B', 'a.b/c', '2025-06-01T08:00:00Z'][random.below(8)] ?? '';
}

test('objects that have the right types and lack this or that', () => {
  const world = new RestWorld();
  const random = Random.seeded(4);
  for (const [index, { kind }] of resources.entries()) {
    const type = typeOfKind(kind.group, kind.version, kind.kind);
    if (type === undefined) continue;
    for (let round = 0; round < 60; round += 1) {
      const object = typed(type, random, 9) as Record<string, JsonValue>;
      isAnswer(world, `POST ${addresses[index]}`, {
        ...object,
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        metadata: { name: `x${round % 7}` },
      });
      isAnswer(world, `PUT ${addresses[index]}/x${round % 7}`, { ...object, apiVersion: '', kind: '', metadata: { labels: { a: 'b' } } });
      expect(world.ask(`GET ${addresses[index]}`, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }).code).toBe(200);
    }
  }
});

test('a definition whose items are no schema is refused', () => {
  const schema = { openAPIV3Schema: { type: 'object', properties: { list: { type: 'array', items: 'string' } } } };
  const versions = [{ name: 'v1', served: true, storage: true, schema }];
  const spec = { group: 'example.com', scope: 'Cluster', names: { plural: 'widgets', kind: 'Widget' }, versions };
  const answer = new RestWorld().ask('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'widgets.example.com' },
    spec,
  });
  expect([answer.code, JSON.stringify(answer.body)]).toEqual([
    422,
    expect.stringContaining('items must be a schema object and not an array'),
  ]);
});

describe('any body', () => {
  test('of a create', () => {
    const world = new RestWorld();
    fc.assert(
      fc.property(fc.constantFrom(...addresses), likely, likely, (address, spec, metadata) => {
        isAnswer(world, `POST ${address}`, spec);
        isAnswer(world, `POST ${address}`, { metadata: { name: 'x' }, spec } as JsonValue);
        isAnswer(world, `POST ${address}?fieldValidation=Strict`, { metadata, spec } as JsonValue);
      }),
      { numRuns: 300 },
    );
  });

  test('of a patch, in any form', () => {
    const world = new RestWorld();
    const containers = [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }];
    isAnswer(world, 'POST /api/v1/namespaces/default/pods', { metadata: { name: 'x' }, spec: { containers } });
    const forms = ['merge-patch+json', 'strategic-merge-patch+json', 'json-patch+json', 'apply-patch+yaml'].map(
      (form) => `application/${form}`,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        fc.constantFrom('', '/status', '/binding', '/eviction', '/log'),
        likely,
        (form, part, spec) => {
          const path = `/api/v1/namespaces/default/pods/x${part}?dryRun=All&fieldManager=f`;
          isAnswer(world, `PATCH ${path}`, spec, form);
          isAnswer(world, `PATCH ${path}`, { spec, status: spec } as JsonValue, form);
          isAnswer(world, `POST ${path}`, { target: spec, deleteOptions: spec, metadata: spec } as JsonValue);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('any path, method and query', () => {
  const world = new RestWorld();
  const part = fc.constantFrom(
    'api',
    'apis',
    'v1',
    'apps',
    'namespaces',
    'default',
    'pods',
    'x',
    'status',
    'scale',
    'openapi',
    'v3',
    '..',
    '%',
    '',
    'deployments',
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'BREW');
  const key = fc.constantFrom(
    'limit',
    'continue',
    'labelSelector',
    'fieldSelector',
    'resourceVersion',
    'dryRun',
    'includeObject',
    'propagationPolicy',
  );
  fc.assert(
    fc.property(method, fc.array(part, { maxLength: 8 }), key, fc.string(), fc.string(), (verb, parts, name, value, accept) => {
      const query: readonly (readonly [string, string])[] = [[name, value]];
      const request = {
        method: verb,
        path: `/${parts.join('/')}`,
        query,
        accept,
        contentType: '',
        user: { name: 'a', groups: ['system:masters'] },
        agent: '',
      };
      expect(world.rest.answer(request).code).toBeGreaterThanOrEqual(200);
    }),
    { numRuns: 1_000 },
  );
});
