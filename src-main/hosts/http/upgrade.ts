// Connections that become streams: commands in containers, ports of pods, logs and watches. Everything is checked before the handshake, so that a refusal is a plain HTTP answer that clients show.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isSet, type RestAnswer, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import { routeOf } from '../../engine/api/rest/route.ts';
import type { AttachTarget } from '../../engine/api/rest/subresources/attach.ts';
import { StatusError } from '../../engine/meta/status-error.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { attachToSocket } from './attach-stream.ts';
import type { ChannelSocket } from './channel-socket.ts';
import type { Shift } from './client-clock.ts';
import { type Ask, runOverSocket } from './exec-stream.ts';
import { DOOR, WEBSOCKET_PREFIX } from './identity.ts';
import { LOG_PROTOCOLS, logForSocket } from './log-socket.ts';
import { FORWARD_CHANNEL_PROTOCOLS, forwardChannels, requirePorts } from './port-forward-channels.ts';
import { FORWARD_PROTOCOL, forwardPorts, TUNNEL_PROTOCOL } from './port-forward-stream.ts';
import { overloaded } from './request-budget.ts';
import { openSpdyChannels, SPDY_EXEC_PROTOCOLS } from './spdy-channels.ts';
import { acceptSpdy, isSpdy, rawMessages } from './spdy-handshake.ts';
import { watchForSocket } from './watch-socket.ts';
import { channelProtocol, websocketChannels, websocketMessages } from './websocket-channels.ts';

const MESSAGE_BYTES_MAX = 4_000_000;
const SOCKETS_MAX = 1_000;

export class Upgrades {
  readonly #api: ApiAccess;
  readonly #channels: WebSocketServer;
  readonly #forwards: WebSocketServer;
  readonly #tunnels: WebSocketServer;
  readonly #readers: WebSocketServer;
  readonly #spdy = new Set<Duplex>();

  constructor(api: ApiAccess) {
    this.#api = api;
    this.#channels = sockets(MESSAGE_BYTES_MAX, channelProtocol);
    this.#forwards = sockets(MESSAGE_BYTES_MAX, (offered) => [...offered].find((one) => FORWARD_CHANNEL_PROTOCOLS.includes(one)) ?? false);
    // Browsers want to hear one of the protocols they offer; a token among them is none.
    this.#readers = sockets(1_024, (offered) => {
      const found = [...offered].filter((protocol) => !protocol.startsWith(WEBSOCKET_PREFIX));
      return found.find((protocol) => LOG_PROTOCOLS.includes(protocol)) ?? found[0] ?? false;
    });
    this.#tunnels = sockets(MESSAGE_BYTES_MAX, () => false);
    this.#tunnels.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${TUNNEL_PROTOCOL}`));
  }

  /** `rest`: the request, with its user, as it came. Throws StatusError when there is nothing to open. */
  open(request: IncomingMessage, rest: RestRequest, socket: Duplex, head: Buffer, shift: () => Shift): void {
    const accept = (server: WebSocketServer, opened: (socket: WebSocket) => void): void =>
      server.handleUpgrade(request, socket, head, opened);
    if (this.#size() >= SOCKETS_MAX) throw overloaded();
    if (isWebSocket(request) && isSet(rest, 'watch')) accept(this.#readers, watchForSocket(this.#api, rest, shift));
    else if (isWebSocket(request) && rest.path.endsWith('/log')) accept(this.#readers, logForSocket(this.#api, rest, shift));
    else {
      const answer = this.#api.answer(rest);
      // Where there is nothing to open, the offer to speak otherwise is not taken up.
      if (answer.code !== 200 || !isStreamPath(rest.path)) answerPlainly(socket, answer);
      else if (isTunnel(request)) this.#tunnel(request, rest, accept);
      else if (isWebSocket(request)) this.#websocket(rest, answer, accept);
      else if (isSpdy(request)) this.#overSpdy(request, rest, answer, socket, head);
      else throw notImplemented(`the protocol ${JSON.stringify(request.headers.upgrade ?? '')}`);
    }
  }

  close(): void {
    for (const server of [this.#channels, this.#forwards, this.#tunnels, this.#readers]) {
      for (const client of server.clients) client.terminate();
      server.close();
    }
    for (const socket of this.#spdy) socket.destroy();
  }

  #size(): number {
    const servers = [this.#channels, this.#forwards, this.#tunnels, this.#readers];
    return servers.reduce((sum, { clients }) => sum + clients.size, this.#spdy.size);
  }

  #websocket(rest: RestRequest, answer: RestAnswer, accept: Accept): void {
    if (rest.path.endsWith('/portforward')) {
      const ports = requirePorts(rest);
      accept(this.#forwards, (opened) => forwardChannels(websocketMessages(opened), opened.protocol, rest, ports, this.#ask));
      return;
    }
    const run = this.#runner(rest, answer);
    accept(this.#channels, (opened) => run(websocketChannels(opened, rest)));
  }

  #overSpdy(request: IncomingMessage, rest: RestRequest, answer: RestAnswer, socket: Duplex, head: Buffer): void {
    const isForward = rest.path.endsWith('/portforward');
    const run = isForward ? undefined : this.#runner(rest, answer);
    acceptSpdy(request, socket, isForward ? [FORWARD_PROTOCOL] : SPDY_EXEC_PROTOCOLS);
    this.#spdy.add(socket);
    socket.on('close', () => this.#spdy.delete(socket));
    if (run === undefined) forwardPorts(rawMessages(socket, head), rest, this.#ask);
    else openSpdyChannels(socket, head, rest, run);
  }

  /** What goes on over the channels of exec or attach; throws StatusError when the path names neither. */
  #runner(rest: RestRequest, { body }: RestAnswer): (channels: ChannelSocket) => void {
    if (rest.path.endsWith('/exec')) return (channels) => runOverSocket(channels, rest, this.#ask);
    if (rest.path.endsWith('/attach')) return (channels) => attachToSocket(channels, rest, body as AttachTarget, this.#api);
    throw notImplemented('this stream');
  }

  /** What goes on in a connection that was allowed is the door's own doing. */
  readonly #ask: Ask = ({ impersonate: _impersonate, ...request }) => this.#api.answer({ ...request, user: DOOR });

  #tunnel(request: IncomingMessage, rest: RestRequest, accept: Accept): void {
    // The name of this protocol is not one that WebSocket allows: the library must not see it.
    delete request.headers['sec-websocket-protocol'];
    accept(this.#tunnels, (opened) => forwardPorts(websocketMessages(opened), rest, this.#ask));
  }
}

type Accept = (server: WebSocketServer, opened: (socket: WebSocket) => void) => void;

function sockets(maxPayload: number, handleProtocols: (offered: ReadonlySet<string>) => string | false): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload, handleProtocols });
}

const STREAMS: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward']);

/** Paths that are only ever opened as streams. upstream: apimachinery pkg/util/proxy/upgradeaware.go UpgradeRequired */
export function isStreamPath(path: string): boolean {
  const route = routeOf(path);
  return route.to === 'resource' && route.resource.plural === 'pods' && STREAMS.has(route.resource.subresource);
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return (headers.upgrade ?? '').toLowerCase() === 'websocket';
}

function isTunnel({ headers }: IncomingMessage): boolean {
  return (headers['sec-websocket-protocol'] ?? '').split(',').some((protocol) => protocol.trim() === TUNNEL_PROTOCOL);
}

/** An HTTP answer on a connection that was to become something else. */
export function answerPlainly(socket: Duplex, { code, body, contentType }: RestAnswer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}

function notImplemented(what: string): StatusError {
  return new StatusError('MethodNotAllowed', 501, `the lab does not serve ${what}`, {});
}
