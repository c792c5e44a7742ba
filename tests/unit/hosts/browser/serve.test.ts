import { request } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Host, serve } from '../../../../src-main/hosts/browser/serve.ts';
import type { LabHost } from '../../../../src-main/session/lab-host.ts';

/** A lab that says every message back. */
const echo: LabHost = {
  openSession: (send) => ({ receive: (text) => send(`you said ${String(text)}`), close: () => undefined }),
  close: () => undefined,
};

let host: Host;
beforeAll(async () => {
  host = await serve(echo, { root: fileURLToPath(new URL('../../../../src-renderer', import.meta.url)) });
});
afterAll(() => host.close());

const authority = (): string => new URL(host.origin).host;

function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
    request(`${host.origin}${path}`, { headers, method }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}

function dial(options: { origin?: string; token?: string; host?: string; path?: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${authority()}${options.path ?? '/lab'}`, [`token.${options.token ?? host.token}`], {
      origin: options.origin ?? host.origin,
      ...(options.host ? { headers: { host: options.host } } : {}),
    });
    socket.on('open', () => socket.send('hello'));
    socket.on('message', (data) => {
      socket.close();
      resolve(String(data));
    });
    socket.on('error', (error) => resolve(error.message));
  });
}

async function check(path: string, expected: number, headers?: Record<string, string>, method?: string): Promise<void> {
  expect((await get(path, headers, method)).status).toBe(expected);
}

test('serves the page with its policy, to its own name only', async () => {
  const { headers } = await get('/');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://${authority()}`);
  await check('/', 200);
  await check('/', 421, { host: 'evil.example' });
  await check('/', 421, { host: `localhost:${new URL(host.origin).port}` });
  await check('/', 403, { 'sec-fetch-site': 'cross-site' });
  await check('/', 403, { 'sec-fetch-site': 'same-site' });
  await check('/', 405, {}, 'POST');
});

test.each([
  ['/../package.json', 404],
  ['/%2e%2e/package.json', 404],
  ['/..%2fpackage.json', 404],
  ['/..%5cpackage.json', 404],
  ['/app/main.ts', 404],
  ['/%00.html', 404],
  ['/%', 400],
])('does not serve %s', (path, status) => check(path, status));

test('a socket needs the token, the origin, the host name and the path', async () => {
  expect(await dial({})).toBe('you said hello');
  expect(await dial({ token: 'x'.repeat(43) })).toContain('403');
  expect(await dial({ token: '' })).toContain('403');
  expect(await dial({ origin: 'https://evil.example' })).toContain('403');
  expect(await dial({ host: 'evil.example' })).toContain('403');
  expect(await dial({ path: '/other' })).toContain('403');
});

/** Asks for an upgrade with this target, as any program or page on the machine can; the first line of the answer. */
function knock(target: string, breaksOff = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(host.origin).port), '127.0.0.1', () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: ${authority()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      if (breaksOff) setImmediate(() => socket.resetAndDestroy());
    });
    socket.on('data', (data) => resolve(String(data).split('\r\n')[0] ?? ''));
    socket.on('error', () => {}).on('close', () => resolve('broken off'));
  });
}

test('whoever is refused cannot end the program: by an address that is none, or by breaking off', async () => {
  await check('//', 400);
  expect(await knock('//')).toBe('HTTP/1.1 403 Forbidden');
  for (let time = 0; time < 30; time += 1) await knock('/lab', true);
  expect(await dial({})).toBe('you said hello');
});

test('a snapshot of tens of megabytes passes', async () => {
  const text = 'x'.repeat(48 * 1024 * 1024);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = new WebSocket(`ws://${authority()}/lab`, [`token.${host.token}`], { origin: host.origin });
    socket.on('open', () => socket.send(text));
    socket.on('message', (data) => {
      socket.close();
      resolve(String(data));
    });
    socket.on('error', reject);
  });
  expect(answer.length).toBe(text.length + 'you said '.length);
});

test('the token is in the fragment of the address alone, and new for each host', async () => {
  const other = await serve(echo);
  await other.close();
  expect(other.token).not.toBe(host.token);
  expect(host.token).toHaveLength(43);
  expect(host.url).toBe(`${host.origin}/#token=${host.token}`);
});

test('a port in use is an error, not another port', async () => {
  await expect(serve(echo, { port: Number(new URL(host.origin).port) })).rejects.toThrow('EADDRINUSE');
});

test('the host hears when its last window has closed', async () => {
  let idle = (): void => {};
  const done = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const other = await serve(echo, { idleAfterMs: 1, onIdle: idle });
  const socket = new WebSocket(`ws://${new URL(other.origin).host}/lab`, [`token.${other.token}`], { origin: other.origin });
  socket.on('open', () => socket.close());
  await done;
  await other.close();
});
