// The client that measures the door: it runs in a process of its own, so that it does not take the lab's time.
import { Agent, type RequestOptions, request } from 'node:https';
import { performance } from 'node:perf_hooks';

/** Set in the client's process: what it is to do. */
export const CLIENT = 'ORRERY_BENCH_CLIENT';

export interface ClientOrder {
  readonly what: 'requests' | 'list';
  readonly server: string;
  readonly authority: string;
  readonly token: string;
  /** `namespace/name` of a pod to ask for. */
  readonly pod: string;
}

const CONNECTIONS = 8;
/** What V8 has not compiled yet answers at a third of the rate; a door that is open for an afternoon has that behind it. */
const WARM_UP_SECONDS = 2;
const SECONDS = 3;
const LISTS = 7;
const WATCHERS = 100;
const CHANGES = 1_000;
const NEW_LINE = 10;
const MAPS = '/api/v1/namespaces/default/configmaps';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

export async function runDoorClient(order: ClientOrder): Promise<Readonly<Record<string, number>>> {
  const caller = new Caller(order);
  if (order.what === 'list') return { 'http.list5000Ms': await caller.listMs() };
  const [namespace, name] = order.pod.split('/');
  await caller.ask('POST', MAPS, { metadata: { name: 'bench' }, data: { a: '0' } });
  return {
    'http.getPodPerSecond': await caller.perSecond(() => caller.ask('GET', `/api/v1/namespaces/${namespace}/pods/${name}`)),
    'http.patchPerSecond': await caller.perSecond((count) => caller.ask('PATCH', `${MAPS}/bench`, { data: { a: String(count) } })),
    'http.fanOutMs': await caller.fanOutMs(),
  };
}

class Caller {
  readonly #order: ClientOrder;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  constructor(order: ClientOrder) {
    this.#order = order;
  }

  /** Resolves with the length of the answer; rejects when it is a refusal. */
  ask(method: string, path: string, body?: object, accept = 'application/json'): Promise<number> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { accept, 'content-type': type, 'content-length': String(Buffer.byteLength(text)) };
    return new Promise((resolve, reject) => {
      const asked = request(this.#options(method, path, headers, this.#agent), (response) => {
        let length = 0;
        response.on('data', (part: Buffer) => {
          length += part.length;
        });
        response.on('end', () =>
          (response.statusCode ?? 0) < 400 ? resolve(length) : reject(new Error(`${method} ${path}: ${response.statusCode}`)),
        );
      });
      asked.on('error', reject);
      asked.end(text);
    });
  }

  async perSecond(one: (count: number) => Promise<unknown>): Promise<number> {
    await this.#rate(one, WARM_UP_SECONDS);
    return this.#rate(one, SECONDS);
  }

  async #rate(one: (count: number) => Promise<unknown>, seconds: number): Promise<number> {
    let count = 0;
    const startMs = performance.now();
    const untilMs = startMs + seconds * 1_000;
    const line = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        count += 1;
        await one(count);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, line));
    return (count * 1_000) / (performance.now() - startMs);
  }

  async listMs(): Promise<number> {
    const times: number[] = [];
    for (let turn = 0; turn < LISTS; turn += 1) {
      const startMs = performance.now();
      await this.ask('GET', '/api/v1/pods', undefined, TABLE);
      times.push(performance.now() - startMs);
    }
    return times.sort((a, b) => a - b)[LISTS >> 1] ?? Number.NaN;
  }

  /** From the first change until the last watcher has seen the last one. */
  async fanOutMs(): Promise<number> {
    const watchers = await Promise.all(Array.from({ length: WATCHERS }, () => this.#watch()));
    const startMs = performance.now();
    let count = 0;
    const line = async (): Promise<void> => {
      while (count < CHANGES) {
        count += 1;
        await this.ask('PATCH', `${MAPS}/bench`, { data: { a: `change ${count}` } });
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, line));
    await Promise.all(watchers.map(({ done }) => done));
    const tookMs = performance.now() - startMs;
    for (const { stop } of watchers) stop();
    return tookMs;
  }

  /** Resolves when the watch has begun; `done` when it has seen all changes. */
  #watch(): Promise<{ readonly done: Promise<void>; readonly stop: () => void }> {
    const path = `${MAPS}?watch=true&fieldSelector=metadata.name%3Dbench`;
    return new Promise((resolve, reject) => {
      const asked = request(this.#options('GET', path, {}, new Agent()), (response) => {
        let lines = 0;
        const done = new Promise<void>((finish) => {
          response.on('data', (part: Buffer) => {
            for (let at = part.indexOf(NEW_LINE); at >= 0; at = part.indexOf(NEW_LINE, at + 1)) lines += 1;
            // The object as it was when the watch began comes first.
            if (lines > CHANGES) finish();
          });
        });
        resolve({ done, stop: () => asked.destroy() });
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  #options(method: string, path: string, headers: Readonly<Record<string, string>>, agent: Agent): RequestOptions {
    const { server, authority, token } = this.#order;
    const { hostname, port } = new URL(server);
    const given = { authorization: `Bearer ${token}`, ...headers };
    return { host: hostname, port, method, path, headers: given, ca: authority, servername: 'localhost', agent };
  }
}
