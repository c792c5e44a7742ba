// What is applied is read by the schema of what it says it is: what does not fit is refused in the words of the schema's reader.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const world = () => new RestWorld();

function check(path: string, body: JsonObject, expected: string): void {
  const outcome = world().outcome(`PATCH ${path}?fieldManager=test`, body, { contentType: 'application/apply-patch+yaml' });
  expect(outcome.replace(/^500 of no reason: failed to create typed patch object /, '')).toBe(expected);
}

const map = (more: JsonObject) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' }, ...more });
const deployment = (spec: JsonObject) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec });
const containers = (...list: JsonObject[]) => deployment({ template: { spec: { containers: list } } });
const WHOSE = '(/a; apps/v1, Kind=Deployment)';
const CONTAINERS = '.spec.template.spec.containers';

test('what fits', () => check(`${MAPS}/a`, map({ data: { a: 'b' } }), '201'));
test('no kind', () =>
  check(`${MAPS}/a`, { apiVersion: 'v1', metadata: { name: 'a' } }, '(/a; /v1, Kind=): no corresponding type for /v1, Kind='));
test('a kind that nobody knows', () =>
  check(
    `${MAPS}/a`,
    { apiVersion: 'v1', kind: 'Map', metadata: { name: 'a' } },
    '(/a; /v1, Kind=Map): no corresponding type for /v1, Kind=Map',
  ));
test('owners', () =>
  check(`${MAPS}/a`, map({ metadata: { name: 'a', managedFields: [] }, bogus: 1 }), '400 BadRequest: metadata.managedFields must be nil'));
test('a field that the kind does not have', () =>
  check(`${MAPS}/a`, map({ dat: { a: 'b' } }), '(default/a; /v1, Kind=ConfigMap): .dat: field not declared in schema'));
test('a field that a part does not have', () =>
  check(
    `${DEPLOYMENTS}/a`,
    containers({ name: 'x', image: 'a', ports: [{ containerPort: 80, prot: 'TCP' }] }),
    `${WHOSE}: ${CONTAINERS}[name="x"].ports[containerPort=80,protocol="TCP"].prot: field not declared in schema`,
  ));
test('the same key twice', () =>
  check(
    `${DEPLOYMENTS}/a`,
    containers({ name: 'x', env: [{ name: 'A' }, { name: 'A', value: 'b' }] }),
    `${WHOSE}: ${CONTAINERS}[name="x"].env: duplicate entries for key [name="A"]`,
  ));
test('no key', () =>
  check(
    `${DEPLOYMENTS}/a`,
    containers({ image: 'a' }),
    `${WHOSE}: ${CONTAINERS}: element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)`,
  ));
test('other types, several at once', () =>
  check(
    `${DEPLOYMENTS}/a`,
    deployment({ replicas: 'two', paused: 'no', selector: ['a'], template: { metadata: { labels: { a: 1 } }, spec: { containers: 'x' } } }),
    [
      `${WHOSE}: errors:`,
      '  .spec.replicas: expected numeric (int or float), got string',
      '  .spec.paused: expected boolean, got &value.valueUnstructured{Value:"no"}',
      '  .spec.selector: expected map, got &{[a]}',
      '  .spec.template.metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}',
      `  ${CONTAINERS}: expected list, got &{x}`,
    ].join('\n'),
  ));
test('amounts and ports may be texts or numbers', () =>
  check(
    '/api/v1/namespaces/default/services/a',
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80, targetPort: 'web' }] } },
    '201',
  ));

test('an object on its way out is in the way of a new one, and says so', () => {
  const at = world();
  at.body(`POST ${MAPS}`, { metadata: { name: 'a', finalizers: ['example.com/keep'] } });
  expect(at.outcome(`POST ${MAPS}`, { metadata: { name: 'a' } })).toBe('409 AlreadyExists: configmaps "a" already exists');
  at.body(`DELETE ${MAPS}/a`);
  expect(at.outcome(`POST ${MAPS}`, { metadata: { name: 'a' } })).toBe(
    '409 AlreadyExists: object is being deleted: configmaps "a" already exists',
  );
});
