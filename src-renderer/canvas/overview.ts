/**
 * The whole topology on one small canvas, seen from far away and kept up to date node by node.
 * It is the minimap, and what is seen for a moment where nothing sharper has been painted yet.
 */
import type { Mark, Rect } from '../scene/mark.ts';
import type { Brush, Canvas2D } from './paint-marks.ts';

const WIDTH_MAX = 560;
const HEIGHT_MAX = 420;

export interface OverviewSource {
  bounds(): Rect;
  overviewParts(): Iterable<{ readonly key: string; readonly box: Rect }>;
  overviewMarks(key: string): readonly Mark[];
}

export class Overview {
  readonly canvas: HTMLCanvasElement;
  readonly #context: Canvas2D | null;
  readonly #source: OverviewSource;
  #bounds: Rect = { x: 0, y: 0, width: 1, height: 1 };
  #scale = 1;
  #whole = false;
  readonly #dirty = new Set<string>();

  constructor(source: OverviewSource) {
    this.#source = source;
    this.canvas = document.createElement('canvas');
    this.#context = this.canvas.getContext('2d', { alpha: false });
  }

  get bounds(): Rect {
    return this.#bounds;
  }

  invalidate(keys: Iterable<string>): void {
    for (const key of keys) this.#dirty.add(key);
  }

  forget(): void {
    this.#whole = false;
  }

  /** Until `deadline` of a clock; true when nothing is left to paint. */
  paint(brush: Brush, deadline: number, now: () => number): boolean {
    if (this.#context === null) return true;
    if (!this.#whole) this.#begin(this.#context, brush);
    this.#transform(this.#context);
    for (const key of this.#dirty) {
      if (now() > deadline) return false;
      this.#dirty.delete(key);
      brush.paint(this.#context, this.#source.overviewMarks(key), this.#scale);
    }
    return true;
  }

  /** Stretched over its place on the screen, as far as it shows through `gaps`. */
  draw(context: Canvas2D, gaps: Iterable<Rect>, x: number, y: number, scale: number): void {
    if (!this.#whole) return;
    const { x: left, y: top, width, height } = this.#bounds;
    for (const gap of gaps) {
      const from = { x: Math.max(left, gap.x), y: Math.max(top, gap.y) };
      const to = { x: Math.min(left + width, gap.x + gap.width), y: Math.min(top + height, gap.y + gap.height) };
      if (to.x <= from.x || to.y <= from.y) continue;
      const source = [from.x - left, from.y - top, to.x - from.x, to.y - from.y].map((units) => units * this.#scale);
      const [sourceX = 0, sourceY = 0, sourceWidth = 0, sourceHeight = 0] = source;
      const [wide, high] = [(to.x - from.x) * scale, (to.y - from.y) * scale];
      context.drawImage(this.canvas, sourceX, sourceY, sourceWidth, sourceHeight, x + from.x * scale, y + from.y * scale, wide, high);
    }
  }

  /** An empty picture, on which everything is still to be painted, in its order. */
  #begin(context: Canvas2D, brush: Brush): void {
    this.#bounds = this.#source.bounds();
    this.#whole = true;
    this.#dirty.clear();
    for (const { key } of this.#source.overviewParts()) this.#dirty.add(key);
    const { width, height } = this.#bounds;
    this.#scale = Math.min(WIDTH_MAX / Math.max(1, width), HEIGHT_MAX / Math.max(1, height));
    this.canvas.width = Math.max(1, Math.round(width * this.#scale));
    this.canvas.height = Math.max(1, Math.round(height * this.#scale));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = brush.palette.ground;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  #transform(context: Canvas2D): void {
    const { x, y } = this.#bounds;
    context.setTransform(this.#scale, 0, 0, this.#scale, -x * this.#scale, -y * this.#scale);
  }
}
