import { expect, test } from 'vitest';
import type { RestAnswer } from '../../../../src-main/engine/api/rest/rest-request.ts';
import type { JsonValue } from '../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const POD = '/api/v1/namespaces/default/pods/web';

function running(): TestCluster {
  return new TestCluster({ workers: 1 })
    .apply('apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: "nginx:1.28"}]}')
    .run('30s');
}

function ask(cluster: TestCluster, method: string, path: string, body?: JsonValue): RestAnswer {
  const user = { name: 'admin', groups: ['system:masters'] };
  const contentType = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
  const request = { method, path, query: [], accept: '', contentType, user, agent: 'test/v1', ...(body === undefined ? {} : { body }) };
  return cluster.world.command({ type: 'request', request }).answer as RestAnswer;
}

const added = (name: string, more: object = {}): JsonValue => ({
  spec: { ephemeralContainers: [{ name, image: 'busybox:1.37', stdin: true, tty: true, ...more }] },
});

test('an ephemeral container is put into a running pod, runs, and ends when it is left', () => {
  const cluster = running();
  expect(ask(cluster, 'PATCH', `${POD}/ephemeralcontainers`, added('look')).code).toBe(200);
  cluster.run('30s');
  const status = (): any => (ask(cluster, 'GET', POD).body as any).status;
  expect(status().ephemeralContainerStatuses[0]).toMatchObject({ name: 'look', state: { running: {} } });
  expect(status().phase).toBe('Running');
  const exec = {
    ...{ method: 'POST', path: `${POD}/exec`, accept: '', contentType: '', agent: 'test/v1' },
    user: { name: 'admin', groups: ['system:masters'] },
  };
  const query = [
    ['container', 'look'],
    ['command', 'hostname'],
  ] as const;
  expect(cluster.world.command({ type: 'request', request: { ...exec, query, body: {} } }).answer?.body).toMatchObject({ output: 'web\n' });
  const leave = { ...exec, path: `${POD}/attach`, query: [['container', 'look']] as const, body: { status: 3, written: 'bye\n' } };
  expect(cluster.world.command({ type: 'request', request: leave }).answer?.code).toBe(200);
  cluster.run('10s');
  expect(status().ephemeralContainerStatuses[0].state.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
  expect(status().containerStatuses[0]).toMatchObject({ ready: true, restartCount: 0 });
});

test('it may have the name of something that every object inherits', () => {
  const cluster = running();
  ask(cluster, 'PATCH', `${POD}/ephemeralcontainers`, added('constructor'));
  const { status } = ask(cluster.run('30s'), 'GET', POD).body as any;
  expect(status.ephemeralContainerStatuses).toMatchObject([{ name: 'constructor', state: { running: {} } }]);
});

test('what cannot be done with them', () => {
  const cluster = running();
  ask(cluster, 'PATCH', `${POD}/ephemeralcontainers`, added('look'));
  const message = (body: JsonValue): string => (ask(cluster, 'PATCH', `${POD}/ephemeralcontainers`, body).body as any).message ?? 'done';
  expect(message(added('look', { image: 'alpine' }))).toContain('existing ephemeral containers "look" may not be changed');
  expect(message(added('app'))).toContain('spec.ephemeralContainers[0].name: Duplicate value: "app"');
  const fault = (more: object): string => message(added('next', more)).replace(/^.*ephemeralContainers\[[0-9]\]\./, '');
  const forbidden = 'Forbidden: cannot be set for an Ephemeral Container';
  expect(fault({ ports: [{ containerPort: 80 }] })).toBe(`ports: ${forbidden}`);
  expect(fault({ resources: { limits: { cpu: '1' } } })).toBe(`resources: ${forbidden}`);
  expect(fault({ lifecycle: { preStop: { exec: { command: [] } } } })).toBe(`lifecycle: ${forbidden}`);
  expect(fault({ targetContainerName: 'other' })).toBe('targetContainerName: Not found: "other"');
  expect(fault({ targetContainerName: 'app' })).toBe('done');
  expect(fault({ name: 'Upper' })).toContain('name: Invalid value: "Upper"');
  expect(message({ spec: { ephemeralContainers: [{ $patch: 'delete', name: 'look' }] } })).toContain('may not be removed');
  const pod = {
    metadata: { name: 'x' },
    spec: { containers: [{ name: 'a', image: 'nginx' }], ephemeralContainers: [{ name: 'b', image: 'nginx' }] },
  };
  expect((ask(cluster, 'POST', POD.replace('/web', ''), pod).body as any).message).toContain(
    'spec.ephemeralContainers: Forbidden: cannot be set on create',
  );
});

test('a shell with an input waits for somebody', () => {
  const cluster = new TestCluster({ workers: 1 })
    .apply('apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: sh, image: "busybox:1.37", stdin: true}]}')
    .run('5m');
  expect((ask(cluster, 'GET', POD).body as any).status).toMatchObject({ phase: 'Running', containerStatuses: [{ restartCount: 0 }] });
});
