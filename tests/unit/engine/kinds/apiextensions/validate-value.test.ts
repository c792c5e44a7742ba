import { expect, test } from 'vitest';
import type { JsonSchema } from '../../../../../src-main/engine/kinds/apiextensions/json-schema.ts';
import { validateValue } from '../../../../../src-main/engine/kinds/apiextensions/validate-value.ts';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';

const check = (schema: JsonSchema, value: JsonValue, ...errors: readonly string[]): void =>
  expect(validateValue({ spec: value }, { type: 'object', properties: { spec: schema } }).map(String)).toEqual(errors);

test('types', () => {
  check({ type: 'integer' }, 'big', 'spec: Invalid value: "string": spec in body must be of type integer: "string"');
  check({ type: 'integer' }, 1.5, 'spec: Invalid value: "number": spec in body must be of type integer: "number"');
  check({ type: 'number' }, 1);
  check({ type: 'string' }, null, 'spec: Invalid value: "null": spec in body must be of type string: "null"');
  check({ type: 'string', nullable: true }, null);
  check({ 'x-kubernetes-int-or-string': true }, '50%');
  check(
    { 'x-kubernetes-int-or-string': true },
    true,
    'spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"',
  );
});

test('numbers', () => {
  check({ type: 'integer', minimum: 1 }, 0, 'spec: Invalid value: 0: spec in body should be greater than or equal to 1');
  check({ type: 'integer', maximum: 5, exclusiveMaximum: true }, 5, 'spec: Invalid value: 5: spec in body should be less than 5');
  check({ type: 'integer', multipleOf: 3 }, 4, 'spec: Invalid value: 4: spec in body should be a multiple of 3');
});

test('texts', () => {
  check({ type: 'string', pattern: '^a+$' }, 'b', `spec: Invalid value: "b": spec in body should match '^a+$'`);
  check({ type: 'string', pattern: '(?i)^\\pL+\\z' }, 'É1', `spec: Invalid value: "É1": spec in body should match '(?i)^\\pL+\\z'`);
  check({ type: 'string', pattern: '^(a+)+$' }, 'a'.repeat(3000));
  check({ type: 'string', minLength: 2 }, 'b', 'spec: Invalid value: "b": spec in body should be at least 2 chars long');
  check({ type: 'string', maxLength: 2 }, 'abc', 'spec: Too long: may not be more than 2 bytes');
  check({ type: 'string', enum: ['a', 'b'] }, 'c', 'spec: Unsupported value: "c": supported values: "a", "b"');
  check({ type: 'string', format: 'ipv4' }, '1.2.3', 'spec: Invalid value: "1.2.3": spec in body must be of type ipv4: "1.2.3"');
  check({ type: 'string', format: 'date-time' }, '2026-01-01T00:00:00Z');
});

test('objects and lists', () => {
  const size: JsonSchema = { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } };
  check(size, {}, 'spec.size: Required value');
  check(
    { type: 'object', additionalProperties: { type: 'string' } },
    { a: 1 },
    'spec.a: Invalid value: "integer": spec.a in body must be of type string: "integer"',
  );
  check({ type: 'array', items: size }, [{ size: 1 }, {}], 'spec[1].size: Required value');
  check(
    { type: 'array', items: { type: 'integer' }, minItems: 1 },
    [],
    'spec: Invalid value: 0: spec in body should have at least 1 items',
  );
  check({ type: 'array', items: { type: 'integer' }, maxItems: 1 }, [1, 2], 'spec: Too many: 2: must have at most 1 items');
  check({ type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' }, ['a', 'a'], 'spec[1]: Duplicate value: "a"');
});

test('combinations', () => {
  const either: readonly JsonSchema[] = [{ required: ['a'] }, { required: ['b'] }];
  check(
    { type: 'object', oneOf: either },
    { a: 1, b: 1 },
    'spec: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  );
  check({ type: 'object', anyOf: either }, {}, 'spec: Invalid value: "": "spec" must validate at least one schema (anyOf)');
  check({ type: 'object', not: { required: ['a'] } }, { a: 1 }, 'spec: Invalid value: "": "spec" must not validate the schema (not)');
});
