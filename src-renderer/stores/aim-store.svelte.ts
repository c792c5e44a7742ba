/**
 * A failure that a person is about to cause: what they hold, over which tray it is, and what a fork of the lab foresees.
 * Dragging, menus and the keyboard all go through it, so each of them shows the same prediction before anything happens.
 */
import type { Prediction } from '../../src-main/contract/bridge.ts';
import type { LabClient } from '../link/lab-client.ts';

/** What is held: a node or zone at home, or one that already lies in a tray (then `failureId` is set). */
export interface Held {
  readonly kind: 'Node' | 'Zone';
  readonly key: string;
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
}

export class AimStore {
  held = $state.raw<Held | null>(null);
  pointer = $state.raw({ x: 0, y: 0 });
  /** The failure of the tray under the pointer, `home` over the picture, or ''. */
  over = $state('');
  /** A dialog asks whether to do this. */
  asked = $state.raw<Intent | null>(null);
  #foresights = $state.raw<ReadonlyMap<string, Foresight>>(new Map());
  readonly #client: LabClient;

  constructor(client: LabClient) {
    this.#client = client;
  }

  foresight({ failure, target }: Intent): Foresight | undefined {
    return this.#foresights.get(`${failure} ${target}`);
  }

  pickUp(held: Held, x: number, y: number): void {
    this.held = held;
    this.pointer = { x, y };
    this.over = '';
    this.#foresights = new Map();
  }

  move(x: number, y: number, over: string): void {
    this.pointer = { x, y };
    if (over === this.over) return;
    this.over = over;
    const held = this.held;
    if (held && over !== '' && over !== 'home' && held.failureId === undefined) this.foresee({ failure: over, target: held.key });
  }

  letGo(): void {
    this.held = null;
    this.over = '';
  }

  ask(intent: Intent): void {
    this.#foresights = new Map();
    this.asked = intent;
    this.foresee(intent);
  }

  /** Asked once for each target while something is held: the answer is kept until the next time. */
  foresee(intent: Intent): void {
    if (this.foresight(intent)) return;
    this.#keep(intent, { state: 'running' });
    this.#client.request('failure.predict', intent).then(
      (prediction) => this.#keep(intent, { state: 'done', prediction }),
      (error: unknown) => this.#keep(intent, { state: 'refused', message: error instanceof Error ? error.message : String(error) }),
    );
  }

  #keep({ failure, target }: Intent, foresight: Foresight): void {
    this.#foresights = new Map(this.#foresights).set(`${failure} ${target}`, foresight);
  }
}
