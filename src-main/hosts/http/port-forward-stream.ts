// `kubectl port-forward`: a SPDY connection inside a WebSocket, on which each local connection is a pair of streams, one for data and one for errors.
// upstream: client-go tools/portforward (tunneling), KEP-4006
import type { WebSocket } from 'ws';
import type { RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { PortForwardResult } from '../../engine/api/rest/subresources/port-forward.ts';
import type { Ask } from './exec-stream.ts';
import { SpdyConnection } from './spdy-connection.ts';

export const TUNNEL_PROTOCOL = 'SPDY/3.1+portforward.k8s.io';
const INPUT_BYTES_MAX = 1_000_000;

interface Connection {
  readonly id: string;
  readonly port: number;
  error: number;
  data: number;
  input: string;
  answered: boolean;
}

export function forwardPorts(socket: WebSocket, request: RestRequest, ask: Ask): void {
  const connections = new Map<string, Connection>();
  const byStream = new Map<number, Connection>();
  const spdy = new SpdyConnection(
    (bytes) => {
      if (socket.readyState === socket.OPEN) socket.send(bytes);
    },
    {
      opened: (stream, headers) => {
        const id = headers.get('requestid') ?? '';
        const known = connections.get(id) ?? { id, port: Number(headers.get('port')), error: 0, data: 0, input: '', answered: false };
        connections.set(id, known);
        if (headers.get('streamtype') === 'error') known.error = stream;
        else {
          known.data = stream;
          byStream.set(stream, known);
        }
      },
      received: (stream, data) => {
        const connection = byStream.get(stream);
        if (connection === undefined || connection.answered) return;
        connection.input += data.toString('latin1');
        if (connection.input.length > INPUT_BYTES_MAX) socket.terminate();
        else if (connection.input.includes('\r\n\r\n') || connection.input.includes('\n\n')) answer(connection);
      },
      ended: (stream) => {
        const connection = byStream.get(stream);
        if (connection !== undefined && !connection.answered) answer(connection);
      },
    },
  );
  const answer = (connection: Connection): void => {
    connection.answered = true;
    connections.delete(connection.id);
    byStream.delete(connection.data);
    const { port, input } = connection;
    const { code, body } = ask({ ...request, method: 'POST', body: { port, input } });
    const { answer: text, error } =
      code === 200 ? (body as PortForwardResult) : { answer: '', error: (body as { message: string }).message };
    spdy.send(connection.data, Buffer.from(text), true);
    spdy.send(connection.error, Buffer.from(error), true);
  };
  socket.on('message', (data) => {
    spdy.receive(data as Buffer).catch(() => socket.terminate());
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => spdy.close());
}
