// The kubectl door as its panel shows it: asked about while somebody looks, because nobody else wants to know.
import type { DoorRecord } from '../../src-main/contract/door.ts';
import type { LabClient } from '../link/lab-client.ts';

const LOOK_MS = 1_000;

export class DoorStore {
  shown = $state(false);
  /** null: this host has no door of its own, or has not answered yet. */
  record = $state.raw<DoorRecord | null>(null);
  readonly #client: LabClient;
  readonly #trouble: (message: string) => void;

  constructor(client: LabClient, trouble: (message: string) => void) {
    this.#client = client;
    this.#trouble = trouble;
  }

  /** Keeps asking until the returned function is called. */
  watch(): () => void {
    const look = async (): Promise<void> => {
      try {
        this.record = await this.#client.requestHost('host.door', {});
      } catch {
        // A host that serves no door does not know the question.
        this.record = null;
      }
    };
    void look();
    const looking = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(looking);
  }

  async turn(on: boolean): Promise<void> {
    const record = await this.#try(() => this.#client.requestHost('host.doorSwitch', { on }));
    if (record !== undefined) this.record = record;
  }

  /** The file that was changed and the context in it, if it was. */
  merge(): Promise<{ readonly file: string; readonly context: string } | undefined> {
    return this.#try(() => this.#client.requestHost('host.doorMerge', {}));
  }

  async openTerminal(): Promise<void> {
    await this.#try(() => this.#client.requestHost('host.doorTerminal', {}));
  }

  async #try<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      this.#trouble(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
