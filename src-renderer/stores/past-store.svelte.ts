/**
 * Looking back: which moment of the past the window shows, and the wish to show another one.
 * While a hand moves along time only the newest wish counts, and there is one question under way; steps wished for meanwhile are one wish.
 */
import type { Frame } from '../../src-main/contract/view.ts';
import type { LabClient } from '../link/lab-client.ts';

type Wish = { readonly atMs: number } | { readonly by: number } | 'leave';

export class PastStore {
  /** null: the present is shown. */
  shown = $state.raw<{ readonly presentMs: number; readonly fromMs: number } | null>(null);
  /** A moment was asked for, and no frame has shown it yet. */
  isGoing = $state(false);
  #isAsking = false;
  readonly #client: LabClient;
  readonly #trouble: (message: string) => void;
  #wish: Wish | null = null;

  constructor(client: LabClient, trouble: (message: string) => void) {
    this.#client = client;
    this.#trouble = trouble;
  }

  /** The past is shown, or is about to be. */
  get isAway(): boolean {
    return this.shown !== null || this.isGoing;
  }

  fold({ past }: Frame): void {
    if (past?.presentMs !== this.shown?.presentMs || past?.fromMs !== this.shown?.fromMs) this.shown = past ?? null;
    // The frame that shows a moment follows the answer that it has been reached.
    if (!this.#isAsking) this.isGoing = false;
  }

  show(atMs: number): void {
    this.#want({ atMs: Math.floor(atMs) });
  }

  step(by: 1 | -1): void {
    const waiting = this.#wish !== null && this.#wish !== 'leave' && 'by' in this.#wish ? this.#wish.by : 0;
    if (waiting + by === 0) this.#wish = null;
    else this.#want({ by: waiting + by });
  }

  leave(): void {
    if (this.isAway) this.#want('leave');
  }

  #want(wish: Wish): void {
    this.#wish = wish;
    // To leave is heard at once: it ends what is under way.
    if (wish === 'leave')
      void this.#client.request('past.leave', {}).catch(() => {}); // a lab that has gone has no present
    else this.isGoing = true;
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    for (let wish = this.#wish; wish !== null; wish = this.#wish) {
      this.#wish = null;
      if (wish === 'leave') continue;
      try {
        if ('atMs' in wish) await this.#client.request('past.show', wish);
        else await this.#client.request('past.step', wish);
      } catch (error) {
        this.#trouble(error instanceof Error ? error.message : String(error));
        this.isGoing = this.#wish !== null;
      }
    }
    this.#isAsking = false;
  }
}
