// What k9s, Headlamp and Freelens ask for at their start and on their main screens, request by request, as their sources have it; and what they need of the answer.
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import type { JsonObject } from '../../../../src-main/engine/meta/object.ts';
import { type ApiDoor, serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

const lab = new Lab({ scenario: builtInScenario('empty', 1, { zones: 1, workers: 1 }), playing: false });
let door: ApiDoor;

const deployment = {
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx:1.28' }] } },
  },
};
beforeAll(async () => {
  door = await serveApi(apiAccess(lab));
  expect((await ask('POST', '/apis/apps/v1/namespaces/default/deployments', {}, deployment)).code).toBe(201);
  lab.act((cluster) => cluster.advance(60_000, 1_000_000));
});
afterAll(async () => {
  await door.close();
  lab.close();
});

interface Answer {
  readonly code: number;
  readonly type: string;
  readonly text: string;
}

function ask(method: string, path: string, headers: Readonly<Record<string, string>>, body?: object): Promise<Answer> {
  const { server, authority, token } = door.access;
  const given = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
  const options = { method, ca: authority, headers: given, agent: false, servername: 'localhost' } as const;
  return new Promise((resolve, reject) => {
    const asked = request(`${server}${path}`, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ code: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** `GET /path`, the Accept header, and how the answer must begin: code, media type, and what its documents hold. */
async function check(line: string, accept: string, type: string, ...holds: readonly object[]): Promise<void> {
  const [method = '', path = ''] = line.split(' ');
  const answer = await ask(method, path, accept === '' ? {} : { accept });
  const documents = answer.text
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as JsonObject);
  expect([answer.code, answer.type]).toEqual([200, type]);
  expect(documents).toMatchObject(holds);
}

const JSON_TYPE = 'application/json';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const BOTH_TABLES = `${TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`;
/** client-go 0.35 tries to list by watching. */
const WATCH_LIST = 'watch=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&timeoutSeconds=1';

describe('k9s, and other tools made with client-go', () => {
  const access = (verb: string, resource: string, more: object = {}): object => ({
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: { resourceAttributes: { verb, version: 'v1', resource, ...more } },
    status: { allowed: false },
  });
  const ACCESS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

  test('the version, with a time-out that nobody needs', () =>
    check('GET /version?timeout=32s', '*/*', JSON_TYPE, { gitVersion: 'v1.33.0' }));
  test('everything there is, in two requests', async () => {
    const forms = ['v2', 'v2beta1'].map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
    const accept = [...forms, JSON_TYPE].join(',');
    const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    await check('GET /api?timeout=32s', accept, type, { items: [{ versions: [{ version: 'v1' }] }] });
    await check('GET /apis?timeout=32s', accept, type, { kind: 'APIGroupDiscoveryList' });
  });
  test('may I list pods, and forward ports?', async () => {
    for (const body of [access('list', 'pods', { namespace: '' }), access('create', 'pods', { subresource: 'portforward' })]) {
      const { code, text } = await ask('POST', ACCESS, { accept: 'application/json, */*' }, body);
      expect([code, JSON.parse(text).status]).toEqual([201, { allowed: true }]);
    }
  });
  test('a screen: rows with whole objects', async () => {
    const metadata = { name: expect.stringMatching(/^web-/) };
    const row = {
      cells: [expect.stringMatching(/^web-/), '1/1', 'Running', ...Array(6).fill(expect.anything())],
      object: { kind: 'Pod', metadata },
    };
    await check('GET /api/v1/namespaces/default/pods?includeObject=Object', `${TABLE}, application/json`, TABLE, {
      kind: 'Table',
      rows: [row, row],
    });
  });
  test('an informer that would list by watching is told that it may not, and lists', async () => {
    const { code, text } = await ask('GET', `/api/v1/namespaces/default/pods?${WATCH_LIST}`, {});
    expect([code, JSON.parse(text).details.causes]).toEqual([
      422,
      [expect.objectContaining({ reason: 'FieldValueForbidden', field: 'sendInitialEvents' })],
    ]);
  });
  test('and watches: rows', () => {
    const added = { type: 'ADDED', object: { kind: 'Table' } };
    return check('GET /api/v1/namespaces/default/pods?watch=true&timeoutSeconds=1', BOTH_TABLES, JSON_TYPE, added, added);
  });
  test('or metadata alone', () => {
    const form = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1`;
    const accept = `${form('PartialObjectMetadata').replace('json', 'vnd.kubernetes.protobuf')},${form('PartialObjectMetadata')},application/json`;
    const added = { type: 'ADDED', object: { kind: 'PartialObjectMetadata' } };
    return check('GET /api/v1/namespaces/default/pods?watch=true&timeoutSeconds=1', accept, JSON_TYPE, added, added);
  });
  test('a typed client that prefers protobuf takes JSON', () =>
    check('GET /api/v1/nodes?resourceVersion=0', 'application/vnd.kubernetes.protobuf, */*', JSON_TYPE, { kind: 'NodeList' }));
  test('what nodes use, in pages', () =>
    check('GET /apis/metrics.k8s.io/v1beta1/nodes?limit=100', 'application/json, */*', JSON_TYPE, {
      kind: 'NodeMetricsList',
      items: [{}, {}],
    }));
  test('options that do not go together', async () => {
    const { code, text } = await ask('GET', '/api/v1/pods?watch=true&sendInitialEvents=true', {});
    expect([code, JSON.parse(text).message]).toEqual([
      422,
      'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled]',
    ]);
  });
});

describe('Headlamp', () => {
  test('may somebody come in? asked from a page of this machine', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const { code, text } = await ask('POST', path, { origin: 'http://localhost:4466' }, { spec: { namespace: 'default' } });
    expect([code, JSON.parse(text).status.resourceRules]).toEqual([
      201,
      expect.arrayContaining([
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
      ]),
    ]);
  });
  test('who somebody is', async () => {
    const body = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' };
    const { text } = await ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {}, body);
    expect(JSON.parse(text).status.userInfo.username).toBe('kubernetes-admin');
  });
  test('one socket for each list that is watched', async () => {
    const list = JSON.parse((await ask('GET', '/api/v1/nodes', {})).text) as { metadata: { resourceVersion: string } };
    const path = `/api/v1/nodes?watch=1&resourceVersion=${list.metadata.resourceVersion}`;
    const headers = { authorization: `Bearer ${door.access.token}`, origin: door.access.server };
    const socket = new WebSocket(`${door.access.server.replace('https', 'wss')}${path}`, { ca: door.access.authority, headers });
    await new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    const heard = new Promise<string>((resolve) => socket.on('message', (data) => resolve(data.toString())));
    const patch = { 'content-type': 'application/merge-patch+json' };
    await ask('PATCH', '/api/v1/nodes/worker-1', patch, { metadata: { labels: { seen: 'yes' } } });
    expect(JSON.parse(await heard)).toMatchObject({ type: 'MODIFIED', object: { kind: 'Node', metadata: { labels: { seen: 'yes' } } } });
    socket.close();
  });
});

describe('Freelens', () => {
  const origin = 'https://c0ffee.renderer.freelens.app:45345';
  test('lists through its own proxy, which passes its origin on', async () =>
    expect((await ask('GET', '/api/v1/namespaces', { origin })).code).toBe(200));
  test('no page of a name that only looks like it', async () => {
    for (const other of [
      'https://renderer.freelens.app.evil.example',
      'https://xrenderer.freelens.app',
      'https://localhost.evil.example',
      'null',
    ])
      expect((await ask('GET', '/api/v1/namespaces', { origin: other })).code).toBe(403);
  });
  test('watches by lines of JSON', () =>
    check(
      'GET /api/v1/namespaces/default/pods?watch=1&resourceVersion=&timeoutSeconds=1',
      '',
      JSON_TYPE,
      { type: 'ADDED' },
      { type: 'ADDED' },
    ));
});

test('YAML for whoever asks for it', async () => {
  const { type, text } = await ask('GET', '/api/v1/namespaces/default', { accept: 'application/yaml' });
  expect([type, text.slice(0, 41)]).toEqual(['application/yaml', 'apiVersion: v1\nkind: Namespace\nmetadata:\n']);
});

test('of objects that share parts', async () => {
  // One session has one translation of times, however long the two answers take.
  const session = { 'kubectl-session': 'yaml and json' };
  const { code, text } = await ask('GET', '/api/v1/namespaces/default/pods', { ...session, accept: 'application/yaml' });
  const json = await ask('GET', '/api/v1/namespaces/default/pods', session);
  expect([code, parse(text)]).toEqual([200, JSON.parse(json.text)]);
  // Older readers take times and some words for something else, unless they are in quotes.
  expect(parse(text, { version: '1.1' })).toEqual(JSON.parse(json.text));
});
