/**
 * Tiles: parts of a picture that were painted once and are copied to the screen until they change.
 * After a zoom the old tiles are shown stretched, and sharpened a few milliseconds' worth a frame, so that the hand is never slowed down.
 */
import type { Mark, Rect } from '../scene/mark.ts';
import type { Brush, Canvas2D } from './paint-marks.ts';

/** Marks may reach a little beyond their box. */
const MARGIN = 4;
/** Time for painting tiles in one frame. */
const PAINT_MS = 6;
/** A tile that was never painted may take longer: a gap is worse than a late frame. */
const FIRST_PAINT_MS = 24;
/** A tile has at most this many pixels a side, however far the person zooms in. */
const TILE_PIXELS_MAX = 2048;

interface Tile {
  readonly canvas: HTMLCanvasElement;
  scale: number;
  dirty: boolean;
}

export interface TileSource {
  marks(key: string): readonly Mark[];
}

export class TileCache {
  readonly #tiles = new Map<string, Tile>();

  invalidate(keys: Iterable<string>): void {
    for (const key of keys) {
      const tile = this.#tiles.get(key);
      if (tile) tile.dirty = true;
    }
  }

  clear(): void {
    this.#tiles.clear();
  }

  /** Paints what is in sight; answers true when some tiles are still to be painted in a later frame. */
  draw(
    context: Canvas2D,
    brush: Brush,
    source: TileSource,
    visible: readonly { readonly key: string; readonly box: Rect }[],
    scale: number,
    moving: boolean,
  ): boolean {
    const deadline = performance.now() + PAINT_MS;
    let unfinished = false;
    for (const { key, box } of visible) {
      const known = this.#tiles.get(key);
      const wanted = Math.min(scale, TILE_PIXELS_MAX / Math.max(box.width, box.height));
      const blurred = known !== undefined && known.scale !== wanted;
      let tile = known;
      if (!known || known.dirty || (blurred && !moving)) {
        if (performance.now() > deadline + (known ? 0 : FIRST_PAINT_MS)) unfinished = true;
        else tile = this.#paint(key, box, brush, source, wanted);
      } else if (blurred) {
        unfinished = true;
      }
      if (tile) context.drawImage(tile.canvas, box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN);
    }
    return unfinished;
  }

  /** Lets go of the tiles that are out of sight when there are many. */
  trim(visible: ReadonlySet<string>, tilesMax: number): void {
    if (this.#tiles.size <= tilesMax) return;
    for (const key of this.#tiles.keys()) if (!visible.has(key)) this.#tiles.delete(key);
  }

  #paint(key: string, box: Rect, brush: Brush, source: TileSource, scale: number): Tile {
    const width = Math.max(1, Math.ceil((box.width + 2 * MARGIN) * scale));
    const height = Math.max(1, Math.ceil((box.height + 2 * MARGIN) * scale));
    const tile: Tile = this.#tiles.get(key) ?? { canvas: document.createElement('canvas'), scale, dirty: false };
    if (tile.canvas.width !== width || tile.canvas.height !== height) {
      tile.canvas.width = width;
      tile.canvas.height = height;
    }
    const context = tile.canvas.getContext('2d');
    if (context) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      // Whole pixels stretch the tile a little: a box far from the origin moves by that little times its distance.
      const stretchX = width / (box.width + 2 * MARGIN);
      const stretchY = height / (box.height + 2 * MARGIN);
      context.setTransform(stretchX, 0, 0, stretchY, (MARGIN - box.x) * stretchX, (MARGIN - box.y) * stretchY);
      brush.paint(context, source.marks(key), scale);
    }
    tile.scale = scale;
    tile.dirty = false;
    this.#tiles.set(key, tile);
    return tile;
  }
}
