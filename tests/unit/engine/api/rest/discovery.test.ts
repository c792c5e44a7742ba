import { describe, expect, test } from 'vitest';
import { RestWorld } from './rest-world.ts';

const get = (path: string, accept?: string): any => new RestWorld().body(`GET ${path}`, undefined, accept === undefined ? {} : { accept });

describe('discovery', () => {
  test('groups in their order, each with its version', () => {
    const { groups } = get('/apis');
    expect(groups[1]).toEqual({
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
  });
  test('is read, not written; what needs no route is given in any case', () => {
    const codes = ['/version', '/api', '/apis', '/apis/apps/v1', '/apis/none', '/nothing', '/healthz', '/', '/openapi/v2'].map(
      (path) => new RestWorld().ask(`DELETE ${path}`).code,
    );
    expect(codes).toEqual([405, 405, 405, 405, 404, 404, 200, 200, 200]);
  });
  test('a resource', () =>
    expect(get('/apis/apps/v1').resources).toContainEqual({
      name: 'deployments',
      singularName: 'deployment',
      namespaced: true,
      kind: 'Deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
    }));
  test('a subresource of another group: without it `kubectl drain` would delete', () =>
    expect(get('/api/v1').resources).toContainEqual({
      name: 'pods/eviction',
      singularName: '',
      namespaced: true,
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
    }));
  test('all in one, with its own media type', () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const answer = new RestWorld().ask('GET /api', undefined, { accept });
    expect(answer.contentType).toBe(accept);
    const [core] = (answer.body as { items: { versions: { resources: { resource: string }[] }[] }[] }).items;
    expect(core?.versions[0]?.resources.map(({ resource }) => resource)).toContain('pods');
  });
  test('an old client gets the old form', () => expect(get('/api').kind).toBe('APIVersions'));
});

describe('OpenAPI', () => {
  const document = get('/openapi/v3/apis/apps/v1');
  test('the index names each document by a hash of its content', () =>
    expect(get('/openapi/v3').paths['apis/apps/v1'].serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{64}$/));
  test('PATCH knows fieldValidation, without which kubectl sends nothing', () => {
    const { patch } = document.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
    expect(patch.parameters.map(({ name }: { name: string }) => name)).toContain('fieldValidation');
  });
  test('types refer to each other, and lists say how they merge', () => {
    const { schemas } = document.components;
    expect(schemas['io.k8s.api.apps.v1.DeploymentSpec'].properties.template.allOf).toEqual([
      { $ref: '#/components/schemas/io.k8s.api.core.v1.PodTemplateSpec' },
    ]);
    expect(schemas['io.k8s.api.core.v1.PodSpec'].properties.containers).toMatchObject({
      type: 'array',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
  });
  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(references.filter((name) => document.components.schemas[name ?? ''] === undefined)).toEqual([]);
  });
});
