// Since when a node's watches hear nothing, and when they hear again once its link is joined.
// For 45 seconds the connection lives on and TCP sends again what was lost; then it is given up, and the reflector tries to list anew, ever more rarely.
import type { Random } from '../base/random.ts';
import type { Physics } from '../physics/physics.ts';
import type { Timeline } from '../time/timeline.ts';

/** upstream: apimachinery/pkg/util/net/http.go readIdleTimeoutSeconds, pingTimeoutSeconds */
const GIVEN_UP_MS = 30_000 + 15_000;
/** upstream: client-go/tools/cache/reflector.go NewReflectorWithOptions: jitter 1.0, so that a sleep lasts up to twice as long */
const SLEEP_MS_MIN = 800;
const SLEEP_MS_MAX = 30_000;
/** Linux's shortest time until a segment is sent again; it doubles. */
const RESEND_MS = 200;
/** How far back the tries are followed one by one. */
const FOLLOWED_MS = 3_600_000;

/** `isNew`: the process has never heard, because it began while the link was cut. */
export type Deafness = { readonly sinceMs: number; readonly isNew: boolean } | { readonly untilMs: number };

export class Hearing {
  readonly #timeline: Timeline;
  readonly #physics: Physics;
  readonly #deaf: Map<string, Deafness>;

  constructor(timeline: Timeline, physics: Physics, state: Readonly<Record<string, Deafness>> = {}) {
    this.#timeline = timeline;
    this.#physics = physics;
    this.#deaf = new Map(Object.entries(state));
  }

  save(): Readonly<Record<string, Deafness>> {
    return Object.fromEntries(this.#deaf);
  }

  isOpen(node: string): boolean {
    return this.#physics.kubeletRuns(node) && this.#physics.connected(node);
  }

  /** For how long a node whose link is joined does not hear yet. */
  waitMs(node: string): number {
    const deaf = this.#deaf.get(node);
    return deaf === undefined || !('untilMs' in deaf) ? 0 : Math.max(0, deaf.untilMs - this.#timeline.nowMs);
  }

  /** A node's link (or its machine, or its kubelet) has changed. `inTime`: what was sent meanwhile comes over the connection that there was. */
  follow(node: string, isLink: boolean): 'silent' | 'inTime' | 'anew' {
    const { nowMs } = this.#timeline;
    const deaf = this.#deaf.get(node);
    const wasDeaf = deaf !== undefined && 'sinceMs' in deaf;
    if (!this.#physics.kubeletRuns(node)) {
      this.#deaf.delete(node);
      return 'silent';
    }
    if (!this.#physics.connected(node)) {
      if (!wasDeaf) this.#deaf.set(node, { sinceMs: nowMs, isNew: !isLink || (deaf !== undefined && deaf.untilMs > nowMs) });
      return 'silent';
    }
    if (!wasDeaf) return 'anew';
    this.#deaf.delete(node);
    if (!deaf.isNew && nowMs - deaf.sinceMs < GIVEN_UP_MS) return 'inTime';
    const untilMs = listsAgainMs(deaf.isNew ? deaf.sinceMs : deaf.sinceMs + GIVEN_UP_MS, nowMs, this.#timeline.stream('watch/reconnect'));
    this.#deaf.set(node, { untilMs });
    return 'anew';
  }
}

/** The first try of a reflector that has tried since `fromMs` which comes through a link that was joined at `joinedMs`. */
export function listsAgainMs(fromMs: number, joinedMs: number, random: Random): number {
  const skippedMs = Math.max(0, joinedMs - FOLLOWED_MS - fromMs);
  let sleepMs = skippedMs > 0 ? SLEEP_MS_MAX : SLEEP_MS_MIN;
  let tryMs = fromMs + skippedMs;
  while (tryMs < joinedMs) {
    tryMs += random.between(sleepMs, 2 * sleepMs);
    sleepMs = Math.min(2 * sleepMs, SLEEP_MS_MAX);
  }
  return tryMs;
}

/** When TCP sends again what was sent into a link that was cut then and is joined now. */
export function resentMs(sentMs: number, joinedMs: number): number {
  let resendMs = RESEND_MS;
  let atMs = sentMs;
  while (atMs < joinedMs) {
    atMs += resendMs;
    resendMs *= 2;
  }
  return atMs;
}
