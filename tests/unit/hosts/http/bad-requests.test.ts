// Anything at all may come through the door: it is answered as upstream would, changes nothing, and the lab goes on.
import { Agent, request } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../../../src-main/engine/base/random.ts';
import { planMachines } from '../../../../src-main/engine/scenario.ts';
import { type ApiDoor, serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';

const scenario = {
  name: 'door',
  seed: 1,
  epochMs: Date.parse('2025-06-02T08:00:00Z'),
  region: 'test',
  machines: planMachines(1, 1),
  objects: [],
};
const lab = new Lab({ scenario, playing: false });
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const complaints = vi.spyOn(console, 'error');
let door: ApiDoor;
beforeAll(async () => {
  door = await serveApi(apiAccess(lab));
});
afterAll(async () => {
  agent.destroy();
  await door.close();
  lab.close();
});

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function send({ method, path, headers, body }: Sent): Promise<{ code: number; text: string }> {
  const { hostname, port } = new URL(door.access.server);
  const given = { authorization: `Bearer ${door.access.token}`, ...headers };
  const options = { host: hostname, port, method, path, headers: given, ca: door.access.authority, servername: 'localhost', agent };
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];
const PATHS = [
  ...['/', '/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1', '/apis/none/v1', '/openapi/v3/../../etc', '/metrics', '/%2e%2e/%00'],
  ...['/api/v1/pods', '/api/v1/namespaces/default/pods', '/api/v1/namespaces/default/pods/x', '/api/v1/namespaces/none/pods/x/log'],
  ...['/api/v1/namespaces/default/pods/x/exec', '/api/v1/namespaces/default/pods/x/eviction', '/api/v1/namespaces/default/pods/x/attach'],
  ...['/api/v1/nodes/worker-1/status', '/api/v1/namespaces/default/configmaps', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt'],
  ...[
    '/apis/apps/v1/namespaces/default/deployments',
    '/apis/apps/v1/namespaces/default/deployments/x/scale',
    '/api/v1/namespaces/default/finalize',
  ],
  ...['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
  ...[
    '/api/v1/namespaces/default/serviceaccounts/default/token',
    '/api/v1/namespaces/default/bindings',
    '//api//v1//pods',
    '/api/v1/pods/a/b/c/d/e',
  ],
];
const QUERIES = [
  ...[
    '',
    '?limit=-1',
    '?limit=x&continue=zzzz',
    '?labelSelector=a in (b',
    '?labelSelector=!!',
    '?fieldSelector=nope=1',
    '?fieldSelector=a===',
  ],
  ...['?resourceVersion=abc', '?resourceVersion=99999999999', '?dryRun=Some', '?fieldValidation=Maybe', '?fieldManager=', '?force=true'],
  ...[
    '?timeoutSeconds=x',
    '?watch=0&limit=1',
    '?propagationPolicy=Never',
    '?pretty=true&x=%ff',
    '?container=&command=&command=',
    '?tailLines=-3&sinceTime=x',
  ],
].map((query) => query.replaceAll(' ', '%20'));
const TYPES = [
  ...[
    'application/json',
    'application/yaml',
    'application/vnd.kubernetes.protobuf',
    'application/merge-patch+json',
    'application/json-patch+json',
  ],
  ...['application/strategic-merge-patch+json', 'application/apply-patch+yaml', 'text/html', 'multipart/form-data; boundary=x', ''],
];
const BODIES = [
  ...[
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '1e999',
    '{"metadata":null}',
    '{"metadata":{"name":[]}}',
    '{"kind":"Pod","apiVersion":"v9","metadata":{"name":"x"}}',
  ],
  ...[
    '{"metadata":{"name":"x","finalizers":"a"},"spec":{"containers":{}}}',
    '{"spec":{"replicas":"many"}}',
    '{"__proto__":{"a":1},"constructor":{}}',
  ],
  ...[
    '[{"op":"replace","path":"/a/b/c","value":1}]',
    '[{"op":"move","from":"","path":"/x"}]',
    '[{"op":"copy"}]',
    '{"$patch":"replace","spec":{"$retainKeys":1}}',
  ],
  ...[
    'a: [1, 2',
    'a: &a [*a]',
    'a: &a [*a, *a, *a]',
    'x: !!js/function "y"',
    '---\n---\n',
    `${'['.repeat(5_000)}`,
    `{"a":${'{"a":'.repeat(2_000)}1${'}'.repeat(2_001)}`,
  ],
  ...['k8s\0', 'k8s\0\x0a\xff\xff\xff\xff\x0f', 'k8s\0\x0a\x04\x0a\x02v1\x12\x02\xff\xff', '\0\0\0\0'],
];

/** What a careless or hostile client might send. */
function anything(random: Random): Sent {
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const type = one(TYPES);
  const bytes = Buffer.from(one(BODIES), 'latin1');
  const cut = random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
  const accept = one(['application/json', '*/*', 'image/png', 'application/json;as=Table;v=v9;g=x', 'q=', ';;;']);
  return {
    method: one(METHODS),
    path: `${one(PATHS)}${one(QUERIES)}`,
    headers: { accept, 'content-length': String(cut.length), ...(type === '' ? {} : { 'content-type': type }) },
    body: cut,
  };
}

test('whatever is sent is answered, and what is refused changes nothing', async () => {
  const random = Random.seeded(2026);
  const faults: string[] = [];
  for (let count = 0; count < 1_200; count += 1) {
    const sent = anything(random);
    const before = lab.world.cluster.store.revision;
    const { code, text } = await send(sent);
    const said = `${sent.method} ${sent.path} ${sent.headers['content-type'] ?? ''} ${JSON.stringify(sent.body.toString('latin1').slice(0, 60))}: ${code} ${text.slice(0, 160)}`;
    if (code >= 500 && code !== 504) faults.push(said);
    if (code >= 400 && lab.world.cluster.store.revision !== before) faults.push(`changed: ${said}`);
    if (code >= 400 && sent.method !== 'HEAD' && JSON.parse(text).kind !== 'Status') faults.push(`no Status: ${said}`);
  }
  expect(faults).toEqual([]);
  expect(complaints.mock.calls).toEqual([]);
});

test('too much of anything', async () => {
  const post = (body: Buffer, headers: Record<string, string> = {}): Promise<{ code: number; text: string }> =>
    send({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  // Much of it is still under way when it is known to be too much; the connection goes on all the same.
  for (const bytes of [3_200_000, 12_000_000, 3_200_000])
    await expect(post(Buffer.alloc(bytes, 'a'))).resolves.toMatchObject({ code: 413 });
  await expect(post(Buffer.alloc(60_000_000, 'a'))).rejects.toThrow(/ECONNRESET|EPIPE|socket hang up/);
  const bomb = `a: &a [x,x,x,x,x,x,x,x]\n${Array.from('bcdefghi', (name, index) => `${name}: &${name} [${Array(8).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}\n`;
  await expect(post(Buffer.from(bomb), { 'content-type': 'application/yaml' })).resolves.toMatchObject({ code: 400 });
  await expect(post(Buffer.from('{}'), { 'x-long': 'a'.repeat(40_000) })).resolves.toMatchObject({ code: 431 });
});

test('bad tokens', async () => {
  const codes: number[] = [];
  for (const token of ['', 'x', 'a.b.c', `${door.access.token}x`, 'eyJhbGciOiJub25lIn0.e30.', 'ÿ'.repeat(20)]) {
    const { code } = await send({
      method: 'GET',
      path: '/api/v1/nodes',
      headers: { authorization: `Bearer ${token}` },
      body: Buffer.alloc(0),
    });
    codes.push(code);
  }
  expect(codes).toEqual([401, 401, 401, 401, 401, 401]);
});

test('connections that are left half open do not stay', async () => {
  const { hostname, port } = new URL(door.access.server);
  const opened = Array.from({ length: 20 }, (_, index) => {
    const socket = connect({ host: hostname, port: Number(port), ca: door.access.authority, servername: 'localhost' });
    const head = `GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${door.access.token}\r\n`;
    socket.on('error', () => undefined);
    socket.write(index % 2 === 0 ? head : `${head}\r\n`);
    return new Promise<void>((resolve) => {
      setTimeout(() => {
        socket.destroy();
        resolve();
      }, 50);
    });
  });
  await Promise.all(opened);
  await expect(send({ method: 'GET', path: '/readyz', headers: {}, body: Buffer.alloc(0) })).resolves.toMatchObject({
    code: 200,
    text: 'ok',
  });
});

test('sockets to where there is nothing are refused in words', async () => {
  const refused = async (path: string, protocol: string): Promise<string> => {
    const headers = { authorization: `Bearer ${door.access.token}` };
    const socket = new WebSocket(`${door.access.server.replace('https', 'wss')}${path}`, protocol, {
      ca: door.access.authority,
      headers,
    });
    return new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => {
        response.on('data', (data: Buffer) => resolve(`${response.statusCode}: ${JSON.parse(data.toString()).message}`));
      });
      socket.on('error', () => undefined);
    });
  };
  const pod = '/api/v1/namespaces/default/pods/nobody';
  expect(await refused(`${pod}/exec?command=ls`, 'v5.channel.k8s.io')).toBe('404: pods "nobody" not found');
  expect(await refused(`${pod}/attach`, 'v5.channel.k8s.io')).toBe('404: pods "nobody" not found');
  expect(await refused('/api/v1/namespaces/default/configmaps/x/exec', 'v5.channel.k8s.io')).toBe(
    '404: the server could not find the requested resource',
  );
});
