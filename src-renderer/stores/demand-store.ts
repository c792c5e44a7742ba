/**
 * What the person lets come to the cluster, and what may answer it: load on Services, node groups, autoscalers.
 * Each of them can be taken back to what it was before.
 */
import type { NodeGroupWish } from '../../src-main/contract/bridge.ts';
import type { LabClient } from '../link/lab-client.ts';
import type { ClusterStore } from './cluster-store.svelte.ts';
import type { DeedStore } from './deed-store.svelte.ts';
import { t } from './language.svelte.ts';
import type { NoticeStore } from './notice-store.svelte.ts';
import type { ObjectRef } from './selection-store.svelte.ts';

export class DemandStore {
  readonly #client: LabClient;
  readonly #cluster: ClusterStore;
  readonly #deeds: DeedStore;
  readonly #notices: NoticeStore;

  constructor(client: LabClient, cluster: ClusterStore, deeds: DeedStore, notices: NoticeStore) {
    this.#client = client;
    this.#cluster = cluster;
    this.#deeds = deeds;
    this.#notices = notices;
  }

  /** 0 ends it. */
  async setLoad(service: string, requestsPerSecond: number): Promise<void> {
    const before = this.#cluster.table('loads').get(service)?.requestsPerSecond ?? 0;
    if (!(await this.#sendLoad(service, requestsPerSecond)) || before === requestsPerSecond) return;
    const words = requestsPerSecond > 0 ? t('load.set', { service, requestsPerSecond }) : t('load.ended', { service });
    this.#remember(words, () => this.#sendLoad(service, before));
  }

  /** null takes the group away. True when it was done. */
  async setGroup(name: string, group: NodeGroupWish | null): Promise<boolean> {
    const known = this.#cluster.table('groups').get(name);
    if (!(await this.#sendGroup(name, group))) return false;
    const before = known ? { ...known, id: undefined, machines: undefined } : null;
    this.#remember(t(group ? 'group.set' : 'group.ended', { name }), () => this.#sendGroup(name, before as NodeGroupWish | null));
    return true;
  }

  /** Makes an object that was not there; to take it back is to delete it. */
  async create(manifest: string, ref: ObjectRef): Promise<void> {
    const results = await this.#deeds.quietly({ do: 'create', manifest }, [ref]);
    const refused = results[0]?.refused;
    if (refused === undefined) return;
    if (refused !== '') {
      this.#notices.trouble(refused);
      return;
    }
    this.#remember(t('deed.done.made', { what: ref.key }), async () => {
      const gone = await this.#deeds.quietly({ do: 'delete', cascade: 'Background' }, [ref]);
      return gone[0]?.refused === '';
    });
  }

  #remember(words: string, back: () => Promise<boolean>): void {
    this.#deeds.remember(words, back);
    this.#notices.say(words, { label: t('deed.undo'), run: () => void this.#deeds.undo() });
  }

  #sendLoad(service: string, requestsPerSecond: number): Promise<boolean> {
    return this.#send(this.#client.request('load.set', { service, requestsPerSecond }));
  }

  #sendGroup(name: string, group: NodeGroupWish | null): Promise<boolean> {
    return this.#send(this.#client.request('group.set', { name, group }));
  }

  async #send(asked: Promise<unknown>): Promise<boolean> {
    try {
      await asked;
      return true;
    } catch (error) {
      this.#notices.trouble(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}
