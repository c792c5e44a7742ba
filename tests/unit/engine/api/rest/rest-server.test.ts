import { describe, expect, test } from 'vitest';
import { createBootstrapPolicy } from '../../../../../src-main/engine/api/authorization/bootstrap-policy.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { RestWorld } from './rest-world.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const map = (name: string, more: object = {}): JsonValue => ({ metadata: { name, ...more }, data: { a: '1' } });

function withMaps(...names: readonly string[]): RestWorld {
  const world = new RestWorld();
  for (const name of names) expect(world.ask(`POST ${MAPS}`, map(name)).code).toBe(201);
  return world;
}

const check = (line: string, expected: string, body?: JsonValue) => expect(withMaps('a', 'b').outcome(line, body)).toBe(expected);
const MISSING = '404 NotFound: the server could not find the requested resource';

describe('what is there', () => {
  test('health', () => expect(new RestWorld().body('GET /readyz')).toBe('ok'));
  test('the version', () => expect(new RestWorld().body('GET /version')).toMatchObject({ major: '1', minor: '33' }));
  test('one object', () => expect(withMaps('a').body(`GET ${MAPS}/a`)).toMatchObject({ kind: 'ConfigMap', data: { a: '1' } }));
  test('an unknown path', () => check('GET /nosuchpath', MISSING));
  test('an unknown group', () => check('GET /apis/nosuch/v1/things', MISSING));
  test('an unknown version', () => check('GET /apis/apps/v1beta1/deployments', MISSING));
  test('an unknown subresource', () => check(`GET ${MAPS}/a/scale`, MISSING));
  test('a namespaced object without its namespace', () => check('GET /api/v1/configmaps/a', MISSING));
  test('a cluster-scoped one in a namespace', () => check('GET /api/v1/namespaces/default/nodes', MISSING));
  test('one object of a revision that is not yet', () =>
    check(`GET ${MAPS}/a?resourceVersion=999`, '504 Timeout: Timeout: Too large resource version: 999, current: 2'));
  test('an object that is not there', () => check(`GET ${MAPS}/c`, '404 NotFound: configmaps "c" not found'));
  test('a method that makes no sense', () =>
    check(`PUT ${MAPS}`, '405 MethodNotAllowed: the server does not allow this method on the requested resource', map('a')));
});

test('an Event is one object in two groups', () => {
  const world = new RestWorld();
  const [core, newer] = ['/api/v1/namespaces/default/events', '/apis/events.k8s.io/v1/namespaces/default/events'];
  const regarding = { kind: 'Pod', name: 'web', namespace: 'default' };
  const first = '2026-01-01T00:00:00Z';
  world.ask(`POST ${core}`, { metadata: { name: 'a' }, involvedObject: regarding, message: 'said', firstTimestamp: first, count: 2 });
  expect(world.body(`GET ${newer}/a`)).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    ...{ regarding, note: 'said', deprecatedFirstTimestamp: first, deprecatedCount: 2, eventTime: '2026-01-01T00:00:00.000000Z' },
  });
  expect(world.body(`GET ${newer}`)).toMatchObject({ kind: 'EventList', apiVersion: 'events.k8s.io/v1', items: [{ note: 'said' }] });
  world.ask(`POST ${newer}`, { metadata: { name: 'b' }, regarding, note: 'told', eventTime: '2026-01-01T00:00:00.000000Z' });
  expect(world.body(`GET ${core}/b`)).toMatchObject({ apiVersion: 'v1', involvedObject: regarding, message: 'told' });
  expect(world.outcome(`DELETE ${newer}/b`)).toBe('200');
  expect(world.outcome(`GET ${core}/b`)).toBe('404 NotFound: events "b" not found');
});

describe('create', () => {
  test('kind and version come from the address', () =>
    expect(withMaps('a').body(`GET ${MAPS}/a`)).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' }));
  const handled = (kind: string, version: string) => `400 BadRequest: ${kind} in version "${version}" cannot be handled as a ConfigMap:`;
  const unregistered = (kind: string, version: string) =>
    `no kind "${kind}" is registered for version "${version}" in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  test.each<[string, string, string, string]>([
    ['a version that is not there', 'v2', 'ConfigMap', `${handled('ConfigMap', 'v2')} ${unregistered('ConfigMap', 'v2')}`],
    ['a group that has none', 'apps/v1', 'ConfigMap', `${handled('ConfigMap', 'v1')} ${unregistered('ConfigMap', 'apps/v1')}`],
    ['a kind that nobody knows', 'v1', 'Toy', `${handled('Toy', 'v1')} ${unregistered('Toy', 'v1')}`],
    [
      'another kind',
      'apps/v1',
      'Deployment',
      `${handled('Deployment', 'v1')} converting (v1.Deployment) to (core.ConfigMap): unknown conversion`,
    ],
    [
      'a list',
      'v1',
      'ConfigMapList',
      `${handled('ConfigMapList', 'v1')} converting (v1.ConfigMapList) to (core.ConfigMap): unknown conversion`,
    ],
  ])('%s', (_name, apiVersion, kind, expected) => check(`POST ${MAPS}`, expected, { apiVersion, kind, metadata: { name: 'c' } }));
  test.each([0, false])('a kind that is %s is no kind', (kind) =>
    expect(withMaps().outcome(`POST ${MAPS}`, { kind, metadata: { name: 'c' } })).toMatch(
      /^400 BadRequest: .* cannot be handled as a ConfigMap/,
    ),
  );
  test("kind and version that are empty are the address's", () =>
    check(`POST ${MAPS}`, '201', { apiVersion: '', kind: '', metadata: { name: 'c' } }));
  test('another namespace', () =>
    check(
      `POST ${MAPS}`,
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
      map('c', { namespace: 'x' }),
    ));
  test('no object at all', () =>
    expect(withMaps().outcome(`POST ${MAPS}`, 'text')).toContain(
      '400 BadRequest: the object provided is unrecognized (must be of type ConfigMap)',
    ));
  test('an unknown field is told', () =>
    expect(withMaps().ask(`POST ${MAPS}`, { metadata: { name: 'c' }, dota: {} }).warnings).toEqual(['unknown field "dota"']));
  test('or refused', () =>
    check(
      `POST ${MAPS}?fieldValidation=Strict`,
      '400 BadRequest: ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dota"',
      { metadata: { name: 'c' }, dota: {} },
    ));
  test('or passed over', () =>
    expect(withMaps().ask(`POST ${MAPS}?fieldValidation=Ignore`, { metadata: { name: 'c' }, dota: {} }).warnings).toEqual([]));
  test('a dry run keeps nothing, and finds what is wrong', () => {
    const world = withMaps('a');
    const { revision } = world.store;
    expect(world.outcome(`POST ${MAPS}?dryRun=All`, map('c'))).toBe('201');
    expect(world.outcome(`POST ${MAPS}?dryRun=All`, map('a'))).toBe('409 AlreadyExists: configmaps "a" already exists');
    expect(world.outcome(`DELETE ${MAPS}/a`, { dryRun: ['All'] })).toBe('200');
    expect(world.store.revision).toBe(revision);
  });
  test('another kind of dry run', () =>
    check(
      `POST ${MAPS}?dryRun=Some`,
      '422 Invalid: CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"Some"}: supported values: "All"',
      map('c'),
    ));
  const long = 'm'.repeat(129);
  test.each([
    [`POST ${MAPS}?fieldManager=${long}`, 'CreateOptions', 'fieldManager: Too long: may not be more than 128 bytes'],
    [`PUT ${MAPS}/a?fieldManager=${long}`, 'UpdateOptions', 'fieldManager: Too long: may not be more than 128 bytes'],
    [
      `PATCH ${MAPS}/a?fieldManager=%C3%A9%07`,
      'PatchOptions',
      'fieldManager: Invalid value: "é\\a": invalid character U+0007 (at position 2)',
    ],
    [
      `POST ${MAPS}?dryRun=Some&fieldValidation=Maybe`,
      'CreateOptions',
      '[dryRun: Unsupported value: []string{"Some"}: supported values: "All", fieldValidation: Unsupported value: "Maybe": supported values: "", "Ignore", "Strict", "Warn"]',
    ],
  ])('%s, before its body is read', (line, kind, faults) =>
    expect(withMaps('a').outcome(line, 'none', { contentType: 'application/merge-patch+json' })).toBe(
      `422 Invalid: ${kind}.meta.k8s.io "" is invalid: ${faults}`,
    ),
  );
  test('a name of 128 bytes will do', () =>
    expect(withMaps().outcome(`POST ${MAPS}?fieldManager=${'m'.repeat(128)}`, map('c'))).toBe('201'));
  test('what is only kept says so', () =>
    expect(new RestWorld().ask('POST /apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', { metadata: { name: 'x' } })).toMatchObject({
      code: 201,
      warnings: ['the lab keeps flowschemas but does not simulate them: nothing will act on this object'],
    }));
});

describe('patch', () => {
  const patched = (contentType: string, patch: JsonValue): unknown => {
    const world = withMaps('a');
    const { code, body } = world.ask(`PATCH ${MAPS}/a`, patch, { contentType });
    return code === 200 ? (body as { data?: object }).data : world.outcome(`PATCH ${MAPS}/a`, patch, { contentType });
  };
  test('merge', () => expect(patched('application/merge-patch+json', { data: { a: null, b: '2' } })).toEqual({ b: '2' }));
  test('JSON', () =>
    expect(patched('application/json-patch+json', [{ op: 'add', path: '/data/b', value: '2' }])).toEqual({ a: '1', b: '2' }));
  test('strategic', () =>
    expect(patched('application/strategic-merge-patch+json', { data: { $patch: 'replace', c: '3' } })).toEqual({ c: '3' }));
  test('a JSON patch that does not fit', () =>
    expect(patched('application/json-patch+json', [{ op: 'test', path: '/data/a', value: '9' }])).toBe(
      '422 Invalid: the server rejected our request due to an error in our request',
    ));
  test.each([
    [{ kind: 'Secret' }, 'converting (v1.Secret) to (core.ConfigMap): unknown conversion'],
    [{ apiVersion: 'v2' }, 'no kind "ConfigMap" is registered for version "v2" in scheme "pkg/api/legacyscheme/scheme.go:30"'],
  ])('one that makes another kind of it: %o', (patch, why) =>
    expect(String(patched('application/merge-patch+json', patch)).endsWith(`: ${why}`)).toBe(true),
  );
  test('one that takes the name away', () =>
    expect(patched('application/merge-patch+json', { metadata: null })).toBe(
      '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
    ));
  test('one that takes the namespace away leaves it where it is', () =>
    expect(patched('application/merge-patch+json', { metadata: { namespace: null }, data: { b: '2' } })).toEqual({ a: '1', b: '2' }));
  test('one that would set the generation', () => {
    const world = withMaps('a');
    const answer = world.body(`PATCH ${MAPS}/a`, { metadata: { generation: 5 } }, { contentType: 'application/merge-patch+json' });
    expect(answer.metadata.generation).toBe(undefined);
  });
  test('strategic: it stays what it is', () => {
    const world = withMaps('a');
    const answer = world.body(`PATCH ${MAPS}/a`, { kind: 'Secret' }, { contentType: 'application/strategic-merge-patch+json' });
    expect([answer.kind, world.body(`GET ${MAPS}/a`).kind]).toEqual(['ConfigMap', 'ConfigMap']);
  });
  test('another form', () =>
    expect(patched('text/plain', {})).toContain('415 UnsupportedMediaType: the body of the request was in an unknown format'));
  test('one that changes nothing keeps the revision', () => {
    const world = withMaps('a');
    const before = world.body(`GET ${MAPS}/a`).metadata.resourceVersion;
    const answer = world.body(`PATCH ${MAPS}/a`, { data: { a: '1' } }, { contentType: 'application/merge-patch+json' });
    expect(answer.metadata.resourceVersion).toBe(before);
  });
  test('one that names an old revision', () =>
    expect(patched('application/merge-patch+json', { metadata: { resourceVersion: '0' } })).toContain('409 Conflict'));
  test('one that renames', () =>
    expect(patched('application/merge-patch+json', { metadata: { name: 'z' } })).toBe(
      '400 BadRequest: the name of the object (z) does not match the name on the URL (a)',
    ));
  test('one that forces, as only an apply may', () =>
    expect(withMaps('a').outcome(`PATCH ${MAPS}/a?force=true`, {}, { contentType: MERGE })).toBe(
      '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ));
  const MERGE = 'application/merge-patch+json';
  const STRATEGIC = 'application/strategic-merge-patch+json';
  test.each<[string, string, JsonValue, RegExp]>([
    [
      'an unknown field, strictly',
      MERGE,
      { dota: {} },
      /"" is invalid: patch: Invalid value: "{.*\\"dota\\":{}}": strict decoding error: unknown field "dota"$/,
    ],
    [
      'the same, strategically',
      STRATEGIC,
      { dota: { b: [1, 'c'], a: null } },
      /patch: Invalid value: "map\[dota:map\[a:<nil> b:\[1 c\]\]\]": strict decoding error: unknown field "dota"$/,
    ],
    [
      'a wrong type',
      MERGE,
      { data: { a: 1 } },
      /Invalid value: "{.*}": json: cannot unmarshal number into Go struct field ConfigMap.data of type string$/,
    ],
    ['the same, strategically', STRATEGIC, { data: { a: 1 } }, /Invalid value: "map\[data:map\[a:1\]\]": unrecognized type: string$/],
    ['a text for a map', STRATEGIC, { data: 'a' }, /Invalid value: "map\[data:a\]": cannot restore map from string$/],
  ])('%s', (_, contentType, patch, expected) =>
    expect(withMaps('a').outcome(`PATCH ${MAPS}/a?fieldValidation=Strict`, patch, { contentType })).toMatch(expected),
  );
});

describe('delete', () => {
  test('answers with what is gone', () =>
    expect(withMaps('a').body(`DELETE ${MAPS}/a`)).toMatchObject({ status: 'Success', details: { name: 'a', kind: 'configmaps' } }));
  test('of another identity', () =>
    expect(withMaps('a').outcome(`DELETE ${MAPS}/a`, { preconditions: { uid: 'x' } })).toContain('409 Conflict'));
  const refused = (options: JsonValue, fault: string) =>
    check(`DELETE ${MAPS}/a`, `422 Invalid: DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: ${fault}`, options);
  test('in both ways of saying what becomes of dependents', () =>
    refused(
      { propagationPolicy: 'Orphan', orphanDependents: true },
      'Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ));
  test('in a way that there is not', () =>
    refused({ propagationPolicy: 'No' }, 'Unsupported value: "No": supported values: "Foreground", "Background", "Orphan", "nil"'));
  test('of a collection, by labels', () => {
    const world = withMaps('a', 'b');
    world.ask(`POST ${MAPS}`, map('c', { labels: { app: 'web' } }));
    expect(world.body(`DELETE ${MAPS}?labelSelector=app%3Dweb`).items).toHaveLength(1);
    expect(world.body(`GET ${MAPS}`).items).toHaveLength(2);
  });
  test('of all namespaces is not offered', () =>
    check('DELETE /api/v1/namespaces', '405 MethodNotAllowed: the server does not allow this method on the requested resource'));
});

describe('scale', () => {
  const SETS = '/apis/apps/v1/namespaces/default/replicasets';
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  const set: JsonValue = { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template } };
  const withSet = (): RestWorld => {
    const world = new RestWorld();
    world.ask(`POST ${SETS}`, set);
    return world;
  };
  test('shows the selector as a text', () =>
    expect(withSet().body(`GET ${SETS}/web/scale`)).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=web' },
    }));
  test('changes the replicas and counts it', () => {
    const world = withSet();
    world.ask(`PATCH ${SETS}/web/scale`, { spec: { replicas: 5 } }, { contentType: 'application/merge-patch+json' });
    expect(world.body(`GET ${SETS}/web`)).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 5 } });
  });
  test('not below zero', () =>
    expect(withSet().outcome(`PUT ${SETS}/web/scale`, { spec: { replicas: -1 } })).toBe(
      '422 Invalid: Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ));
});

describe('access', () => {
  const bob = { name: 'bob', groups: ['system:authenticated'] };
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  test('nothing without a binding', () =>
    expect(withMaps('a').outcome(`GET ${MAPS}`, undefined, { user: bob })).toBe(
      '403 Forbidden: configmaps is forbidden: User "bob" cannot list resource "configmaps" in API group "" in the namespace "default"',
    ));
  const begun = (): RestWorld => {
    const world = withMaps();
    createBootstrapPolicy(world.server);
    return world;
  };
  test('discovery for everybody', () => expect(begun().outcome('GET /apis', undefined, { user: bob })).toBe('200'));
  test('another path', () =>
    expect(withMaps().outcome('GET /metrics', undefined, { user: bob })).toBe(
      '403 Forbidden: forbidden: User "bob" cannot get path "/metrics"',
    ));
  test('what a binding grants, at once', () => {
    const world = withMaps('a');
    world.ask(`POST ${rbac}/roles`, { metadata: { name: 'r' }, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }] });
    const subjects = [{ kind: 'User', name: 'bob' }];
    const { warnings } = world.ask(`POST ${rbac}/rolebindings`, {
      metadata: { name: 'b' },
      roleRef: { kind: 'Role', name: 'r' },
      subjects,
    });
    expect(warnings).toEqual([]);
    expect(world.outcome(`GET ${MAPS}/a`, undefined, { user: bob })).toBe('200');
    expect(world.outcome(`DELETE ${MAPS}/a`, undefined, { user: bob })).toContain('403 Forbidden: configmaps "a" is forbidden');
  });
  test('who one is, as somebody else', () =>
    expect(
      begun().body('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {}, { impersonate: { user: 'jane', groups: ['devs'] } })
        .status,
    ).toEqual({ userInfo: { username: 'jane', groups: ['devs', 'system:authenticated'] } }));
  test('acting as somebody needs a permission', () =>
    expect(withMaps().outcome('GET /apis', undefined, { user: bob, impersonate: { user: 'jane', groups: [] } })).toBe(
      '403 Forbidden: users "jane" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
    ));
});

describe('the server itself', () => {
  const text = (path: string): unknown => withMaps('a').body(path);
  test('is well', () => expect(['/livez', '/readyz/ping', '/healthz/etcd'].map((path) => text(`GET ${path}`))).toEqual(['ok', 'ok', 'ok']));
  test('says what it looked at', () =>
    expect(text('GET /readyz?verbose')).toMatch(/^\[\+\]ping ok\n\[\+\]log ok\n[\s\S]*\[\+\]shutdown ok\nreadyz check passed\n$/));
  test('says it of all that it looks after', () => {
    const checks = (name: string) =>
      String(text(`GET /${name}?verbose`))
        .split('\n')
        .slice(0, -2);
    expect(checks('livez')).toHaveLength(32);
    expect(checks('readyz')).toEqual(
      expect.arrayContaining(['[+]etcd-readiness ok', '[+]autoregister-completion ok', '[+]poststarthook/priority-and-fairness-filter ok']),
    );
  });
  test('knows no other checks', () => expect(withMaps('a').outcome('GET /readyz/nope')).toContain('404 NotFound'));
  test('counts what is stored', () => expect(text('GET /metrics')).toContain('\napiserver_storage_objects{resource="configmaps"} 1\n'));
  test('names its paths', () =>
    expect(text('GET /')).toMatchObject({ paths: expect.arrayContaining(['/api/v1', '/apis/apps/v1', '/livez/ping']) }));
});

test('a Scale is shown in columns of its own', () => {
  const world = new RestWorld();
  const labels = { app: 'web' };
  const spec = {
    replicas: 3,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  };
  world.body('POST /apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'web' }, spec });
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
  const { columnDefinitions, rows } = world.body('GET /apis/apps/v1/namespaces/default/deployments/web/scale', undefined, { accept });
  expect(columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Desired', 'Available', 'Age']);
  expect(rows[0].cells).toEqual(['web', 3, 0, '0s']);
});
