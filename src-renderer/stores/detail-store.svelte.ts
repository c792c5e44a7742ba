/**
 * The selected object in full, asked for again when something about it may have changed.
 * Whole objects are large, so there is at most one question under way and a pause between two.
 */
import type { ObjectDetail } from '../../src-main/contract/bridge.ts';
import type { LabClient } from '../link/lab-client.ts';
import type { ObjectRef } from './selection-store.svelte.ts';

export const PAUSE_MS = 250;

export class DetailStore {
  detail = $state.raw<ObjectDetail | null>(null);
  /** The object was there and is not any more, or never was. */
  gone = $state(false);
  readonly #client: LabClient;
  #ref: ObjectRef | null = null;
  #busy = false;
  #stale = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: LabClient) {
    this.#client = client;
  }

  show(ref: ObjectRef | null): void {
    this.#ref = ref;
    this.detail = null;
    this.gone = false;
    this.#stale = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (ref) void this.#load(ref);
  }

  /** Something has changed; soon, and only once, it is asked for again. */
  refresh(): void {
    this.#stale = true;
    if (this.#busy || this.#timer !== undefined || !this.#ref) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#stale && this.#ref) void this.#load(this.#ref);
    }, PAUSE_MS);
  }

  async #load(ref: ObjectRef): Promise<void> {
    this.#busy = true;
    this.#stale = false;
    try {
      const detail = await this.#client.request('object.get', ref);
      if (this.#ref === ref) {
        this.detail = detail;
        this.gone = false;
      }
    } catch {
      // The only refusal is that the object does not exist, and that is what is shown.
      if (this.#ref === ref) this.gone = true;
    }
    this.#busy = false;
    if (this.#stale) this.refresh();
  }
}
