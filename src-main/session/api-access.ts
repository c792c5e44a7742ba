// The API server of the world that is open, as the HTTP host reaches it: reads look, writes are commands of the world's log.
import type { RestAnswer, RestRequest } from '../engine/api/rest/rest-request.ts';
import type { LogFollower } from '../engine/api/rest/subresources/log.ts';
import type { WatchEvent } from '../engine/api/rest/watch.ts';
import { defined } from '../engine/base/assert.ts';
import { kindKey } from '../engine/kinds/kind.ts';
import type { Lab } from './lab.ts';
import { lookAgain } from './look-again.ts';

export interface OpenWatch {
  readonly contentType: string;
  readonly warnings: readonly string[];
  /** Says how far the watch has seen, if the client wants to know. */
  readonly bookmark: () => void;
  readonly stop: () => void;
}

export interface ApiAccess {
  readonly answer: (request: RestRequest) => RestAnswer;
  /** Throws StatusError when there is nothing to watch; what is due at once is sent before it returns. */
  readonly watch: (request: RestRequest, send: (event: WatchEvent) => void) => OpenWatch;
  /** Virtual time goes no faster than real time for a moment, or until `release`: `who` asks again and shall see what comes in between. */
  readonly hold: (who: string) => void;
  readonly release: (who: string) => void;
  /** Follows a container's log; throws StatusError when there is none. */
  readonly followLog: (request: RestRequest) => LogFollower;
  /** Virtual milliseconds since the world's start. */
  readonly nowMs: () => number;
  /** The key of the kind that a path names; undefined when there is none. */
  readonly kindOf: (group: string, plural: string) => string | undefined;
  /** Virtual Unix time in milliseconds. */
  readonly unixMs: () => number;
  /** Told when another world is opened: watches of the old one see nothing any more. */
  readonly onReplace: (listener: () => void) => void;
}

export function apiAccess(lab: Lab): ApiAccess {
  return {
    answer: (request) => {
      if (request.method === 'GET' || request.method === 'HEAD') return lab.world.cluster.rest.answer(request);
      return lab.act((cluster) => {
        const attempt = (): RestAnswer => defined(cluster.command({ type: 'request', request }).answer, 'answer to a request');
        return lookAgain(cluster, attempt, ({ code, body }) => (code === 403 ? String((body as { message?: string }).message) : ''));
      });
    },
    watch: (request, send) => {
      const { watch, contentType, warnings } = lab.world.cluster.rest.watch(request, send);
      return { contentType, warnings, bookmark: () => watch.bookmark(), stop: () => watch.stop() };
    },
    hold: (who) => lab.hold(who),
    release: (who) => lab.release(who),
    followLog: (request) => lab.world.cluster.rest.followLog(request),
    nowMs: () => lab.world.cluster.timeline.nowMs,
    kindOf: (group, plural) => {
      for (const kind of lab.world.cluster.kinds.all()) if (kind.group === group && kind.plural === plural) return kindKey(kind);
      return undefined;
    },
    unixMs: () => lab.world.cluster.timeline.unixMs,
    onReplace: (listener) => lab.onReplace(listener),
  };
}
