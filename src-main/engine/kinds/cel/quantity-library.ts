// Quantities in expressions: `quantity('1Gi').isGreaterThan(quantity('500Mi'))`. upstream: apiserver pkg/cel/library/quantity.go
import type { Environment } from '@marcbachmann/cel-js';
import { addQuantities, compareQuantities, parseQuantity, type Quantity, subtractQuantities } from '../../meta/quantity.ts';
import { CelFault } from './budget.ts';

const NANOS = 1_000_000_000n;

class QuantityValue {
  readonly quantity: Quantity;
  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
}

export function registerQuantities(environment: Environment): void {
  const type = 'kubernetes.Quantity';
  const add = (signature: string, run: (...given: never[]) => unknown): void => {
    environment.registerFunction(signature, run);
  };
  environment.registerType(type, { ctor: QuantityValue, fields: {} });
  environment.registerOperator(`${type} == ${type}`, (a: QuantityValue, b: QuantityValue) => order(a, b) === 0n);
  add('isQuantity(string): bool', (text: string) => parseQuantity(text).value !== undefined);
  add(`quantity(string): ${type}`, read);
  add(`${type}.sign(): int`, ({ quantity: { nanos } }: QuantityValue) => (nanos > 0n ? 1n : nanos < 0n ? -1n : 0n));
  add(`${type}.isInteger(): bool`, ({ quantity: { nanos } }: QuantityValue) => nanos % NANOS === 0n);
  add(`${type}.asInteger(): int`, ({ quantity: { nanos } }: QuantityValue) => {
    if (nanos % NANOS !== 0n) throw new CelFault('cannot convert value to integer');
    return nanos / NANOS;
  });
  add(`${type}.asApproximateFloat(): double`, ({ quantity: { nanos } }: QuantityValue) => Number(nanos) / Number(NANOS));
  add(`${type}.compareTo(${type}): int`, order);
  add(`${type}.isGreaterThan(${type}): bool`, (a: QuantityValue, b: QuantityValue) => order(a, b) > 0n);
  add(`${type}.isLessThan(${type}): bool`, (a: QuantityValue, b: QuantityValue) => order(a, b) < 0n);
  for (const [name, combine] of [
    ['add', addQuantities],
    ['sub', subtractQuantities],
  ] as const) {
    add(`${type}.${name}(${type}): ${type}`, (a: QuantityValue, b: QuantityValue) => new QuantityValue(combine(a.quantity, b.quantity)));
    add(
      `${type}.${name}(int): ${type}`,
      (a: QuantityValue, b: bigint) => new QuantityValue(combine(a.quantity, { nanos: b * NANOS, format: a.quantity.format })),
    );
  }
}

function order(a: QuantityValue, b: QuantityValue): bigint {
  return BigInt(compareQuantities(a.quantity, b.quantity));
}

function read(text: string): QuantityValue {
  const { value, error } = parseQuantity(text);
  if (value === undefined) throw new CelFault(error ?? 'no quantity');
  return new QuantityValue(value);
}
