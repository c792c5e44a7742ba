/**
 * The browser host: the same lab and the same renderer in plain Node on loopback, for a machine without Electron's binary.
 * Other programs and other web pages on the machine can reach a loopback port too, hence the token and the checks of Host and Origin.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { LAB_ENDED, MAX_MESSAGE } from '../../contract/bridge.ts';
import type { LabHost, RequestHandlers } from '../../session/lab-host.ts';
import { rendererFile } from '../files/renderer-file.ts';

export interface HostOptions {
  port?: number;
  /** Directory of the built renderer. */
  root?: string;
  /** Development only: the page comes from this Vite server, which proxies /lab to us. */
  dev?: { origin: string; token: string };
  /** Milliseconds without any window after the last one closed before `onIdle`; a reload is faster than that. */
  idleAfterMs?: number;
  onIdle?: () => void;
  /** Requests of the window that the host itself answers. */
  services?: RequestHandlers;
}

export interface Host {
  readonly url: string;
  readonly origin: string;
  readonly token: string;
  close(): Promise<void>;
}

/** While this much is on its way to a slow window, its frames wait and merge. */
const BUFFERED_BYTES_MAX = 1_000_000;
const GOODBYE_MS = 500;

export async function serve(lab: LabHost, options: HostOptions = {}): Promise<Host> {
  const server = createServer();
  await listen(server, options.port ?? 0);
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${authority}`;
  const gate: Gate = {
    authority,
    pageOrigin: options.dev?.origin ?? origin,
    token: options.dev?.token ?? randomBytes(32).toString('base64url'),
  };
  const root = options.root ?? join(__dirname, '../renderer');
  server.on('request', (request, response) => {
    answerPage(request, response, gate, root).catch(() => response.writeHead(500).end());
  });
  const sockets = acceptWindows(server, lab, gate, options);
  return {
    // In the fragment, the token reaches neither a log nor a Referer header.
    url: `${gate.pageOrigin}/#token=${gate.token}`,
    origin,
    token: gate.token,
    close: async () => {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What a caller has to know or to be. */
interface Gate {
  readonly authority: string;
  readonly pageOrigin: string;
  readonly token: string;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answerPage(request: IncomingMessage, response: ServerResponse, gate: Gate, root: string): Promise<unknown> {
  // DNS rebinding: a page on evil.example that resolves to 127.0.0.1 sends its own name as Host.
  if (request.headers.host !== gate.authority) return response.writeHead(421).end('Misdirected request');
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none' && site !== 'same-origin') return response.writeHead(403).end('Forbidden');
  if (request.method !== 'GET' && request.method !== 'HEAD') return response.writeHead(405).end();
  const path = pathOf(request, gate);
  if (path === undefined) return response.writeHead(400).end('Bad path');
  const found = await rendererFile(root, path, `ws://${gate.authority}`);
  response.writeHead(found.status, Object.fromEntries(found.headers));
  return response.end(request.method === 'HEAD' ? undefined : Buffer.from(await found.arrayBuffer()));
}

function acceptWindows(server: Server, lab: LabHost, gate: Gate, options: HostOptions): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, clientTracking: true });
  let idle: NodeJS.Timeout | undefined;
  server.on('upgrade', (request, socket, head) => {
    // Nobody else listens to it until the window has joined, and a caller that was refused may break off at any time.
    socket.on('error', () => socket.destroy());
    if (!mayJoin(request, gate)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (window) => {
      clearTimeout(idle);
      joinSession(window, lab, options.services);
      window.on('close', () => {
        if (sockets.clients.size === 0 && options.onIdle) idle = setTimeout(options.onIdle, options.idleAfterMs ?? 5000);
      });
    });
  });
  return {
    close: () => {
      clearTimeout(idle);
      for (const client of sockets.clients) {
        client.close(LAB_ENDED);
        // A window that does not answer does not hold the program up.
        setTimeout(() => client.terminate(), GOODBYE_MS).unref();
      }
      sockets.close();
    },
  };
}

/** Undefined for a target that is no address, such as `//`: anybody can send one. */
function pathOf({ url = '/' }: IncomingMessage, { authority }: Gate): string | undefined {
  const base = `http://${authority}`;
  return URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}

function mayJoin(request: IncomingMessage, gate: Gate): boolean {
  if (pathOf(request, gate) !== '/lab') return false;
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  const given = Buffer.from(protocols.find((text) => text.startsWith('token.'))?.slice('token.'.length) ?? '');
  const token = Buffer.from(gate.token);
  return (
    request.headers.host === gate.authority &&
    request.headers.origin === gate.pageOrigin &&
    given.length === token.length &&
    timingSafeEqual(given, token)
  );
}

function joinSession(socket: WebSocket, lab: LabHost, services: RequestHandlers = {}): void {
  const session = lab.openSession(
    (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    { services, canTakeFrame: () => socket.bufferedAmount < BUFFERED_BYTES_MAX },
  );
  socket.on('message', (data, binary) => {
    if (!binary) session.receive(data.toString());
  });
  socket.on('error', () => socket.terminate()); // a message over the limit: ws answers 1009 and 'close' follows
  socket.on('close', () => session.close());
}
