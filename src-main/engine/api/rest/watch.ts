// One watch: what happens to the selected objects of a kind after a revision, each change exactly once, as the events of the watch protocol.
// upstream: apiserver pkg/endpoints/handlers/watch.go, pkg/storage/cacher/cacher.go
import { type Kind, kindKey } from '../../kinds/kind.ts';
import type { ApiObject } from '../../meta/object.ts';
import { expired } from '../../meta/status-error.ts';
import type { Delta, Store } from '../store.ts';
import { listObjects, requireNotBeyond } from './list.ts';
import { isSet, parameter, type RestRequest } from './rest-request.ts';
import type { Selection } from './selection.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

export interface WatchOptions {
  /** As the client's version has it. */
  readonly type: Pick<ApiObject, 'kind' | 'apiVersion'>;
  /** The form in which an object goes out. */
  readonly shape: (object: ApiObject) => unknown;
  /** The form in which it is said how far the watch has seen. */
  readonly mark: (object: ApiObject) => unknown;
  readonly send: (event: WatchEvent) => void;
}

export class Watch {
  readonly #store: Store;
  readonly #kind: Kind;
  readonly #selection: Selection;
  readonly #options: WatchOptions;
  readonly #bookmarks: boolean;
  #stop: () => void = () => undefined;

  /** Throws StatusError when the request cannot be served at all; sends what is due at once, and each later change as it is committed. */
  constructor(store: Store, kind: Kind, selection: Selection, request: Pick<RestRequest, 'query'>, options: WatchOptions) {
    this.#store = store;
    this.#kind = kind;
    this.#selection = selection;
    this.#options = options;
    this.#bookmarks = isSet(request, 'allowWatchBookmarks');
    const from = parameter(request, 'resourceVersion') ?? '';
    requireNotBeyond(store, from);
    if (from === '' || from === '0') this.#sendPresent();
    else if (!this.#sendSince(Number(from))) return;
    this.#stop = store.onChange(kindKey(kind), (delta) => this.#changed(delta));
  }

  /** Says how far the watch has seen, so that a client may go on from there. */
  bookmark(): void {
    if (this.#bookmarks) this.#options.send({ type: 'BOOKMARK', object: this.#marker() });
  }

  stop(): void {
    this.#stop();
    this.#stop = () => undefined;
  }

  #sendPresent(): void {
    const { objects } = listObjects(this.#store, this.#kind, this.#selection, { query: [] });
    for (const object of objects) this.#send('ADDED', object);
  }

  /** False when the revision is compacted away: the watch has ended with that error. */
  #sendSince(revision: number): boolean {
    const missed = this.#store.since(revision);
    if (missed === null) {
      const oldest = this.#store.history()[0]?.revision ?? this.#store.revision;
      this.#options.send({ type: 'ERROR', object: expired(`too old resource version: ${revision} (${oldest - 1})`).status });
      return false;
    }
    const own = kindKey(this.#kind);
    for (const delta of missed) if (delta.kind === own) this.#changed(delta);
    return true;
  }

  /** A selected object that stops matching is deleted for this watcher, and one that starts to match is added. */
  #changed({ type, object, previous, revision }: Delta): void {
    const now = type !== 'DELETED' && this.#selection.matches(object);
    const before = previous !== null && this.#selection.matches(previous);
    if (now) this.#send(before ? 'MODIFIED' : 'ADDED', object);
    else if (before && previous !== null)
      this.#send('DELETED', { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } });
  }

  #send(type: WatchEvent['type'], object: ApiObject): void {
    this.#options.send({ type, object: this.#options.shape(object) });
  }

  #marker(): unknown {
    const resourceVersion = String(this.#store.revision);
    return this.#options.mark({ ...this.#options.type, metadata: { resourceVersion } } as ApiObject);
  }
}
