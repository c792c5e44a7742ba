/**
 * Squares of pixels to paint on, kept for the next picture when one is let go of.
 * Making a canvas costs more than painting most squares, and a zoom needs a dozen new ones at once.
 */
import type { Canvas2D } from './paint-marks.ts';

export const CHUNK_PIXELS = 256;
/** About two screens. */
const KEPT_MAX = 64;

export class SquarePool {
  readonly #kept: Canvas2D[] = [];

  /** What was painted on it before may still be there. */
  take(): Canvas2D {
    const kept = this.#kept.pop();
    if (kept) return kept;
    const canvas = document.createElement('canvas');
    canvas.width = CHUNK_PIXELS;
    canvas.height = CHUNK_PIXELS;
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('this page has no canvas');
    return context;
  }

  give(context: Canvas2D): void {
    if (this.#kept.length < KEPT_MAX) this.#kept.push(context);
  }
}
