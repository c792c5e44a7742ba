// The answer that turns an HTTP connection into SPDY, as kubectl before 1.30 and many tools ask for it. upstream: apimachinery pkg/util/httpstream Handshake
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest, StatusError } from '../../engine/meta/status-error.ts';
import type { MessageSocket } from './channel-socket.ts';

export function isSpdy({ headers }: IncomingMessage): boolean {
  return (headers.upgrade ?? '').toLowerCase() === 'spdy/3.1';
}

/** Throws StatusError when the client speaks none of the protocols. */
export function acceptSpdy(request: IncomingMessage, socket: Duplex, protocols: readonly string[]): void {
  const sent = request.headersDistinct['x-stream-protocol-version'];
  if (sent === undefined) {
    const count = Object.keys(request.headers).length;
    throw badRequest(`unable to upgrade: header X-Stream-Protocol-Version does not exist in request with ${count} headers`);
  }
  const offered = sent.flatMap((text) => text.split(',')).map((text) => text.trim());
  const protocol = offered.find((one) => protocols.includes(one));
  if (protocol === undefined) {
    const why = `client supports [${offered.join(' ')}], server accepts [${protocols.join(' ')}]`;
    throw new StatusError('Forbidden', 403, `unable to upgrade: unable to negotiate protocol: ${why}`);
  }
  const head = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${protocol}`];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
}

/** The bytes of a connection that was accepted; `head` came with the request. */
export function rawMessages(socket: Duplex, head: Buffer): MessageSocket {
  return {
    isOpen: () => socket.writable,
    send: (message, sent) => void socket.write(message, () => sent?.()),
    close: () => socket.end(),
    terminate: () => socket.destroy(),
    onMessage: (hear) => {
      socket.on('data', hear);
      socket.on('end', () => socket.end());
      if (head.length > 0) hear(head);
    },
    onClose: (hear) => {
      socket.on('close', hear);
    },
  };
}
