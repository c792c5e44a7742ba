// Who came through the door and asked for what: the newest runs of clients, each with its requests, so that a person can follow them.
import type { ClientRequest, ClientRun } from '../../contract/door.ts';

/** One request as the door saw it. */
export interface SeenRequest {
  /** What one run of kubectl sends with all its requests; '' from other clients. */
  readonly session: string;
  /** `kubectl get`; '' from other clients. */
  readonly command: string;
  readonly agent: string;
  readonly user: string;
  readonly method: string;
  readonly path: string;
  readonly code: number;
  readonly atMs: number;
  readonly about?: ClientRequest['about'];
}

const RUNS_MAX = 100;
const REQUESTS_MAX = 50;
/** Requests of a client that names no run belong together when they come together. */
const TOGETHER_MS = 2_000;
/** Asked by every client before it does anything: of no interest. */
const UNTOLD = /^\/(api|apis|openapi\/v[23]|version|healthz|livez|readyz)(\/|$|\?)/;
const RESOURCE = /^\/(api\/[^/?]+|apis\/[^/?]+\/[^/?]+)\/[^?]/;

interface Run {
  readonly id: number;
  readonly atMs: number;
  readonly session: string;
  readonly command: string;
  readonly user: string;
  readonly requests: ClientRequest[];
  more: number;
  newestMs: number;
}

export class RequestJournal {
  readonly #runs: Run[] = [];
  readonly #nowMs: () => number;
  #count = 0;

  /** `nowMs`: real time. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  note({ session, command, agent, user, method, path, code, atMs, about }: SeenRequest): void {
    if (UNTOLD.test(path) && !RESOURCE.test(path)) return;
    const name = command === '' ? (agent.split('/')[0] ?? agent) : command;
    const run = this.#find(session, name, user) ?? this.#begin({ session, command: name, user, atMs });
    run.newestMs = this.#nowMs();
    run.requests.push({ method, path, code, ...(about === undefined ? {} : { about }) });
    if (run.requests.length <= REQUESTS_MAX) return;
    run.requests.shift();
    run.more += 1;
  }

  /** Newest first. */
  runs(): readonly ClientRun[] {
    return this.#runs
      .map(({ id, atMs, command, user, requests, more }) => ({ id, atMs, command, user, requests: [...requests], more }))
      .reverse();
  }

  forget(): void {
    this.#runs.length = 0;
  }

  #find(session: string, command: string, user: string): Run | undefined {
    return this.#runs.findLast((run) =>
      session === ''
        ? run.session === '' && run.command === command && run.user === user && this.#nowMs() - run.newestMs < TOGETHER_MS
        : run.session === session,
    );
  }

  #begin(of: Pick<Run, 'session' | 'command' | 'user' | 'atMs'>): Run {
    this.#count += 1;
    const run: Run = { ...of, id: this.#count, requests: [], more: 0, newestMs: 0 };
    this.#runs.push(run);
    if (this.#runs.length > RUNS_MAX) this.#runs.shift();
    return run;
  }
}
