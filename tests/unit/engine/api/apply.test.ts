import { expect, test } from 'vitest';
import { applyObject, LAST_APPLIED, mergeThreeWay } from '../../../../src-main/engine/api/apply.ts';
import { configMapKind as typedKind } from '../../../../src-main/engine/kinds/core/config-map.ts';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import type { Kind } from '../../../../src-main/engine/kinds/kind.ts';
import type { JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { ApiWorld, USER } from './api-world.ts';

function check(texts: { last?: JsonValue; wanted: JsonValue; live?: JsonValue }, expected: JsonValue): void {
  expect(mergeThreeWay(texts.last, texts.wanted, texts.live)).toEqual(expected);
}

test('what others added stays', () => check({ last: { a: 1 }, wanted: { a: 2 }, live: { a: 1, b: 3 } }, { a: 2, b: 3 }));
test('what is no longer wanted goes', () => check({ last: { a: 1, b: 2 }, wanted: { a: 1 }, live: { a: 1, b: 2 } }, { a: 1 }));
test('what is no longer wanted and already gone stays gone', () =>
  check({ last: { a: 1, b: 2 }, wanted: { a: 1 }, live: { a: 1 } }, { a: 1 }));
test('what another changed is set back', () => check({ last: { a: 1 }, wanted: { a: 1 }, live: { a: 9 } }, { a: 1 }));
test('deep down as well', () =>
  check({ last: { s: { a: 1, b: 2 } }, wanted: { s: { a: 5 } }, live: { s: { a: 1, b: 2, c: 3 } } }, { s: { a: 5, c: 3 } }));
test('null takes away', () => check({ wanted: { a: null }, live: { a: 1, b: 2 } }, { b: 2 }));
test('lists are replaced whole', () => check({ last: { l: [1] }, wanted: { l: [2] }, live: { l: [1, 3] } }, { l: [2] }));
test('lists with a key are merged item by item', () => {
  const mount = (mountPath: string, more: object = {}) => ({ mountPath, ...more });
  check(
    {
      last: { volumeMounts: [mount('/a'), mount('/gone')] },
      wanted: { volumeMounts: [mount('/b'), mount('/a', { readOnly: true })] },
      live: { volumeMounts: [mount('/a', { name: 'x' }), mount('/gone'), mount('/token')] },
    },
    { volumeMounts: [mount('/b'), mount('/a', { name: 'x', readOnly: true }), mount('/token')] },
  );
});
test('two items of one key: the list is replaced whole', () => {
  const ports = [
    { port: 53, protocol: 'TCP' },
    { port: 53, protocol: 'UDP' },
  ];
  check({ wanted: { ports }, live: { ports: [{ port: 53, protocol: 'TCP', nodePort: 30000 }] } }, { ports });
});
test('an object instead of a text', () => check({ wanted: { a: { b: 1 } }, live: { a: 'x' } }, { a: { b: 1 } }));
test('a label named like an inherited member stays', () =>
  check({ last: { labels: {} }, wanted: { labels: {} }, live: { labels: { constructor: 'x' } } }, { labels: { constructor: 'x' } }));

const configMapKind = typedKind as unknown as Kind;

const apply = (world: ApiWorld, data: Record<string, string>, metadata: object = {}) =>
  applyObject(
    world.server,
    configMapKind,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', ...metadata }, data },
    USER,
  );

test('created, unchanged, configured', () => {
  const world = new ApiWorld();
  expect(apply(world, { a: '1' }).outcome).toBe('created');
  expect(apply(world, { a: '1' }).outcome).toBe('unchanged');
  expect(world.store.revision).toBe(1);
  const { outcome, object } = apply(world, { b: '2' });
  expect([outcome, (object as { data?: object }).data]).toEqual(['configured', { b: '2' }]);
});

test('the text of what was applied is kept with the object, ending with a new line', () => {
  const { object } = apply(new ApiWorld(), { a: '1' });
  const text = object.metadata.annotations?.[LAST_APPLIED] as string;
  expect(text.endsWith('}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
    data: { a: '1' },
  });
});

test('an annotation that was edited by hand takes nothing away', () => {
  const world = new ApiWorld();
  apply(world, { a: '1' });
  const broken = { annotations: { [LAST_APPLIED]: '{' } };
  world.server.patch(configMapKind, 'default/settings', (now) => ({ ...now, metadata: { ...now.metadata, ...broken } }), USER);
  expect((apply(world, { b: '2' }).object as { data?: object }).data).toEqual({ a: '1', b: '2' });
});

test('generateName makes another object each time', () => {
  const world = new ApiWorld();
  const generate = () =>
    applyObject(world.server, configMapKind, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'c-' } }, USER);
  expect([generate().outcome, generate().outcome]).toEqual(['created', 'created']);
  expect(world.store.table('ConfigMap').size).toBe(2);
});

test('unknown fields are warned of, and not stored', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, dta: { a: '1' } };
  const { object: stored, warnings } = applyObject(new ApiWorld().server, configMapKind, object, USER);
  expect([warnings, 'dta' in stored]).toEqual([['unknown field "dta"'], false]);
});

test('an empty namespace is the default one; what belongs to no namespace loses it', () => {
  const { object } = apply(new ApiWorld(), { a: '1' }, { namespace: '' });
  expect(object.metadata.namespace).toBe('default');
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', namespace: 'b' }, spec: {} };
  expect(applyObject(new ApiWorld().server, nodeKind as unknown as Kind, node, USER).object.metadata.namespace).toBeUndefined();
});
