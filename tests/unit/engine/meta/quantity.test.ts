import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalQuantity,
  compareQuantities,
  parseQuantity,
  printQuantity,
  quantityDecimal,
  quantityFromJson,
  quantityMilliValue,
  quantityValue,
} from '../../../../src-main/engine/meta/quantity.ts';

function check(text: string, expected: { readonly value: number; readonly milli: number; readonly canonical: string }): void {
  expect({ value: quantityValue(text), milli: quantityMilliValue(text), canonical: canonicalQuantity(text) }).toEqual(expected);
}

test('millicores', () => check('250m', { value: 1, milli: 250, canonical: '250m' }));
test('a fraction of a core', () => check('0.5', { value: 1, milli: 500, canonical: '500m' }));
test('mebibytes', () => check('128Mi', { value: 134217728, milli: 134217728000, canonical: '128Mi' }));
test('a fraction of a gibibyte', () => check('1.5Gi', { value: 1610612736, milli: 1610612736000, canonical: '1536Mi' }));
test('a number that is remembered', () => {
  check('2', { value: 2, milli: 2000, canonical: '2' });
  check('2', { value: 2, milli: 2000, canonical: '2' });
});
test('what is no quantity stays as it is', () => check('lots', { value: 0, milli: 0, canonical: 'lots' }));
test('past the last suffix nothing is lost', () => check('1000E', { value: 1e21, milli: 1e24, canonical: '1000E' }));

describe('refusals', () => {
  const refuse = (text: string, expected: string): void => expect(parseQuantity(text).error).toBe(expected);
  const format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

  test('empty', () => refuse('', format));
  test('words', () => refuse('lots', format));
  test('blanks', () => refuse(' 1', format));
  test('an unknown suffix', () => refuse('1i', "unable to parse quantity's suffix"));
  test('an exponent that would fill the memory', () => refuse('1e999999999', 'unable to parse numeric part of quantity'));
  test('a tiny one is rounded up', () => expect(canonicalQuantity('1e-999999999')).toBe('1e-9'));
});

test('from a manifest', () => {
  const from = (json: string | number | boolean | null): string | undefined => {
    const { value, error } = quantityFromJson(json);
    return value === undefined ? error : printQuantity(value);
  };
  expect([from(2), from(' 1Gi '), from(0.1), from(1e21), from(null)]).toEqual(['2', '1Gi', '100m', '1e21', '0']);
  expect(from(true)).toMatch(/^quantities must match/);
});

test('printing keeps the number, and printing again the text', () => {
  const suffixes = fc.constantFrom('', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'e3', 'E-2');
  const texts = fc
    .tuple(fc.constantFrom('', '-'), fc.nat(99999), fc.option(fc.nat(999)), suffixes)
    .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${suffix}`);
  fc.assert(
    fc.property(texts, (text) => {
      const read = parseQuantity(text).value!;
      const printed = printQuantity(read);
      const again = parseQuantity(printed).value!;
      expect([compareQuantities(read, again), printQuantity(again), quantityDecimal(again)]).toEqual([0, printed, quantityDecimal(read)]);
    }),
    { seed: 1, numRuns: 1000 },
  );
});
