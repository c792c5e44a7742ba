// How many requests the door takes: enough for any tool, too few for a loop gone wild to keep the lab from running.
import { StatusError } from '../../engine/meta/status-error.ts';

const BURST = 4_000;
const PER_SECOND = 2_000;

export function overloaded(): StatusError {
  return new StatusError('TooManyRequests', 429, 'Too many requests, please try again later.', { retryAfterSeconds: 1 });
}

/** A bucket that fills with time. */
export class RequestBudget {
  readonly #nowMs: () => number;
  #left = BURST;
  #filledMs: number;

  readonly #perSecond: number;

  constructor(nowMs: () => number, perSecond = PER_SECOND) {
    this.#nowMs = nowMs;
    this.#perSecond = perSecond;
    this.#filledMs = nowMs();
  }

  /** Throws StatusError (429) when there is nothing left. */
  take(): void {
    const nowMs = this.#nowMs();
    const fresh = this.#perSecond === Number.POSITIVE_INFINITY ? BURST : (Math.max(0, nowMs - this.#filledMs) * this.#perSecond) / 1000;
    this.#left = Math.min(BURST, this.#left + fresh);
    this.#filledMs = nowMs;
    if (this.#left < 1) throw overloaded();
    this.#left -= 1;
  }
}
