// What an evaluation may cost: every step over many items is paid for before it is taken, so that no expression can hold the world up.
// upstream: apiserver pkg/apis/cel/config.go; the units are near to cel-go's, not equal to them

/** upstream: PerCallLimit */
export const CALL_COST_MAX = 1_000_000;
/** All rules of one object together. upstream: RuntimeCELCostBudget */
export const OBJECT_COST_MAX = 10_000_000;

export interface Priced<T> {
  readonly result: T;
  readonly cost: number;
  readonly isExceeded: boolean;
}

let spent = 0;
let allowed = 0;

/** Runs an evaluation; inside it `spend` throws as soon as more than `units` are asked for. */
export function withBudget<T>(units: number, run: () => T): Priced<T> {
  const [outerSpent, outerAllowed] = [spent, allowed];
  spent = 1;
  allowed = units;
  try {
    const result = run();
    return { result, cost: spent, isExceeded: spent > units };
  } finally {
    spent = outerSpent + spent;
    allowed = outerAllowed;
  }
}

export function spend(units: number): void {
  spent += units;
  if (spent > allowed) throw new CelFault('operation cancelled: actual cost limit exceeded');
}

/** A fault of an evaluation with cel-go's text. */
export class CelFault extends Error {
  override readonly name = 'CelFault';
}

/** The cost of looking at all of a value once: comparing it, joining it, searching it. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return Math.ceil(value.length / 10);
  if (typeof value !== 'object' || value === null) return 1;
  const known = weights.get(value);
  if (known !== undefined) return known;
  let weight = 1;
  if (Array.isArray(value)) for (const item of value) weight += weightOf(item);
  else if (value instanceof Map) for (const member of value.values()) weight += weightOf(member);
  else for (const member of Object.values(value)) weight += weightOf(member);
  weights.set(value, weight);
  return weight;
}

const weights = new WeakMap<object, number>();
