// The streams of exec and attach over SPDY, shown as numbered channels: each stream says in its headers what it is for.
// upstream: kubelet pkg/cri/streaming/remotecommand/httpstream.go, client-go tools/remotecommand/v4.go
import type { Duplex } from 'node:stream';
import { isSet, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import { type ChannelSocket, CLOSE, ERROR, RESIZE, STDERR, STDIN, STDOUT } from './channel-socket.ts';
import { SpdyConnection } from './spdy-connection.ts';
import { rawMessages } from './spdy-handshake.ts';

export const SPDY_EXEC_PROTOCOLS = ['v4.channel.k8s.io'];

const CHANNELS: Readonly<Record<string, number>> = { stdin: STDIN, stdout: STDOUT, stderr: STDERR, error: ERROR, resize: RESIZE };
/** upstream: --stream-creation-timeout */
const OPENING_MS_MAX = 30_000;
/** The client ends the connection when it has read its status; one that does not is not waited for. */
const CLOSING_MS_MAX = 1_000;

/** Calls back when the client has opened all the streams that its request speaks of. */
export function openSpdyChannels(socket: Duplex, head: Buffer, request: RestRequest, opened: (channels: ChannelSocket) => void): void {
  const streams = new Map<number, number>();
  const missing = expectedChannels(request);
  let begun = false;
  const hearers: ((message: Buffer) => void)[] = [];
  const tell = (message: Buffer): void => {
    for (const hear of hearers) hear(message);
  };
  const channelOf = (stream: number): number | undefined => [...streams].find(([, id]) => id === stream)?.[0];
  const tooLate = setTimeout(() => socket.destroy(), OPENING_MS_MAX);
  const spdy = new SpdyConnection((bytes) => socket.writable && socket.write(bytes), {
    opened: (stream, headers) => {
      const channel = CHANNELS[headers.get('streamtype') ?? ''];
      if (channel === undefined || streams.has(channel)) return;
      streams.set(channel, stream);
      missing.delete(channel);
      if (begun || missing.size > 0) return;
      begun = true;
      clearTimeout(tooLate);
      opened(channelsOf(socket, spdy, streams, hearers));
    },
    received: (stream, data) => {
      const channel = channelOf(stream);
      if (channel !== undefined) tell(Buffer.concat([Buffer.from([channel]), data]));
    },
    ended: (stream) => {
      if (channelOf(stream) === STDIN) tell(Buffer.from([CLOSE, STDIN]));
    },
  });
  const messages = rawMessages(socket, head);
  messages.onMessage((bytes) => {
    spdy.receive(bytes).catch(() => socket.destroy());
  });
  messages.onClose(() => {
    clearTimeout(tooLate);
    spdy.close();
  });
}

/** upstream: remotecommand.NewOptions: a terminal has one output for both. */
function expectedChannels(request: RestRequest): Set<number> {
  const tty = isSet(request, 'tty');
  const found = [ERROR];
  if (isSet(request, 'stdin')) found.push(STDIN);
  if (isSet(request, 'stdout')) found.push(STDOUT);
  if (isSet(request, 'stderr') && !tty) found.push(STDERR);
  if (tty) found.push(RESIZE);
  return new Set(found);
}

function channelsOf(
  socket: Duplex,
  spdy: SpdyConnection,
  streams: ReadonlyMap<number, number>,
  hearers: ((message: Buffer) => void)[],
): ChannelSocket {
  const write = (channel: number, data: Buffer, ends: boolean): void => {
    const stream = streams.get(channel);
    if (stream !== undefined) spdy.send(stream, data, ends);
  };
  return {
    endsInput: true,
    isOpen: () => socket.writable,
    send: (message, sent) => {
      const channel = message[0] ?? ERROR;
      // The status is the last that is said: whoever reads an output waits for its end.
      if (channel === ERROR) for (const output of [STDOUT, STDERR]) write(output, Buffer.alloc(0), true);
      write(channel, message.subarray(1), channel === ERROR);
      sent?.();
    },
    close: () => {
      const late = setTimeout(() => socket.destroy(), CLOSING_MS_MAX);
      socket.once('close', () => clearTimeout(late));
    },
    terminate: () => socket.destroy(),
    onMessage: (hear) => {
      hearers.push(hear);
    },
    onClose: (hear) => {
      socket.on('close', hear);
    },
  };
}
