// Expressions of policies against the types of what they are about: which are warned of, and in whose name.
import { expect, test } from 'vitest';
import { expressionWarnings } from '../../../../src-main/engine/kinds/admissionregistration/policy-type-check.ts';
import type { CustomResourceDefinition } from '../../../../src-main/engine/kinds/apiextensions/custom-resource-definition.ts';

const definition = {
  metadata: { name: 'limits.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Limit', plural: 'limits' },
    versions: [{ name: 'v1', schema: { openAPIV3Schema: { type: 'object', properties: { most: { type: 'integer' } } } } }],
  },
} as unknown as CustomResourceDefinition;

function check(expression: string, spec: object, ...warnings: readonly string[]): void {
  const apps = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['*'], resources: ['deployments'] };
  const policy = { metadata: { name: 'p' }, spec: { matchConstraints: { resourceRules: [apps] }, validations: [{ expression }], ...spec } };
  expect(expressionWarnings(policy as never, [definition]).map(({ fieldRef, warning }) => `${fieldRef} ${warning}`)).toEqual(warnings);
}

const rules = (...resources: readonly (readonly [string, string])[]) => ({
  matchConstraints: {
    resourceRules: resources.map(([group, resource]) => ({
      apiGroups: [group],
      apiVersions: ['v1'],
      operations: ['*'],
      resources: [resource],
    })),
  },
});

test('what is there', () => {
  check('object.spec.replicas <= 5 && oldObject.metadata.creationTimestamp < timestamp("2030-01-01T00:00:00Z")', {});
  check('object.spec.template.spec.containers.all(c, c.image.startsWith("a") && quantity(c.resources.limits["cpu"]).sign() > 0)', {});
  check(
    'object.metadata.namespace == request.namespace && request.userInfo.username == "" && authorizer.requestResource.check("get").allowed()',
    {},
  );
});

test('what is not', () => {
  check(
    'object.spec.replica <= 5',
    {},
    "spec.validations[0].expression apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replica'\n | object.spec.replica <= 5\n | ...........^\n",
  );
  check(
    'variables.containers.all(c, c.imag != "")',
    { variables: [{ name: 'containers', expression: 'object.spec.template.spec.containers' }] },
    `spec.validations[0].expression apps/v1, Kind=Deployment: ERROR: <input>:1:30: undefined field 'imag'\n | variables.containers.all(c, c.imag != "")\n | .............................^\n`,
  );
});

test('of several types each is told, and of a wildcard none', () => {
  check(
    'object.spec.replicas > 1',
    rules(['', 'pods'], ['apps', 'deployments'], ['example.com', 'limits']),
    "spec.validations[0].expression /v1, Kind=Pod: ERROR: <input>:1:12: undefined field 'replicas'\n | object.spec.replicas > 1\n | ...........^\n\nexample.com/v1, Kind=Limit: ERROR: <input>:1:7: undefined field 'spec'\n | object.spec.replicas > 1\n | ......^\n",
  );
  check('object.nothing', rules(['*', 'pods'], ['', '*']));
});

test('parameters', () => {
  const paramKind = { apiVersion: 'example.com/v1', kind: 'Limit' };
  check('object.spec.replicas <= params.most', { paramKind });
  check(
    'object.spec.replicas <= params.least',
    { paramKind },
    "spec.validations[0].expression apps/v1, Kind=Deployment: ERROR: <input>:1:31: undefined field 'least'\n | object.spec.replicas <= params.least\n | ..............................^\n",
  );
});
