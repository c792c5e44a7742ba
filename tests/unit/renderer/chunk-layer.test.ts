// Squares of a picture: what is painted when, where it lies on the screen, and that a change paints nothing but itself.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChunkLayer, type Part } from '../../../src-renderer/canvas/chunk-layer.ts';
import type { Brush, Canvas2D } from '../../../src-renderer/canvas/paint-marks.ts';
import { CHUNK_PIXELS, SquarePool } from '../../../src-renderer/canvas/square-pool.ts';
import { overlaps, type Rect } from '../../../src-renderer/scene/mark.ts';
import { PALETTES } from '../../../src-renderer/ui/tokens.ts';

const CELL = 100;
/** A row of cells, one beside the other. */
const PARTS: readonly Part[] = Array.from({ length: 12 }, (_, index) => ({
  key: `cell-${index}`,
  box: { x: index * CELL, y: 0, width: CELL, height: CELL },
}));
const EVERYTHING: Rect = { x: 0, y: 0, width: 12 * CELL, height: CELL };

let painted: string[] = [];
let copied: (readonly number[])[] = [];
beforeEach(() => {
  painted = [];
  copied = [];
  const nothing = (): void => {};
  const context = Object.fromEntries(
    ['setTransform', 'fillRect', 'save', 'restore', 'beginPath', 'rect', 'clip'].map((name) => [name, nothing]),
  );
  vi.stubGlobal('document', {
    createElement: () => {
      const canvas = { getContext: () => Object.assign(context, { canvas }) };
      return canvas;
    },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function layerOf(scale: number, covers = false): ChunkLayer {
  const brush = {
    palette: PALETTES.dark,
    paint: (_context: Canvas2D, marks: Iterable<{ text: string }>) => painted.push(...[...marks].map(({ text }) => text)),
  };
  return new ChunkLayer(
    scale,
    brush as unknown as Brush,
    {
      partsIn: (area) => PARTS.filter(({ box }) => overlaps(box, area)),
      marks: (key) => [{ kind: 'text', x: 0, y: 0, text: key, size: 1, fill: 'text' }],
      covers: () => covers,
    },
    new SquarePool(),
  );
}

const never = (): number => 0;

/** Which cells a change of one of them paints again. */
function check(covers: boolean, changed: number, expected: readonly string[]): void {
  const layer = layerOf(1, covers);
  expect(layer.fill(EVERYTHING, 1, never)).toBe(true);
  painted = [];
  layer.invalidate([PARTS[changed] as Part]);
  expect(layer.isStale(EVERYTHING)).toBe(true);
  expect(layer.refresh(EVERYTHING, 1, never)).toBe(true);
  expect(layer.isStale(EVERYTHING)).toBe(false);
  expect([...new Set(painted)]).toEqual(expected);
}

test('a change paints the part and what its margin touches', () => check(false, 4, ['cell-3', 'cell-4', 'cell-5']));
test('what covers its box is painted over alone', () => check(true, 4, ['cell-4']));

test('only what is in sight is painted, and once', () => {
  const layer = layerOf(1);
  const seen = { x: 0, y: 0, width: CHUNK_PIXELS - 1, height: CELL };
  layer.fill(seen, 1, never);
  expect(painted).toEqual(['cell-0', 'cell-1', 'cell-2']);
  layer.fill(seen, 1, never);
  expect(painted).toHaveLength(3);
});

test('when time is up the rest waits for the next frame', () => {
  const layer = layerOf(1);
  let now = 0;
  const clock = (): number => {
    now += 1;
    return now;
  };
  expect(layer.fill(EVERYTHING, 2, clock)).toBe(false);
  const first = painted.length;
  expect(layer.fill(EVERYTHING, Number.POSITIVE_INFINITY, clock)).toBe(true);
  expect(first).toBeGreaterThan(0);
  expect(painted.length).toBeGreaterThan(first);
});

test('squares lie on whole pixels with no gap between them, also when they are stretched', () => {
  const layer = layerOf(0.7);
  layer.fill(EVERYTHING, 1, never);
  const context = { drawImage: (_image: unknown, ...box: number[]) => copied.push(box) } as unknown as Canvas2D;
  layer.draw(context, EVERYTHING, 13, 7, 0.91);
  const edges = copied.map(([x = 0, , width = 0]) => [x, x + width]);
  expect(edges.flat().every(Number.isInteger)).toBe(true);
  expect(edges.slice(1).map(([left]) => left)).toEqual(edges.slice(0, -1).map(([, right]) => right));
  expect(edges[0]?.[0]).toBe(13);
});

test('what is far out of sight is let go of and painted again when it is seen', () => {
  const layer = layerOf(1);
  layer.fill(EVERYTHING, 1, never);
  layer.trim({ x: 0, y: 0, width: 10, height: 10 }, 1);
  painted = [];
  layer.fill(EVERYTHING, 1, never);
  expect(painted).not.toContain('cell-0');
  expect(painted).toContain('cell-11');
});

test('gaps are what is seen of squares that are not painted, and only what they show is copied from behind', () => {
  const layer = layerOf(1);
  layer.fill({ x: 0, y: 0, width: CHUNK_PIXELS, height: CELL }, 1, never);
  const seen = { x: 40, y: 10, width: 300, height: 50 };
  expect(layer.gaps(seen)).toEqual([{ x: CHUNK_PIXELS, y: 10, width: 340 - CHUNK_PIXELS, height: 50 }]);
  const behind = layerOf(0.5);
  behind.fill(EVERYTHING, 1, never);
  copied = [];
  const context = { drawImage: (_image: unknown, ...box: number[]) => copied.push(box) } as unknown as Canvas2D;
  behind.draw(context, EVERYTHING, 0, 0, 1, [{ x: 520, y: 0, width: 10, height: 10 }]);
  expect(copied).toEqual([[2 * CHUNK_PIXELS, 0, 2 * CHUNK_PIXELS, 2 * CHUNK_PIXELS]]);
});

test('a square whose painting was left is painted on, with what has changed meanwhile', () => {
  const layer = layerOf(1);
  let now = 0;
  const clock = (): number => {
    now += 1;
    return now;
  };
  const seen = { x: 0, y: 0, width: CHUNK_PIXELS - 1, height: CELL };
  expect(layer.fill(seen, 1, clock)).toBe(false);
  expect(painted).toEqual(['cell-0']);
  layer.invalidate([PARTS[0] as Part]);
  expect(layer.fill(seen, Number.POSITIVE_INFINITY, clock)).toBe(true);
  expect(painted).toEqual(['cell-0', 'cell-1', 'cell-2']);
  expect(layer.refresh(seen, Number.POSITIVE_INFINITY, clock)).toBe(true);
  expect(painted.slice(3)).toEqual(['cell-0', 'cell-1']);
});
