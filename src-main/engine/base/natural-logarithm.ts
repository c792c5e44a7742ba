// The natural logarithm of a whole number by the four operations alone: Math.log may differ between machines in its last digit, and histories must not.

/** For whole numbers from 1 on; exact to about 1e-15. */
export function naturalLogarithm(whole: number): number {
  let halvings = 0;
  let rest = whole;
  while (rest > 1.5) {
    rest /= 2;
    halvings += 1;
  }
  return halvings * Math.LN2 + lnNearOne(rest);
}

// ln(x) = 2 artanh((x - 1) / (x + 1)); for x in 0.75..1.5 the ratio is at most 0.2 and twelve terms suffice.
function lnNearOne(x: number): number {
  const ratio = (x - 1) / (x + 1);
  const square = ratio * ratio;
  let power = ratio;
  let sum = 0;
  for (let odd = 1; odd < 27; odd += 2) {
    sum += power / odd;
    power *= square;
  }
  return 2 * sum;
}
