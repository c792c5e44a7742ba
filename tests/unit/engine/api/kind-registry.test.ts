// Which documents have a kind: those Kubernetes 1.33 serves, and whatever belongs to somebody else's group.
import { expect, test } from 'vitest';
import { KindRegistry } from '../../../../src-main/engine/api/kind-registry.ts';
import { refusal } from './api-world.ts';

function check(apiVersion: string, kind: string, expected: string): void {
  const outcome = refusal(() => {
    const { plural, simulated, namespaced } = new KindRegistry().of(apiVersion, kind, undefined);
    return [plural, simulated ? 'simulated' : 'stored', namespaced ? 'in a namespace' : 'in the cluster'].join(', ');
  });
  expect(outcome).toBe(expected.startsWith('404') ? expected : `accepted: "${expected}"`);
}

test.each([
  ['v1', 'Pod', 'pods, simulated, in a namespace'],
  ['storage.k8s.io/v1', 'StorageClass', 'storageclasses, simulated, in the cluster'],
  ['apps/v1', 'StatefulSet', 'statefulsets, simulated, in a namespace'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers, simulated, in a namespace'],
  ['autoscaling/v1', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers, simulated, in a namespace'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles, simulated, in the cluster'],
  ['cert-manager.io/v1', 'Certificate', 'certificates, stored, in a namespace'],
  ['example.org/v1alpha1', 'Pod', 'pods, stored, in a namespace'],
])('%s %s', check);

test.each([
  [
    'extensions/v1beta1',
    'Deployment',
    '404 NotFound: no matches for kind "Deployment" in version "extensions/v1beta1"; it is served as apps/v1',
  ],
  ['apps/v1beta2', 'Deployment', '404 NotFound: no matches for kind "Deployment" in version "apps/v1beta2"; it is served as apps/v1'],
  ['apps/v1', 'Pod', '404 NotFound: no matches for kind "Pod" in version "apps/v1"; it is served as v1'],
  ['v1', 'Deployment', '404 NotFound: no matches for kind "Deployment" in version "v1"; it is served as apps/v1'],
  ['batch/v1beta1', 'CronJob', '404 NotFound: no matches for kind "CronJob" in version "batch/v1beta1"; it is served as batch/v1'],
  [
    'networking.k8s.io/v1beta1',
    'Ingress',
    '404 NotFound: no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"; it is served as networking.k8s.io/v1',
  ],
  [
    'autoscaling/v2beta2',
    'HorizontalPodAutoscaler',
    '404 NotFound: no matches for kind "HorizontalPodAutoscaler" in version "autoscaling/v2beta2"; it is served as autoscaling/v1 and autoscaling/v2',
  ],
  ['apps/v1', 'Deploymnet', '404 NotFound: no matches for kind "Deploymnet" in version "apps/v1"; ensure CRDs are installed first'],
])('%s %s is refused', check);

test('a stored kind is there again after a restore', () => {
  const registry = new KindRegistry();
  registry.of('example.org/v1', 'Widget', undefined);
  expect(new KindRegistry(registry.save()).byKey('Widget.example.org')?.plural).toBe('widgets');
});
