// Tiles of boxes far from the origin: what lies above the canvas (rings, focus) must meet what was painted on it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Brush, Canvas2D } from '../../../src-renderer/canvas/paint-marks.ts';
import { TileCache } from '../../../src-renderer/canvas/tile-cache.ts';
import type { Rect } from '../../../src-renderer/scene/mark.ts';

type Transform = readonly [number, number, number, number, number, number];
let canvas = { width: 0, height: 0 };
let transforms: Transform[] = [];

beforeEach(() => {
  transforms = [];
  const context = { setTransform: (...transform: Transform) => transforms.push(transform), clearRect: () => {} };
  canvas = { width: 0, height: 0 };
  vi.stubGlobal('document', { createElement: () => Object.assign(canvas, { getContext: () => context }) });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** The corners of the box in parts of the tile, which is copied onto the box and a margin of 4 around it. */
function check(box: Rect, scale: number): void {
  const source = { marks: () => [] };
  new TileCache().draw(
    { drawImage: () => {} } as unknown as Canvas2D,
    { paint: () => {} } as unknown as Brush,
    source,
    [{ key: 'a', box }],
    scale,
    false,
  );
  const [a, , , d, e, f] = transforms.at(-1) as Transform;
  const left = (box.x * a + e) / canvas.width;
  const right = ((box.x + box.width) * a + e) / canvas.width;
  const bottom = ((box.y + box.height) * d + f) / canvas.height;
  expect(left).toBeCloseTo(4 / (box.width + 8), 9);
  expect(right).toBeCloseTo((box.width + 4) / (box.width + 8), 9);
  expect(bottom).toBeCloseTo((box.height + 4) / (box.height + 8), 9);
}

test('at the origin', () => check({ x: 0, y: 0, width: 236, height: 132 }, 1));
test('far from it, at a scale that fits no whole pixels', () => check({ x: 5000, y: 9000, width: 236, height: 132 }, 1.0813));
