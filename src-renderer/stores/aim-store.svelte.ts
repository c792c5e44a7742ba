/**
 * A failure that a person is about to cause: what they hold, over which tray it is, and what a fork of the lab foresees.
 * Dragging, menus and the keyboard all go through it, so each of them shows the same prediction before anything happens.
 */
import type { Prediction } from '../../src-main/contract/bridge.ts';
import type { FailureKind } from '../../src-main/contract/lab-info.ts';
import type { LabClient } from '../link/lab-client.ts';
import type { ClusterStore } from './cluster-store.svelte.ts';
import type { PlaceStore } from './place-store.svelte.ts';

/** What is held: a node or zone at home, or one that already lies in a tray (then `failureId` is set); a pod or a volume. */
export interface Held {
  readonly kind: 'Node' | 'Zone' | 'Pod' | 'PersistentVolume';
  readonly key: string;
  /** Held together with it. */
  readonly others?: readonly string[];
  readonly failureId?: string;
}

export type Foresight =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly prediction: Prediction }
  | { readonly state: 'refused'; readonly message: string };

/** A failure of a target that waits for a yes. */
export interface Intent {
  readonly failure: string;
  readonly target: string;
  /** Struck at the same moment. */
  readonly others?: readonly string[];
}

export class AimStore {
  held = $state.raw<Held | null>(null);
  pointer = $state.raw({ x: 0, y: 0 });
  /** The failure of the tray under the pointer, `home` over the picture, `node:<name>`, `zone:<name>`, or ''. */
  over = $state('');
  /** A dialog asks whether to do this. */
  asked = $state.raw<Intent | null>(null);
  /** A failure for which somebody chooses what it strikes. */
  choosing = $state.raw<FailureKind | null>(null);
  /** What is shown cannot be taken hold of: it is the past. */
  isIdle = false;
  #foresights = $state.raw<ReadonlyMap<string, Foresight>>(new Map());
  /** What the pictures on screen have under a point of the window, as in `node:worker-1`; '' where it is not theirs. */
  readonly pictures = new Set<(x: number, y: number) => string>();
  /** Name of the intent that was asked about last. */
  #newest = '';
  readonly #client: LabClient;
  readonly #cluster: ClusterStore;
  readonly #places: PlaceStore;

  constructor(client: LabClient, cluster: ClusterStore, places: PlaceStore) {
    this.#client = client;
    this.#cluster = cluster;
    this.#places = places;
  }

  /** What a failure would strike if it struck what is held: a zone that cannot be struck as one is struck node by node. */
  intentOf(held: Held, failure: string, ofZones: boolean): Intent {
    if (held.kind !== 'Zone' || ofZones) return { failure, target: held.key, others: held.others ?? [] };
    const nodes = this.#cluster.list('nodes').filter(({ zone, controlPlane }) => zone === held.key && !controlPlane);
    const [target = '', ...others] = nodes.map(({ name }) => name);
    return { failure, target, others };
  }

  foresight(intent: Intent): Foresight | undefined {
    return this.#foresights.get(nameOf(intent));
  }

  pickUp(held: Held, x: number, y: number): void {
    if (this.isIdle) return;
    this.held = held;
    this.pointer = { x, y };
    this.over = '';
    this.#foresights = new Map();
    if (held.kind === 'Pod' || held.kind === 'PersistentVolume') void this.#places.look(held);
  }

  move(x: number, y: number, over: string): void {
    this.pointer = { x, y };
    this.over = over;
  }

  /** A pod that is taken up in one picture may be let go in another. */
  placeOn(x: number, y: number): string {
    for (const picture of this.pictures) {
      const place = picture(x, y);
      if (place !== '') return place;
    }
    return '';
  }

  letGo(): void {
    this.held = null;
    this.over = '';
  }

  ask(intent: Intent): void {
    if (this.isIdle) return;
    this.#foresights = new Map();
    this.asked = intent;
    this.foresee(intent);
  }

  /** Asked once for each target while something is held: the answer is kept until the next time. */
  foresee(intent: Intent): void {
    if (this.foresight(intent)) return;
    this.#newest = nameOf(intent);
    this.#keep(intent, { state: 'running' });
    this.#client.request('failure.predict', intent).then(
      (prediction) => this.#keep(intent, { state: 'done', prediction }),
      (error: unknown) => {
        // A newer question ended this one: whoever comes back to it asks again.
        if (this.#newest !== nameOf(intent)) this.#forget(intent);
        else this.#keep(intent, { state: 'refused', message: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  #forget(intent: Intent): void {
    const foresights = new Map(this.#foresights);
    foresights.delete(nameOf(intent));
    this.#foresights = foresights;
  }

  #keep(intent: Intent, foresight: Foresight): void {
    this.#foresights = new Map(this.#foresights).set(nameOf(intent), foresight);
  }
}

function nameOf({ failure, target, others = [] }: Intent): string {
  return [failure, target, ...others].join(' ');
}
