/**
 * The marks that a picture is made of: a closed list of plain values.
 * A canvas and an SVG text are painted from the same marks, so the goldens show what the window shows.
 */
import type { Ink } from '../ui/tokens.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a shape is filled and outlined; what is left out is not drawn. */
export interface Look {
  readonly fill?: Ink;
  readonly stroke?: Ink;
  readonly line?: number;
  readonly dash?: readonly number[];
  readonly alpha?: number;
}

export type Mark =
  /** `from`: not drawn where the picture is smaller than this many pixels for one unit: the frame of a text that would not be there. */
  | (Rect & Look & { readonly kind: 'rect'; readonly radius?: number; readonly from?: number })
  /** `d` is in the coordinates of the picture, moved by x and y. */
  | (Look & { readonly kind: 'path'; readonly x: number; readonly y: number; readonly d: string })
  | {
      readonly kind: 'text';
      readonly x: number;
      /** The base line. */
      readonly y: number;
      readonly text: string;
      readonly size: number;
      /** As large as it may become where the picture is small; beyond that it is left out, for nobody could read it. */
      readonly sizeMax?: number;
      readonly fill: Ink;
      readonly bold?: boolean;
      readonly anchor?: 'start' | 'middle' | 'end';
      /** Longer text is cut and gets an ellipsis. */
      readonly widthMax?: number;
      /** Cut in the middle where the end tells one from another, as in the names of pods. */
      readonly keepsEnd?: boolean;
      readonly alpha?: number;
    }
  /** One of the small drawings, scaled from its box of 20 by 20. */
  | {
      readonly kind: 'glyph';
      readonly glyph: string;
      readonly x: number;
      readonly y: number;
      readonly size: number;
      /** It stays so large on the screen, around its middle, where the picture is small. */
      readonly pixelsMin?: number;
      /** As of a frame: the sign before a text goes with it. */
      readonly from?: number;
      readonly alpha?: number;
    };

/** Pixels below which no text is drawn. */
export const TEXT_PIXELS_MIN = 10.5;

/** How large a text is drawn at so many pixels for one unit; 0: it is left out. */
export function sizeAt({ size, sizeMax = size }: { readonly size: number; readonly sizeMax?: number }, pixels: number): number {
  const least = TEXT_PIXELS_MIN / pixels;
  if (size >= least - 0.001) return size;
  return least <= sizeMax ? least : 0;
}

/** From which scale on a text of this greatest size is drawn. */
export function readableFrom(sizeMax: number): number {
  return TEXT_PIXELS_MIN / sizeMax;
}

/** How many letters of the end are kept. */
export const END_LETTERS = 6;

/** A picture with its extent. */
export interface Picture {
  readonly bounds: Rect;
  readonly marks: readonly Mark[];
}

export const GLYPH_BOX = 20;

export function contains(rect: Rect, x: number, y: number): boolean {
  return x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height;
}

export function overlaps(one: Rect, other: Rect): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}
