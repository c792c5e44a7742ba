/**
 * Where what the person holds may go: asked of the lab once when it is picked up, told node by node while it hangs above them.
 * A pod that nobody makes again is made by this window as soon as the old one's name is free, as a person would who waits for it.
 */
import type { NodePlacement, PodPlacement, VolumePlacement } from '../../src-main/contract/placement.ts';
import type { LabClient } from '../link/lab-client.ts';
import type { ClusterStore } from './cluster-store.svelte.ts';
import type { DeedStore } from './deed-store.svelte.ts';
import { t } from './language.svelte.ts';
import type { NoticeStore } from './notice-store.svelte.ts';
import { type ObjectRef, sameRef } from './selection-store.svelte.ts';

/** What is known of the places of one pod or volume. */
export interface PlaceAnswer {
  readonly ref: ObjectRef;
  readonly state: 'running' | 'done' | 'refused';
  /** When refused. */
  readonly message: string;
  readonly pod: PodPlacement | null;
  readonly volume: VolumePlacement | null;
  readonly byNode: ReadonlyMap<string, NodePlacement>;
}

/** How something under the pointer that is not a tray is called. */
export const NODE_PLACE = 'node:';
export const ZONE_PLACE = 'zone:';

interface Later {
  readonly key: string;
  readonly uid: string;
  readonly manifest: string;
}

const NOTHING: Omit<PlaceAnswer, 'ref' | 'state'> = { message: '', pod: null, volume: null, byNode: new Map() };

export class PlaceStore {
  answer = $state.raw<PlaceAnswer | null>(null);
  /** A dialog shows the places of this one. */
  asked = $state.raw<ObjectRef | null>(null);
  readonly #client: LabClient;
  readonly #cluster: ClusterStore;
  readonly #deeds: DeedStore;
  readonly #notices: NoticeStore;
  #later: readonly Later[] = [];

  constructor(client: LabClient, cluster: ClusterStore, deeds: DeedStore, notices: NoticeStore) {
    this.#client = client;
    this.#cluster = cluster;
    this.#deeds = deeds;
    this.#notices = notices;
  }

  ask(ref: ObjectRef): void {
    this.asked = ref;
    void this.look(ref);
  }

  /** Asks anew: the answer holds for now. */
  async look(ref: ObjectRef): Promise<void> {
    this.#tell({ ...NOTHING, ref, state: 'running' });
    try {
      if (ref.kind === 'Pod') {
        const pod = await this.#client.request('pod.placement', { key: ref.key });
        const byNode = new Map(pod.nodes.map((place) => [place.node, place]));
        this.#tell({ ...NOTHING, ref, state: 'done', pod, byNode });
      } else {
        const volume = await this.#client.request('volume.placement', { name: ref.key });
        this.#tell({ ...NOTHING, ref, state: 'done', volume });
      }
    } catch (error) {
      this.#tell({ ...NOTHING, ref, state: 'refused', message: messageOf(error) });
    }
  }

  forget(): void {
    this.answer = null;
    this.asked = null;
    this.#later = [];
  }

  /** What is known of the places of this one; null when something else was asked about. */
  of(ref: ObjectRef | null): PlaceAnswer | null {
    return ref && sameRef(this.answer?.ref ?? null, ref) ? this.answer : null;
  }

  /** What is let go over a node or a zone goes there where it may; where it may not, the reason is told once more. */
  drop(ref: ObjectRef, over: string): void {
    const answer = this.of(ref);
    if (over.startsWith(NODE_PLACE) && answer?.pod) {
      const node = over.slice(NODE_PLACE.length);
      if (answer.pod.fixed === null && answer.pod.node !== node && answer.byNode.get(node)?.plugin === '') void this.move(ref.key, node);
    }
    if (over.startsWith(ZONE_PLACE)) {
      const zone = answer?.volume?.zones.find((each) => each.zone === over.slice(ZONE_PLACE.length));
      if (zone) this.#notices.say(t(`place.${zone.line.says}`, zone.line.values));
    }
  }

  async move(key: string, node: string): Promise<void> {
    try {
      const { refused, key: next, later, before } = await this.#client.request('pod.move', { key, node });
      if (refused !== '') {
        this.#notices.trouble(refused);
        return;
      }
      if (later !== null) this.#later = [...this.#later, { ...later, key }];
      this.#deeds.remember(t('place.put', { pod: key, node }), () => this.#moveBack(next, before));
      const words = later === null ? t('place.moved', { pod: key, node, next }) : t('place.later', { pod: key, node });
      this.#notices.say(words, { label: t('deed.undo'), run: () => void this.#deeds.undo() });
    } catch (error) {
      this.#notices.trouble(messageOf(error));
    }
  }

  /** False when the API server would not have it. */
  async #moveBack(key: string, before: string): Promise<boolean> {
    const waits = (later: Later): boolean => later.key === key;
    if (this.#later.some(waits)) {
      // The old pod is still ending, and the new one was never made.
      this.#later = this.#later.map((later) => (waits(later) ? { ...later, manifest: before } : later));
      return true;
    }
    try {
      const { refused, later } = await this.#client.request('pod.moveBack', { key, manifest: before });
      if (refused !== '') this.#notices.trouble(refused);
      else if (later !== null) this.#later = [...this.#later, { ...later, key }];
      return refused === '';
    } catch (error) {
      this.#notices.trouble(messageOf(error));
      return false;
    }
  }

  /** Hears of each frame, after it was folded. */
  follow(): void {
    if (this.#later.length === 0) return;
    const present = this.#cluster.table('pods');
    const free = this.#later.filter(({ uid }) => !present.has(uid));
    if (free.length === 0) return;
    this.#later = this.#later.filter((later) => !free.includes(later));
    for (const { key, manifest } of free) void this.#deeds.act({ do: 'create', manifest }, [{ kind: 'Pod', key }]);
  }

  #tell(answer: PlaceAnswer): void {
    // An answer about something that was let go in the meantime comes too late.
    if (answer.state === 'running' || sameRef(this.answer?.ref ?? null, answer.ref)) this.answer = answer;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
