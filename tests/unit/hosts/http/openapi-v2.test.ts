// The document as protobuf, field by field as gnostic numbers them.
import { expect, test } from 'vitest';
import { openApiV2, wantsProtobuf } from '../../../../src-main/hosts/http/openapi-v2.ts';
import { ProtobufReader } from '../../../../src-main/hosts/http/protobuf-reader.ts';

const document = {
  swagger: '2.0',
  info: { title: 'Kubernetes', version: 'v1.33.0' },
  paths: { '/a': { get: { 'x-kubernetes-action': 'list', parameters: [{ name: 'dryRun', type: 'string' }] } } },
  definitions: {
    Toy: { type: 'object', required: ['size'], properties: { size: { type: 'integer', description: 'How large. '.repeat(20) } } },
  },
};

test('holds what it was given', () => {
  const text = openApiV2(document).toString('latin1');
  expect(['2.0', 'Kubernetes', '/a', 'dryRun', 'x-kubernetes-action', 'Toy', 'How large.'].filter((word) => !text.includes(word))).toEqual(
    [],
  );
  expect([...new ProtobufReader(openApiV2(document)).fields()].map(([number]) => number)).toEqual([1, 2, 8, 9]);
});
test('is made once for a document', () => expect(openApiV2(document)).toBe(openApiV2(document)));
test('is for those who ask for it', () =>
  expect([wantsProtobuf('application/com.github.proto-openapi.spec.v2@v1.0+protobuf'), wantsProtobuf('application/json')]).toEqual([
    true,
    false,
  ]));
