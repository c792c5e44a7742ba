// Channels in a WebSocket, in each of the forms that clients ask for: bytes, or base64 for browsers; a status that is a document, or a text for the oldest.
// upstream: apiserver pkg/util/wsstream/conn.go, kubelet pkg/cri/streaming/remotecommand/websocket.go
import type { WebSocket } from 'ws';
import { isSet, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import { type ChannelSocket, ERROR, type MessageSocket, STDERR, STDOUT } from './channel-socket.ts';

const WITH_CLOSE = 'v5.channel.k8s.io';
const OLDEST = ['channel.k8s.io', 'base64.channel.k8s.io'];
const PROTOCOLS = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io', ...OLDEST];
const DIGIT_ZERO = 48;

/** The newest protocol if it is offered, else the first that is known. */
export function channelProtocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(WITH_CLOSE)) return WITH_CLOSE;
  return [...offered].find((protocol) => PROTOCOLS.includes(protocol)) ?? false;
}

/**
 * Opens with an empty message, which clients take as the sign that they are connected. upstream: remotecommand createWebSocketStreams
 * Nothing is said before the client reads, which it shows by answering a ping: kubectl makes its streams beside its reading and loses
 * what comes before them, and a lab answers sooner than any container does. upstream: client-go tools/remotecommand/websocket.go StreamWithContext
 */
export function websocketChannels(socket: WebSocket, request: RestRequest): ChannelSocket {
  const { protocol } = socket;
  const isText = protocol.includes('base64');
  const plain = websocketMessages(socket);
  const onceItReads = whenReading(socket);
  const write = (message: Buffer, sent?: () => void): void =>
    onceItReads(() => socket.send(isText ? `${message[0] ?? 0}${message.subarray(1).toString('base64')}` : message, sent));
  write(Buffer.from([isSet(request, 'stdout') ? STDOUT : isSet(request, 'stderr') ? STDERR : ERROR]));
  return {
    ...plain,
    endsInput: protocol === WITH_CLOSE,
    send: (message, sent) => {
      const shown = message[0] === ERROR && (protocol === '' || OLDEST.includes(protocol)) ? asText(message) : message;
      if (shown !== undefined) write(shown, sent);
      else if (sent !== undefined) onceItReads(sent);
    },
    onMessage: (hear) => plain.onMessage((message) => hear(isText ? fromText(message) : message)),
  };
}

export function websocketMessages(socket: WebSocket): MessageSocket {
  socket.on('error', () => socket.terminate());
  return {
    isOpen: () => socket.readyState === socket.OPEN,
    send: (message, sent) => socket.send(message, sent),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
    onMessage: (hear) => {
      socket.on('message', (data) => hear(data as Buffer));
    },
    onClose: (hear) => {
      socket.on('close', hear);
    },
  };
}

/** Calls at once, and in order, from the moment on at which the client has answered a ping, as every WebSocket does (RFC 6455, 5.5.2). */
function whenReading(socket: WebSocket): (act: () => void) => void {
  let waiting: (() => void)[] | undefined = [];
  socket.ping();
  socket.once('pong', () => {
    for (const act of waiting ?? []) act();
    waiting = undefined;
  });
  return (act) => {
    if (waiting === undefined) act();
    else waiting.push(act);
  };
}

/** The oldest protocol says nothing of success, and of a failure its message. upstream: remotecommand v1WriteStatusFunc */
function asText(message: Buffer): Buffer | undefined {
  const status = JSON.parse(message.subarray(1).toString()) as { status?: string; message?: string };
  return status.status === 'Success' ? undefined : Buffer.concat([Buffer.from([ERROR]), Buffer.from(status.message ?? '')]);
}

function fromText(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(data[0] ?? DIGIT_ZERO) - DIGIT_ZERO]), Buffer.from(data.subarray(1).toString(), 'base64')]);
}
