import { expect, test } from 'vitest';
import { ZoneGrid } from '../../../src-renderer/scene/layouts/zone-grid.ts';
import { overlaps } from '../../../src-renderer/scene/mark.ts';

function gridOf(zones: number, nodes: number): ZoneGrid {
  const grid = new ZoneGrid();
  for (let index = 0; index < nodes; index += 1) grid.add(`n${index}`, `zone-${index % zones}`);
  grid.settle();
  return grid;
}

/** Columns of the first zone, and how the whole is shaped. */
function check(zones: number, nodes: number, expected: { columns: number; wide: boolean }): void {
  const grid = gridOf(zones, nodes);
  const lefts = new Set(grid.nodesOf('zone-0').map((name) => grid.cardBox(name).x));
  const { width, height } = grid.extent();
  expect({ columns: lefts.size, wide: width > height }).toEqual(expected);
}

test('three zones of three are three columns', () => check(3, 9, { columns: 1, wide: true }));
test('one zone of nine is a square of three', () => check(1, 9, { columns: 3, wide: true }));
test('three zones of many are blocks', () => check(3, 300, { columns: 6, wide: true }));

test('zones of about the same size have the same shape', () => {
  const grid = gridOf(3, 100);
  const widths = ['zone-0', 'zone-1', 'zone-2'].map((zone) => grid.zoneBox(zone).width);
  expect(widths).toEqual([widths[0], widths[0], widths[0]]);
});

test('a node that goes and one that comes move nobody else', () => {
  const grid = gridOf(3, 9);
  const boxes = (): unknown => ['n0', 'n1', 'n3', 'n5', 'n8'].map((name) => grid.cardBox(name));
  const before = boxes();
  grid.remove('n4');
  expect(grid.settle()).toBe(false);
  expect(boxes()).toEqual(before);
  grid.add('new', 'zone-1');
  expect(grid.settle()).toBe(false);
  expect(boxes()).toEqual(before);
  expect(grid.nodesOf('zone-1')).toEqual(['n1', 'new', 'n7']);
});

test('no two cards overlap', () => {
  const grid = gridOf(4, 57);
  const boxes = Array.from({ length: 57 }, (_, index) => grid.cardBox(`n${index}`));
  const corners = new Set(boxes.map(({ x, y }) => `${x} ${y}`));
  expect(corners.size).toBe(57);
});

test('the cards that an area touches are found by arithmetic: the same as by looking at all', () => {
  const grid = gridOf(3, 57);
  const names = Array.from({ length: 57 }, (_, index) => `n${index}`);
  const { width, height } = grid.extent();
  for (let step = 0; step < 40; step += 1) {
    const area = { x: (width * step) / 40 - 30, y: (height * ((step * 7) % 40)) / 40, width: 20 + step * 17, height: 10 + step * 9 };
    const found = [...grid.cardsIn(area)].map(({ name }) => name).sort();
    expect(found).toEqual(names.filter((name) => overlaps(grid.cardBox(name), area)).sort());
  }
});
