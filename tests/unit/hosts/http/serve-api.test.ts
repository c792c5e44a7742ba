import { verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { planMachines } from '../../../../src-main/engine/scenario.ts';
import { writeKubeconfig } from '../../../../src-main/hosts/http/kubeconfig.ts';
import { type ApiDoor, serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';
import { World } from '../../../../src-main/session/world.ts';

const scenario = {
  name: 'door',
  seed: 1,
  epochMs: Date.parse('2025-06-02T08:00:00Z'),
  region: 'test',
  machines: planMachines(1, 1),
  objects: [],
};
const MAPS = '/api/v1/namespaces/default/configmaps';

let lab: Lab;
let door: ApiDoor;
beforeAll(async () => {
  lab = new Lab({ scenario, playing: false });
  door = await serveApi(apiAccess(lab));
});
afterAll(async () => {
  await door.close();
  lab.close();
});

interface Answer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string | string[]>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { server, authority, token } = door.access;
  const given = { authorization: `Bearer ${token}`, ...headers };
  return new Promise((resolve, reject) => {
    const asked = request(
      `${server}${path}`,
      { method, ca: authority, headers: given, agent: false, servername: 'localhost' },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ code: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
const json = async (answer: Promise<Answer>) =>
  JSON.parse((await answer).text) as { message?: string; metadata: { name: string; creationTimestamp: string } };

describe('who may come in', () => {
  test('nobody without a token', async () => {
    const { code, text } = await ask('GET', '/api', { headers: { authorization: '' } });
    expect([code, JSON.parse(text).message]).toEqual([401, 'Unauthorized']);
  });
  test('nobody with another one', async () =>
    expect((await ask('GET', '/api', { headers: { authorization: 'Bearer x' } })).code).toBe(401));
  test('no name that only resolves to loopback', async () =>
    expect((await ask('GET', '/api', { headers: { host: 'evil.example' } })).code).toBe(421));
  test('no page of another origin', async () =>
    expect((await ask('GET', '/api', { headers: { origin: 'https://evil.example' } })).code).toBe(403));
  test('the lab itself listens on loopback alone', () => expect(door.access.server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/));
  test('who acts as another is that other', async () => {
    const answer = await ask('GET', '/api/v1/pods', { headers: { 'impersonate-user': 'bob', 'impersonate-group': ['a', 'b'] } });
    expect(JSON.parse(answer.text).message).toContain('User "bob" cannot list resource "pods"');
  });
});

describe('service accounts', () => {
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  const post = (path: string, body: object) => ask('POST', path, { body: JSON.stringify(body) });
  const tokenOf = async (name: string): Promise<string> => {
    await post(accounts, { metadata: { name } });
    return JSON.parse((await post(`${accounts}/${name}/token`, { spec: {} })).text).status.token;
  };
  const whoIs = async (token: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}` };
    const { code, text } = await ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { headers, body: '{}' });
    return code === 201 ? JSON.parse(text).status.userInfo.username : String(code);
  };
  test('a review tells whose a token is, and no log keeps it', async () => {
    const token = await tokenOf('reviewed');
    const review = async (given: string): Promise<object> =>
      JSON.parse((await post('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: given } })).text);
    expect(await review(token)).toMatchObject({
      spec: { token },
      status: { authenticated: true, user: { username: 'system:serviceaccount:default:reviewed' } },
    });
    expect(await review('x.y.z')).toMatchObject({ status: { error: 'invalid bearer token', user: {} } });
    expect(JSON.stringify(lab.world.cluster.log())).not.toContain(token);
  });
  test('anybody can check a token with the keys that the server publishes', async () => {
    const [head = '', body = '', signature = ''] = (await tokenOf('checked')).split('.');
    const configuration = JSON.parse((await ask('GET', '/.well-known/openid-configuration')).text);
    expect(configuration).toMatchObject({
      issuer: 'https://kubernetes.default.svc.cluster.local',
      jwks_uri: `${door.access.server}/openid/v1/jwks`,
      id_token_signing_alg_values_supported: ['RS256'],
    });
    const { headers, text } = await ask('GET', '/openid/v1/jwks');
    const [key] = JSON.parse(text).keys;
    expect(headers['content-type']).toBe('application/jwk-set+json');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'RS256', kid: key.kid });
    const isGood = verify('sha256', Buffer.from(`${head}.${body}`), { key, format: 'jwk' }, Buffer.from(signature, 'base64url'));
    expect(isGood).toBe(true);
  });
  test('a token for others does not open this door', async () => {
    await post(accounts, { metadata: { name: 'abroad' } });
    const { text } = await post(`${accounts}/abroad/token`, { spec: { audiences: ['vault'] } });
    expect(await whoIs(JSON.parse(text).status.token)).toBe('401');
  });
  test('a token that is bound to a pod ends with it', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    await post(accounts, { metadata: { name: 'bound' } });
    await post(pods, { metadata: { name: 'holder' }, spec: { serviceAccountName: 'bound', containers: [{ name: 'c', image: 'nginx' }] } });
    const bound = async (reference: object, name = 'bound') =>
      JSON.parse(
        (await post(`${accounts}/${name}/token`, { spec: { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', ...reference } } })).text,
      );
    const { status, spec } = await bound({ name: 'holder' });
    expect(spec.boundObjectRef).toMatchObject({ kind: 'Pod', name: 'holder' });
    expect(JSON.parse(Buffer.from(status.token.split('.')[1], 'base64url').toString())['kubernetes.io'].pod.name).toBe('holder');
    expect(await whoIs(status.token)).toBe('system:serviceaccount:default:bound');
    await ask('DELETE', `${pods}/holder?gracePeriodSeconds=0`);
    expect(await whoIs(status.token)).toBe('401');
    expect((await bound({ name: 'nobody' })).message).toBe('pods "nobody" not found');
    expect((await bound({ kind: 'Lease', name: 'x' })).message).toBe('cannot bind token to object of type /v1, Kind=Lease');
  });
  test('the token that lies in a pod follows from the seed, so that anybody could make it: it does not open this door', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const path = '/var/run/secrets/kubernetes.io/serviceaccount/token';
    await post(accounts, { metadata: { name: 'inside' } });
    const containers = [{ name: 'c', image: 'busybox', command: ['sleep', '3600'] }];
    const made = JSON.parse((await post(pods, { metadata: { name: 'inner' }, spec: { serviceAccountName: 'inside', containers } })).text);
    lab.act((cluster) => cluster.advance(cluster.timeline.nowMs + 30_000));
    const files = lab.world.cluster.filesOf(made.metadata.uid, 'c') ?? [];
    const token = files.find((file) => file.path === path)?.content ?? '';
    expect(token).toMatch(/^eyJ/);
    expect(await whoIs(token)).toBe('401');
  });
  test('the API server tells where it is reached itself', async () => {
    const slice = JSON.parse((await ask('GET', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes')).text);
    expect(slice).toMatchObject({
      endpoints: [{ addresses: ['172.18.0.2'], conditions: { ready: true } }],
      ports: [{ name: 'https', port: 6443 }],
    });
    const old = JSON.parse((await ask('GET', '/api/v1/namespaces/default/endpoints/kubernetes')).text);
    expect(old.subsets).toEqual([{ addresses: [{ ip: '172.18.0.2' }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }]);
  });
  test('come in with a token of three parts', async () => {
    const token = await tokenOf('bot');
    expect(token.split('.')).toHaveLength(3);
    expect(await whoIs(token)).toBe('system:serviceaccount:default:bot');
  });
  test('not with one that was changed', async () => {
    const [head = '', claims = '', signature = ''] = (await tokenOf('changed')).split('.');
    const other = Buffer.from(Buffer.from(claims, 'base64url').toString().replaceAll('changed', 'default')).toString('base64url');
    expect(await whoIs([head, other, signature].join('.'))).toBe('401');
  });
  test('not when the account is gone', async () => {
    const token = await tokenOf('gone');
    await ask('DELETE', `${accounts}/gone`);
    expect(await whoIs(token)).toBe('401');
  });
  test('not for less than ten minutes', async () => {
    await post(accounts, { metadata: { name: 'brief' } });
    const { text } = await post(`${accounts}/brief/token`, { spec: { expirationSeconds: 5 } });
    expect(JSON.parse(text).message).toContain('may not specify a duration less than 10 minutes');
  });
});

describe('policies of expressions', () => {
  const GROUP = '/apis/admissionregistration.k8s.io/v1';
  const post = (path: string, body: object) => ask('POST', path, { body: JSON.stringify(body) });
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'], resourceNames: ['bound'] };
  const bind = async (name: string, action: string, expression: string, more: object = {}): Promise<void> => {
    const spec = { matchConstraints: { resourceRules: [{ ...rule, resourceNames: [name] }] }, validations: [{ expression, ...more }] };
    expect((await post(`${GROUP}/validatingadmissionpolicies`, { metadata: { name }, spec })).code).toBe(201);
    const binding = { metadata: { name }, spec: { policyName: name, validationActions: [action] } };
    expect((await post(`${GROUP}/validatingadmissionpolicybindings`, binding)).code).toBe(201);
  };
  test('refuse with a Status that says which and why', async () => {
    await bind('refused', 'Deny', 'object.data.kind == "safe"', { message: 'only what is safe', reason: 'Forbidden' });
    const { code, text } = await post(MAPS, { metadata: { name: 'refused' }, data: { kind: 'wild' } });
    const why = "ValidatingAdmissionPolicy 'refused' with binding 'refused' denied request: only what is safe";
    expect(code).toBe(403);
    expect(JSON.parse(text)).toMatchObject({
      status: 'Failure',
      reason: 'Forbidden',
      message: `configmaps "refused" is forbidden: ${why}`,
      details: { name: 'refused', kind: 'configmaps', causes: [{ message: why }] },
    });
    expect((await ask('GET', `${MAPS}/refused`)).code).toBe(404);
  });
  test('warn in a header, which holds no line breaks', async () => {
    await bind('warned', 'Warn', 'has(object.data)');
    const { code, headers } = await post(MAPS, { metadata: { name: 'warned' } });
    const text = "Validation failed for ValidatingAdmissionPolicy 'warned' with binding 'warned': failed expression: has(object.data)";
    expect([code, headers['warning']]).toEqual([201, `299 - "${text}"`]);
    await bind('broken', 'Warn', 'has(object.data) &&\nfalse');
    const second = await post(MAPS, { metadata: { name: 'broken' } });
    expect([second.code, second.headers['warning']]).toEqual([201, undefined]);
  });
  test('hold those who ask in their own name', async () => {
    await bind('named', 'Deny', 'request.userInfo.username == "bob" && "a" in request.userInfo.groups');
    const given = { 'impersonate-user': 'eve', 'impersonate-group': ['a', 'system:masters'] };
    const body = JSON.stringify({ metadata: { name: 'named' } });
    expect((await ask('POST', MAPS, { headers: given, body })).code).toBe(422);
    expect((await ask('POST', MAPS, { headers: { ...given, 'impersonate-user': 'bob' }, body })).code).toBe(201);
  });
});

describe('bodies', () => {
  const body = JSON.stringify({ metadata: { name: 'a' } });
  test('JSON without a type', async () => expect((await ask('POST', MAPS, { body })).code).toBe(201));
  test('YAML', async () =>
    expect((await ask('POST', MAPS, { body: 'metadata: {name: b}', headers: { 'content-type': 'application/yaml' } })).code).toBe(201));
  test('another form', async () => expect((await ask('POST', MAPS, { body, headers: { 'content-type': 'text/plain' } })).code).toBe(415));
  test('no JSON', async () => expect((await ask('POST', MAPS, { body: '{' })).code).toBe(400));
  test('no protobuf', async () =>
    expect((await ask('POST', MAPS, { body: '{}', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' } })).code).toBe(400));
  test('too much', async () => {
    const answer = await json(ask('POST', MAPS, { body: Buffer.alloc(3 * 1024 * 1024 + 1, 32) }));
    expect(answer.message).toBe('Request entity too large: limit is 3145728');
  });
  test('a path that is no text', async () => expect((await ask('GET', '/api/v1/%zz')).code).toBe(400));
  test('what is told in a warning', async () => {
    const { headers } = await ask('POST', `${MAPS}?dryRun=All`, { body: JSON.stringify({ metadata: { name: 'c' }, dota: 1 }) });
    expect(headers['warning']).toBe('299 - "unknown field \\"dota\\""');
  });
});

describe('what goes out', () => {
  test('times are of the client: the lab of 2025 made this just now', async () => {
    await ask('POST', MAPS, { body: JSON.stringify({ metadata: { name: 'timed' } }) });
    const { metadata } = await json(ask('GET', `${MAPS}/timed`));
    const ageMs = Date.now() - Date.parse(metadata.creationTimestamp);
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThan(60_000);
  });
  test('writes are commands of the world, reads are not', async () => {
    const count = (): number => lab.world.cluster.log().length;
    const before = count();
    await ask('GET', MAPS);
    expect(count()).toBe(before);
    await ask('POST', MAPS, { body: JSON.stringify({ metadata: { name: 'logged' } }) });
    expect(lab.world.cluster.log().at(-1)?.command).toMatchObject({ type: 'request', request: { method: 'POST', path: MAPS } });
  });
  test('a document whose address holds its hash may be kept', async () => {
    const index = JSON.parse((await ask('GET', '/openapi/v3')).text) as { paths: Record<string, { serverRelativeURL: string }> };
    const { headers } = await ask('GET', index.paths['api/v1']?.serverRelativeURL ?? '');
    expect(headers['cache-control']).toContain('immutable');
  });
  test('OpenAPI v2 is protobuf for those who ask for it, and JSON for the others', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const { headers, text } = await ask('GET', '/openapi/v2', { headers: { accept } });
    expect([headers['content-type'], text.startsWith('\n\x032.0\x12\x15\n\nKubernetes\x12\x07v1.33.0')]).toEqual([
      'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      true,
    ]);
    expect(JSON.parse((await ask('GET', '/openapi/v2')).text)).toMatchObject({ swagger: '2.0' });
  });
  test('a watch streams lines until its time is over', async () => {
    const { text, headers } = await ask('GET', `${MAPS}?watch=true&fieldSelector=metadata.name%3Dkube-root-ca.crt&timeoutSeconds=1`);
    expect(headers['transfer-encoding']).toBe('chunked');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['ADDED']);
  });
  test('a watch of what is on its way out says so', async () => {
    const { headers } = await ask('GET', '/api/v1/namespaces/default/endpoints?watch=true&timeoutSeconds=1');
    expect(headers['warning']).toBe('299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"');
  });
  test('a watch over a WebSocket, as dashboards open it', async () => {
    const { server, authority, token } = door.access;
    const protocols = [`base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`, 'base64.binary.k8s.io'];
    const path = `${MAPS}?watch=true&fieldSelector=metadata.name%3Dkube-root-ca.crt`;
    const socket = new WebSocket(`${server.replace('https', 'wss')}${path}`, protocols, { ca: authority });
    const message = await new Promise<string>((resolve, reject) => {
      socket.on('message', (data) => resolve(data.toString()));
      socket.on('error', reject);
    });
    expect([socket.protocol, JSON.parse(message)]).toMatchObject([
      'base64.binary.k8s.io',
      { type: 'ADDED', object: { kind: 'ConfigMap' } },
    ]);
    socket.close();
  });
  test('a world that is replaced ends its watches', async () => {
    const watching = ask('GET', `${MAPS}?watch=true`);
    await ask('GET', '/readyz');
    lab.replace(new World(lab.world.cluster.fork()));
    expect((await watching).code).toBe(200);
  });
});

test('the kubeconfig is for its owner alone, whatever was there before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-'));
  const path = join(folder, 'config');
  try {
    writeFileSync(path, 'old', { mode: 0o644 });
    writeKubeconfig(path, door.access);
    expect(statSync(path).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
    expect(readFileSync(path, 'utf8')).toContain(`server: ${door.access.server}`);
    writeKubeconfig(path, { ...door.access, token: 'another' });
    expect(readFileSync(path, 'utf8')).toContain('token: another');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a kubeconfig that leads to other clusters is left as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-'));
  const path = join(folder, 'config');
  const theirs = 'apiVersion: v1\nkind: Config\nclusters:\n- cluster: { server: https://example.org }\n  name: work\n';
  try {
    writeFileSync(path, theirs);
    expect(() => writeKubeconfig(path, door.access)).toThrow('it leads to other clusters than the lab');
    expect(readFileSync(path, 'utf8')).toBe(theirs);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
