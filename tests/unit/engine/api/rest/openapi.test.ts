// What `kubectl explain` reads: every kind is described, nothing is described that is not there, and v2 says the same as v3.
import { expect, test } from 'vitest';
import descriptions from '../../../../../assets/openapi/field-descriptions.json' with { type: 'json' };
import table from '../../../../../assets/openapi/kind-fields.json' with { type: 'json' };
import { typeOfKind } from '../../../../../src-main/engine/kinds/kind-fields.ts';
import { kinds } from '../../../../../src-main/engine/kinds/registry.ts';
import { RestWorld } from './rest-world.ts';

const types = table.types as unknown as Readonly<Record<string, Readonly<Record<string, string>>>>;
const names = new Set(Object.values(types).flatMap((fields) => Object.keys(fields)));
const texts: Readonly<Record<string, string>> = { ...descriptions.types, ...descriptions.fields };

const isThere = (key: string): boolean => {
  const dot = key.lastIndexOf('.');
  return dot < 0 ? names.has(key) : types[key.slice(0, dot)]?.[key.slice(dot + 1)] !== undefined;
};

test('no sentence is about nothing', () =>
  expect([
    ...Object.keys(descriptions.types).filter((type) => types[type] === undefined),
    ...Object.keys(descriptions.fields).filter((key) => !isThere(key)),
  ]).toEqual([]));

test('each is one line of whole sentences', () =>
  expect(Object.entries(texts).filter(([, text]) => !/^[A-Z"$].*\.$/.test(text) || text.length > 160)).toEqual([]));

test('every kind with fields is described, and so are its parts', () => {
  const modelled = kinds.map(({ group, version, kind }) => typeOfKind(group, version, kind)).filter((type) => type !== undefined);
  const described = new Set(Object.keys(descriptions.types));
  const fields = ['core.Pod', 'core.PodSpec', 'core.Container', 'core.Probe', 'apps.DeploymentSpec', 'core.ServiceSpec', 'batch.JobSpec'];
  const silent = fields.flatMap((type) =>
    Object.keys(types[type] ?? {}).filter((field) => !(`${type}.${field}` in texts || field in texts)),
  );
  expect([modelled.filter((type) => !described.has(type)), silent]).toEqual([[], []]);
});

test('what is asked and not kept is described, too', () => {
  const world = new RestWorld();
  const path = 'apis/authorization.k8s.io/v1';
  expect(world.body('GET /openapi/v3').paths).toHaveProperty([path]);
  const { components, paths } = world.body(`GET /openapi/v3/${path}`);
  const spec = components.schemas['io.k8s.api.authorization.v1.SubjectAccessReviewSpec'];
  expect(spec.properties.user).toEqual({ description: 'The name of the user.', type: 'string' });
  expect(Object.keys(paths[`/${path}/namespaces/{namespace}/localsubjectaccessreviews`])).toEqual(['post']);
});

test('v2 holds the same as v3, in its own form', () => {
  const world = new RestWorld();
  const { swagger, definitions, paths } = world.body('GET /openapi/v2');
  const container = definitions['io.k8s.api.core.v1.Container'];
  expect([swagger, container.required, container.properties.resources, container.properties.image.type]).toEqual([
    '2.0',
    ['name'],
    {
      description: 'What it asks for, and what it is bound by.',
      $ref: '#/definitions/io.k8s.api.core.v1.ResourceRequirements',
    },
    'string',
  ]);
  const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString';
  expect(definitions['io.k8s.api.core.v1.ServicePort'].properties.targetPort).toMatchObject({ $ref: `#/definitions/${intOrString}` });
  expect(definitions[intOrString]).toEqual({ type: 'string', format: 'int-or-string' });
  expect(definitions['io.k8s.api.apps.v1.Deployment']['x-kubernetes-group-version-kind']).toEqual([
    { group: 'apps', version: 'v1', kind: 'Deployment' },
  ]);
  expect(paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch.parameters).toContainEqual(
    expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
  );
  const { 'io.k8s.api.apiextensions.v1.JSONSchemaProps': _namesThem, ...others } = definitions;
  const words = ['components/schemas', 'oneOf', 'allOf'];
  expect(words.filter((word) => JSON.stringify(others).includes(word))).toEqual([]);
});

test('what is a number or a text has a name, which explain shows', () => {
  const { schemas } = new RestWorld().body('GET /openapi/v3/api/v1').components;
  const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
  expect(schemas['io.k8s.api.core.v1.ResourceRequirements'].properties.limits).toMatchObject({
    type: 'object',
    additionalProperties: { allOf: [{ $ref: `#/components/schemas/${quantity}` }] },
  });
  expect(schemas[quantity]).toEqual({ oneOf: [{ type: 'string' }, { type: 'number' }] });
});
