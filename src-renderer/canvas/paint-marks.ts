/**
 * Paints marks on a canvas with the colours of a palette.
 * Glyphs are painted once for a size and then copied, because a picture holds thousands of the same few.
 */
import { glyphMarks } from '../scene/glyphs.ts';
import { END_LETTERS, GLYPH_BOX, type Look, type Mark, sizeAt } from '../scene/mark.ts';
import type { Palette } from '../ui/tokens.ts';

export const FONT = "'Inter Variable', 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', 'Apple SD Gothic Neo', system-ui, sans-serif";

/** The middle of a letter above its base line, in parts of its size: what becomes larger stays where it is. */
const MIDDLE = 0.36;
/** Thinner lines fade away, and with them how a far-off node or pod is. */
const LINE_PIXELS_MIN = 0.8;
const NO_DASH: number[] = [];

export type Canvas2D = CanvasRenderingContext2D;

/** Everything that lasts longer than one painting: the palette and the glyphs painted in it. */
export class Brush {
  readonly palette: Palette;
  readonly #sprites = new Map<string, HTMLCanvasElement>();
  readonly #paths = new Map<string, Path2D>();

  constructor(palette: Palette) {
    this.palette = palette;
  }

  /** `scale` is how many device pixels one unit of the picture has; it decides how sharp glyphs are. */
  paint(context: Canvas2D, marks: Iterable<Mark>, scale: number): void {
    const pixels = scale / devicePixelRatio;
    for (const mark of marks) if (isSeen(mark, pixels)) this.#paintMark(context, mark, scale);
    context.globalAlpha = 1;
  }

  #paintMark(context: Canvas2D, mark: Mark, scale: number): void {
    context.globalAlpha = mark.alpha ?? 1;
    switch (mark.kind) {
      case 'rect':
        this.#rect(context, mark, scale);
        return;
      case 'path':
        context.translate(mark.x, mark.y);
        this.#ink(context, mark, scale, this.#path(mark.d, mark.x !== 0 || mark.y !== 0));
        context.translate(-mark.x, -mark.y);
        return;
      case 'text':
        this.#text(context, mark, sizeAt(mark, scale / devicePixelRatio));
        return;
      case 'glyph':
        this.#glyph(context, mark, scale);
    }
  }

  #glyph(context: Canvas2D, { glyph, x, y, size, pixelsMin = 0 }: Extract<Mark, { kind: 'glyph' }>, scale: number): void {
    const drawn = Math.max(size, Math.min(2 * size, (pixelsMin * devicePixelRatio) / scale));
    const sprite = this.#sprite(glyph, Math.max(1, Math.round(drawn * scale)));
    context.drawImage(sprite, x - (drawn - size) / 2, y - (drawn - size) / 2, drawn, drawn);
  }

  #rect(context: Canvas2D, mark: Extract<Mark, { kind: 'rect' }>, scale: number): void {
    const { x, y, width, height, radius } = mark;
    if (radius) {
      context.beginPath();
      context.roundRect(x, y, width, height, radius);
      this.#ink(context, mark, scale);
      return;
    }
    // Most of a picture from far away: without a path it takes half the time.
    if (mark.fill) {
      context.fillStyle = this.palette[mark.fill];
      context.fillRect(x, y, width, height);
    }
    if (this.#pen(context, mark, scale)) context.strokeRect(x, y, width, height);
  }

  #ink(context: Canvas2D, look: Look, scale: number, path?: Path2D): void {
    if (look.fill) {
      context.fillStyle = this.palette[look.fill];
      if (path) context.fill(path);
      else context.fill();
    }
    if (!this.#pen(context, look, scale)) return;
    if (path) context.stroke(path);
    else context.stroke();
  }

  /** False when nothing is outlined. */
  #pen(context: Canvas2D, { stroke, line, dash }: Look, scale: number): boolean {
    if (!stroke) return false;
    context.strokeStyle = this.palette[stroke];
    context.lineWidth = Math.max(line ?? 1, LINE_PIXELS_MIN / scale);
    context.lineJoin = 'round';
    context.lineCap = dash ? 'butt' : 'round';
    context.setLineDash((dash as number[] | undefined) ?? NO_DASH);
    return true;
  }

  #text(context: Canvas2D, mark: Extract<Mark, { kind: 'text' }>, size: number): void {
    if (size === 0) return;
    context.font = `${mark.bold ? 600 : 400} ${size}px ${FONT}`;
    context.textAlign = mark.anchor === 'end' ? 'right' : mark.anchor === 'middle' ? 'center' : 'left';
    context.fillStyle = this.palette[mark.fill];
    const text =
      mark.widthMax === undefined
        ? mark.text
        : fitText(context, mark.text, mark.widthMax, mark.keepsEnd ? mark.text.slice(-END_LETTERS) : '');
    context.fillText(text, mark.x, mark.y + (size - mark.size) * MIDDLE);
  }

  /** Shapes that come again are kept; arcs of countdowns are new each time. */
  #path(d: string, keep: boolean): Path2D {
    if (!keep) return new Path2D(d);
    let path = this.#paths.get(d);
    if (!path) {
      path = new Path2D(d);
      this.#paths.set(d, path);
    }
    return path;
  }

  #sprite(glyph: string, pixels: number): HTMLCanvasElement {
    const name = `${glyph}@${pixels}`;
    const known = this.#sprites.get(name);
    if (known) return known;
    const sprite = document.createElement('canvas');
    sprite.width = pixels;
    sprite.height = pixels;
    const context = sprite.getContext('2d');
    if (context) {
      context.scale(pixels / GLYPH_BOX, pixels / GLYPH_BOX);
      this.paint(context, glyphMarks(glyph), pixels / GLYPH_BOX);
    }
    this.#sprites.set(name, sprite);
    return sprite;
  }
}

/** Whether the picture is near enough for it. */
function isSeen(mark: Mark, pixels: number): boolean {
  return (mark.kind !== 'rect' && mark.kind !== 'glyph') || mark.from === undefined || pixels >= mark.from;
}

/** Cuts text that is too wide and puts an ellipsis before its end, which may be nothing. */
function fitText(context: Canvas2D, text: string, widthMax: number, end: string): string {
  if (context.measureText(text).width <= widthMax) return text;
  let low = 1;
  let high = text.length - end.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…${end}`).width <= widthMax) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…${end}`;
}
