/**
 * The outline of a rounded box from its top middle clockwise, up to a part of its length.
 * A countdown is drawn with it around the very thing that waits, so its length says how much time is left.
 */
import type { Rect } from './mark.ts';

/** `part` runs from 0 (nothing) to 1 (all around). */
export function traceBox({ x, y, width, height }: Rect, radius: number, part: number): string {
  const right = x + width;
  const bottom = y + height;
  const middle = x + width / 2;
  const arc = (Math.PI / 2) * radius;
  const straight = (length: number, toX: (s: number) => number, toY: (s: number) => number): Piece => ({
    length,
    draw: (s) => `L${round(toX(s))} ${round(toY(s))}`,
  });
  const corner = (centerX: number, centerY: number, start: number): Piece => ({
    length: arc,
    draw: (s) => {
      const angle = start + (s / arc) * (Math.PI / 2);
      return `A${radius} ${radius} 0 0 1 ${round(centerX + radius * Math.cos(angle))} ${round(centerY + radius * Math.sin(angle))}`;
    },
  });
  const side = width / 2 - radius;
  const pieces = [
    straight(
      side,
      (s) => middle + s,
      () => y,
    ),
    corner(right - radius, y + radius, -Math.PI / 2),
    straight(
      height - 2 * radius,
      () => right,
      (s) => y + radius + s,
    ),
    corner(right - radius, bottom - radius, 0),
    straight(
      width - 2 * radius,
      (s) => right - radius - s,
      () => bottom,
    ),
    corner(x + radius, bottom - radius, Math.PI / 2),
    straight(
      height - 2 * radius,
      () => x,
      (s) => bottom - radius - s,
    ),
    corner(x + radius, y + radius, Math.PI),
    straight(
      side,
      (s) => x + radius + s,
      () => y,
    ),
  ];
  let left = pieces.reduce((sum, piece) => sum + piece.length, 0) * Math.min(1, Math.max(0, part));
  let d = `M${round(middle)} ${round(y)}`;
  for (const piece of pieces) {
    if (left <= 0) break;
    d += piece.draw(Math.min(left, piece.length));
    left -= piece.length;
  }
  return d;
}

interface Piece {
  readonly length: number;
  draw(upTo: number): string;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
