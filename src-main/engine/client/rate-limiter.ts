// client-go's token bucket: a client that calls faster than its quota waits, which is why a thousand pods are not made in one instant.

export interface TokenBucketState {
  tokens: number;
  atMs: number;
}

/** upstream: client-go/util/flowcontrol NewTokenBucketRateLimiter */
export class TokenBucket {
  readonly #state: TokenBucketState;
  readonly #perMs: number;
  readonly #burst: number;

  constructor(state: TokenBucketState, perSecond: number, burst: number) {
    this.#state = state;
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
  }

  static full(burst: number): TokenBucketState {
    return { tokens: burst, atMs: 0 };
  }

  /** Takes a token, on credit if need be; returns the milliseconds the caller has to wait for it. */
  take(nowMs: number): number {
    this.#refill(nowMs);
    this.#state.tokens -= 1;
    return this.#state.tokens >= 0 ? 0 : Math.ceil(-this.#state.tokens / this.#perMs);
  }

  /** Takes a token if there is one. */
  tryTake(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#state.tokens < 1) return false;
    this.#state.tokens -= 1;
    return true;
  }

  #refill(nowMs: number): void {
    const state = this.#state;
    state.tokens = Math.min(this.#burst, state.tokens + (nowMs - state.atMs) * this.#perMs);
    state.atMs = nowMs;
  }
}
