// Numbers that may be percentages, as in maxSurge and maxUnavailable.
// upstream: apimachinery pkg/util/intstr/intstr.go
import { goQuote } from './go-quote.ts';
import type { Parsed } from './parsed.ts';

export type IntOrString = number | string;

/** Command-line text: a number where it is a 32-bit integer, else the text. */
export function parseIntOrString(text: string): IntOrString {
  const value = decimal(text);
  return value !== undefined && value >= -2_147_483_648 && value <= 2_147_483_647 ? value : text;
}

/** The whole number that an absolute value or a percentage of `total` stands for. upstream: GetScaledValueFromIntOrPercent */
export function scaledIntOrPercent(value: IntOrString | null | undefined, total: number, roundUp: boolean): Parsed<number> {
  if (value === null || value === undefined) return { error: 'nil value for IntOrString' };
  if (typeof value === 'number') return { value };
  if (!value.endsWith('%')) return { error: 'invalid value for IntOrString: invalid type: string is not a percentage' };
  const digits = value.slice(0, -1);
  const percentage = decimal(digits);
  if (percentage === undefined) {
    const fault = decimalPattern.test(digits) ? 'value out of range' : 'invalid syntax';
    return { error: `invalid value for IntOrString: invalid value ${goQuote(value)}: strconv.Atoi: parsing ${goQuote(digits)}: ${fault}` };
  }
  const scaled = (percentage * total) / 100;
  return { value: roundUp ? Math.ceil(scaled) : Math.floor(scaled) };
}

const decimalPattern = /^[+-]?[0-9]+$/;

function decimal(text: string): number | undefined {
  if (!decimalPattern.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}
