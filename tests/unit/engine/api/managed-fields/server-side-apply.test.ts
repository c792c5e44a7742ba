import { describe, expect, test } from 'vitest';
import type { ManagerEntry } from '../../../../../src-main/engine/api/managed-fields/manager-entry.ts';
import { type ConfigMap, configMapKind } from '../../../../../src-main/engine/kinds/core/config-map.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from '../rest/rest-world.ts';

const MAP = '/api/v1/namespaces/default/configmaps/m';
const SET = '/apis/apps/v1/namespaces/default/replicasets/web';
const APPLY = { contentType: 'application/apply-patch+yaml' };
const MERGE = { contentType: 'application/merge-patch+json' };

const apply = (world: RestWorld, manager: string, body: JsonValue, path = MAP, query = ''): string =>
  world.outcome(`PATCH ${path}?fieldManager=${manager}${query}`, body, APPLY);
const map = (data: JsonValue): JsonValue => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data });
const owners = (world: RestWorld, path = MAP): unknown =>
  (world.body(`GET ${path}`).metadata.managedFields as readonly ManagerEntry[]).map(({ manager, operation, subresource, fieldsV1 }) => [
    `${manager} ${operation}${subresource === undefined ? '' : ` ${subresource}`}`,
    fieldsV1,
  ]);

describe('applying', () => {
  test('makes what is not there, and remembers who said what', () => {
    const world = new RestWorld();
    expect(apply(world, 'me', map({ a: '1' }))).toBe('201');
    expect(owners(world)).toEqual([['me Apply', { 'f:data': { 'f:a': {} } }]]);
  });
  test('the same again changes nothing', () => {
    const world = new RestWorld();
    apply(world, 'me', map({ a: '1' }));
    const { revision } = world.store;
    expect([apply(world, 'me', map({ a: '1' })), world.run(60_000).store.revision]).toEqual(['200', revision]);
  });
  test('what is no longer said goes, unless another says it too', () => {
    const world = new RestWorld();
    apply(world, 'me', map({ a: '1', b: '2' }));
    apply(world, 'you', map({ b: '2' }));
    apply(world, 'me', map({ c: '3' }));
    expect(world.body(`GET ${MAP}`).data).toEqual({ b: '2', c: '3' });
  });
  test('who owned the map itself, and now only says what is in it, loses nothing', () => {
    const world = new RestWorld();
    apply(world, 'me', { ...(map({ a: '1' }) as object), metadata: { name: 'm', annotations: { x: '1', y: '2' } } } as JsonValue);
    apply(world, 'you', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', annotations: { x: '1' } } });
    const { managedFields } = world.body(`GET ${MAP}`).metadata;
    // As kubectl writes it that takes over from a client-side apply.
    const fieldsV1 = { 'f:data': { '.': {}, 'f:a': {} }, 'f:metadata': { 'f:annotations': { '.': {}, 'f:x': {}, 'f:y': {} } } };
    const mine = { ...managedFields.find(({ manager }: ManagerEntry) => manager === 'me'), fieldsV1 };
    const others = managedFields.filter(({ manager }: ManagerEntry) => manager !== 'me');
    world.ask(`PATCH ${MAP}`, { metadata: { managedFields: [mine, ...others] } }, MERGE);
    expect(apply(world, 'me', map({ a: '1' }))).toBe('200');
    const { data, metadata } = world.body(`GET ${MAP}`);
    expect([data, metadata.annotations]).toEqual([{ a: '1' }, { x: '1' }]);
  });
  test('needs a name of who applies', () =>
    expect(new RestWorld().outcome(`PATCH ${MAP}`, map({}), APPLY)).toBe(
      '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ));
  test.each<[string, JsonValue, string]>([
    ['no version', { kind: 'ConfigMap', metadata: { name: 'm' } }, ''],
    ['the version of another group', { apiVersion: 'apps/v1', kind: 'ConfigMap', metadata: { name: 'm', managedFields: [] } }, 'apps/v1'],
  ])('%s is refused', (_name, body, version) =>
    expect(apply(new RestWorld(), 'me', body)).toBe(
      `400 BadRequest: Incorrect version specified in apply patch. Specified patch version: ${version}, expected: v1`,
    ),
  );
  // The schema's reader comes before any strictness. upstream: patch.go applyPatchToCurrentObject
  test('an unknown field, strictly', () =>
    expect(apply(new RestWorld(), 'me', { ...(map({}) as object), dota: {} } as JsonValue, MAP, '&fieldValidation=Strict')).toContain(
      '500 of no reason: failed to create typed patch object (/m; /v1, Kind=ConfigMap): .dota: field not declared in schema',
    ));
});

describe('conflicts', () => {
  const contested = (): RestWorld => {
    const world = new RestWorld();
    apply(world, 'one', map({ a: '1', b: '1' }));
    return world;
  };
  test('with one field of another', () =>
    expect(apply(contested(), 'two', map({ a: '2' }))).toBe('409 Conflict: Apply failed with 1 conflict: conflict with "one": .data.a'));
  test('with several', () =>
    expect(apply(contested(), 'two', map({ a: '2', b: '2' }))).toBe(
      '409 Conflict: Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b',
    ));
  test('not where both want the same', () => expect(apply(contested(), 'two', map({ a: '1' }))).toBe('200'));
  test('forced, the field changes its owner', () => {
    const world = contested();
    expect(apply(world, 'two', map({ a: '2' }), MAP, '&force=true')).toBe('200');
    expect(owners(world)).toEqual([
      ['one Apply', { 'f:data': { 'f:b': {} } }],
      ['two Apply', { 'f:data': { 'f:a': {} } }],
    ]);
  });
  test('what an update changes is its own from then on', () => {
    const world = contested();
    world.ask(`PATCH ${MAP}?fieldManager=editor`, { data: { a: '9' } }, MERGE);
    expect(apply(world, 'one', map({ a: '1', b: '1' }))).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "editor" using v1: .data.a',
    );
  });
  test('an object that nobody has applied belongs to before', () => {
    const world = new RestWorld();
    world.server.tellingOwners(() =>
      world.server.create<ConfigMap>(configMapKind, { metadata: { name: 'm' }, data: { a: '1' } }, 'somebody'),
    );
    expect(apply(world, 'me', map({ a: '2' }))).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
  });
});

describe('lists', () => {
  const container = (name: string, image: string): JsonValue => ({ name, image });
  const set = (containers: readonly JsonValue[]): JsonValue => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers } } },
  });
  test('keyed items have owners of their own', () => {
    const world = new RestWorld();
    apply(world, 'one', set([container('a', 'nginx')]), SET);
    expect(apply(world, 'two', set([container('b', 'redis')]), SET)).toBe('200');
    const names = world.body(`GET ${SET}`).spec.template.spec.containers.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['a', 'b']);
    expect(apply(world, 'two', set([container('a', 'redis')]), SET)).toBe(
      '409 Conflict: Apply failed with 1 conflict: conflict with "one": .spec.template.spec.containers[name="a"].image',
    );
  });
  test('who scales owns the replicas, by the subresource', () => {
    const world = new RestWorld();
    apply(
      world,
      'one',
      {
        ...(set([container('a', 'nginx')]) as object),
        spec: { ...(set([container('a', 'nginx')]) as { spec: object }).spec, replicas: 1 },
      } as JsonValue,
      SET,
    );
    world.ask(`PATCH ${SET}/scale?fieldManager=hand`, { spec: { replicas: 4 } }, MERGE);
    expect(owners(world, SET)).toContainEqual(['hand Update scale', { 'f:spec': { 'f:replicas': {} } }]);
    expect(apply(world, 'one', { ...(set([]) as object), spec: { replicas: 1 } } as JsonValue, SET)).toContain(
      'conflict with "hand" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });
});

test('owners can be cleared', () => {
  const world = new RestWorld();
  apply(world, 'me', map({ a: '1' }));
  world.ask(`PATCH ${MAP}`, { metadata: { managedFields: [] } }, MERGE);
  expect(world.body(`GET ${MAP}`).metadata.managedFields).toBeUndefined();
});
