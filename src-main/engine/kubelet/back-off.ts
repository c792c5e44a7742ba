// Waits that double, as the kubelet keeps them of images that could not be pulled and containers that ended.
import type { BackOff } from './kubelet-state.ts';
import { TIMINGS } from './timings.ts';

/** upstream: client-go/util/flowcontrol/backoff.go hasExpired */
export function isForgotten(crash: BackOff, endedMs: number): boolean {
  return endedMs - crash.sinceMs > TIMINGS.crashForgottenMs;
}

/** upstream: client-go/util/flowcontrol/backoff.go Next */
export function longer(known: BackOff | null, nowMs: number, leastMs: number, mostMs: number): BackOff {
  return { waitMs: known === null ? leastMs : Math.min(known.waitMs * 2, mostMs), sinceMs: nowMs };
}
