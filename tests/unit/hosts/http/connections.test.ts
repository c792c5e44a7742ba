// Connections themselves, below any request: versions and protocols of TLS, many requests in one, names of other hosts, offers to speak otherwise, readers that do not read.
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiDoor, serveApi } from '../../../../src-main/hosts/http/serve-api.ts';
import { apiAccess } from '../../../../src-main/session/api-access.ts';
import { Lab } from '../../../../src-main/session/lab.ts';
import { builtInScenario } from '../../../../src-main/session/scenarios.ts';

const lab = new Lab({ scenario: builtInScenario('empty', 1, { zones: 1, workers: 1 }), playing: false });
const access = apiAccess(lab);
const MAPS = '/api/v1/namespaces/default/configmaps';
const ADMIN = { name: 'admin', groups: ['system:masters'] };
let door: ApiDoor;
beforeAll(async () => {
  door = await serveApi(access);
});
afterAll(async () => {
  await door.close();
  lab.close();
});

function opened(options: { ALPNProtocols?: string[]; minVersion?: SecureVersion; maxVersion?: SecureVersion } = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(door.access.server);
  return new Promise((resolve, reject) => {
    const place = { host: hostname, port: Number(port), ca: door.access.authority, servername: 'localhost' };
    const socket = connect({ ...place, ...options }, () => resolve(socket));
    socket.on('error', reject);
  });
}

/** `/path` as somebody with a token asks for it. */
const get = (path: string, more: readonly string[] = [], host = new URL(door.access.server).host): string =>
  `${[`GET ${path} HTTP/1.1`, `Host: ${host}`, `Authorization: Bearer ${door.access.token}`, ...more].join('\r\n')}\r\n\r\n`;

/** The codes of so many answers to what is written at once. */
async function codes(text: string, count = 1): Promise<readonly string[]> {
  const socket = await opened();
  let seen = '';
  const found = (): string[] => Array.from(seen.matchAll(/HTTP\/1\.1 (\d+)/g), ([, code]) => code ?? '');
  await new Promise<void>((resolve) => {
    socket.on('data', (part: Buffer) => {
      seen += part.toString();
      if (found().length >= count) resolve();
    });
    socket.on('close', () => resolve());
    socket.write(text);
  });
  socket.destroy();
  return found();
}

describe('TLS', () => {
  test('who can speak HTTP/2 speaks HTTP/1.1 here, as Go clients fall back to', async () => {
    const socket = await opened({ ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });
  test('who speaks nothing else is told so', () =>
    expect(opened({ ALPNProtocols: ['h2'] })).rejects.toThrow(/no application protocol|ECONNRESET/));
  test('versions from 1.2 on', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await opened({ minVersion: version, maxVersion: version });
      expect(socket.getProtocol()).toBe(version);
      socket.destroy();
    }
  });
});

describe('requests', () => {
  const check = async (text: string, ...expected: readonly string[]) => expect(await codes(text, expected.length)).toEqual(expected);
  test('many in one piece are answered in their order', () =>
    check(['/version', '/nothing', '/readyz', '/api/v1/nodes/nobody'].map((path) => get(path)).join(''), '200', '404', '200', '404'));
  test('bytes that are none', () => check('hello\r\n\r\n', '400'));
  test('two lengths of one body', () =>
    check(get('/version', ['Content-Length: 5', 'Transfer-Encoding: chunked']).replace('GET', 'POST'), '400'));
  test('two hosts', () => check(get('/version', ['Host: evil.example']), '400'));
  test('another host in the address', () => check(get('https://evil.example/version'), '421'));
  test('the own host in the address', () => check(get(`${door.access.server}/version`), '200'));
  test('another host in the header', () => check(get('/version', [], 'evil.example'), '421'));
  test('a path that looks like a host', () => check(get('//evil.example/version'), '404'));
  test('an address that is too long', () => check(get(`/version?${'a'.repeat(40_000)}`), '431'));
  test('an offer of HTTP/2 is not taken up', () => check(get('/version', ['Connection: Upgrade', 'Upgrade: h2c']), '200'));
  test('nor one of a WebSocket where nothing streams', () =>
    check(
      get('/api/v1/nodes', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAA']),
      '200',
    ));
  test('a WebSocket without its key', () => check(get(`${MAPS}?watch=1`, ['Connection: Upgrade', 'Upgrade: websocket']), '400'));
});

test('a watcher that does not read is let go, and nobody else waits for it', async () => {
  const watcher = await opened();
  watcher.write(get(`${MAPS}?watch=true`));
  await new Promise((resolve) => watcher.once('data', resolve));
  watcher.pause();
  const gone = new Promise<void>((resolve) => watcher.once('close', () => resolve()));
  const write = (method: string, path: string, value: string): number => {
    const body = { metadata: { name: 'large' }, data: { value } };
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : '';
    return access.answer({ method, path, query: [], accept: '', contentType, body, user: ADMIN, agent: '' }).code;
  };
  expect(write('POST', MAPS, '')).toBe(201);
  // More than may wait in the lab and in the buffers of two sockets.
  for (let count = 0; count < 40; count += 1) {
    expect(write('PATCH', `${MAPS}/large`, `${count}${'x'.repeat(1_000_000)}`)).toBe(200);
    if (count % 8 === 0) expect(await codes(get('/readyz'))).toEqual(['200']);
  }
  watcher.resume();
  await gone;
});
