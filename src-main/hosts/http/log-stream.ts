// A container's log over HTTP, for `kubectl logs -f`.
import type { ServerResponse } from 'node:http';
import { isSet, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { linesToClient, type Shift } from './client-clock.ts';
import { lookAtLog } from './look-at-log.ts';
import type { OpenStream } from './watch-stream.ts';

const UNREAD_BYTES_MAX = 16_000_000;

/** Throws StatusError before anything is sent when there is no such log. */
export function streamLog(
  access: ApiAccess,
  request: RestRequest,
  response: ServerResponse,
  shift: () => Shift,
  closed: () => void,
): OpenStream {
  const follower = access.followLog(request);
  const first = follower.next();
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const write = (text: string | null): void => {
    if (text === null) response.end();
    else if (text !== '') response.write(isSet(request, 'timestamps') ? linesToClient(text, shift()) : text);
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  };
  write(first);
  const stop = lookAtLog(follower, write);
  response.on('close', () => {
    stop();
    closed();
  });
  return { close: () => response.end() };
}
