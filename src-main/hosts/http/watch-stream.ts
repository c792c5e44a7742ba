// One watch on its way to a client: events as lines, as they happen, until the client goes, its time is over, or it reads too slowly.
import type { ServerResponse } from 'node:http';
import type { RestRequest } from '../../engine/api/rest/rest-request.ts';
import { numberParameter } from '../../engine/api/rest/rest-request.ts';
import type { WatchEvent } from '../../engine/api/rest/watch.ts';
import type { ApiAccess } from '../../session/api-access.ts';
import { type Shift, toClient } from './client-clock.ts';
import { SharedLines } from './shared-lines.ts';
import { warningHeaders } from './warning-headers.ts';

const BOOKMARK_MS = 60_000;
/** upstream: --min-request-timeout; every watch ends at last, and clients begin another. */
const WATCH_SECONDS_MAX = 3_600;
/** A client that leaves so much unread is let go, so that it costs the lab no more memory. */
const UNREAD_BYTES_MAX = 16_000_000;

export interface OpenStream {
  readonly close: () => void;
}

/** What was told last of an object: many watchers hear of it at the same moment, and it is written once for all of them. */
const told = new WeakMap<object, { readonly type: string; readonly byMs: number; readonly labMs: number; readonly line: string }>();

function lineOf({ type, object }: WatchEvent, { byMs, labMs, clientMs }: Shift): string {
  const key = object as object;
  const known = told.get(key);
  if (known !== undefined && known.type === type && known.byMs === byMs && known.labMs === labMs) return known.line;
  const line = `{"type":${JSON.stringify(type)},"object":${JSON.stringify(toClient(object, { byMs, labMs, clientMs }))}}\n`;
  told.set(key, { type, byMs, labMs, line });
  return line;
}

/** Throws StatusError before anything is sent when there is nothing to watch. */
export function streamWatch(
  access: ApiAccess,
  request: RestRequest,
  response: ServerResponse,
  shift: () => Shift,
  closed: () => void,
): OpenStream {
  const early: WatchEvent[] = [];
  let begun = false;
  const lines = new SharedLines((bytes) => {
    if (response.destroyed) return;
    response.write(bytes);
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  });
  const finish = (): void => {
    lines.flush();
    response.end();
  };
  const write = (event: WatchEvent): void => {
    lines.add(lineOf(event, shift()));
    if (event.type === 'ERROR') finish();
  };
  const watch = access.watch(request, (event) => (begun ? write(event) : early.push(event)));
  const warnings = warningHeaders(watch.warnings);
  if (warnings.length > 0) response.setHeader('warning', warnings);
  response.writeHead(200, { 'content-type': watch.contentType, 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  begun = true;
  for (const event of early) write(event);
  lines.flush();
  const seconds = Math.min(numberParameter(request, 'timeoutSeconds') ?? WATCH_SECONDS_MAX, WATCH_SECONDS_MAX);
  const end = setTimeout(finish, Math.max(1, seconds) * 1000);
  const marks = setInterval(() => watch.bookmark(), BOOKMARK_MS);
  response.on('close', () => {
    clearTimeout(end);
    clearInterval(marks);
    watch.stop();
    closed();
  });
  return { close: finish };
}
