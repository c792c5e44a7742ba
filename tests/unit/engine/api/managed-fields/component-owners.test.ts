import { describe, expect, test } from 'vitest';
import type { ManagerEntry } from '../../../../../src-main/engine/api/managed-fields/manager-entry.ts';
import { type ConfigMap, configMapKind } from '../../../../../src-main/engine/kinds/core/config-map.ts';
import { type Pod, podKind } from '../../../../../src-main/engine/kinds/core/pod.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../../support/test-cluster.ts';
import { RestWorld } from '../rest/rest-world.ts';

const CONTROLLER = 'system:serviceaccount:kube-system:replicaset-controller';
const PLUGIN = 'system:cluster-autoscaler';
const MAP = '/api/v1/namespaces/default/configmaps/m';

type Shown = Readonly<Record<string, unknown>>;

const shown = (entries: readonly ManagerEntry[]): Shown =>
  Object.fromEntries(
    entries.map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, subresource].filter((word) => word !== undefined).join(' '),
      fieldsV1,
    ]),
  );
const owners = (world: RestWorld, path = MAP): Shown => shown(world.body(`GET ${path}`).metadata.managedFields);
const settings = (world: RestWorld): RestWorld => {
  world.server.create<ConfigMap>(configMapKind, { metadata: { name: 'm', labels: { app: 'm' } }, data: { a: '1', b: '2' } }, CONTROLLER);
  return world;
};
const change = (world: RestWorld, data: Readonly<Record<string, string>>, user: string): void =>
  void world.server.patch<ConfigMap>(configMapKind, 'default/m', (map) => ({ ...map, data }), user);

describe('an object of a component', () => {
  test('is its maker’s, as an update', () =>
    expect(owners(settings(new RestWorld()))).toEqual({
      'kube-controller-manager Update': {
        'f:data': { '.': {}, 'f:a': {}, 'f:b': {} },
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
      },
    }));
  test('what another component changes or adds is the other’s', () => {
    const world = settings(new RestWorld());
    change(world, { a: '1', b: '3', c: '4' }, PLUGIN);
    expect(owners(world)).toEqual({
      'cluster-autoscaler Update': { 'f:data': { 'f:b': {}, 'f:c': {} } },
      'kube-controller-manager Update': { 'f:data': { '.': {}, 'f:a': {} }, 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } } },
    });
  });
  test('what the first changes back is the first’s again', () => {
    const world = settings(new RestWorld());
    change(world, { a: '1', b: '3' }, PLUGIN);
    change(world, { a: '1', b: '4' }, CONTROLLER);
    expect(Object.keys(owners(world))).toEqual(['kube-controller-manager Update']);
  });
  test('carries the time of the last write', () => {
    const world = settings(new RestWorld());
    change(world.run(60_000), { a: '1', b: '3' }, CONTROLLER);
    const [entry] = world.body(`GET ${MAP}`).metadata.managedFields;
    expect([entry.time, entry.fieldsType]).toEqual(['2025-06-01T08:01:00Z', 'FieldsV1']);
  });
  test('that is given to a client and comes back is told in full from then on', () => {
    const world = settings(new RestWorld());
    const object = world.body(`GET ${MAP}`) as { data: object };
    expect(world.outcome(`PUT ${MAP}?fieldManager=me`, { ...object, data: { a: '1', b: '9' } } as JsonValue)).toBe('200');
    expect(owners(world)['me Update']).toEqual({ 'f:data': { 'f:b': {} } });
    change(world, { a: '7', b: '9' }, PLUGIN);
    expect(owners(world)).toMatchObject({
      'cluster-autoscaler Update': { 'f:data': { 'f:a': {} } },
      'kube-controller-manager Update': { 'f:data': {} },
    });
  });
});

test('who applies meets the component in a conflict', () =>
  expect(
    settings(new RestWorld()).outcome(
      `PATCH ${MAP}?fieldManager=me`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: '2' } },
      { contentType: 'application/apply-patch+yaml' },
    ),
  ).toBe('409 Conflict: Apply failed with 1 conflict: conflict with "kube-controller-manager" using v1: .data.a'));

test('a status that a client writes is its own, by the subresource', () => {
  const world = new RestWorld();
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  world.ask('POST /api/v1/namespaces/default/pods?fieldManager=me', pod);
  const merge = { contentType: 'application/merge-patch+json' };
  world.ask('PATCH /api/v1/namespaces/default/pods/p/status?fieldManager=gate', { status: { message: 'hello' } }, merge);
  expect(owners(world, '/api/v1/namespaces/default/pods/p')['gate Update status']).toEqual({ 'f:status': { 'f:message': {} } });
});

describe('in a world', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'nginx', ports: [{ containerPort: 80 }] }] },
      },
    },
  };
  const { world } = new TestCluster().apply(JSON.stringify(deployment)).run('60s');
  const get = (path: string): any =>
    world.rest.answer({
      ...{ method: 'GET', path, query: [], accept: '', contentType: '', agent: 'test' },
      user: { name: 'admin', groups: ['system:masters'] },
    }).body;
  const pods = world.server.list<Pod>(podKind, 'default');

  test('a pod is its controller’s, its status the kubelet’s; what admission put in is nobody’s', () => {
    const pod = get(`/api/v1/namespaces/default/pods/${pods[0]?.metadata.name}`);
    const fields = shown(pod.metadata.managedFields) as Record<string, any>;
    expect(Object.keys(fields)).toEqual(['kube-controller-manager Update', 'kubelet Update status']);
    const { 'f:metadata': metadata, 'f:spec': spec } = fields['kube-controller-manager Update'];
    expect(metadata).toEqual({
      'f:generateName': {},
      'f:labels': { '.': {}, 'f:app': {}, 'f:pod-template-hash': {} },
      'f:ownerReferences': { '.': {}, [`k:{"uid":"${pod.metadata.ownerReferences[0].uid}"}`]: {} },
    });
    expect(spec).toEqual({
      'f:containers': {
        'k:{"name":"app"}': {
          '.': {},
          'f:image': {},
          'f:imagePullPolicy': {},
          'f:name': {},
          'f:ports': { '.': {}, 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} } },
          'f:resources': {},
          'f:terminationMessagePath': {},
          'f:terminationMessagePolicy': {},
        },
      },
      ...{ 'f:dnsPolicy': {}, 'f:enableServiceLinks': {}, 'f:restartPolicy': {}, 'f:schedulerName': {}, 'f:securityContext': {} },
      'f:terminationGracePeriodSeconds': {},
    });
    expect(Object.keys(fields['kubelet Update status']['f:status'])).toEqual(
      expect.arrayContaining(['f:conditions', 'f:containerStatuses', 'f:hostIP', 'f:phase', 'f:podIP', 'f:startTime']),
    );
  });
  test('the kubelet’s lease tells when it was renewed last', () => {
    const [name] = [...world.store.table('Node').keys()];
    const lease = get(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`);
    const entry = lease.metadata.managedFields.find(({ manager }: ManagerEntry) => manager === 'kubelet');
    expect(`${entry.time}`).toBe(lease.spec.renewTime.replace(/\.\d+Z$/, 'Z'));
  });
  test('pods of a template share what is kept of it', () => {
    const [a, b] = pods.map(({ metadata }) => (metadata.managedFields as unknown as readonly ManagerEntry[])[0]);
    expect(a?.fieldsV1).toBe(b?.fieldsV1);
  });
  test('a deployment is who applied it, its status and revision the controller’s', () => {
    const fields = shown(get('/apis/apps/v1/namespaces/default/deployments/web').metadata.managedFields) as Record<string, any>;
    expect(Object.keys(fields)).toEqual(['kubectl-client-side-apply Update', 'kube-controller-manager Update status']);
    expect(fields['kube-controller-manager Update status']['f:metadata']).toEqual({
      'f:annotations': { 'f:deployment.kubernetes.io/revision': {} },
    });
  });
});
