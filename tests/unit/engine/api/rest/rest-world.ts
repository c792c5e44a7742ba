// An API server that answers requests, with nothing around it.
import { KindRegistry } from '../../../../../src-main/engine/api/kind-registry.ts';
import type { ContainerAccess, LogLine } from '../../../../../src-main/engine/api/rest/container-access.ts';
import type { Identity, RestAnswer, RestRequest } from '../../../../../src-main/engine/api/rest/rest-request.ts';
import { RestServer } from '../../../../../src-main/engine/api/rest/rest-server.ts';
import type { WatchEvent } from '../../../../../src-main/engine/api/rest/watch.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { StatusError } from '../../../../../src-main/engine/meta/status-error.ts';
import { ApiWorld, EPOCH_MS } from '../api-world.ts';

export const ADMIN: Identity = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

export interface Options {
  readonly accept?: string;
  readonly contentType?: string;
  readonly user?: Identity;
  readonly impersonate?: RestRequest['impersonate'];
}

export class RestWorld extends ApiWorld {
  /** What containers have written, by `container` or `container/previous`; commands answer with themselves. */
  readonly written: Record<string, readonly LogLine[]> = {};
  /** Does the container still write? */
  running = true;
  readonly containers: ContainerAccess = {
    epochMs: EPOCH_MS,
    unreachable: ({ spec }) => (spec.nodeName === 'lost' ? 'dial tcp lost:10250: connect: no route to host' : undefined),
    logOf: (_uid, container, previous) => {
      const lines = this.written[previous ? `${container}/previous` : container];
      return lines === undefined ? null : { run: 'first', lines: lines.slice(-3), total: lines.length, running: this.running };
    },
    leave: () => true,
    converse: (_uid, port, input) => (port === 80 ? `answer to ${input}` : null),
    execute: (_uid, _container, command, input) => ({
      status: command.includes('fail') ? 3 : 0,
      output: `${command.join(' ')}${input}`,
      complaints: '',
    }),
  };
  readonly rest = new RestServer({
    server: this.server,
    kinds: new KindRegistry(),
    unixMs: () => this.timeline.unixMs,
    look: (object) => object,
    containers: this.containers,
  });

  /** `GET /api/v1/pods?limit=1`. */
  ask(line: string, body?: JsonValue, options: Options = {}): RestAnswer {
    return this.rest.answer(requestOf(line, body, options));
  }

  /** The answer's body, whatever its code. */
  body(line: string, body?: JsonValue, options: Options = {}): any {
    return this.ask(line, body, options).body;
  }

  /** `200`, or code, reason and text of the refusal. */
  outcome(line: string, body?: JsonValue, options: Options = {}): string {
    const { code, body: answer } = this.ask(line, body, options);
    const { status, reason, message } = answer as { status?: string; reason?: string; message?: string };
    return status === 'Failure' ? `${code} ${reason ?? 'of no reason'}: ${message}` : String(code);
  }

  /** What following a log gives, and what it gives each time after `then` has added to it. */
  follow(line: string, ...then: readonly (() => void)[]): readonly (string | null)[] {
    const follower = this.rest.followLog(requestOf(line, undefined, {}));
    const first = follower.next();
    return [
      first,
      ...then.map((change) => {
        change();
        return follower.next();
      }),
    ];
  }

  /** Events so far and from now on, as `TYPE name@revision`; or the refusal. */
  watch(line: string, options: Options = {}): { readonly events: string[]; readonly stop: () => void } {
    const events: string[] = [];
    try {
      const { watch } = this.rest.watch(requestOf(line, undefined, options), (event) => events.push(text(event)));
      return { events, stop: () => watch.stop() };
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return { events: [`${error.status.code} ${error.message}`], stop: () => undefined };
    }
  }
}

export function requestOf(line: string, body: JsonValue | undefined, { accept, contentType, user, impersonate }: Options): RestRequest {
  const [method = '', address = ''] = line.split(' ');
  const url = new URL(address, 'https://lab');
  return {
    method,
    path: decodeURIComponent(url.pathname),
    query: [...url.searchParams.entries()],
    accept: accept ?? 'application/json',
    contentType: contentType ?? 'application/json',
    ...(body === undefined ? {} : { body }),
    user: user ?? ADMIN,
    ...(impersonate === undefined ? {} : { impersonate }),
    agent: 'test/v1',
  };
}

function text({ type, object }: WatchEvent): string {
  const { metadata, message } = object as { metadata?: { name?: string; resourceVersion?: string }; message?: string };
  return message === undefined ? `${type} ${metadata?.name ?? ''}@${metadata?.resourceVersion ?? ''}` : `${type} ${message}`;
}
