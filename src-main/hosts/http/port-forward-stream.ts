// `kubectl port-forward`: a SPDY connection, of its own or inside a WebSocket, on which each local connection is a pair of streams, one for data and one for errors.
// upstream: client-go tools/portforward (tunneling), KEP-4006
import type { RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { MessageSocket } from './channel-socket.ts';
import type { Ask } from './exec-stream.ts';
import { PortExchange } from './port-exchange.ts';
import { SpdyConnection } from './spdy-connection.ts';

export const FORWARD_PROTOCOL = 'portforward.k8s.io';
export const TUNNEL_PROTOCOL = `SPDY/3.1+${FORWARD_PROTOCOL}`;
interface Connection {
  error: number;
  data: number;
  readonly exchange: PortExchange;
}

export function forwardPorts(socket: MessageSocket, request: RestRequest, ask: Ask): void {
  const connections = new Map<string, Connection>();
  const byStream = new Map<number, Connection>();
  const begin = (id: string, port: number): Connection => {
    const exchange = new PortExchange(request, port, ask, (answer, error) => {
      connections.delete(id);
      byStream.delete(connection.data);
      spdy.send(connection.data, Buffer.from(answer), true);
      spdy.send(connection.error, Buffer.from(error), true);
    });
    const connection: Connection = { error: 0, data: 0, exchange };
    connections.set(id, connection);
    return connection;
  };
  const spdy = new SpdyConnection(
    (bytes) => {
      if (socket.isOpen()) socket.send(bytes);
    },
    {
      opened: (stream, headers) => {
        const id = headers.get('requestid') ?? '';
        const connection = connections.get(id) ?? begin(id, Number(headers.get('port')));
        if (headers.get('streamtype') === 'error') connection.error = stream;
        else {
          connection.data = stream;
          byStream.set(stream, connection);
        }
      },
      received: (stream, data) => {
        if (byStream.get(stream)?.exchange.received(data) === false) socket.terminate();
      },
      ended: (stream) => byStream.get(stream)?.exchange.end(),
    },
  );
  socket.onMessage((bytes) => {
    spdy.receive(bytes).catch(() => socket.terminate());
  });
  socket.onClose(() => spdy.close());
}
