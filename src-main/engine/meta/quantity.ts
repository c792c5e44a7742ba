// Resource quantities, exact to 1e-9 as upstream limits them, because sums of requests decide where a pod fits.
// upstream: apimachinery pkg/api/resource (quantity.go, suffix.go, amount.go)
import type { JsonValue } from './object.ts';
import type { Parsed } from './parsed.ts';

/** The notation a quantity keeps when it is printed. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** A computed quantity. State holds the canonical text instead. */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

export function parseQuantity(text: string): Parsed<Quantity> {
  const match = pattern.exec(text);
  if (text === '' || match === null) return { error: formatError };
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match;
  const unit = unitOf(suffix);
  if (unit === undefined) return { error: suffixError };
  const digits = BigInt(whole + fraction || '0');
  if (digits === 0n) return { value: { nanos: 0n, format: unit.format } };
  if (unit.base === 10 && unit.exponent > exponentMax) return { error: numericError };
  const nanos = nanosOf(digits, fraction.length, unit);
  const capped = unit.format === 'BinarySI' && nanos > binaryMax ? binaryMax : nanos;
  const format = unit.format === 'BinarySI' && capped < NANOS ? 'DecimalSI' : unit.format;
  return { value: { nanos: sign === '-' ? -capped : capped, format } };
}

/** A quantity as a manifest holds it: a string, with blanks around it or not, or a bare number. upstream: Quantity.UnmarshalJSON */
export function quantityFromJson(json: JsonValue): Parsed<Quantity> {
  if (json === null) return { value: { nanos: 0n, format: 'DecimalSI' } };
  return typeof json === 'string' || typeof json === 'number' ? parseQuantity(String(json).trim()) : { error: formatError };
}

/** The text the API server stores and kubectl prints. upstream: CanonicalizeBytes */
export function printQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return '0';
  const small = nanos > -1024n * NANOS && nanos < 1024n * NANOS;
  if (format === 'BinarySI' && !small && nanos % NANOS === 0n) {
    const [amount, power] = withoutFactors(nanos / NANOS, 1024n, binarySuffixes.length - 1);
    return `${amount}${binarySuffixes[power] ?? ''}`;
  }
  const [factored, tens] = withoutFactors(nanos, 10n, Number.POSITIVE_INFINITY);
  let exponent = tens - 9;
  let amount = factored;
  // Exponents are multiples of three. Upstream has no suffix past E and then prints none, which loses the value; the largest one keeps it.
  while (exponent % 3 !== 0 || (format !== 'DecimalExponent' && exponent > 18)) {
    amount *= 10n;
    exponent--;
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${amount}` : `${amount}e${exponent}`;
  return `${amount}${decimalSuffixes[exponent / 3 + 3] ?? ''}`;
}

/** A zero takes over the other side's notation. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos - b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

export function negateQuantity({ nanos, format }: Quantity): Quantity {
  return { nanos: -nanos, format };
}

export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** How many units of 10^scale, rounded away from zero. upstream: Quantity.ScaledValue */
export function scaledQuantity({ nanos }: Quantity, scale: number): bigint {
  return scale + 9 >= 0 ? dividedUp(nanos, 10n ** BigInt(scale + 9)) : nanos * 10n ** BigInt(-scale - 9);
}

/** Rounded away from zero to a multiple of 10^scale. upstream: Quantity.RoundUp */
export function roundQuantityUp({ nanos, format }: Quantity, scale: number): Quantity {
  const unit = 10n ** BigInt(Math.max(scale + 9, 0));
  return { nanos: dividedUp(nanos, unit) * unit, format };
}

/** The plain decimal number: no exponent, no closing zeros. */
export function quantityDecimal({ nanos }: Quantity): string {
  const positive = nanos < 0n ? -nanos : nanos;
  const fraction = (positive % NANOS).toString().padStart(9, '0').replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${positive / NANOS}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The canonical text of a quantity's text; a text that is none is returned as it is, for validation to refuse. */
export function canonicalQuantity(text: string): string {
  return remembered(canonicalTexts, text, (quantity) => (quantity === undefined ? text : printQuantity(quantity)));
}

/** Whole units (bytes, pods), rounded up; 0 for a text that is no quantity. Remembered, for hot paths. */
export function quantityValue(text: string): number {
  return remembered(values, text, (quantity) => (quantity === undefined ? 0 : Number(scaledQuantity(quantity, 0))));
}

/** Thousandths (millicores), rounded up; 0 for a text that is no quantity. Remembered, for hot paths. */
export function quantityMilliValue(text: string): number {
  return remembered(milliValues, text, (quantity) => (quantity === undefined ? 0 : Number(scaledQuantity(quantity, -3))));
}

interface Unit {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

const NANOS = 1_000_000_000n;
const binaryMax = (2n ** 63n - 1n) * NANOS;
// A bound of ours: the number would fill the memory, and no resource is that large.
const exponentMax = 1000;
const rememberedMax = 4096;

const pattern = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;
const formatError = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericError = 'unable to parse numeric part of quantity';
const suffixError = "unable to parse quantity's suffix";

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const units: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ...binarySuffixes.map((suffix, power): [string, Unit] => [suffix, { base: 2, exponent: 10 * power, format: 'BinarySI' }]),
  ...decimalSuffixes.map((suffix, index): [string, Unit] => [suffix, { base: 10, exponent: 3 * index - 9, format: 'DecimalSI' }]),
]);

function unitOf(suffix: string): Unit | undefined {
  const known = units.get(suffix);
  if (known !== undefined) return known;
  const exponent = /^[eE]([-+]?[0-9]+)$/.exec(suffix)?.[1];
  return exponent === undefined ? undefined : { base: 10, exponent: Number(exponent), format: 'DecimalExponent' };
}

// Anything finer than 1e-9 is rounded up, so that a little of a resource is never none.
function nanosOf(digits: bigint, fractionDigits: number, unit: Unit): bigint {
  if (unit.base === 2) return dividedUp(digits * 2n ** BigInt(unit.exponent) * NANOS, 10n ** BigInt(fractionDigits));
  const scale = unit.exponent - fractionDigits + 9;
  if (scale >= 0) return digits * 10n ** BigInt(scale);
  return -scale > digits.toString().length ? 1n : dividedUp(digits, 10n ** BigInt(-scale));
}

function dividedUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (quotient * divisor === dividend) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}

function withoutFactors(value: bigint, factor: bigint, timesMax: number): readonly [rest: bigint, times: number] {
  let rest = value;
  let times = 0;
  while (times < timesMax && rest % factor === 0n) {
    rest /= factor;
    times++;
  }
  return [rest, times];
}

const canonicalTexts = new Map<string, string>();
const values = new Map<string, number>();
const milliValues = new Map<string, number>();

// A cluster writes few different quantities; a full memory is emptied, which costs one more parse and changes no answer.
function remembered<T>(memory: Map<string, T>, text: string, compute: (quantity: Quantity | undefined) => T): T {
  const known = memory.get(text);
  if (known !== undefined) return known;
  const result = compute(parseQuantity(text).value);
  if (memory.size >= rememberedMax) memory.clear();
  memory.set(text, result);
  return result;
}
