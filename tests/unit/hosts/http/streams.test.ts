// Streams into pods in every form in which clients open them: SPDY, as kubectl before 1.30 and k9s do, and WebSockets of browsers and of other languages.
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ApiDoor, serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';
import { SpdyHeaders, spdyData, spdyFrame } from '../../../support/spdy-client.ts';

const lab = new Lab({ scenario: builtInScenario('empty', 1, { zones: 1, workers: 1 }), playing: false });
const access = apiAccess(lab);
let door: ApiDoor;
const PODS = '/api/v1/namespaces/default/pods';
const BOX = `${PODS}/box`;
const ADMIN = { name: 'admin', groups: ['system:masters'] };
const FIN = 1;

function post(path: string, body: object): number {
  return access.answer({ method: 'POST', path, query: [], accept: '', contentType: '', body: body as never, user: ADMIN, agent: '' }).code;
}

beforeAll(async () => {
  door = await serveApi(access);
  const pod = (name: string, container: object): object => ({ metadata: { name }, spec: { containers: [{ name: 'c', ...container }] } });
  expect(post(PODS, pod('box', { image: 'busybox:1.37', command: ['sh', '-c', 'echo spoken; sleep 3600'] }))).toBe(201);
  expect(post(PODS, pod('web', { image: 'nginx:1.28', ports: [{ containerPort: 80 }] }))).toBe(201);
  expect(post(PODS, pod('shell', { image: 'busybox:1.37', command: ['sh'], stdin: true, stdinOnce: true }))).toBe(201);
  lab.act((cluster) => cluster.advance(60_000, 1_000_000));
});
afterAll(async () => {
  await door.close();
  lab.close();
});

/** What is answered to the head of a request, and the connection; the rest of what comes is collected. */
function upgrade(method: string, path: string, headers: readonly string[]): Promise<{ head: string; socket: TLSSocket; rest: Buffer[] }> {
  const { hostname, port } = new URL(door.access.server);
  const socket = connect({ host: hostname, port: Number(port), ca: door.access.authority, servername: 'localhost' });
  const given = [`Host: ${hostname}:${port}`, `Authorization: Bearer ${door.access.token}`, 'Connection: Upgrade', ...headers];
  socket.write(`${method} ${path} HTTP/1.1\r\n${given.join('\r\n')}\r\n\r\n`);
  const rest: Buffer[] = [];
  let seen = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    const collect = (bytes: Buffer): void => {
      seen = Buffer.concat([seen, bytes]);
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', collect);
      rest.push(seen.subarray(end + 4));
      socket.on('data', (more: Buffer) => rest.push(more));
      resolve({ head: seen.toString('latin1', 0, end), socket, rest });
    };
    socket.on('data', collect);
  });
}
/** Waits until the stream has said something; what all of them said. */
async function told(socket: TLSSocket, rest: readonly Buffer[], stream: number): Promise<ReadonlyMap<number, string>> {
  for (;;) {
    const data = spdyData(Buffer.concat(rest));
    if (data.has(stream)) {
      socket.destroy();
      return data;
    }
    await new Promise((resolve) => socket.once('data', resolve));
  }
}
const SPDY = ['Upgrade: SPDY/3.1', 'X-Stream-Protocol-Version: v5.channel.k8s.io, v4.channel.k8s.io'];

/** Opens streams of these kinds, sends the input, and waits for the status; what came, by kind. */
async function overSpdy(path: string, kinds: readonly string[], input?: string): Promise<Readonly<Record<string, string>>> {
  const { head, socket, rest } = await upgrade('POST', path, SPDY);
  expect(head).toMatch(/^HTTP\/1\.1 101 [\s\S]*X-Stream-Protocol-Version: v4\.channel\.k8s\.io$/m);
  const headers = new SpdyHeaders();
  const idOf = (kind: string): number => 2 * kinds.indexOf(kind) + 1;
  for (const kind of kinds) socket.write(await headers.open(idOf(kind), { streamtype: kind }));
  if (input !== undefined) socket.write(spdyFrame(idOf('stdin'), FIN, Buffer.from(input)));
  const data = await told(socket, rest, idOf('error'));
  return Object.fromEntries(kinds.map((kind) => [kind, data.get(idOf(kind)) ?? '']).filter(([, text]) => text !== ''));
}

describe('SPDY', () => {
  const success = '{"metadata":{},"status":"Success"}';
  test('a command', async () =>
    expect(await overSpdy(`${BOX}/exec?command=echo&command=hi&stdout=true&stderr=true`, ['error', 'stdout', 'stderr'])).toEqual({
      error: success,
      stdout: 'hi\n',
    }));
  test('one that reads its input to the end', async () =>
    expect(await overSpdy(`${BOX}/exec?command=cat&stdin=true&stdout=true`, ['error', 'stdin', 'stdout'], 'typed\n')).toEqual({
      error: success,
      stdout: 'typed\n',
    }));
  test('one that fails', async () => {
    const { error, stderr } = await overSpdy(`${BOX}/exec?command=cat&command=/none&stdout=true&stderr=true`, [
      'error',
      'stdout',
      'stderr',
    ]);
    expect(stderr).toContain("can't open '/none'");
    expect(JSON.parse(error ?? '').details.causes).toEqual([{ reason: 'ExitCode', message: '1' }]);
  });
  test('the process of a container', async () =>
    expect(await overSpdy(`${PODS}/shell/attach?stdin=true&stdout=true`, ['error', 'stdin', 'stdout'], 'echo attached\n')).toEqual({
      error: success,
      stdout: 'attached\n',
    }));
  test('a port', async () => {
    const { socket, rest } = await upgrade('POST', `${PODS}/web/portforward`, [
      SPDY[0] ?? '',
      'X-Stream-Protocol-Version: portforward.k8s.io',
    ]);
    const headers = new SpdyHeaders();
    for (const [stream, streamtype] of [
      [1, 'error'],
      [3, 'data'],
    ] as const)
      socket.write(await headers.open(stream, { streamtype, port: '80', requestid: '0' }, streamtype === 'error' ? FIN : 0));
    socket.write(spdyFrame(3, 0, Buffer.from('GET /path HTTP/1.1\r\n\r\n')));
    expect((await told(socket, rest, 1)).get(3)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*nginx in pod web answers GET \/path/);
  });

  const refused = async (path: string, headers: readonly string[], expected: string): Promise<void> => {
    const { head, socket, rest } = await upgrade('POST', path, headers);
    socket.destroy();
    expect(`${head.split(' ')[1]} ${JSON.parse(Buffer.concat(rest).toString()).message}`).toBe(expected);
  };
  test('to a pod that is none', () => refused(`${PODS}/nobody/exec?command=ls`, SPDY, '404 pods "nobody" not found'));
  test('of protocols that nobody speaks', () =>
    refused(
      `${BOX}/exec?command=ls`,
      [SPDY[0] ?? '', 'X-Stream-Protocol-Version: v9'],
      '403 unable to upgrade: unable to negotiate protocol: client supports [v9], server accepts [v4.channel.k8s.io]',
    ));
  test('of no protocol', () =>
    refused(
      `${BOX}/exec?command=ls`,
      [SPDY[0] ?? ''],
      '400 unable to upgrade: header X-Stream-Protocol-Version does not exist in request with 4 headers',
    ));
  test('without SPDY or a WebSocket', async () => {
    const { head, socket, rest } = await upgrade('POST', `${BOX}/exec?command=ls`, ['Content-Length: 0', 'Accept: */*']);
    socket.destroy();
    expect(`${head.split(' ')[1]} ${JSON.parse(Buffer.concat(rest).toString()).message}`).toBe('400 Upgrade request required');
  });
});

/** All messages until the server closes, as text; with the protocol that was agreed on. */
async function overWebSocket(path: string, protocols: readonly string[], send?: (socket: WebSocket) => void): Promise<readonly string[]> {
  const headers = { authorization: `Bearer ${door.access.token}` };
  const socket = new WebSocket(`${door.access.server.replace('https', 'wss')}${path}`, [...protocols], {
    ca: door.access.authority,
    headers,
  });
  const found: string[] = [];
  socket.on('message', (data, isBinary) => found.push(`${isBinary ? 'bytes' : 'text'} ${data.toString('latin1' as never)}`));
  if (send !== undefined) socket.on('open', () => send(socket));
  await new Promise((resolve, reject) => {
    socket.on('close', resolve);
    socket.on('error', reject);
  });
  return [socket.protocol, ...found];
}

describe('WebSockets', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  test('a log for a browser, as Headlamp reads it', async () =>
    expect(await overWebSocket(`${BOX}/log?container=c&follow=false&tailLines=100`, ['base64.binary.k8s.io'])).toEqual([
      'base64.binary.k8s.io',
      'text ',
      `text ${base64('spoken\n')}`,
    ]));
  test('a log in bytes', async () =>
    expect(await overWebSocket(`${BOX}/log`, ['binary.k8s.io'])).toEqual(['binary.k8s.io', 'bytes ', 'bytes spoken\n']));
  test('a command in base64, as Rancher asks: a number and what it says', async () =>
    expect(await overWebSocket(`${BOX}/exec?command=echo&command=hi&stdout=1`, ['base64.channel.k8s.io'])).toEqual([
      'base64.channel.k8s.io',
      'text 1',
      `text 1${base64('hi\n')}`,
    ]));
  test('a command for a dashboard that offers many', async () =>
    expect(
      await overWebSocket(`${BOX}/exec?command=echo&command=hi&stdout=1`, ['base64.binary.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io']),
    ).toEqual(['v4.channel.k8s.io', 'bytes \u0001', 'bytes \u0001hi\n', 'bytes \u0003{"metadata":{},"status":"Success"}']));
  test('nothing is told to a client before it reads, which is when it answers a ping', async () => {
    const url = `${door.access.server.replace('https', 'wss')}${BOX}/exec?command=echo&command=hi&stdout=1`;
    const headers = { authorization: `Bearer ${door.access.token}` };
    const socket = new WebSocket(url, ['v5.channel.k8s.io'], { ca: door.access.authority, headers, autoPong: false });
    const found: string[] = [];
    socket.on('message', (data) => found.push(data.toString()));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    // The command has run before the server answers another client.
    await new Promise((resolve) => socket.once('ping', resolve));
    await overWebSocket(`${BOX}/log`, ['binary.k8s.io']);
    expect(found).toEqual([]);
    socket.pong();
    await closed;
    expect(found).toEqual(['\u0001', '\u0001hi\n', '\u0003{"metadata":{},"status":"Success"}']);
  });
  test('a port, as clients in other languages forward it', async () => {
    const request = Buffer.concat([Buffer.from([0]), Buffer.from('POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi')]);
    const [protocol, data, errors, answer] = await overWebSocket(`${PODS}/web/portforward?ports=80`, ['v4.channel.k8s.io'], (socket) => {
      socket.send(request.subarray(0, 30));
      socket.send(Buffer.concat([Buffer.from([0]), request.subarray(30)]));
    });
    expect([protocol, data, errors]).toEqual(['v4.channel.k8s.io', 'bytes \u0000P\u0000', 'bytes \u0001P\u0000']);
    expect(answer).toMatch(/^bytes \0HTTP\/1\.1 200 OK[\s\S]*nginx in pod web answers POST \//);
  });
  test('a port that nobody listens on', async () => {
    const [, , , error] = await overWebSocket(`${PODS}/web/portforward?ports=81`, ['v4.channel.k8s.io'], (socket) =>
      socket.send(Buffer.concat([Buffer.from([0]), Buffer.from('GET / HTTP/1.1\r\n\r\n')])),
    );
    expect(error).toContain('connect: connection refused');
  });
});

describe('who may open a stream', () => {
  const ROLES = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  beforeAll(() => {
    for (const verb of ['get', 'create']) {
      const rules = [{ apiGroups: [''], resources: ['pods/exec'], verbs: [verb] }];
      expect(post(`${ROLES}/roles`, { metadata: { name: verb }, rules })).toBe(201);
      const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: `may-${verb}` }];
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: verb };
      expect(post(`${ROLES}/rolebindings`, { metadata: { name: verb }, roleRef, subjects })).toBe(201);
    }
  });
  const check = async (method: string, user: string, expected: string): Promise<void> => {
    const form =
      method === 'POST' ? SPDY : ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    const { head, socket } = await upgrade(method, `${BOX}/exec?command=ls&stdout=true`, [...form, `Impersonate-User: ${user}`]);
    socket.destroy();
    expect(head.split(' ')[1]).toBe(expected);
  };
  test('SPDY is a POST, and creates', () => check('POST', 'may-create', '101'));
  test('which is not getting', () => check('POST', 'may-get', '403'));
  test('a WebSocket is a GET, and gets', () => check('GET', 'may-get', '101'));
  test('which is not creating: kubectl tries SPDY then', () => check('GET', 'may-create', '403'));
});
