// A block of seeds in tests of a few each, run as the campaign runs them: a failure is told by its words, and the others still run.
import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';

const SEEDS_IN_A_TEST = 20;

export function testSeeds(from: number, to: number): void {
  for (let first = from; first < to; first += SEEDS_IN_A_TEST) {
    const last = Math.min(to, first + SEEDS_IN_A_TEST) - 1;
    test(`worlds ${first} to ${last} are safe at every step and come to rest`, () => {
      const told: string[] = [];
      campaign(['--brief', String(first), String(last + 1)], (line) => told.push(line));
      expect(told).toEqual([`${last + 1 - first} seeds, 0 failed in 0 ways`]);
    });
  }
}
