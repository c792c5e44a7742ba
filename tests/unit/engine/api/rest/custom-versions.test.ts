// One kind that somebody defined, in three versions: stored in one of them, each with a schema, columns and subresources of its own.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Cluster } from '../../../../../src-main/engine/cluster.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../../support/test-cluster.ts';
import { requestOf } from './rest-world.ts';

const field = (type: string, more: object = {}): object => ({ type, ...more });
const schema = (properties: object): object => ({
  openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } },
});
const versions = [
  {
    name: 'v1beta1',
    ...{ served: true, storage: false, deprecated: true },
    schema: schema({ size: field('integer', { default: 1 }), legacy: field('string') }),
    additionalPrinterColumns: [{ name: 'Old size', type: 'integer', jsonPath: '.spec.size' }],
  },
  {
    name: 'v1',
    ...{ served: true, storage: true },
    schema: schema({ size: field('integer', { maximum: 9 }), color: field('string') }),
    subresources: { status: {} },
  },
  { name: 'v2alpha1', ...{ served: true, storage: false, deprecated: true, deprecationWarning: 'wait for v2' }, schema: schema({}) },
];
const definition = (list: readonly object[]): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'toys.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'toys', kind: 'Toy' }, versions: list },
});
const path = (version: string, name = ''): string => `/apis/example.com/${version}/namespaces/default/toys${name}`;
const toy = (spec: object): JsonValue => ({ metadata: { name: 'car' }, spec }) as JsonValue;

let world: Cluster;
const ask = (line: string, body?: JsonValue, accept = ''): ReturnType<Cluster['rest']['answer']> =>
  world.rest.answer(requestOf(line, body, { accept }));
const body = (line: string, given?: JsonValue): any => ask(line, given).body;

beforeEach(() => {
  world = new TestCluster({ zones: 1, workers: 1 }).apply(JSON.stringify(definition(versions))).run('5s').world;
});

describe('each version', () => {
  test('has its own fields and defaults, and keeps what the stored one knows', () => {
    expect(body(`POST ${path('v1beta1')}`, toy({ legacy: 'x' }))).toMatchObject({ apiVersion: 'example.com/v1beta1', spec: { size: 1 } });
    expect(body(`GET ${path('v1', '/car')}`)).toMatchObject({ apiVersion: 'example.com/v1', spec: { size: 1 } });
    expect(body(`GET ${path('v1beta1', '/car')}`).spec).toEqual({ size: 1 });
  });
  test('refuses what its own schema refuses', () => {
    expect(body(`POST ${path('v1')}`, toy({ size: 12 })).message).toMatch(
      /spec.size: Invalid value: 12: .*should be less than or equal to 9/,
    );
    expect(ask(`POST ${path('v1beta1')}`, toy({ size: 12 })).code).toBe(201);
    expect(body(`POST ${path('v1beta1')}?fieldValidation=Strict`, toy({ color: 'red' })).message).toBe(
      'Toy in version "v1beta1" cannot be handled as a Toy: strict decoding error: unknown field "spec.color"',
    );
  });
  test('is of one kind, whoever writes', () => {
    const refused = 'Toy.example.com "car" is invalid: kind: Invalid value: "Game": must be Toy';
    expect(body(`POST ${path('v1')}`, { ...(toy({}) as object), kind: 'Game' }).message).toBe(refused);
    expect(body(`POST ${path('v1')}`, { ...(toy({}) as object), apiVersion: 'example.com/v2' }).message).toBe(
      'the API version in the data (example.com/v2) does not match the expected API version (example.com/v1)',
    );
    body(`POST ${path('v1')}`, toy({}));
    const request = requestOf(`PATCH ${path('v1', '/car')}`, { kind: 'Game' }, { contentType: 'application/merge-patch+json' });
    expect(world.rest.answer(request)).toMatchObject({ code: 422, body: { message: refused } });
  });
  test('has its own columns and subresources', () => {
    ask(`POST ${path('v1')}`, toy({ size: 3 }));
    const columns = (version: string): unknown =>
      (ask(`GET ${path(version)}`, undefined, 'application/json;as=Table;v=v1;g=meta.k8s.io').body as any).columnDefinitions.map(
        ({ name }: { name: string }) => name,
      );
    expect([columns('v1'), columns('v1beta1')]).toEqual([
      ['Name', 'Age'],
      ['Name', 'Old size'],
    ]);
    expect([ask(`GET ${path('v1', '/car/status')}`).code, ask(`GET ${path('v1beta1', '/car/status')}`).code]).toEqual([200, 404]);
  });
  test('warns when it is deprecated, in its author’s words or with the best that there is', () => {
    const warnings = (version: string): unknown => ask(`GET ${path(version)}`).warnings;
    expect([warnings('v1'), warnings('v1beta1'), warnings('v2alpha1')]).toEqual([
      [],
      ['example.com/v1beta1 Toy is deprecated; use example.com/v1 Toy'],
      ['wait for v2'],
    ]);
  });
});

test('the stable version is preferred, whichever is stored', () => {
  const { versions: listed, preferredVersion } = body('GET /apis/example.com');
  expect([preferredVersion.version, listed.map(({ version }: { version: string }) => version)]).toEqual([
    'v1',
    ['v1', 'v1beta1', 'v2alpha1'],
  ]);
});

test('the stored version need not be served', () => {
  ask(`POST ${path('v1')}`, toy({ size: 3 }));
  const unserved = versions.map((version) => (version.name === 'v1' ? { ...version, served: false } : version));
  const live = body('GET /apis/apiextensions.k8s.io/v1/customresourcedefinitions/toys.example.com');
  ask('PUT /apis/apiextensions.k8s.io/v1/customresourcedefinitions/toys.example.com', {
    ...live,
    spec: { ...live.spec, versions: unserved },
  });
  world.advance(world.timeline.nowMs + 5_000);
  expect([ask(`GET ${path('v1', '/car')}`).code, body(`GET ${path('v1beta1', '/car')}`).spec]).toEqual([404, { size: 3 }]);
});

test('a warning without deprecation', () => {
  const odd = definition([{ ...versions[1], deprecationWarning: 'soon' }]) as JsonValue;
  expect(body('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', odd).message).toContain(
    'spec.versions[0].deprecationWarning: Invalid value: "soon": can only be set for deprecated versions',
  );
});
