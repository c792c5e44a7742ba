import { expect, test } from 'vitest';
import { answerComponentStatuses } from '../../../../../src-main/engine/api/rest/component-statuses.ts';
import type { Table } from '../../../../../src-main/engine/api/rest/table.ts';
import { ADMIN, RestWorld } from './rest-world.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const world = new RestWorld();

/** The rows of the table while these processes are down. */
function check(down: readonly string[], expected: readonly (readonly string[])[]): void {
  const route = { group: '', version: 'v1', plural: 'componentstatuses', namespace: '', name: '', subresource: '' };
  const request = { method: 'GET', path: '', query: [], accept: TABLE, contentType: '', user: ADMIN, agent: '' };
  const answer = answerComponentStatuses(route, request, { runs: (process) => !down.includes(process), unixMs: 0 });
  if (answer === undefined) throw new Error('something else was asked for');
  const { rows } = answer.body as Table;
  expect([rows.map(({ cells }) => cells), answer.warnings]).toEqual([expected, ['v1 ComponentStatus is deprecated in v1.19+']]);
}

const FINE = [
  ['scheduler', 'Healthy', 'ok', ''],
  ['controller-manager', 'Healthy', 'ok', ''],
  ['etcd-0', 'Healthy', 'ok', ''],
];

test('all is well', () => check([], FINE));
test('a scheduler that is down', () =>
  check(
    ['kube-scheduler'],
    [
      ['scheduler', 'Unhealthy', 'Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused', ''],
      ...FINE.slice(1),
    ],
  ));
test('one by its name, and none by another', () => {
  expect(world.body('GET /api/v1/componentstatuses/etcd-0')).toMatchObject({
    kind: 'ComponentStatus',
    conditions: [{ type: 'Healthy', status: 'True' }],
  });
  expect(world.outcome('GET /api/v1/componentstatuses/nobody')).toContain('404');
  expect(world.outcome('POST /api/v1/componentstatuses', {})).toContain('405');
});
test('found by its short name', () =>
  expect(world.body('GET /api/v1').resources).toContainEqual({
    ...{ name: 'componentstatuses', singularName: 'componentstatus', namespaced: false, kind: 'ComponentStatus', verbs: ['get', 'list'] },
    shortNames: ['cs'],
  }));
