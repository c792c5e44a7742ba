// A container's log as it grows, for `kubectl logs -f`: asked for a few times a second, because nothing but a reader wants to know.
import type { ServerResponse } from 'node:http';
import { isSet, type RestRequest } from '../../engine/api/rest/rest-request.ts';
import { StatusError } from '../../engine/meta/status-error.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { linesToClient, type Shift } from './client-clock.ts';
import type { OpenStream } from './watch-stream.ts';

export const LOG_LOOK_MS = 200;
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
  const looking = setInterval(() => {
    try {
      write(follower.next());
    } catch (error) {
      // The pod is gone, or its node does not answer any more: the stream ends as a cut connection does.
      if (!(error instanceof StatusError)) throw error;
      response.end();
    }
  }, LOG_LOOK_MS);
  response.on('close', () => {
    clearInterval(looking);
    closed();
  });
  return { close: () => response.end() };
}
