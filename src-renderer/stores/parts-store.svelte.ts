/**
 * What is inside the pods that are seen from near, asked for while somebody looks.
 * There is one question under way and a pause between two, because a picture may change in every frame.
 */
import type { PodParts } from '../../src-main/contract/pod-parts.ts';
import type { LabClient } from '../link/lab-client.ts';

const PAUSE_MS = 200;

export class PartsStore {
  /** By the key of the pod. */
  known = $state.raw<ReadonlyMap<string, PodParts>>(new Map());
  readonly #client: LabClient;
  #wanted: readonly string[] = [];
  #stale = false;
  #busy = false;

  constructor(client: LabClient) {
    this.#client = client;
  }

  /** These are in sight now, or something about them has changed. None: nobody looks from near any more. */
  look(keys: readonly string[]): void {
    this.#wanted = keys;
    this.#stale = keys.length > 0;
    if (keys.length === 0 && this.known.size > 0) this.known = new Map();
    if (this.#stale && !this.#busy) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#busy = true;
    while (this.#stale) {
      this.#stale = false;
      try {
        const parts = await this.#client.request('pods.parts', { keys: this.#wanted });
        if (this.#wanted.length > 0) this.known = new Map(parts.map((pod) => [pod.key, pod]));
      } catch {
        break; // the lab has gone, or is another one: the next look asks again
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#busy = false;
  }
}
