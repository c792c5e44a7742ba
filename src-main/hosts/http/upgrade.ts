// Connections that become streams: commands in containers, and ports of pods. Everything is checked before the handshake, so that a refusal is a plain HTTP answer that clients show.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { isSet, type RestAnswer, type RestRequest, statusAnswer } from '../../engine/api/rest/rest-request.ts';
import type { AttachTarget } from '../../engine/api/rest/subresources/attach.ts';
import { StatusError } from '../../engine/meta/status-error.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { attachToSocket } from './attach-stream.ts';
import type { Shift } from './client-clock.ts';
import { EXEC_PROTOCOLS, runOverSocket } from './exec-stream.ts';
import { WEBSOCKET_PREFIX } from './identity.ts';
import { forwardPorts, TUNNEL_PROTOCOL } from './port-forward-stream.ts';
import { overloaded } from './request-budget.ts';
import { watchForSocket } from './watch-socket.ts';

const MESSAGE_BYTES_MAX = 4_000_000;
const WATCHES_MAX = 1_000;
const SPDY =
  'SPDY, only WebSocket: use kubectl 1.31 or later, without KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false or KUBECTL_PORT_FORWARD_WEBSOCKETS=false (kubectl 1.29 and 1.30 want them set to true)';

export class Upgrades {
  readonly #api: ApiAccess;
  readonly #sockets: WebSocketServer;
  readonly #tunnels: WebSocketServer;
  readonly #watches: WebSocketServer;

  constructor(api: ApiAccess) {
    this.#api = api;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      handleProtocols: (offered) => EXEC_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
    });
    // Browsers want to hear one of the protocols they offer; a token among them is none.
    this.#watches = new WebSocketServer({
      noServer: true,
      maxPayload: 1_024,
      handleProtocols: (offered) => [...offered].find((protocol) => !protocol.startsWith(WEBSOCKET_PREFIX)) ?? false,
    });
    this.#tunnels = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
    this.#tunnels.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${TUNNEL_PROTOCOL}`));
  }

  /** `rest`: the request, with its user, as it came. Throws StatusError when there is nothing to open. */
  open(request: IncomingMessage, rest: RestRequest, socket: Duplex, head: Buffer, shift: () => Shift): void {
    if (isSet(rest, 'watch') && isWebSocket(request)) {
      if (this.#watches.clients.size >= WATCHES_MAX) refuse(socket, statusAnswer(overloaded()));
      else this.#watches.handleUpgrade(request, socket, head, watchForSocket(this.#api, rest, shift));
      return;
    }
    // Whatever the client opens the stream with, it is first asked about.
    const answer = this.#api.answer({ ...rest, method: 'GET' });
    if (answer.code !== 200) refuse(socket, answer);
    else if (isTunnel(request)) this.#tunnel(request, rest, socket, head);
    else if (!isWebSocket(request)) refuse(socket, statusAnswer(notImplemented(SPDY)));
    else if (rest.path.endsWith('/exec'))
      this.#sockets.handleUpgrade(request, socket, head, (opened) => runOverSocket(opened, rest, (asked) => this.#api.answer(asked)));
    else if (rest.path.endsWith('/attach')) {
      const target = answer.body as AttachTarget;
      this.#sockets.handleUpgrade(request, socket, head, (opened) => attachToSocket(opened, rest, target, this.#api));
    } else refuse(socket, statusAnswer(notImplemented('this stream')));
  }

  close(): void {
    for (const sockets of [this.#sockets, this.#tunnels, this.#watches]) {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    }
  }

  #tunnel(request: IncomingMessage, rest: RestRequest, socket: Duplex, head: Buffer): void {
    // The name of this protocol is not one that WebSocket allows: the library must not see it.
    delete request.headers['sec-websocket-protocol'];
    this.#tunnels.handleUpgrade(request, socket, head, (opened) => forwardPorts(opened, rest, (asked) => this.#api.answer(asked)));
  }
}

function isWebSocket({ headers }: IncomingMessage): boolean {
  return (headers.upgrade ?? '').toLowerCase() === 'websocket';
}

function isTunnel({ headers }: IncomingMessage): boolean {
  return (headers['sec-websocket-protocol'] ?? '').split(',').some((protocol) => protocol.trim() === TUNNEL_PROTOCOL);
}

/** An HTTP answer on a connection that was to become something else. */
export function refuse(socket: Duplex, { code, body }: RestAnswer): void {
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${code} Refused`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}

function notImplemented(what: string): StatusError {
  return new StatusError('MethodNotAllowed', 501, `the lab does not serve ${what}`, {});
}
