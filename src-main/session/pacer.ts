/**
 * Decides how far virtual time may go at each moment of real time.
 * The engine shares its thread with menus, dialogs and sockets, so it runs in slices of a few milliseconds and never owes more than a frame.
 */
import type { Advanced } from './sliced-advance.ts';

export const SLICE_MS = 8;
export const PACER_FRAME_MS = 16;
/** At speed 'max' one slice goes no further than this, so that a quiet cluster still shows its hours passing. */
export const MAX_SPEED_STEP_MS = 600_000;
/** Real time lost in one go beyond this (a suspended laptop, a debugger) is not made up. */
const ELAPSED_MS_MAX = 250;
const ACHIEVED_WINDOW_MS = 500;
export const SPEED_MIN = 0.1;
/** Nobody holds virtual time back for longer. */
const HOLD_MS_MAX = 250;

export type Speed = number | 'max';

export interface PacerOptions {
  /** Runs the engine to `untilMs` of virtual time or for about `budgetMs` of wall time, whichever is first. */
  advance(untilMs: number, budgetMs: number): Advanced;
  /** Monotonic real milliseconds. */
  now(): number;
  /** Runs `task` after `delayMs` (0: as soon as pending input was served) and returns how to cancel it. */
  schedule(task: () => void, delayMs: number): () => void;
  /** The engine threw: the pacer has paused. */
  failed(error: unknown): void;
  /** After each slice, with the virtual time reached. */
  advanced?(nowMs: number): void;
}

export class Pacer {
  readonly #options: PacerOptions;
  #speed: Speed = 1;
  #cancel: (() => void) | undefined;
  #virtualMs: number;
  #targetMs: number;
  #realMs = 0;
  #achieved = 0;
  #window = { realMs: 0, virtualMs: 0 };
  /** Real time until which somebody holds virtual time back, by whom. */
  readonly #holds = new Map<string, number>();

  constructor(options: PacerOptions, virtualMs = 0) {
    this.#options = options;
    this.#virtualMs = virtualMs;
    this.#targetMs = virtualMs;
  }

  get playing(): boolean {
    return this.#cancel !== undefined;
  }
  get speed(): Speed {
    return this.#speed;
  }
  /** Simulated seconds per real second over the last half second or so; 0 while paused. */
  get achievedSpeed(): number {
    return this.playing ? this.#achieved : 0;
  }

  setSpeed(speed: Speed): void {
    if (speed !== 'max' && !(Number.isFinite(speed) && speed >= SPEED_MIN))
      throw new RangeError(`speed must be 'max' or at least ${SPEED_MIN}`);
    this.#speed = speed;
    if (this.playing) this.#restart();
  }

  play(): void {
    if (!this.playing) this.#restart();
  }

  pause(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Until it is released, or for a moment, virtual time goes no faster than real time: `who` asks several times and shall see what comes in between. */
  hold(who: string): void {
    if (this.#speed !== 'max' && this.#speed <= 1) return;
    const realMs = this.#options.now();
    // What is owed would pass at once.
    this.#targetMs = this.#virtualMs;
    this.#realMs = realMs;
    this.#holds.set(who, realMs + HOLD_MS_MAX);
  }

  release(who: string): void {
    this.#holds.delete(who);
  }

  /** Virtual time was moved by somebody else (a step, a jump, a restored snapshot): go on from there. */
  resync(virtualMs: number): void {
    this.#virtualMs = virtualMs;
    if (this.playing) this.#restart();
  }

  #restart(): void {
    this.pause();
    this.#realMs = this.#options.now();
    this.#targetMs = this.#virtualMs;
    this.#achieved = 0;
    this.#window = { realMs: this.#realMs, virtualMs: this.#virtualMs };
    this.#cancel = this.#options.schedule(() => this.#tick(), 0);
  }

  #tick(): void {
    const realMs = this.#options.now();
    this.#targetMs = this.#nextTarget(Math.min(realMs - this.#realMs, ELAPSED_MS_MAX), this.#isHeld(realMs));
    this.#realMs = realMs;
    const untilMs = Math.floor(this.#targetMs);
    let idle = true;
    if (untilMs > this.#virtualMs) {
      const cancel = this.#cancel;
      try {
        const reached = this.#options.advance(untilMs, SLICE_MS);
        if (this.#cancel !== cancel) return; // what happened in the slice paused or restarted the clock
        this.#virtualMs = reached.nowMs;
        idle = reached.idle;
      } catch (error) {
        this.pause();
        this.#options.failed(error);
        return;
      }
      this.#measure(realMs);
      this.#options.advanced?.(this.#virtualMs);
      if (this.#cancel !== cancel) return;
    }
    const hurry = this.#virtualMs < untilMs || (this.#speed === 'max' && !idle && this.#holds.size === 0);
    this.#cancel = this.#options.schedule(() => this.#tick(), hurry ? 0 : PACER_FRAME_MS);
  }

  /** What was not reached last time is owed, but never more than a frame's worth. */
  #nextTarget(elapsedMs: number, isHeld: boolean): number {
    if (this.#speed === 'max' && !isHeld) return this.#virtualMs + MAX_SPEED_STEP_MS;
    const speed = this.#speed === 'max' || isHeld ? 1 : this.#speed;
    const owedMs = Math.min(this.#targetMs - this.#virtualMs, PACER_FRAME_MS * speed);
    return this.#virtualMs + Math.max(0, owedMs) + elapsedMs * speed;
  }

  #isHeld(realMs: number): boolean {
    for (const [who, untilMs] of this.#holds) if (untilMs <= realMs) this.#holds.delete(who);
    return this.#holds.size > 0;
  }

  #measure(realMs: number): void {
    const elapsedMs = realMs - this.#window.realMs;
    if (elapsedMs < ACHIEVED_WINDOW_MS) return;
    this.#achieved = (this.#virtualMs - this.#window.virtualMs) / elapsedMs;
    this.#window = { realMs, virtualMs: this.#virtualMs };
  }
}
