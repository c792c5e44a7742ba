// `kubectl delete` deletes, gets, lists and watches, to see the object go. What a controller makes anew under the same name takes seconds in a
// cluster; where virtual time is fast, it would be there before kubectl lists, and kubectl would wait for the wrong object's end.
// upstream: k8s.io/kubectl/pkg/cmd/wait/delete.go IsDeleted
import type { ApiAccess } from '../../session/api-access.ts';

const SESSIONS_MAX = 500;

/** Holds virtual time back while a run of kubectl that has deleted something does not watch yet. */
export class DeletingSessions {
  readonly #api: Pick<ApiAccess, 'hold' | 'release'>;
  readonly #sessions = new Set<string>();

  constructor(api: Pick<ApiAccess, 'hold' | 'release'>) {
    this.#api = api;
  }

  /** Before a request is answered. `session`: what one run of kubectl sends with all its requests; '' when there is nothing. */
  asks(session: string, method: string): void {
    if (session === '') return;
    if (method === 'DELETE') this.#add(session);
    if (this.#sessions.has(session)) this.#api.hold(session);
  }

  /** It sees from here on whatever happens. */
  watches(session: string): void {
    if (this.#sessions.has(session)) this.#api.release(session);
  }

  #add(session: string): void {
    this.#sessions.add(session);
    if (this.#sessions.size <= SESSIONS_MAX) return;
    const [oldest] = this.#sessions;
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }
}
