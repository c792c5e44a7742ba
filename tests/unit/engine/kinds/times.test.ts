// Times of objects: what is none is refused, because no client written in Go could read the object again.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { RestWorld } from '../api/rest/rest-world.ts';

test('of a Lease', () => {
  const world = new RestWorld();
  const check = (renewTime: JsonValue, expected: string) =>
    expect(
      world.outcome('POST /apis/coordination.k8s.io/v1/namespaces/default/leases', { metadata: { name: 'l' }, spec: { renewTime } }),
    ).toBe(expected);
  const fault = '400 BadRequest: Lease in version "v1" cannot be handled as a Lease: ';
  check('abc', `${fault}parsing time "abc" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "abc" as "2006"`);
  check(4, `${fault}json: cannot unmarshal number into Go value of type string`);
  check('2025-06-01T08:00:00.000000Z', '201');
});

test('of a taint', () => {
  const world = new RestWorld();
  world.ask('POST /api/v1/nodes', { metadata: { name: 'n' } });
  const patched = (timeAdded: string) => {
    const body = { spec: { taints: [{ key: 'a', effect: 'NoExecute', timeAdded }] } };
    return world.body('PATCH /api/v1/nodes/n', body, { contentType: 'application/strategic-merge-patch+json' });
  };
  expect(patched('2025-06-31T08:00:00Z').message).toMatch(/: parsing time "2025-06-31T08:00:00Z": day out of range$/);
  expect(patched('2025-06-01T10:00:00.5+02:00').spec.taints[0].timeAdded).toBe('2025-06-01T08:00:00Z');
});
