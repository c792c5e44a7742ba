// What is selected keeps its countdown in sight: the ring around it lies beside the arc, not on it.
import { expect, test } from 'vitest';
import { arcOf } from '../../../src-renderer/scene/countdown.ts';
import { ringGap } from '../../../src-renderer/scene/ring-gap.ts';

const LINE = 2.4;

function check(width: number, scale: number): void {
  const box = { x: 0, y: 0, width, height: width / 2 };
  const arc = arcOf(box, 0);
  const ring = ringGap(box, width > 60 ? 3 : 1.6, { scale, line: LINE, counting: true });
  expect(Math.abs(ring - arc.gap)).toBeGreaterThanOrEqual((arc.line + LINE / scale) / 2 - 1e-9);
}

test.each([
  [230, 1],
  [230, 0.6],
  [230, 4],
  [18, 1],
  [18, 6],
  [12, 1.5],
  [8, 1],
])('around what is %i wide, at scale %d', check);
test('without an arc it lies close around', () =>
  expect(ringGap({ x: 0, y: 0, width: 18, height: 18 }, 1.6, { scale: 1, line: LINE, counting: false })).toBe(1.6));
