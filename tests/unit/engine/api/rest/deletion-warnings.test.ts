// What a client is warned of who deletes without saying what becomes of the pods.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const pods: JsonValue = {
  metadata: { labels: { app: 'a' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'busybox' }] },
};
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const warning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

function check(line: string, expected: readonly string[], options?: JsonValue) {
  const world = new RestWorld();
  expect(world.ask(`POST ${JOBS}`, { metadata: { name: 'a' }, spec: { template: pods } }).code).toBe(201);
  world.ask('POST /api/v1/namespaces/default/configmaps', { metadata: { name: 'a' } });
  const { code, warnings } = world.ask(line, options);
  expect({ code, warnings }).toEqual({ code: 200, warnings: expected });
}

test('a Job', () => check(`DELETE ${JOBS}/a`, [warning]));
test('all Jobs', () => check(`DELETE ${JOBS}`, [warning]));
test('who says it hears nothing', () => check(`DELETE ${JOBS}/a`, [], { propagationPolicy: 'Background' }));
test('nor does who says it in the older way', () => check(`DELETE ${JOBS}/a`, [], { orphanDependents: false }));
test('nor of other kinds', () => check('DELETE /api/v1/namespaces/default/configmaps/a', []));
