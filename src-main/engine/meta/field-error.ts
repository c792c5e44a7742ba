// One fault of one field, and the path that names the field; validation returns lists of these, so that a user sees all faults at once.
// upstream: apimachinery pkg/util/validation/field (release 1.33)
import { goQuote } from './go-quote.ts';

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

/** A value whose printed form is already known: Go's syntax of a struct or a typed list, for instance. */
export class GoSyntax {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** In place of a value that a message leaves out. upstream: field.OmitValueType */
export const omittedValue = Symbol('value omitted');

export class FieldPath {
  readonly #text: string;

  /** The path of a top-level field, or of the named descendant of one; the object itself, which has no name, is told as an index without one. */
  constructor(name: string, ...moreNames: readonly string[]) {
    const first = name === '' ? '[]' : name;
    this.#text = moreNames.length === 0 ? first : `${first}.${moreNames.join('.')}`;
  }

  child(...names: readonly string[]): FieldPath {
    return new FieldPath(this.#text, ...names);
  }

  index(index: number): FieldPath {
    return new FieldPath(`${this.#text}[${index}]`);
  }

  key(key: string): FieldPath {
    return new FieldPath(`${this.#text}[${key}]`);
  }

  toString(): string {
    return this.#text;
  }
}

export class FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly badValue: unknown;
  readonly detail: string;

  constructor(type: FieldErrorType, path: FieldPath, badValue: unknown, detail: string) {
    this.type = type;
    this.field = path.toString();
    this.badValue = badValue;
    this.detail = detail;
  }

  /** The message without the field's name, as in a Status' causes. */
  body(): string {
    const head =
      withoutValue.has(this.type) || this.badValue === omittedValue ? texts[this.type] : `${texts[this.type]}: ${shown(this.badValue)}`;
    return this.detail === '' ? head : `${head}: ${this.detail}`;
  }

  toString(): string {
    return `${this.field}: ${this.body()}`;
  }
}

export function fieldNotFound(path: FieldPath, value: unknown): FieldError {
  return new FieldError('FieldValueNotFound', path, value, '');
}

export function fieldRequired(path: FieldPath, detail: string): FieldError {
  return new FieldError('FieldValueRequired', path, '', detail);
}

export function fieldDuplicate(path: FieldPath, value: unknown): FieldError {
  return new FieldError('FieldValueDuplicate', path, value, '');
}

export function fieldInvalid(path: FieldPath, value: unknown, detail: string): FieldError {
  return new FieldError('FieldValueInvalid', path, value, detail);
}

export function fieldTypeInvalid(path: FieldPath, value: unknown, detail: string): FieldError {
  return new FieldError('FieldValueTypeInvalid', path, value, detail);
}

/** `supported` is listed in the order given; upstream's sets are sorted, its lists are not. */
export function fieldNotSupported(path: FieldPath, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? '' : `supported values: ${supported.map(goQuote).join(', ')}`;
  return new FieldError('FieldValueNotSupported', path, value, detail);
}

export function fieldForbidden(path: FieldPath, detail: string): FieldError {
  return new FieldError('FieldValueForbidden', path, '', detail);
}

export function fieldTooLong(path: FieldPath, bytesMax: number): FieldError {
  return new FieldError(
    'FieldValueTooLong',
    path,
    omittedValue,
    bytesMax >= 0 ? `may not be more than ${bytesMax} bytes` : 'value is too long',
  );
}

export function fieldTooMany(path: FieldPath, count: number, countMax: number): FieldError {
  const detail = countMax >= 0 ? `must have at most ${countMax} items` : 'has too many items';
  return new FieldError('FieldValueTooMany', path, count >= 0 ? count : omittedValue, detail);
}

export function fieldInternalError(path: FieldPath, message: string): FieldError {
  return new FieldError('InternalError', path, null, message);
}

/** The errors as one text: each message once, in brackets when there are several. upstream: field.ErrorList.ToAggregate */
export function aggregateText(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map((error) => error.toString()))];
  return messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`;
}

const texts: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: 'Not found',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueTypeInvalid: 'Invalid value',
  InternalError: 'Internal error',
};

const withoutValue: ReadonlySet<FieldErrorType> = new Set([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
  'InternalError',
]);

// Release 1.33 prints an absent value as "null" in quotes and structs in Go syntax; the latter needs Go's type names, so a rule that wants
// it hands a GoSyntax over, and any other structure is printed as JSON, which is what 1.34 and newer do.
function shown(value: unknown): string {
  if (value === null || value === undefined) return '"null"';
  if (typeof value === 'string') return goQuote(value);
  if (value instanceof GoSyntax) return value.text;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
