/**
 * Everything the window knows and can ask, in one place for views and panels.
 * It joins the client of the lab to the stores: frames are folded here, and a request that is refused becomes a notice.
 */
import { createContext } from 'svelte';
import type { Params, RequestName, Result } from '../../src-main/contract/bridge.ts';
import type { HostRequests } from '../../src-main/contract/host-requests.ts';
import type { FailureKind, LabInfo } from '../../src-main/contract/lab-info.ts';
import type { LabClient, MenuChoice } from '../link/lab-client.ts';
import { AimStore } from './aim-store.svelte.ts';
import { ClockStore } from './clock-store.svelte.ts';
import { ClusterStore } from './cluster-store.svelte.ts';
import { DeedStore } from './deed-store.svelte.ts';
import { DemandStore } from './demand-store.ts';
import { DoorStore } from './door-store.svelte.ts';
import { DrainStore } from './drain-store.svelte.ts';
import { EditStore } from './edit-store.svelte.ts';
import { t } from './language.svelte.ts';
import { LightStore } from './light-store.svelte.ts';
import { MenuStore } from './menu-store.svelte.ts';
import { NoticeStore } from './notice-store.svelte.ts';
import { ObjectTableStore } from './object-table-store.svelte.ts';
import { PartsStore } from './parts-store.svelte.ts';
import { PastStore } from './past-store.svelte.ts';
import { PauseStore } from './pause-store.ts';
import { PlaceStore } from './place-store.svelte.ts';
import { PreferencesStore } from './preferences-store.svelte.ts';
import { SelectionStore } from './selection-store.svelte.ts';
import { UsageStore } from './usage-store.svelte.ts';

export class Lab {
  readonly client: LabClient;
  readonly cluster = new ClusterStore();
  readonly clock = new ClockStore();
  readonly selection = new SelectionStore();
  readonly preferences = new PreferencesStore();
  readonly notices = new NoticeStore();
  readonly menu = new MenuStore();
  readonly editing = new EditStore();
  readonly aim: AimStore;
  readonly places: PlaceStore;
  readonly parts: PartsStore;
  readonly usage: UsageStore;
  readonly light: LightStore;
  readonly table: ObjectTableStore;
  readonly deeds: DeedStore;
  readonly drains: DrainStore;
  readonly demand: DemandStore;
  readonly pause: PauseStore;
  readonly past: PastStore;
  readonly door: DoorStore;
  /** Null until the first frame has come. */
  info = $state.raw<LabInfo | null>(null);
  connected = $state(true);
  /** The lab said goodbye before the connection closed. */
  ended = $state(false);
  /** Set by the shell: what a choice in the desktop's menu does. */
  onMenu: (choice: MenuChoice) => void = () => {};

  constructor(client: LabClient) {
    this.client = client;
    this.table = new ObjectTableStore(client);
    this.deeds = new DeedStore(client, this.notices, () => this.past.shown !== null);
    this.demand = new DemandStore(client, this.cluster, this.deeds, this.notices);
    this.drains = new DrainStore(this.deeds, this.cluster);
    this.pause = new PauseStore(client, this.clock);
    this.door = new DoorStore(client, (message) => this.notices.trouble(message));
    this.past = new PastStore(client, (message) => this.notices.trouble(message));
    this.places = new PlaceStore(client, this.cluster, this.deeds, this.notices);
    this.parts = new PartsStore(client);
    this.usage = new UsageStore(client);
    this.light = new LightStore(client, this.cluster, this.selection);
    this.aim = new AimStore(client, this.cluster, this.places);
    client.listen({
      frame: (frame) => {
        this.clock.fold(frame.clock);
        this.past.fold(frame);
        this.aim.isIdle = frame.past !== undefined;
        if (frame.opened) this.#open(frame.opened);
        this.cluster.fold(frame);
        if (frame.table) this.table.fold(frame.table);
        if (!frame.past) this.drains.follow(frame.clock.nowMs);
        this.places.follow();
        this.usage.follow(frame.clock.nowMs, frame.opened !== undefined || frame.past !== undefined);
      },
      menu: (choice) => this.onMenu(choice),
      closed: (ended) => {
        this.connected = false;
        this.ended = ended;
      },
    });
  }

  /** Asks the lab; a refusal is told to the person, and the answer is then undefined. */
  ask<K extends RequestName>(method: K, params: Params<K>): Promise<Result<K> | undefined> {
    return this.#answer(this.client.request(method, params));
  }

  /** The same for what the host itself answers. */
  askHost<K extends keyof HostRequests>(method: K, params: HostRequests[K][0]): Promise<HostRequests[K][1] | undefined> {
    return this.#answer(this.client.requestHost(method, params));
  }

  async #answer<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (error) {
      // That the connection is lost is told once for the whole window, not for each question that was on its way.
      if (this.connected) this.notices.trouble(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Nothing can strike what was. */
  failuresOf(target: FailureKind['target']): readonly FailureKind[] {
    if (this.past.shown) return [];
    return this.info?.failures.filter((failure) => failure.target === target) ?? [];
  }

  /** Goes one event on; in the past, one step of the timeline. */
  step(): void {
    if (this.past.isAway) this.past.step(1);
    else void this.ask('clock.step', {});
  }

  /** Goes to the next change that shows, and says so when there was none. */
  async goToNext(): Promise<void> {
    if (this.past.isAway) {
      this.past.step(1);
      return;
    }
    const result = await this.ask('clock.next', {});
    if (result?.found === false) this.notices.say(t('clock.nothingNext'));
  }

  async applyFailure(failure: string, target: string, others: readonly string[] = []): Promise<void> {
    const ids: string[] = [];
    for (const each of [target, ...others]) {
      const done = await this.ask('failure.apply', { failure, target: each });
      if (done) ids.push(done.id);
    }
    if (ids.length === 0) return;
    const words = t('say.failed', { failure: t(`failure.${failure}`), target: [target, ...others].join(', ') });
    this.notices.speak(words);
    this.deeds.remember(words, async () => {
      let any = false;
      for (const id of ids) any = (await this.#heal(id)) !== undefined || any;
      return any;
    });
  }

  /** Can be taken back: the same failure begins once more, at the moment when it is. */
  async heal(id: string): Promise<void> {
    const failure = this.cluster.table('failures').get(id);
    const words = await this.#heal(id);
    if (words === undefined || !failure) return;
    const { failure: name, target } = failure;
    this.deeds.remember(words, async () => (await this.ask('failure.apply', { failure: name, target })) !== undefined);
  }

  /** What was done, in words. */
  async #heal(id: string): Promise<string | undefined> {
    const failure = this.cluster.table('failures').get(id);
    const done = await this.ask('failure.heal', { id });
    if (!done) return undefined;
    const words = failure ? t('say.healed', { failure: t(`failure.${failure.failure}`), target: failure.target }) : '';
    if (words !== '') this.notices.speak(words);
    return words;
  }

  /** Another world was opened: what was done in the old one cannot be taken back in it. */
  #open(info: LabInfo): void {
    if (info.recovered && !this.info) this.notices.say(t('app.recovered'));
    this.info = info;
    this.deeds.forget();
    this.drains.forget();
    this.places.forget();
  }
}

export const [getLab, setLab] = createContext<Lab>();
