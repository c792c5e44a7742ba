// What no ReplicaSet, ReplicationController or StatefulSet may ever do: make more pods than anybody has asked of it lately, however old its news is.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import { controllerOf } from '../../src-main/engine/meta/owner-references.ts';

const OWNERS = new Set(['ReplicaSet.apps', 'ReplicationController', 'StatefulSet.apps']);
/** News travels milliseconds; a worker may be busy for longer. */
const NEWS_MS = 10_000;

interface Wish {
  readonly replicas: number;
  /** When it was replaced; null: it stands. */
  readonly untilMs: number | null;
}

export class ReplicaRules {
  readonly #wishes = new Map<string, readonly Wish[]>();
  readonly #active = new Map<string, Set<string>>();

  hear({ kind, type, object, previous, atMs, cause }: Delta): readonly string[] {
    if (OWNERS.has(kind)) this.#wish(object, atMs);
    if (kind !== 'Pod') return [];
    const pod = object as Pod;
    const owner = controllerOf(pod)?.uid;
    const before = previous === null ? undefined : controllerOf(previous)?.uid;
    if (before !== undefined && before !== owner) this.#active.get(before)?.delete(pod.metadata.uid);
    if (owner === undefined) return [];
    const active = this.#active.get(owner) ?? new Set();
    this.#active.set(owner, active);
    const { phase } = pod.status;
    const lives = type !== 'DELETED' && pod.metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
    if (lives) active.add(pod.metadata.uid);
    else active.delete(pod.metadata.uid);
    if (type !== 'ADDED' || !cause.actor.startsWith('system:')) return [];
    const known = this.#wishes.get(owner);
    if (known === undefined) return [];
    const wishes = known.filter(({ untilMs }) => untilMs === null || atMs - untilMs < NEWS_MS);
    const most = Math.max(0, ...wishes.map(({ replicas }) => replicas));
    return active.size > most ? [`is number ${active.size} of at most ${most}`] : [];
  }

  #wish(object: ApiObject, atMs: number): void {
    const replicas = (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1;
    const known = this.#wishes.get(object.metadata.uid) ?? [];
    if (known.at(-1)?.replicas === replicas) return;
    const ended = known.map((wish) => (wish.untilMs === null ? { ...wish, untilMs: atMs } : wish));
    this.#wishes.set(object.metadata.uid, [...ended.slice(-20), { replicas, untilMs: null }]);
  }
}
