// What a Secret's data has to be: base64 of anything, and of what its type asks for.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from '../../api/rest/rest-world.ts';

const SECRETS = '/api/v1/namespaces/default/secrets';
const MERGE = { contentType: 'application/strategic-merge-patch+json' };
const check = (secret: object, expected: string) =>
  expect(new RestWorld().outcome(`POST ${SECRETS}`, { metadata: { name: 's' }, ...secret } as JsonValue)).toBe(expected);

test('data that is no base64', () => {
  check(
    { data: { a: 'hello' } },
    '400 BadRequest: Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 4',
  );
  check(
    { data: { a: 4 } },
    '400 BadRequest: Secret in version "v1" cannot be handled as a Secret: json: cannot unmarshal number into Go struct field Secret.data of type []uint8',
  );
});
test('nor by a patch', () => {
  const world = new RestWorld();
  world.ask(`POST ${SECRETS}`, { metadata: { name: 's' }, data: { a: 'YQ==' } });
  expect(world.outcome(`PATCH ${SECRETS}/s`, { data: { a: 'hello' } }, MERGE)).toBe(
    '422 Invalid:  "" is invalid: patch: Invalid value: "map[data:map[a:hello]]": illegal base64 data at input byte 4',
  );
});
test('lines of base64 are one text', () => {
  const made = new RestWorld().body(`POST ${SECRETS}`, { metadata: { name: 's' }, data: { a: 'YW\nJj\n' } });
  expect(made.data).toEqual({ a: 'YWJj' });
});

test('the passwords of registries', () => {
  const of = (text: string) => ({ type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': text } });
  const fault = '422 Invalid: Secret "s" is invalid: data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ';
  check(of('{"auths":{}}'), '201');
  check(of('xx'), `${fault}invalid character 'x' looking for beginning of value`);
  check(of(''), `${fault}unexpected end of JSON input`);
  check(of('[]'), `${fault}json: cannot unmarshal array into Go value of type map[string]interface {}`);
  check({ type: 'kubernetes.io/dockercfg' }, '422 Invalid: Secret "s" is invalid: data[.dockercfg]: Required value');
});
