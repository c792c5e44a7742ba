// What a scheduler sends, at the pod's own address and at the older one. upstream: pkg/registry/core/pod/storage/storage.go BindingREST, LegacyBindingREST
import { expect, test } from 'vitest';
import { RestWorld } from './rest-world.ts';

const NAMESPACE = '/api/v1/namespaces/default';

function withPod(): RestWorld {
  const world = new RestWorld();
  const metadata = { name: 'web', annotations: { from: 'pod', own: 'kept' } };
  expect(world.outcome(`POST ${NAMESPACE}/pods`, { metadata, spec: { containers: [{ name: 'c', image: 'nginx' }] } })).toBe('201');
  return world;
}
const binding = (name: string, annotations: Record<string, string> = {}) => ({ metadata: { name, annotations }, target: { name: 'here' } });

test.each([`${NAMESPACE}/bindings`, `${NAMESPACE}/pods/web/binding`])('%s binds the pod and gives it the annotations', (path) => {
  const world = withPod();
  expect(world.outcome(`POST ${path}`, binding('web', { from: 'binding' }))).toBe('201');
  expect(world.body(`GET ${NAMESPACE}/pods/web`)).toMatchObject({
    metadata: { annotations: { from: 'binding', own: 'kept' } },
    spec: { nodeName: 'here' },
  });
});

test.each([
  ['POST /bindings of no pod', 'bindings', binding('other'), '404 NotFound: pods "other" not found'],
  ['POST /bindings without a name', 'bindings', { target: { name: 'here' } }, '400 BadRequest: Name parameter required.'],
  [
    'an annotation that is no text',
    'pods/web/binding',
    { metadata: { name: 'web', annotations: { a: 1 } }, target: { name: 'here' } },
    '400 BadRequest: Binding in version "v1" cannot be handled as a Binding: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations of type string',
  ],
  [
    'a target that is none',
    'pods/web/binding',
    { metadata: { name: 'web' }, target: ['here'] },
    '400 BadRequest: Binding in version "v1" cannot be handled as a Binding: json: cannot unmarshal array into Go struct field Binding.target of type v1.ObjectReference',
  ],
  ['no target', 'pods/web/binding', { metadata: { name: 'web' } }, '500 of no reason: target.name: Required value'],
  [
    'a target that is no node',
    'pods/web/binding',
    { metadata: { name: 'web' }, target: { kind: 'Pod' } },
    '500 of no reason: [target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]',
  ],
  ['two names', 'pods/web/binding', binding('other'), '400 BadRequest: name in URL does not match name in Binding object'],
])('%s', (_name, path, body, expected) => expect(withPod().outcome(`POST ${NAMESPACE}/${path}`, body)).toBe(expected));

test('a binding is not read, and it is listed among the resources', () => {
  expect(withPod().outcome(`GET ${NAMESPACE}/bindings`)).toMatch(/^405 /);
  expect(withPod().body('GET /api/v1').resources).toContainEqual(
    expect.objectContaining({ name: 'bindings', namespaced: true, kind: 'Binding', verbs: ['create'] }),
  );
});
