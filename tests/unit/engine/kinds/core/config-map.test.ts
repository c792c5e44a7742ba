import { expect, test } from 'vitest';
import { RestWorld } from '../../api/rest/rest-world.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';

test('keys that every object of the language inherits are keys like others', () => {
  const world = new RestWorld();
  const data = { constructor: 'a', toString: 'b' };
  expect(world.ask(`POST ${MAPS}`, { metadata: { name: 'inherited' }, data })).toMatchObject({ code: 201, body: { data } });
});

test('a key stands in data or in binaryData', () => {
  const world = new RestWorld();
  const answer = world.ask(`POST ${MAPS}`, { metadata: { name: 'twice' }, data: { a: '1' }, binaryData: { a: 'MQ==' } });
  expect(answer).toMatchObject({ code: 422 });
  expect(JSON.stringify(answer.body)).toContain('duplicate of key present in binaryData');
});

test('more than fits is refused of the whole', () =>
  expect(new RestWorld().outcome(`POST ${MAPS}`, { metadata: { name: 'big' }, data: { a: 'x'.repeat(1_048_577) } })).toBe(
    '422 Invalid: ConfigMap "big" is invalid: []: Too long: may not be more than 1048576 bytes',
  ));
