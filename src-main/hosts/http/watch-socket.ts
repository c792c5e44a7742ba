// A watch over a WebSocket, as dashboards in browsers open it: each event is one text message. upstream: apiserver pkg/endpoints/handlers/watch.go HandleWS
import type { WebSocket } from 'ws';
import { numberParameter, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { WatchEvent } from '../../engine/api/rest/watch.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { type Shift, toClient } from './client-clock.ts';

const UNREAD_BYTES_MAX = 16_000_000;
const WATCH_SECONDS_MAX = 3_600;
const BOOKMARK_MS = 60_000;
const NORMAL_CLOSURE = 1000;

/** Throws StatusError when there is nothing to watch; returns what begins to send when the socket is open. */
export function watchForSocket(api: ApiAccess, request: RestRequest, shift: () => Shift): (socket: WebSocket) => void {
  const early: WatchEvent[] = [];
  let send = (event: WatchEvent): unknown => early.push(event);
  const watch = api.watch(request, (event) => send(event));
  return (socket) => {
    send = (event) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(JSON.stringify({ type: event.type, object: toClient(event.object, shift()) }));
      if (event.type === 'ERROR') socket.close(NORMAL_CLOSURE);
      else if (socket.bufferedAmount > UNREAD_BYTES_MAX) socket.terminate();
    };
    for (const event of early) send(event);
    const seconds = Math.min(numberParameter(request, 'timeoutSeconds') ?? WATCH_SECONDS_MAX, WATCH_SECONDS_MAX);
    const end = setTimeout(() => socket.close(NORMAL_CLOSURE), Math.max(1, seconds) * 1000);
    const marks = setInterval(() => watch.bookmark(), BOOKMARK_MS);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(end);
      clearInterval(marks);
      watch.stop();
    });
  };
}
