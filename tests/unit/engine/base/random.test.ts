import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../../../src-main/engine/base/random.ts';

const draw = (random: Random, count: number): readonly number[] => Array.from({ length: count }, () => random.uint32());

test('a saved state goes on as the generator would have', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(50), (seed, drawn) => {
      const random = Random.seeded(seed);
      draw(random, drawn);
      const restored = new Random(JSON.parse(JSON.stringify(random.state())));
      expect(draw(restored, 20)).toEqual(draw(random, 20));
    }),
  );
});

test('one seed gives one sequence, for good', () => {
  expect(draw(Random.seeded(1), 4)).toEqual(draw(Random.seeded(1), 4));
  expect(draw(Random.seeded(7), 4)).toMatchInlineSnapshot(`
    [
      100587536,
      2849664703,
      2976894644,
      2427842431,
    ]
  `);
});

test('neighbouring seeds differ', () => {
  const first = new Set(Array.from({ length: 1000 }, (_, seed) => Random.seeded(seed).uint32()));
  expect(first.size).toBeGreaterThan(995);
});

test('seeds beyond 32 bits differ', () => expect(draw(Random.seeded(1), 3)).not.toEqual(draw(Random.seeded(1 + 2 ** 32), 3)));

test('numbers stay within their limits and reach both ends', () => {
  const random = Random.seeded(3);
  const seen = new Set(Array.from({ length: 1000 }, () => random.between(-2, 3)));
  expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
});

test('bits are even: every fifth of the range gets about a fifth', () => {
  const random = Random.seeded(11);
  const counts = [0, 0, 0, 0, 0];
  for (let index = 0; index < 50_000; index += 1) (counts[random.below(5)] as number) += 1;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test('identifiers are UUIDs of version 4, suffixes Kubernetes-like', () => {
  const random = Random.seeded(5);
  for (let index = 0; index < 200; index += 1) {
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.suffix(5)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  }
});
