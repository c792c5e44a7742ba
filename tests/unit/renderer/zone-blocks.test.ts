// Nodes by zone in blocks: they keep their rows, and a block gives way only when another has grown.
import { expect, test } from 'vitest';
import { ZoneBlocks } from '../../../src-renderer/scene/layouts/zone-blocks.ts';

const SIZES = { x: 100, width: 50, top: 40, height: 10, gap: 2, head: 20, foot: 8, margin: 5 };

/** `name@zone` of each round in turn; the last round's nodes as `name: y`, then the blocks as `zone: top-bottom`. */
function check(rounds: readonly string[], expected: string): void {
  const blocks = new ZoneBlocks(SIZES);
  let names: string[] = [];
  for (const round of rounds) {
    const nodes = round
      .split(' ')
      .filter(Boolean)
      .map((text) => ({ name: text.split('@')[0] ?? '', zone: text.split('@')[1] ?? '' }));
    blocks.settle(nodes);
    names = nodes.map(({ name }) => name);
  }
  const rows = names.map((name) => `${name}: ${blocks.box(name)?.y}`);
  const frames = blocks.blocks().map(({ zone, box }) => `${zone}: ${box.y}-${box.y + box.height}`);
  expect([...rows, ...frames].join(', ')).toBe(expected);
  expect(blocks.bottom).toBe(Math.max(0, ...blocks.blocks().map(({ box }) => box.y + box.height)));
}

test('nothing', () => check([''], ''));
test('one below the other, zones by name', () => check(['one@b two@a three@b'], 'one: 83, two: 40, three: 95, a: 20-58, b: 63-113'));
test('a node that goes leaves its row free, and the next one takes it', () => {
  check(['one@a two@a', 'two@a'], 'two: 52, a: 20-70');
  check(['one@a two@a', 'two@a', 'two@a new@a'], 'two: 52, new: 40, a: 20-70');
});
test('a block that grows pushes the one below', () =>
  check(['one@a two@b', 'one@a two@b new@a'], 'one: 40, two: 95, new: 52, a: 20-70, b: 75-113'));
