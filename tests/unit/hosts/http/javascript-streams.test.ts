// What operators and scripts do with Kubernetes' official JavaScript client beyond lists and objects: streams into pods, caches that outlive their watches, leases, tokens, evictions.
import { PassThrough, Readable } from 'node:stream';
import {
  Attach,
  AuthenticationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Metrics,
  makeInformer,
  PatchStrategy,
  PolicyV1Api,
  PortForward,
  topNodes,
  topPods,
  type V1ConfigMap,
  V1MicroTime,
  type V1Status,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HISTORY_LENGTH_MAX } from '../../../../src-main/engine/api/store.ts';
import { kubeconfigText } from '../../../../src-main/hosts/http/kubeconfig.ts';
import { type ApiDoor, serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';
import { World } from '../../../../src-main/session/world.ts';

const lab = new Lab({ scenario: builtInScenario('empty', 1, { zones: 1, workers: 1 }), playing: false });
const config = new KubeConfig();
const namespace = 'default';
const ADMIN = { name: 'admin', groups: ['system:masters'] };
let door: ApiDoor;
let core: CoreV1Api;

beforeAll(async () => {
  door = await serveApi(apiAccess(lab));
  config.loadFromString(kubeconfigText(door.access));
  core = config.makeApiClient(CoreV1Api);
  const pod = (name: string, container: object): object => ({ metadata: { name }, spec: { containers: [{ name: 'c', ...container }] } });
  for (const body of [
    pod('box', { image: 'busybox:1.37', command: ['sleep', '3600'] }),
    pod('web', { image: 'nginx:1.28', ports: [{ containerPort: 80 }] }),
    pod('shell', { image: 'busybox:1.37', command: ['sh'], stdin: true, stdinOnce: true }),
  ])
    await core.createNamespacedPod({ namespace, body: body as never });
  lab.act((cluster) => cluster.advance(120_000, 1_000_000));
});
afterAll(async () => {
  await door.close();
  lab.close();
});

function collected(stream: PassThrough): () => string {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString();
}

describe('streams', () => {
  test('a command that reads what it is given', async () => {
    const out = new PassThrough();
    const text = collected(out);
    const input = Readable.from([Buffer.from('typed\n')]);
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config).exec(namespace, 'box', 'c', ['cat'], out, null, input, false, resolve).catch(reject);
    });
    expect([status.status, text()]).toEqual(['Success', 'typed\n']);
  });
  test('a command that fails tells its code', async () => {
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config).exec(namespace, 'box', 'c', ['sh', '-c', 'exit 5'], new PassThrough(), null, null, false, resolve).catch(reject);
    });
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '5' }] },
    });
  });
  test('the process of a container', async () => {
    const out = new PassThrough();
    const text = collected(out);
    const socket = await new Attach(config).attach(
      namespace,
      'shell',
      'c',
      out,
      null,
      Readable.from([Buffer.from('echo attached\n')]),
      false,
    );
    await new Promise<void>((resolve) => {
      socket.onclose = () => resolve();
    });
    expect(text()).toBe('attached\n');
  });
  test('a port', async () => {
    const out = new PassThrough();
    const text = collected(out);
    const input = new PassThrough();
    const socket = await new PortForward(config).portForward(namespace, 'web', [80], out, null, input);
    input.write('GET /here HTTP/1.1\r\n\r\n');
    await new Promise<void>((resolve) => {
      (socket as unknown as { onclose: () => void }).onclose = () => resolve();
    });
    expect(text()).toContain('nginx in pod web answers GET /here');
  });
});

describe('a cache', () => {
  const map = (name: string): V1ConfigMap => ({ metadata: { name, namespace } });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  test('goes on when its watch ends, and misses nothing', async () => {
    const informer = makeInformer(config, path, () => core.listNamespacedConfigMap({ namespace }));
    const seen = new Promise<string>((resolve) => {
      informer.on('add', ({ metadata }) => {
        if (metadata?.name === 'while-away') resolve(metadata.name);
      });
    });
    await informer.start();
    // A world that is put in the place of another ends all watches; what happens before the client is back is not lost.
    lab.replace(new World(lab.world.cluster.fork()));
    await core.createNamespacedConfigMap({ namespace, body: map('while-away') });
    expect(await seen).toBe('while-away');
    await informer.stop();
  });
  test('lists anew when what it has seen is forgotten', async () => {
    let lists = 0;
    const informer = makeInformer(config, path, async () => {
      lists += 1;
      const list = await core.listNamespacedConfigMap({ namespace });
      // As if it had been away for long.
      if (lists === 1) return { ...list, items: [], metadata: { resourceVersion: '1' } };
      return list;
    });
    const patch = (value: number): void => {
      const contentType = 'application/merge-patch+json';
      const body = { data: { value: String(value) } };
      apiAccess(lab).answer({
        method: 'PATCH',
        path: `${path}/while-away`,
        query: [],
        accept: '',
        contentType,
        body,
        user: ADMIN,
        agent: '',
      });
    };
    for (let value = 0; value <= HISTORY_LENGTH_MAX; value += 1) patch(value);
    const found = new Promise<void>((resolve) => informer.on('add', () => resolve()));
    await informer.start();
    await found;
    expect(lists).toBe(2);
    await informer.stop();
  });
});

describe('who leads', () => {
  test('a lease is renewed by its holder, and taken by nobody who has seen less', async () => {
    const leases = config.makeApiClient(CoordinationV1Api);
    const spec = { holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0, renewTime: new V1MicroTime() };
    const made = await leases.createNamespacedLease({ namespace, body: { metadata: { name: 'leader' }, spec } });
    const renewed = await leases.replaceNamespacedLease({
      name: 'leader',
      namespace,
      body: { ...made, spec: { ...spec, leaseTransitions: 1 } },
    });
    expect(renewed.spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 1 });
    const stale = { ...made, spec: { ...spec, holderIdentity: 'b' } };
    await expect(leases.replaceNamespacedLease({ name: 'leader', namespace, body: stale })).rejects.toMatchObject({ code: 409 });
  });
});

describe('subresources', () => {
  test('a token, and whose it is', async () => {
    const body = { spec: { audiences: [], expirationSeconds: 600 } };
    const { status } = await core.createNamespacedServiceAccountToken({ name: 'default', namespace, body });
    const review = await config.makeApiClient(AuthenticationV1Api).createTokenReview({ body: { spec: { token: status?.token ?? '' } } });
    expect(review.status?.user?.username).toBe('system:serviceaccount:default:default');
  });
  test('an eviction that a budget forbids, and one that it allows', async () => {
    const budgets = config.makeApiClient(PolicyV1Api);
    await core.patchNamespacedPod({ name: 'web', namespace, body: [{ op: 'add', path: '/metadata/labels', value: { app: 'web' } }] });
    const spec = { minAvailable: 1, selector: { matchLabels: { app: 'web' } } };
    await budgets.createNamespacedPodDisruptionBudget({ namespace, body: { metadata: { name: 'web' }, spec } });
    lab.act((cluster) => cluster.advance(lab.world.cluster.timeline.nowMs + 5_000, 100_000));
    const evict = (name: string) => core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name } } });
    await expect(evict('web')).rejects.toMatchObject({ code: 429 });
    expect(await evict('shell')).toMatchObject({ kind: 'Status' });
  });
  test('a status', async () => {
    const body = [{ op: 'add', path: '/status/conditions/-', value: { type: 'example.com/Warm', status: 'True' } }];
    const { status } = await core.patchNamespacedPodStatus({ name: 'box', namespace, body });
    expect(status?.conditions?.map(({ type }) => type)).toContain('example.com/Warm');
  });
  test('a container to debug with', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    await core.patchNamespacedPodEphemeralcontainers({
      name: 'box',
      namespace,
      body: [{ op: 'add', path: '/spec/ephemeralContainers', value: [{ name: 'debug', image: 'busybox:1.37', stdin: true }] }],
    });
    const read = await objects.read({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'box', namespace } });
    expect(read).toMatchObject({ spec: { ephemeralContainers: [{ name: 'debug' }] } });
  });
  test('an object applied by two, one of whom must force it', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const apply = (manager: string, value: string, force: boolean) => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared', namespace }, data: { key: value } };
      return objects.patch(body, undefined, undefined, manager, force, PatchStrategy.ServerSideApply) as Promise<V1ConfigMap>;
    };
    expect((await apply('one', '1', false)).data).toEqual({ key: '1' });
    await expect(apply('two', '2', false)).rejects.toMatchObject({ code: 409, body: expect.stringContaining('conflict with \\"one\\"') });
    expect((await apply('two', '2', true)).data).toEqual({ key: '2' });
  });
});

test('what nodes and pods use, as `top` adds it up', async () => {
  const metrics = new Metrics(config);
  expect((await topNodes(core)).map(({ Node }) => Node.metadata?.name)).toEqual(['control-plane', 'worker-1']);
  const pods = await topPods(core, metrics, namespace);
  expect(pods.map(({ Pod }) => Pod.metadata?.name)).toContain('box');
});
