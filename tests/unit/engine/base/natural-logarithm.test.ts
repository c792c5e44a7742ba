// The logarithm without transcendental functions is the logarithm.
import { expect, test } from 'vitest';
import { naturalLogarithm } from '../../../../src-main/engine/base/natural-logarithm.ts';

test('agrees with the machine to the last digits', () => {
  let worst = 0;
  for (let whole = 1; whole <= 20_000; whole += 1) worst = Math.max(worst, Math.abs(naturalLogarithm(whole) - Math.log(whole)));
  expect(worst).toBeLessThan(1e-14);
});
