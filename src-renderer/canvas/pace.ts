/**
 * Whether the frames of a gesture come on time.
 * How long a browser takes to turn a picture into pixels is not told to the page: only that the next frame comes late.
 */

/** Two turns of a slow screen. */
const LATE_MS = 34;
/** A pause of the hand is no late frame. */
const PAUSE_MS = 200;
/** One late frame may have any reason. */
const LATE_FRAMES = 4;

export class Pace {
  #before = Number.NaN;
  #count = 0;

  begin(): void {
    this.#before = Number.NaN;
    this.#count = 0;
  }

  frame(now: number): void {
    const sinceMs = now - this.#before;
    if (sinceMs > LATE_MS && sinceMs < PAUSE_MS) this.#count += 1;
    this.#before = now;
  }

  /** Once it is so, it stays so until the next gesture: a picture that changes back and forth is worse than a coarse one. */
  get late(): boolean {
    return this.#count >= LATE_FRAMES;
  }
}
