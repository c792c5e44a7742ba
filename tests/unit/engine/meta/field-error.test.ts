import { expect, test } from 'vitest';
import {
  aggregateText,
  type FieldError,
  FieldPath,
  fieldDuplicate,
  fieldForbidden,
  fieldInternalError,
  fieldInvalid,
  fieldNotFound,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
  fieldTooMany,
  fieldTypeInvalid,
  GoSyntax,
} from '../../../../src-main/engine/meta/field-error.ts';

const image = new FieldPath('spec').child('containers').index(0).child('image');

function check(error: FieldError, expected: string): void {
  expect(error.toString()).toBe(expected);
}

test('a required value', () => check(fieldRequired(image, ''), 'spec.containers[0].image: Required value'));
test('an invalid string', () => check(fieldInvalid(image, 'a"b', 'why'), 'spec.containers[0].image: Invalid value: "a\\"b": why'));
test('an invalid number', () => check(fieldInvalid(new FieldPath('n'), -1, 'why'), 'n: Invalid value: -1: why'));
test('an invalid boolean', () => check(fieldInvalid(new FieldPath('b'), true, 'why'), 'b: Invalid value: true: why'));
test('an absent value', () => check(fieldInvalid(new FieldPath('b'), null, 'why'), 'b: Invalid value: "null": why'));
test('a structure', () => check(fieldInvalid(new FieldPath('s'), { a: [1] }, 'why'), 's: Invalid value: {"a":[1]}: why'));
test('a value in the syntax of Go', () =>
  check(fieldInvalid(new FieldPath('s'), new GoSyntax('[]string{"a"}'), 'why'), 's: Invalid value: []string{"a"}: why'));
test('a type that does not fit', () => check(fieldTypeInvalid(new FieldPath('s'), 'x', 'why'), 's: Invalid value: "x": why'));
test('an unsupported value', () =>
  check(fieldNotSupported(new FieldPath('p'), 'X', ['TCP', 'UDP']), 'p: Unsupported value: "X": supported values: "TCP", "UDP"'));
test('a duplicate', () => check(fieldDuplicate(new FieldPath('c').index(1).child('name'), 'web'), 'c[1].name: Duplicate value: "web"'));
test('something that is not there', () => check(fieldNotFound(new FieldPath('v'), 'data'), 'v: Not found: "data"'));
test('a forbidden field', () => check(fieldForbidden(new FieldPath('spec'), 'no'), 'spec: Forbidden: no'));
test('the object itself', () => check(fieldTooLong(new FieldPath(''), 1048576), '[]: Too long: may not be more than 1048576 bytes'));
test('too long', () => check(fieldTooLong(new FieldPath('a'), 262144), 'a: Too long: may not be more than 262144 bytes'));
test('too many', () => check(fieldTooMany(new FieldPath('a'), 4, 3), 'a: Too many: 4: must have at most 3 items'));
test('too many, uncounted', () => check(fieldTooMany(new FieldPath('a'), -1, 3), 'a: Too many: must have at most 3 items'));
test('an internal error', () => check(fieldInternalError(new FieldPath('a'), 'oops'), 'a: Internal error: oops'));
test('a map key', () => check(fieldRequired(new FieldPath('metadata', 'labels').key('x'), ''), 'metadata.labels[x]: Required value'));

test('one error stands alone, several stand in brackets, a repeated one stands once', () => {
  const [a, b] = [fieldRequired(new FieldPath('a'), ''), fieldRequired(new FieldPath('b'), '')];
  expect([aggregateText([a, a]), aggregateText([a, b, a])]).toEqual(['a: Required value', '[a: Required value, b: Required value]']);
});
