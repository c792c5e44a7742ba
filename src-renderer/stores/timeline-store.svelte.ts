/**
 * What has happened, read from the lab in bounded pieces while somebody looks at it.
 * There is at most one question under way and a pause between two, because thousands of steps may come in a second.
 */
import type { AvailabilityRecord, RuleRecord, StepRecord, TimelineNews, TimelinePlace } from '../../src-main/contract/timeline.ts';
import type { LabClient } from '../link/lab-client.ts';

const PAUSE_MS = 200;
const BEGINNING: TimelinePlace = { edition: 0, nextId: 0, nextPoint: 0 };

export class TimelineStore {
  /** In order of time; replaced whenever there is something new. */
  steps = $state.raw<readonly StepRecord[]>([]);
  services = $state.raw<readonly AvailabilityRecord[]>([]);
  rules = $state.raw<Readonly<Record<string, RuleRecord>>>({});
  readonly #client: LabClient;
  readonly #lines = new Map<string, AvailabilityRecord>();
  #place = BEGINNING;
  #busy = false;
  #stale = false;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: LabClient) {
    this.#client = client;
    client.request('timeline.rules', {}).then(
      (rules) => {
        this.rules = rules;
      },
      () => this.close(),
    );
  }

  /** Something may have happened; soon, and only once, it is asked for. */
  refresh(): void {
    this.#stale = true;
    if (this.#busy || this.#closed || this.#timer !== undefined) return;
    void this.#read();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    this.#busy = true;
    this.#stale = false;
    try {
      this.#fold(await this.#client.request('timeline.read', this.#place));
    } catch {
      // The lab is gone, and the shell says so.
      this.close();
    }
    this.#busy = false;
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#stale) void this.#read();
    }, PAUSE_MS);
  }

  #fold({ edition, nextId, nextPoint, more, steps, services }: TimelineNews): void {
    const anew = edition !== this.#place.edition;
    this.#place = { edition, nextId, nextPoint };
    if (anew) this.#lines.clear();
    if (anew || steps.length > 0) this.steps = anew ? steps : [...this.steps, ...steps];
    for (const service of services) this.#lines.set(service.key, service);
    if (anew || services.length > 0) this.services = [...this.#lines.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
    this.#stale ||= more;
  }
}
