// How many active pods each owner has and how many of them are ready, counted as news comes in: an owner of
// ten thousand pods must not count them all for every pod that changes.
import type { Pod } from '../../kinds/core/pod.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { isPodActive, isPodReady } from '../pod-state.ts';

type Labels = Pod['metadata']['labels'];

export interface TallyCount {
  active: number;
  ready: number;
}

/** Pods of one template share their labels, so that there are few different ones. */
export type OwnerTally = ReadonlyMap<Labels, Readonly<TallyCount>>;

const NOBODY: OwnerTally = new Map();

export class PodTally {
  readonly #byOwner = new Map<string, Map<Labels, TallyCount>>();

  /** Active pods of an owner, by uid, for each of the labels they have. */
  of(ownerUid: string): OwnerTally {
    return this.#byOwner.get(ownerUid) ?? NOBODY;
  }

  changed(next: Pod | undefined, previous: Pod | undefined): void {
    if (next !== undefined && previous !== undefined && countsAlike(next, previous)) return;
    if (previous !== undefined) this.#count(previous, -1);
    if (next !== undefined) this.#count(next, 1);
  }

  #count(pod: Pod, change: 1 | -1): void {
    const uid = controllerOf(pod)?.uid;
    if (uid === undefined || !isPodActive(pod)) return;
    let counts = this.#byOwner.get(uid);
    if (counts === undefined) {
      counts = new Map();
      this.#byOwner.set(uid, counts);
    }
    const { labels } = pod.metadata;
    let count = counts.get(labels);
    if (count === undefined) {
      count = { active: 0, ready: 0 };
      counts.set(labels, count);
    }
    count.active += change;
    if (isPodReady(pod)) count.ready += change;
    if (count.active > 0) return;
    counts.delete(labels);
    if (counts.size === 0) this.#byOwner.delete(uid);
  }
}

function countsAlike(a: Pod, b: Pod): boolean {
  return (
    a.metadata.labels === b.metadata.labels &&
    a.metadata.ownerReferences === b.metadata.ownerReferences &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    (a.status === b.status || (a.status.phase === b.status.phase && isPodReady(a) === isPodReady(b)))
  );
}
