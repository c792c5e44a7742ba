import { describe, expect, test } from 'vitest';
import { type ReplicaSet, replicaSetKind } from '../../../../src-main/engine/kinds/apps/replica-set.ts';
import type { ConfigMap } from '../../../../src-main/engine/kinds/core/config-map.ts';
import { configMapKind } from '../../../../src-main/engine/kinds/core/config-map.ts';
import { type Namespace, namespaceKind } from '../../../../src-main/engine/kinds/core/namespace.ts';
import { type Pod, podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { ApiWorld, refusal, USER } from './api-world.ts';

const map = (world: ApiWorld, name = 'settings', more: object = {}): ConfigMap =>
  world.server.create(configMapKind, { metadata: { name, ...more }, data: { a: '1' } }, USER);

const replicaSet = (world: ApiWorld): ReplicaSet => {
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'nginx' }] } };
  return world.server.create(
    replicaSetKind,
    { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: labels }, template } },
    USER,
  );
};

const pod = (world: ApiWorld, spec: object = {}, metadata: object = {}): Pod =>
  world.server.create(
    podKind,
    { metadata: { name: 'web', ...metadata }, spec: { containers: [{ name: 'app', image: 'nginx' }], ...spec } },
    USER,
  );

describe('create', () => {
  test('gives identity, revision and time', () => {
    const world = new ApiWorld().run(1500);
    const { metadata } = map(world);
    expect(metadata).toEqual({
      name: 'settings',
      namespace: 'default',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: '1',
      creationTimestamp: '2025-06-01T08:00:01Z',
      managedFields: [expect.objectContaining({ time: '2025-06-01T08:00:01Z', fieldsV1: { 'f:data': {} } })],
    });
  });

  test('a name that is taken', () => {
    const world = new ApiWorld();
    map(world);
    expect(refusal(() => map(world))).toBe('409 AlreadyExists: configmaps "settings" already exists');
    expect(refusal(() => [replicaSet(world), replicaSet(world)])).toBe('409 AlreadyExists: replicasets.apps "web" already exists');
  });

  test('generateName makes a name of at most 63 characters', () => {
    const world = new ApiWorld();
    const made = world.server.create<ConfigMap>(configMapKind, { metadata: { generateName: 'x'.repeat(80) } }, USER);
    expect(made.metadata.name).toMatch(/^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  test('no name at all', () =>
    expect(refusal(() => new ApiWorld().server.create(configMapKind, { metadata: {} }, USER))).toBe(
      '422 Invalid: ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ));

  test('a name that is none', () =>
    expect(refusal(() => map(new ApiWorld(), 'Big_Name'))).toBe(
      `422 Invalid: ConfigMap "Big_Name" is invalid: metadata.name: Invalid value: "Big_Name": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ));

  test('a revision of its own is refused', () =>
    expect(refusal(() => map(new ApiWorld(), 'a', { resourceVersion: '7' }))).toBe(
      '400 BadRequest: resourceVersion should not be set on objects to be created',
    ));

  test('identity and deletion that a client makes up are ignored', () => {
    const { metadata } = map(new ApiWorld(), 'a', { uid: 'mine', deletionTimestamp: '2020-01-01T00:00:00Z', creationTimestamp: 'never' });
    expect(metadata.uid).not.toBe('mine');
    expect([metadata.deletionTimestamp, metadata.creationTimestamp]).toEqual([undefined, '2025-06-01T08:00:00Z']);
  });
});

describe('update', () => {
  test('of an old version is a conflict', () => {
    const world = new ApiWorld();
    const old = map(world);
    world.server.update(configMapKind, { ...old, data: { a: '2' } }, USER);
    expect(refusal(() => world.server.update(configMapKind, { ...old, data: { a: '3' } }, USER))).toBe(
      '409 Conflict: Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  test('without a revision it wins', () => {
    const world = new ApiWorld();
    const { metadata, ...rest } = map(world);
    const next = { ...rest, metadata: { name: metadata.name, namespace: 'default' }, data: { a: '2' } } as unknown as ConfigMap;
    expect(world.server.update(configMapKind, next, USER)).toMatchObject({
      metadata: { uid: metadata.uid, resourceVersion: '2' },
      data: { a: '2' },
    });
  });

  test('of an object that was made anew is a conflict of identity', () => {
    const world = new ApiWorld();
    const old = map(world);
    world.server.delete(configMapKind, 'default/settings', {}, USER);
    const made = map(world);
    const stale = { ...old, metadata: { ...old.metadata, resourceVersion: '' } };
    expect(refusal(() => world.server.update(configMapKind, stale, USER))).toBe(
      `409 Conflict: Operation cannot be fulfilled on configmaps "settings": Precondition failed: UID in precondition: ${old.metadata.uid}, UID in object meta: ${made.metadata.uid}`,
    );
  });

  test('of what is not there', () =>
    expect(refusal(() => new ApiWorld().server.get(configMapKind, 'default/x'))).toBe('404 NotFound: configmaps "x" not found'));

  test('that changes nothing writes nothing', () => {
    const world = new ApiWorld();
    const object = map(world);
    expect(world.server.update(configMapKind, structuredClone(object), USER)).toBe(object);
    expect(world.server.patch(configMapKind, 'default/settings', (current) => current, USER)).toBe(object);
    expect(world.store.revision).toBe(1);
  });

  test('generation counts changes of the spec, not of labels or status', () => {
    const world = new ApiWorld();
    const { server } = world;
    let set = replicaSet(world);
    expect(set.metadata.generation).toBe(1);
    set = server.update(replicaSetKind, { ...set, metadata: { ...set.metadata, labels: { a: 'b' } } }, USER);
    set = server.update(replicaSetKind, { ...set, status: { ...set.status, replicas: 2 } }, USER, 'status');
    expect([set.metadata.generation, set.status.replicas]).toEqual([1, 2]);
    set = server.update(replicaSetKind, { ...set, spec: { ...set.spec, replicas: 5 }, status: { replicas: 99 } }, USER);
    expect([set.metadata.generation, set.status.replicas]).toEqual([2, 2]);
    set = server.update(replicaSetKind, { ...set, spec: { ...set.spec, replicas: 7 }, status: { replicas: 5 } }, USER, 'status');
    expect([set.metadata.generation, set.spec.replicas, set.status.replicas]).toEqual([2, 5, 5]);
  });

  test('a change says who made it and what made it run', () => {
    const world = new ApiWorld();
    world.timeline.handle('replicaset-controller', () => void map(world));
    world.timeline.schedule('replicaset-controller', 'queue/run', 'default/web', 5);
    world.run(10);
    map(world, 'other');
    expect(world.deltas.map(({ atMs, cause }) => ({ atMs, ...cause }))).toEqual([
      { atMs: 5, actor: USER, trigger: 'replicaset-controller queue/run default/web' },
      { atMs: 10, actor: USER, trigger: 'command' },
    ]);
  });
});

describe('delete', () => {
  test('takes the object away at once', () => {
    const world = new ApiWorld();
    map(world);
    world.server.delete(configMapKind, 'default/settings', {}, USER);
    expect(world.deltas.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    expect(refusal(() => world.server.delete(configMapKind, 'default/settings', {}, USER))).toBe(
      '404 NotFound: configmaps "settings" not found',
    );
  });

  test('preconditions hold', () => {
    const world = new ApiWorld();
    const { uid } = map(world).metadata;
    const attempt = (preconditions: object) =>
      refusal(() => world.server.delete(configMapKind, 'default/settings', { preconditions }, USER));
    expect(attempt({ uid: 'x' })).toBe(
      `409 Conflict: Operation cannot be fulfilled on configmaps "settings": Precondition failed: UID in precondition: x, UID in object meta: ${uid}`,
    );
    expect(attempt({ uid, resourceVersion: '9' })).toContain('409 Conflict');
    expect(attempt({ uid, resourceVersion: '1' })).toBe('accepted: null');
  });

  test('a finalizer keeps it until the last one goes', () => {
    const world = new ApiWorld();
    map(world, 'settings', { finalizers: ['example.com/a', 'example.com/b'] });
    world.run(2000).server.delete(configMapKind, 'default/settings', {}, USER);
    const marked = world.server.get(configMapKind, 'default/settings');
    expect(marked.metadata).toMatchObject({ deletionTimestamp: '2025-06-01T08:00:02Z', deletionGracePeriodSeconds: 0 });
    world.run(5000).server.delete(configMapKind, 'default/settings', {}, USER);
    expect(world.server.get(configMapKind, 'default/settings')).toBe(marked);
    const without = (...finalizers: string[]) =>
      world.server.patch(configMapKind, 'default/settings', (now) => ({ ...now, metadata: { ...now.metadata, finalizers } }), USER);
    without('example.com/b');
    expect(world.server.find(configMapKind, 'default/settings')).toBeDefined();
    without();
    expect(world.server.find(configMapKind, 'default/settings')).toBeUndefined();
  });

  test('a pod that runs gets its grace period', () => {
    const world = new ApiWorld();
    pod(world, { nodeName: 'worker-1', terminationGracePeriodSeconds: 20 });
    world.run(1000).server.delete(podKind, 'default/web', {}, USER);
    const marked = world.server.get(podKind, 'default/web').metadata;
    expect([marked.deletionTimestamp, marked.deletionGracePeriodSeconds]).toEqual(['2025-06-01T08:00:21Z', 20]);
    world.run(1000).server.delete(podKind, 'default/web', { gracePeriodSeconds: 60 }, USER);
    expect(world.server.get(podKind, 'default/web').metadata).toBe(marked);
    world.server.delete(podKind, 'default/web', { gracePeriodSeconds: 5 }, USER);
    const shorter = world.server.get(podKind, 'default/web').metadata;
    expect([shorter.deletionTimestamp, shorter.deletionGracePeriodSeconds]).toEqual(['2025-06-01T08:00:06Z', 5]);
    world.server.delete(podKind, 'default/web', { gracePeriodSeconds: 0 }, USER);
    expect(world.server.find(podKind, 'default/web')).toBeUndefined();
  });

  test('a second call only shortens a grace period that runs, counted from the first', () => {
    const world = new ApiWorld();
    pod(world, { nodeName: 'worker-1' }, { finalizers: ['example.com/hold'] });
    const remove = (call: object) => {
      world.run(1000).server.delete(podKind, 'default/web', call, USER);
      const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = world.server.get(podKind, 'default/web').metadata;
      return [deletionTimestamp, deletionGracePeriodSeconds, finalizers];
    };
    expect(remove({ gracePeriodSeconds: 30 })).toEqual(['2025-06-01T08:00:31Z', 30, ['example.com/hold']]);
    expect(remove({ propagationPolicy: 'Orphan' })).toEqual(['2025-06-01T08:00:31Z', 30, ['example.com/hold']]);
    world.server.patch(podKind, 'default/web', (now) => ({ ...now, status: { ...now.status, phase: 'Failed' } }), USER, 'status');
    expect(remove({})).toEqual(['2025-06-01T08:00:31Z', 30, ['example.com/hold']]);
    expect(remove({ gracePeriodSeconds: 0 })).toEqual(['2025-06-01T08:00:01Z', 0, ['example.com/hold']]);
    expect(remove({ propagationPolicy: 'Orphan' })).toEqual(['2025-06-01T08:00:01Z', 0, ['example.com/hold', 'orphan']]);
  });

  test('a pod that was never scheduled goes at once', () => {
    const world = new ApiWorld();
    pod(world);
    world.server.delete(podKind, 'default/web', {}, USER);
    expect(world.server.find(podKind, 'default/web')).toBeUndefined();
  });

  test('propagation is a finalizer', () => {
    const world = new ApiWorld();
    const finalizers = (): readonly string[] => world.server.get(replicaSetKind, 'default/web').metadata.finalizers ?? [];
    replicaSet(world);
    world.server.delete(replicaSetKind, 'default/web', { propagationPolicy: 'Foreground' }, USER);
    expect(finalizers()).toEqual(['foregroundDeletion']);
    world.server.delete(replicaSetKind, 'default/web', { propagationPolicy: 'Orphan' }, USER);
    expect(finalizers()).toEqual(['orphan']);
    world.server.delete(replicaSetKind, 'default/web', { propagationPolicy: 'Background' }, USER);
    expect(world.server.find(replicaSetKind, 'default/web')).toBeUndefined();
  });

  test('a namespace waits for its finalizer, Terminating', () => {
    const world = new ApiWorld();
    world.server.create(namespaceKind, { metadata: { name: 'shop' } }, USER);
    world.server.delete(namespaceKind, 'shop', {}, USER);
    const marked = world.server.get<Namespace>(namespaceKind, 'shop');
    expect([marked.status.phase, marked.spec.finalizers]).toEqual(['Terminating', ['kubernetes']]);
    world.server.update(namespaceKind, { ...marked, spec: { finalizers: [] } }, USER, 'finalize');
    expect(world.server.find(namespaceKind, 'shop')).toBeUndefined();
  });
});

describe('bind', () => {
  test('puts a pod on a node and says so', () => {
    const world = new ApiWorld();
    const { uid } = pod(world).metadata;
    world.run(3000).server.bind('default/web', { uid, node: 'worker-1' }, USER);
    const bound = world.server.get(podKind, 'default/web');
    expect(bound.spec.nodeName).toBe('worker-1');
    expect(bound.status.conditions).toEqual([
      { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '2025-06-01T08:00:03Z' },
    ]);
  });

  test('refuses a pod that has a node, is going, or is another one', () => {
    const world = new ApiWorld();
    const { uid } = pod(world, { nodeName: 'worker-1' }).metadata;
    const bind = (id: string) => refusal(() => world.server.bind('default/web', { uid: id, node: 'worker-2' }, USER));
    const refused = '409 Conflict: Operation cannot be fulfilled on pods/binding "web":';
    expect(bind(uid)).toBe(`${refused} pod web is already assigned to node "worker-1"`);
    expect(bind('x')).toBe(`${refused} Precondition failed: UID in precondition: x, UID in object meta: ${uid}`);
    world.server.delete(podKind, 'default/web', {}, USER);
    expect(bind(uid)).toBe(`${refused} pod web is being deleted, cannot be assigned to a host`);
  });
});
