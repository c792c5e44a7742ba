// Small checks that the validation of many kinds shares, with upstream's texts. upstream: apimachinery pkg/api/validation, pkg/apis/core/validation
import { equal } from '../base/equal.ts';
import { type FieldError, type FieldPath, fieldInvalid, fieldNotSupported, fieldRequired } from '../meta/field-error.ts';
import { portName, portNumber } from '../meta/names.ts';
import { parseQuantity } from '../meta/quantity.ts';

/** One error per message of a syntax rule. */
export function invalidBy(path: FieldPath, value: unknown, messages: readonly string[]): readonly FieldError[] {
  return messages.map((message) => fieldInvalid(path, value, message));
}

export function notNegative(path: FieldPath, value: number | undefined): readonly FieldError[] {
  return (value ?? 0) < 0 ? [fieldInvalid(path, value, 'must be greater than or equal to 0')] : [];
}

/** A text that has to be there. */
export function required(path: FieldPath, value: string | undefined): readonly FieldError[] {
  return (value ?? '') === '' ? [fieldRequired(path, '')] : [];
}

/** One of a closed list; an absent value is no fault. */
export function oneOf(path: FieldPath, value: string | undefined, supported: readonly string[]): readonly FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [fieldNotSupported(path, value, supported)];
}

/** One of a closed list, and it has to be there. */
export function requiredOneOf(path: FieldPath, value: string | undefined, supported: readonly string[]): readonly FieldError[] {
  return (value ?? '') === '' ? [fieldRequired(path, '')] : oneOf(path, value, supported);
}

/** `shown`: the new value as upstream prints it. upstream: ValidateImmutableField */
export function immutable(path: FieldPath, next: unknown, previous: unknown, shown: unknown = next): readonly FieldError[] {
  return equal(next, previous) ? [] : [fieldInvalid(path, shown, 'field is immutable')];
}

export function portNumberOrName(path: FieldPath, port: number | string | undefined): readonly FieldError[] {
  return typeof port === 'string' ? invalidBy(path, port, portName(port)) : invalidBy(path, port ?? 0, portNumber(port ?? 0));
}

/** A quantity above zero. upstream: ValidatePositiveQuantityValue */
export function positiveQuantity(path: FieldPath, text: string): readonly FieldError[] {
  const { value } = parseQuantity(text);
  return value !== undefined && value.nanos <= 0n ? [fieldInvalid(path, text, 'must be greater than zero')] : [];
}

/** Applies a rule to each item with its path. */
export function each<T>(
  path: FieldPath,
  items: readonly T[] | undefined,
  rule: (item: T, path: FieldPath) => readonly FieldError[],
): FieldError[] {
  return (items ?? []).flatMap((item, index) => rule(item, path.index(index)));
}

/** As `each`, but passes over values that `sound` knows to be right: of a long list of values, a write changes one or two. The rule may look at nothing else. */
export function eachOnce<T extends object>(
  path: FieldPath,
  items: readonly T[] | undefined,
  sound: WeakSet<T>,
  rule: (item: T, path: FieldPath) => readonly FieldError[],
): FieldError[] {
  const found: FieldError[] = [];
  for (const [index, item] of (items ?? []).entries()) {
    if (sound.has(item)) continue;
    const errors = rule(item, path.index(index));
    if (errors.length === 0) sound.add(item);
    else found.push(...errors);
  }
  return found;
}
