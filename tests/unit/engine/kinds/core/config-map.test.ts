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
