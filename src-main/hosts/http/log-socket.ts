// A container's log over a WebSocket, as dashboards in browsers read it. upstream: apiserver pkg/endpoints/handlers/responsewriters StreamObject, wsstream NewReader
import type { WebSocket } from 'ws';
import { isSet, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { linesToClient, type Shift } from './client-clock.ts';
import { lookAtLog } from './look-at-log.ts';

const BASE64 = 'base64.binary.k8s.io';
export const LOG_PROTOCOLS = ['binary.k8s.io', BASE64];

const UNREAD_BYTES_MAX = 16_000_000;
const NORMAL_CLOSURE = 1000;

/** Throws StatusError when there is no such log; returns what begins to send when the socket is open. */
export function logForSocket(api: ApiAccess, request: RestRequest, shift: () => Shift): (socket: WebSocket) => void {
  const follower = api.followLog(request);
  const first = follower.next();
  return (socket) => {
    const send = (text: string): void => {
      const shown = isSet(request, 'timestamps') ? linesToClient(text, shift()) : text;
      socket.send(socket.protocol === BASE64 ? Buffer.from(shown).toString('base64') : Buffer.from(shown));
      if (socket.bufferedAmount > UNREAD_BYTES_MAX) socket.terminate();
    };
    // The first message is empty: it says that the connection is there.
    send('');
    if (first !== null && first !== '') send(first);
    socket.on('error', () => socket.terminate());
    if (first === null || !isSet(request, 'follow')) {
      socket.close(NORMAL_CLOSURE);
      return;
    }
    const stop = lookAtLog(follower, (text) => {
      if (text === null) socket.close(NORMAL_CLOSURE);
      else if (text !== '') send(text);
    });
    socket.on('close', stop);
  };
}
