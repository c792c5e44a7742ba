// Kubernetes' official JavaScript client at the door: what a person's own scripts do.
import { PassThrough } from 'node:stream';
import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  Metrics,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  type V1Deployment,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kubeconfigText } from '../../../../src-main/hosts/http/kubeconfig.ts';
import { type ApiDoor, serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

const lab = new Lab({ scenario: builtInScenario('empty', 1, { zones: 1, workers: 1 }), speed: 60 });
const config = new KubeConfig();
let door: ApiDoor;
let core: CoreV1Api;
let apps: AppsV1Api;
const namespace = 'default';

beforeAll(async () => {
  door = await serveApi(apiAccess(lab));
  config.loadFromString(kubeconfigText(door.access));
  core = config.makeApiClient(CoreV1Api);
  apps = config.makeApiClient(AppsV1Api);
});
afterAll(async () => {
  await door.close();
  lab.close();
});

const map = (name: string, data: Record<string, string> = {}): V1ConfigMap => ({ metadata: { name, namespace }, data });
const deployment: V1Deployment = {
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx:1.28' }] } },
  },
};

/** Looks again and again, as scripts do, until there is what is wanted. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('lists, with pages and selectors', async () => {
  const { items } = await core.listNode();
  expect(items.map(({ metadata }) => metadata?.name)).toEqual(['control-plane', 'worker-1']);
  for (const name of ['page-1', 'page-2', 'page-3']) await core.createNamespacedConfigMap({ namespace, body: map(name) });
  const first = await core.listNamespacedConfigMap({ namespace, limit: 2, fieldSelector: 'metadata.name!=kube-root-ca.crt' });
  const rest = await core.listNamespacedConfigMap({ namespace, limit: 2, _continue: first.metadata?._continue ?? '' });
  expect([...first.items, ...rest.items].map(({ metadata }) => metadata?.name)).toEqual(
    expect.arrayContaining(['page-1', 'page-2', 'page-3']),
  );
});

test('refusals carry code and reason', async () => {
  await core.createNamespacedConfigMap({ namespace, body: map('twice') });
  await expect(core.createNamespacedConfigMap({ namespace, body: map('twice') })).rejects.toMatchObject({ code: 409 });
  await expect(core.readNamespacedPod({ name: 'nobody', namespace })).rejects.toMatchObject({
    code: 404,
    body: expect.stringContaining('NotFound'),
  });
});

test('watches what happens', async () => {
  const seen: string[] = [];
  const watch = new Watch(config);
  const controller = await watch.watch(
    `/api/v1/namespaces/${namespace}/configmaps`,
    { fieldSelector: 'metadata.name=seen' },
    (type, object) => seen.push(`${type} ${object.metadata.name}`),
    () => undefined,
  );
  await core.createNamespacedConfigMap({ namespace, body: map('seen') });
  await core.deleteNamespacedConfigMap({ name: 'seen', namespace });
  await until(async () => (seen.length >= 2 ? seen : undefined));
  controller.abort();
  expect(seen).toEqual(['ADDED seen', 'DELETED seen']);
});

test('keeps an informer', async () => {
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => core.listNamespacedConfigMap({ namespace }));
  await informer.start();
  await core.createNamespacedConfigMap({ namespace, body: map('informed', { a: '1' }) });
  const found = await until(async () => informer.get('informed', namespace));
  expect(found.data).toEqual({ a: '1' });
  await informer.stop();
});

test('patches in each way', async () => {
  await core.createNamespacedConfigMap({ namespace, body: map('patched', { a: '1' }) });
  const patch = (body: object, strategy: (typeof PatchStrategy)[keyof typeof PatchStrategy]): Promise<V1ConfigMap> =>
    core.patchNamespacedConfigMap(
      { name: 'patched', namespace, body, fieldManager: 'test', ...(strategy === PatchStrategy.ServerSideApply ? { force: true } : {}) },
      setHeaderOptions('Content-Type', strategy),
    );
  expect((await patch({ data: { b: '2' } }, PatchStrategy.MergePatch)).data).toEqual({ a: '1', b: '2' });
  expect((await patch({ data: { a: null } }, PatchStrategy.StrategicMergePatch)).data).toEqual({ b: '2' });
  expect((await patch([{ op: 'replace', path: '/data/b', value: '3' }], PatchStrategy.JsonPatch)).data).toEqual({ b: '3' });
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { c: '4' } };
  expect((await patch(applied, PatchStrategy.ServerSideApply)).data).toEqual({ b: '3', c: '4' });
});

test('rolls out, looks into a container and reads its log', async () => {
  await apps.createNamespacedDeployment({ namespace, body: deployment });
  await until(async () =>
    (await apps.readNamespacedDeployment({ name: 'web', namespace })).status?.readyReplicas === 2 ? true : undefined,
  );
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' });
  const pod = items[0]?.metadata?.name ?? '';
  const out = new PassThrough();
  let text = '';
  out.on('data', (part) => {
    text += part;
  });
  const status = await new Promise<{ status?: string }>((resolve, reject) => {
    new Exec(config).exec(namespace, pod, 'c', ['echo', 'hello'], out, null, null, false, resolve).catch(reject);
  });
  expect([status.status, text]).toEqual(['Success', 'hello\n']);
  const body = {
    metadata: { name: 'talker' },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.37', command: ['echo', 'spoken'] }] },
  };
  await core.createNamespacedPod({ namespace, body });
  await until(async () => ((await core.readNamespacedPod({ name: 'talker', namespace })).status?.phase === 'Succeeded' ? true : undefined));
  const log = new PassThrough();
  let lines = '';
  log.on('data', (part) => {
    lines += part;
  });
  await new Log(config).log(namespace, 'talker', 'c', log, { follow: true });
  await until(async () => (lines === '' ? undefined : lines));
  expect(lines).toBe('spoken\n');
});

test('reads what nodes and pods use', async () => {
  const metrics = new Metrics(config);
  const { items } = await until(async () => {
    const found = await metrics.getNodeMetrics();
    return found.items.length === 2 ? found : undefined;
  });
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['control-plane', 'worker-1']);
  expect(items[0]?.usage).toEqual({ cpu: expect.stringMatching(/^\d+[num]?$/), memory: expect.stringMatching(/^\d+[KM]i$/) });
  expect((await metrics.getPodMetrics('default')).kind).toBe('PodMetricsList');
});

test('uses any kind by its documents, and kinds that somebody defined', async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const schema = {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } },
  };
  const names = { plural: 'widgets', kind: 'Widget' };
  const spec = { group: 'example.com', scope: 'Namespaced', names, versions: [{ name: 'v1', served: true, storage: true, schema }] };
  const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' }, spec };
  await objects.create(crd);
  const custom = config.makeApiClient(CustomObjectsApi);
  const place = { group: 'example.com', version: 'v1', namespace, plural: 'widgets' };
  const body = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 3 } };
  await until(() => custom.createNamespacedCustomObject({ ...place, body }).catch(() => undefined));
  expect(await custom.getNamespacedCustomObject({ ...place, name: 'w' })).toMatchObject({ spec: { size: 3 } });
});
