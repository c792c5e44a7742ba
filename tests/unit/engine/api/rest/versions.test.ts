// One autoscaler, spoken of in two versions: whatever is written in one is read in the other.
import { expect, test } from 'vitest';
import { RestWorld } from './rest-world.ts';

const V1 = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
const V2 = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const first = { metadata: { name: 'web' }, spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 70 } };

function world(): RestWorld {
  const made = new RestWorld();
  made.ask('POST /api/v1/namespaces', { metadata: { name: 'default' } });
  return made;
}

test('made in v1, read in v2', () => {
  const api = world();
  expect(api.body(`POST ${V1}`, first)).toMatchObject({ apiVersion: 'autoscaling/v1', spec: first.spec });
  expect(api.body(`GET ${V2}/web`)).toMatchObject({
    apiVersion: 'autoscaling/v2',
    spec: { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }] },
  });
  expect(api.body(`GET ${V1}`)).toMatchObject({
    kind: 'HorizontalPodAutoscalerList',
    apiVersion: 'autoscaling/v1',
    items: [{ spec: { targetCPUUtilizationPercentage: 70 } }],
  });
});

test('changed in v1, by each kind of patch and as a whole', () => {
  const api = world();
  api.ask(`POST ${V1}`, first);
  const patch = (contentType: string, percent: number) =>
    api.ask(`PATCH ${V1}/web`, { spec: { targetCPUUtilizationPercentage: percent } }, { contentType });
  expect(patch('application/merge-patch+json', 60).code).toBe(200);
  expect(api.body(`GET ${V2}/web`).spec.metrics[0].resource.target.averageUtilization).toBe(60);
  expect(patch('application/strategic-merge-patch+json', 50).code).toBe(200);
  expect(api.body(`GET ${V2}/web`).spec.metrics[0].resource.target.averageUtilization).toBe(50);
  const whole = api.body(`GET ${V1}/web`);
  expect(api.outcome(`PUT ${V1}/web`, { ...whole, spec: { ...whole.spec, maxReplicas: 1 } })).toMatch(/^422 Invalid: .*spec.maxReplicas/);
  expect(api.body(`PUT ${V1}/web`, { ...whole, spec: { ...whole.spec, maxReplicas: 9 } }).spec.maxReplicas).toBe(9);
});

test('each version has its own fields', () => {
  const api = world();
  const strict = `${V2}?fieldValidation=Strict`;
  expect(api.outcome(`POST ${strict}`, first)).toMatch(/unknown field "spec.targetCPUUtilizationPercentage"/);
  expect(api.outcome(`POST ${V1}`, { apiVersion: 'autoscaling/v2', ...first })).toMatch(
    /the API version in the data \(autoscaling\/v2\) does not match the expected API version \(autoscaling\/v1\)/,
  );
});

test('metrics of a world in which nobody measures', () => {
  const api = world();
  expect(api.body('GET /apis/metrics.k8s.io/v1beta1/pods')).toEqual({
    kind: 'PodMetricsList',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {},
    items: [],
  });
  expect(api.outcome('GET /apis/metrics.k8s.io/v1beta1/nodes/a')).toBe('404 NotFound: nodemetrics.metrics.k8s.io "a" not found');
  expect(api.outcome('DELETE /apis/metrics.k8s.io/v1beta1/nodes/a')).toMatch(/^405 MethodNotAllowed/);
  expect(
    api.body('GET /apis/metrics.k8s.io/v1beta1').resources.map(({ name, verbs }: { name: string; verbs: string[] }) => `${name} ${verbs}`),
  ).toEqual(['nodes get,list', 'pods get,list']);
});
