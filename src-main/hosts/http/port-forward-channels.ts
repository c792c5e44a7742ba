// Ports of a pod over a WebSocket, as clients in other languages open them: two channels a port, for data and for errors, each of which begins with the number of the port.
// upstream: kubelet pkg/cri/streaming/portforward/websocket.go
import { parameters, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import { badRequest } from '../../engine/meta/status-error.ts';
import type { MessageSocket } from './channel-socket.ts';
import type { Ask } from './exec-stream.ts';
import { PortExchange } from './port-exchange.ts';

const BASE64 = 'v4.base64.channel.k8s.io';
export const FORWARD_CHANNEL_PROTOCOLS = ['v4.channel.k8s.io', BASE64];

const NORMAL_CLOSURE = 1000;
const DIGIT_ZERO = 48;

/** Throws StatusError (400) when the query names no ports. */
export function requirePorts(request: RestRequest): readonly number[] {
  const texts = parameters(request, 'ports').flatMap((text) => text.split(','));
  if (texts.length === 0) throw badRequest('query parameter "port" is required');
  return texts.map((text) => {
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw badRequest(`unable to parse ${JSON.stringify(text)} as a port`);
    if (Number(text) < 1) throw badRequest(`port ${JSON.stringify(text)} must be > 0`);
    return Number(text);
  });
}

export function forwardChannels(socket: MessageSocket, protocol: string, request: RestRequest, ports: readonly number[], ask: Ask): void {
  const isText = protocol === BASE64;
  const send = (channel: number, bytes: Buffer): void => {
    if (bytes.length === 0 || !socket.isOpen()) return;
    socket.send(isText ? Buffer.from(`${channel}${bytes.toString('base64')}`) : Buffer.concat([Buffer.from([channel]), bytes]));
  };
  let open = ports.length;
  const exchanges = ports.map((port, index) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    send(2 * index, number);
    send(2 * index + 1, number);
    return new PortExchange(request, port, ask, (answer, error) => {
      send(2 * index, Buffer.from(answer));
      send(2 * index + 1, Buffer.from(error));
      open -= 1;
      if (open === 0) socket.close(NORMAL_CLOSURE);
    });
  });
  socket.onMessage((message) => {
    const channel = isText ? (message[0] ?? DIGIT_ZERO) - DIGIT_ZERO : (message[0] ?? 0);
    const data = isText ? Buffer.from(message.subarray(1).toString(), 'base64') : message.subarray(1);
    const exchange = channel % 2 === 0 ? exchanges[channel / 2] : undefined;
    if (exchange?.received(data) === false) socket.terminate();
  });
}
