/**
 * Time stands still while a dialog is open, and goes on as it did when the last one has closed.
 * A dialog that opens another one, as the command palette does, is not a moment in between.
 */
import type { LabClient } from '../link/lab-client.ts';
import type { ClockStore } from './clock-store.svelte.ts';

export class PauseStore {
  readonly #client: LabClient;
  readonly #clock: ClockStore;
  #dialogs = 0;
  /** Time went on when the first dialog opened. */
  #resumes = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: LabClient, clock: ClockStore) {
    this.#client = client;
    this.#clock = clock;
  }

  /** A dialog opens; the returned function says that it has closed. */
  readonly opened = (): (() => void) => {
    this.#dialogs += 1;
    clearTimeout(this.#timer);
    if (this.#dialogs === 1 && !this.#resumes && this.#clock.record.playing) {
      this.#resumes = true;
      this.#ask('clock.pause');
    }
    return () => {
      this.#dialogs -= 1;
      if (this.#dialogs === 0 && this.#resumes) this.#timer = setTimeout(() => this.#resume(), 0);
    };
  };

  #resume(): void {
    this.#resumes = false;
    this.#ask('clock.play');
  }

  #ask(method: 'clock.pause' | 'clock.play'): void {
    void this.#client.request(method, {}).catch(() => {}); // a lab that has gone stands still
  }
}
