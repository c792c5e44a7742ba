/**
 * A picture at one scale, painted in squares of screen pixels that are copied to the screen until something on them changes.
 * What changes is painted again alone, inside its square, so the cost of a frame follows the changes and not the size of the picture.
 */
import { type Mark, overlaps, type Rect } from '../scene/mark.ts';
import type { Brush, Canvas2D } from './paint-marks.ts';
import { CHUNK_PIXELS, type SquarePool } from './square-pool.ts';

/** Marks may reach a little beyond their box. */
const MARGIN = 2;

export interface Part {
  readonly key: string;
  readonly box: Rect;
}

export interface PartSource {
  /** In the order of painting: what comes later lies above. */
  partsIn(area: Rect): Iterable<Part>;
  marks(key: string): readonly Mark[];
  /** It covers all of its box and reaches nowhere beyond: it can be painted over what it was. */
  covers(key: string): boolean;
}

interface Chunk {
  readonly column: number;
  readonly row: number;
  readonly context: Canvas2D;
  readonly area: Rect;
  whole: boolean;
  /** Parts that are still to be painted for the first time; undefined before the first and after the last. */
  rest: Iterator<Part> | undefined;
  /** Parts that have changed since they were painted here. */
  readonly dirty: Map<string, Rect>;
}

export class ChunkLayer {
  /** Screen pixels for one unit of the picture. */
  readonly scale: number;
  readonly #brush: Brush;
  readonly #source: PartSource;
  readonly #pool: SquarePool;
  readonly #chunks = new Map<string, Chunk>();
  readonly #dirty = new Set<Chunk>();
  /** Around all squares there have been: most changes of a large cluster are beyond it. */
  #painted: Rect = { x: 0, y: 0, width: 0, height: 0 };

  constructor(scale: number, brush: Brush, source: PartSource, pool: SquarePool) {
    this.scale = scale;
    this.#brush = brush;
    this.#source = source;
    this.#pool = pool;
  }

  /** Something in sight is out of date. */
  isStale(seen: Rect): boolean {
    for (const chunk of this.#dirty) if (overlaps(chunk.area, seen)) return true;
    return false;
  }

  invalidate(parts: Iterable<Part>): void {
    for (const { key, box } of parts) {
      const edge = grown(box, MARGIN);
      if (!overlaps(edge, this.#painted)) continue;
      for (const [column, row] of this.#around(edge)) {
        const chunk = this.#chunks.get(`${column} ${row}`);
        if (!chunk?.whole && !chunk?.rest) continue;
        chunk.dirty.set(key, box);
        this.#dirty.add(chunk);
      }
    }
  }

  /** Paints anew what has changed in sight, until `deadline` of a clock; true when nothing of it is left. */
  refresh(seen: Rect, deadline: number, now: () => number): boolean {
    for (const chunk of this.#dirty) {
      if (!chunk.whole || !overlaps(chunk.area, seen)) continue;
      if (!this.#refresh(chunk, deadline, now)) return false;
    }
    return true;
  }

  /** Paints what is missing in sight. */
  fill(seen: Rect, deadline: number, now: () => number): boolean {
    for (const [column, row] of this.#around(seen)) {
      if (this.#chunks.get(`${column} ${row}`)?.whole) continue;
      if (!this.#paintWhole(this.#chunk(column, row), deadline, now)) return false;
    }
    return true;
  }

  /** The parts of `seen` that are not painted yet. */
  gaps(seen: Rect): readonly Rect[] {
    const size = CHUNK_PIXELS / this.scale;
    const gaps: Rect[] = [];
    for (const [column, row] of this.#around(seen)) {
      if (this.#chunks.get(`${column} ${row}`)?.whole) continue;
      const x = Math.max(seen.x, column * size);
      const y = Math.max(seen.y, row * size);
      const width = Math.min(seen.x + seen.width, (column + 1) * size) - x;
      gaps.push({ x, y, width, height: Math.min(seen.y + seen.height, (row + 1) * size) - y });
    }
    return gaps;
  }

  /**
   * Copies what is painted of `seen`; `x`, `y`: where the corner of the picture lies on the screen, in screen pixels of `scale`.
   * With `gaps`: only what shows through these.
   */
  draw(context: Canvas2D, seen: Rect, x: number, y: number, scale: number, gaps?: readonly Rect[]): void {
    const size = (CHUNK_PIXELS * scale) / this.scale;
    for (const [column, row] of this.#around(seen)) {
      const chunk = this.#chunks.get(`${column} ${row}`);
      if (!chunk?.whole || gaps?.some((gap) => overlaps(gap, chunk.area)) === false) continue;
      // Whole pixels on all sides: neighbours neither overlap nor leave a gap.
      const left = Math.round(x + column * size);
      const top = Math.round(y + row * size);
      const right = Math.round(x + (column + 1) * size);
      const bottom = Math.round(y + (row + 1) * size);
      context.drawImage(chunk.context.canvas, left, top, right - left, bottom - top);
    }
  }

  /** Lets go of what is out of sight when there is much of it. */
  trim(seen: Rect, chunksMax: number): void {
    if (this.#chunks.size <= chunksMax) return;
    for (const [key, chunk] of this.#chunks) {
      if (overlaps(chunk.area, seen)) continue;
      this.#chunks.delete(key);
      this.#dirty.delete(chunk);
      this.#pool.give(chunk.context);
    }
  }

  /** Nothing of it is needed any more. */
  release(): void {
    for (const { context } of this.#chunks.values()) this.#pool.give(context);
    this.#chunks.clear();
    this.#dirty.clear();
  }

  /** Columns and rows that an area touches. */
  *#around({ x, y, width, height }: Rect): Generator<readonly [number, number]> {
    const size = CHUNK_PIXELS / this.scale;
    for (let row = Math.floor(y / size); row * size < y + height; row += 1)
      for (let column = Math.floor(x / size); column * size < x + width; column += 1) yield [column, row];
  }

  #chunk(column: number, row: number): Chunk {
    const key = `${column} ${row}`;
    const known = this.#chunks.get(key);
    if (known) return known;
    const size = CHUNK_PIXELS / this.scale;
    const area = { x: column * size, y: row * size, width: size, height: size };
    const chunk: Chunk = { column, row, context: this.#pool.take(), area, whole: false, rest: undefined, dirty: new Map() };
    this.#painted = this.#chunks.size === 0 ? area : around(this.#painted, area);
    this.#chunks.set(key, chunk);
    return chunk;
  }

  /** False when time was up before all of it was painted; the next call goes on. */
  #paintWhole(chunk: Chunk, deadline: number, now: () => number): boolean {
    if (!chunk.rest) {
      if (now() > deadline) return false;
      this.#clear(chunk, 0, 0, CHUNK_PIXELS, CHUNK_PIXELS);
      chunk.rest = this.#source.partsIn(grown(chunk.area, MARGIN))[Symbol.iterator]();
    }
    this.#transform(chunk);
    for (let part = chunk.rest.next(); !part.done; part = chunk.rest.next()) {
      this.#brush.paint(chunk.context, this.#source.marks(part.value.key), this.scale);
      if (now() > deadline) return false;
    }
    chunk.rest = undefined;
    chunk.whole = true;
    return true;
  }

  /** False when time was up before all of it was painted. */
  #refresh(chunk: Chunk, deadline: number, now: () => number): boolean {
    for (const [key, box] of chunk.dirty) {
      if (now() > deadline) return false;
      chunk.dirty.delete(key);
      if (this.#source.covers(key)) this.#paintOver(chunk, key);
      else this.#paintPart(chunk, box);
    }
    this.#dirty.delete(chunk);
    return true;
  }

  #paintOver(chunk: Chunk, key: string): void {
    this.#transform(chunk);
    this.#brush.paint(chunk.context, this.#source.marks(key), this.scale);
  }

  #paintPart(chunk: Chunk, box: Rect): void {
    const { context } = chunk;
    const edge = grown(box, MARGIN);
    const left = Math.floor((edge.x - chunk.area.x) * this.scale);
    const top = Math.floor((edge.y - chunk.area.y) * this.scale);
    const right = Math.ceil((edge.x + edge.width - chunk.area.x) * this.scale);
    const bottom = Math.ceil((edge.y + edge.height - chunk.area.y) * this.scale);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    this.#clear(chunk, left, top, right - left, bottom - top);
    this.#transform(chunk);
    const area = {
      x: chunk.area.x + left / this.scale,
      y: chunk.area.y + top / this.scale,
      width: (right - left) / this.scale,
      height: (bottom - top) / this.scale,
    };
    for (const { key } of this.#source.partsIn(area)) this.#brush.paint(context, this.#source.marks(key), this.scale);
    context.restore();
  }

  #clear({ context }: Chunk, x: number, y: number, width: number, height: number): void {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = this.#brush.palette.ground;
    context.fillRect(x, y, width, height);
  }

  #transform({ context, column, row }: Chunk): void {
    context.setTransform(this.scale, 0, 0, this.scale, -column * CHUNK_PIXELS, -row * CHUNK_PIXELS);
  }
}

function grown({ x, y, width, height }: Rect, by: number): Rect {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function around(one: Rect, other: Rect): Rect {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}
