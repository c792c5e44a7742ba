/**
 * The inside of one container, asked for again while somebody looks at it and time passes.
 * There is at most one question under way.
 */
import type { ContainerLook } from '../../src-main/contract/container.ts';
import type { LabClient } from '../link/lab-client.ts';

export interface ContainerRef {
  readonly key: string;
  readonly container: string;
  readonly previous: boolean;
}

export class ContainerStore {
  look = $state.raw<ContainerLook | null>(null);
  readonly #client: LabClient;
  #ref: ContainerRef | null = null;
  #busy = false;
  #stale = false;

  constructor(client: LabClient) {
    this.#client = client;
  }

  show(ref: ContainerRef | null): void {
    this.#ref = ref;
    this.look = null;
    this.refresh();
  }

  /** Something may have changed. */
  refresh(): void {
    if (this.#busy) this.#stale = true;
    else if (this.#ref) void this.#load(this.#ref);
  }

  async #load(ref: ContainerRef): Promise<void> {
    this.#busy = true;
    this.#stale = false;
    try {
      const look = await this.#client.request('container.look', ref);
      if (this.#ref === ref) this.look = look;
    } catch (error) {
      // The pod is gone, and the panel with it says so.
      if (this.#ref === ref) this.look = { log: [], files: [], trouble: error instanceof Error ? error.message : String(error) };
    }
    this.#busy = false;
    if (this.#stale) this.refresh();
  }
}
