// One test for a few seeds each, so that a failure names its seed and blocks of seeds run beside one another.
import { expect, test } from 'vitest';
import { makePlan } from './plan.ts';
import { faultOf } from './run.ts';

const SEEDS_IN_A_TEST = 10;

export function testSeeds(from: number, to: number): void {
  for (let first = from; first < to; first += SEEDS_IN_A_TEST) {
    const seeds = Array.from({ length: Math.min(SEEDS_IN_A_TEST, to - first) }, (_none, index) => first + index);
    test(`worlds ${first} to ${first + seeds.length - 1} are safe at every step and come to rest`, () => {
      const faults = seeds.flatMap((seed) => {
        const fault = faultOf(makePlan(seed));
        return fault === null ? [] : [`seed ${seed} (npm run campaign -- ${seed} ${seed + 1}): ${fault}`];
      });
      expect(faults).toEqual([]);
    });
  }
}
