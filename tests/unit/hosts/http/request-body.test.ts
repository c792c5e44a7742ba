// Bodies that are no objects, or that say a field twice: what upstream's decoders make of them.
// The Deployment and its faults are those of upstream's test/integration/apiserver/field_validation_test.go.
import { describe, expect, test } from 'vitest';
import { bodyOf } from '../../../../src-main/hosts/http/request-body.ts';
import { ADMIN, RestWorld } from '../../engine/api/rest/rest-world.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const MERGE = 'application/merge-patch+json';

/** `POST path` with a text: the message of the refusal, or the warnings. */
function check(line: string, contentType: string, text: string, expected: string | readonly string[]): void {
  const world = new RestWorld();
  world.ask(`POST ${MAPS}`, { metadata: { name: 'c' } });
  const [method = '', target = ''] = line.split(' ');
  const [path = '', search = ''] = target.split('?');
  const query = [...new URLSearchParams(search)];
  const body = bodyOf(method, contentType, Buffer.from(text));
  const answer = world.rest.answer({ method, path, query, accept: '', contentType, user: ADMIN, agent: 'test', ...body });
  expect(answer.code < 400 ? answer.warnings : (answer.body as { message: string }).message).toEqual(expected);
}

const unrecognized = (kind: string, why: string): string => `the object provided is unrecognized (must be of type ${kind}): ${why}`;
const UNIDENTIFIED = "couldn't get version/kind; json parse error:";

describe('no object', () => {
  const json = (text: string, why: string): void => check(`POST ${MAPS}`, 'application/json', text, unrecognized('ConfigMap', why));
  test('text that is no JSON', () => {
    json('{"kind":', `${UNIDENTIFIED} unexpected end of JSON input ({"kind":)`);
    json('nope', `${UNIDENTIFIED} invalid character 'o' in literal null (expecting 'u') (6e6f7065)`);
    json('', `${UNIDENTIFIED} unexpected end of JSON input (<empty>)`);
  });
  test('a long one is told in part', () =>
    json(`{"kind":"${'x'.repeat(50)}`, `${UNIDENTIFIED} unexpected end of JSON input ({"kind":"${'x'.repeat(21)} ...)`));
  test('another value', () => {
    const identity = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    json('[]', `${UNIDENTIFIED} json: cannot unmarshal array into Go value of type ${identity} (5b5d)`);
    json('{"kind":1}', `${UNIDENTIFIED} json: cannot unmarshal number into Go struct field .kind of type string ({"kind":1})`);
    json('{"apiVersion":"a/b/c"}', 'unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c"})');
  });
  test('with the key that every object has', () => {
    const refused = 'the body of the request holds the key __proto__, which is not allowed';
    for (const [type, text] of [
      ['application/json', '{"metadata":{"name":"x"},"data":{"__proto__":"y"}}'],
      ['application/json', '{"metadata":{"name":"x"},"data":{"\\u005f_proto__":"y"}}'],
      ['application/yaml', 'metadata: {name: x}\ndata: {__proto__: y}\n'],
    ] as const)
      expect(() => bodyOf('POST', type, Buffer.from(text))).toThrow(refused);
    expect(() => bodyOf('PATCH', MERGE, Buffer.from('{"data":{"__proto__":"y"}}'))).toThrow(refused);
    // As kubectl create sends `--from-literal=__proto__=y`.
    const member = (number: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
    const text = (number: number, value: string): Buffer => member(number, Buffer.from(value));
    const type = Buffer.concat([text(1, 'v1'), text(2, 'ConfigMap')]);
    const data = (key: string): Buffer => member(2, Buffer.concat([text(1, key), text(2, 'y')]));
    const sent = (key: string): Buffer => Buffer.concat([Buffer.from('k8s\0'), member(1, type), member(2, data(key))]);
    const protobuf = 'application/vnd.kubernetes.protobuf';
    expect(bodyOf('POST', protobuf, sent('constructor')).body).toMatchObject({ data: { constructor: 'y' } });
    expect(() => bodyOf('POST', protobuf, sent('__proto__'))).toThrow(refused);
  });
  test('nothing is deleted by it', () => {
    for (const text of ['{"preconditions":', '[]', 'nope'])
      for (const path of [MAPS, `${MAPS}/c`]) {
        const world = new RestWorld();
        world.ask(`POST ${MAPS}`, { metadata: { name: 'c' } });
        const body = bodyOf('DELETE', 'application/json', Buffer.from(text));
        const request = { method: 'DELETE', path, query: [], accept: '', contentType: 'application/json', user: ADMIN, agent: 'test' };
        const answer = world.rest.answer({ ...request, ...body });
        expect([answer.code, (answer.body as { message: string }).message]).toEqual([
          400,
          expect.stringContaining(unrecognized('DeleteOptions', '')),
        ]);
        expect(world.ask(`GET ${MAPS}/c`).code).toBe(200);
      }
  });
  test('of a review', () =>
    check(
      'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      'application/json',
      '{',
      unrecognized('SelfSubjectAccessReview', `${UNIDENTIFIED} unexpected end of JSON input ({)`),
    ));
  test('where there is nothing', () =>
    check('POST /apis/none/v1/things', 'application/json', '{', 'the server could not find the requested resource'));
  test('a patch', () => {
    check(`PATCH ${MAPS}/c`, MERGE, '{', 'error decoding patch: unexpected end of JSON input');
    check(`PATCH ${MAPS}/c`, 'application/strategic-merge-patch+json', '{', 'unexpected end of JSON input');
    check(
      `PATCH ${MAPS}/c`,
      'application/json-patch+json',
      '{}',
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
    check(`PATCH ${MAPS}/none`, MERGE, '{', 'configmaps "none" not found');
  });
});

const deployment = `{
  "apiVersion": "apps/v1", "kind": "Deployment",
  "metadata": {"name": "dupename", "name": "web", "labels": {"app": "nginx"}, "unknownMeta": "metaVal"},
  "spec": {
    "unknown1": "val1", "unknownDupe": "valDupe", "unknownDupe": "valDupe2",
    "paused": true, "paused": false,
    "selector": {"matchLabels": {"app": "nginx"}},
    "template": {
      "metadata": {"labels": {"app": "nginx"}},
      "spec": {"containers": [{"name": "nginx", "image": "nginx", "unknownNested": "val1", "imagePullPolicy": "Always", "imagePullPolicy": "Never"}]}
    }
  }
}`;
const faults = [
  ...['duplicate field "metadata.name"', 'unknown field "metadata.unknownMeta"', 'unknown field "spec.unknown1"'],
  ...['unknown field "spec.unknownDupe"', 'duplicate field "spec.paused"'],
  ...[
    'unknown field "spec.template.spec.containers[0].unknownNested"',
    'duplicate field "spec.template.spec.containers[0].imagePullPolicy"',
  ],
];

describe('fields that are said twice', () => {
  test('are warned of', () => check(`POST ${DEPLOYMENTS}`, 'application/json', deployment, faults));
  test('or refused', () =>
    check(
      `POST ${DEPLOYMENTS}?fieldValidation=Strict`,
      'application/json',
      deployment,
      `Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: ${faults.join(', ')}`,
    ));
  test('or passed over', () => check(`POST ${DEPLOYMENTS}?fieldValidation=Ignore`, 'application/json', deployment, []));
  test('keys within texts are none', () =>
    check(`POST ${MAPS}`, 'application/json', `{"metadata":{"name":"x"},"data":{"a":"{\\"a\\":1,\\"a\\":2}","b":" \\"a\\":"}}`, []));
  test('in YAML, by their lines', () => {
    const yaml = 'metadata:\n  name: x\n  name: y\nspec: 1\ndata:\n  a: b\n  a:\n    c\n';
    check(`POST ${MAPS}`, 'application/yaml', yaml, [
      'line 3: key "name" already set in map',
      'line 8: key "a" already set in map',
      'unknown field "spec"',
    ]);
    check(
      `POST ${MAPS}?fieldValidation=Strict`,
      'application/yaml',
      yaml,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 3: key "name" already set in map\n  line 8: key "a" already set in map, unknown field "spec"',
    );
  });
  test('in what is applied', () =>
    check(
      `PATCH ${MAPS}/c?fieldManager=me&fieldValidation=Strict`,
      'application/apply-patch+yaml',
      'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n  a: c\n',
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key "a" already set in map',
    ));
  test('in patches', () => {
    check(`PATCH ${MAPS}/c`, MERGE, '{"data":{"a":"1","a":"2"},"nope":1}', ['duplicate field "data.a"', 'unknown field "nope"']);
    check(`PATCH ${MAPS}/c`, 'application/json-patch+json', '[{"op":"add","op":"add","path":"/data","value":{},"x":1}]', [
      'json patch unknown field "[0].x"',
      'json patch duplicate field "[0].op"',
    ]);
  });
});
