import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactFieldValue, parseFieldSelector, printFieldSelector } from '../../../../src-main/engine/meta/field-selector.ts';

function check(text: string, expected: string): void {
  const { value, error } = parseFieldSelector(text);
  expect(value === undefined ? error : printFieldSelector(value)).toBe(expected);
}

test('terms are sorted', () => check('spec.nodeName=n1,metadata.name!=x', 'metadata.name!=x,spec.nodeName=n1'));
test('two equals signs are one', () => check('a==b', 'a=b'));
test('an empty value', () => check('spec.nodeName=', 'spec.nodeName='));
test('empty terms are left out', () => check(',a=b,', 'a=b'));
test('escapes', () => check('a=x\\,y\\=z\\\\', 'a=x\\,y\\=z\\\\'));
test('no operator', () => check('a=b,c', "invalid selector: 'a=b,c'; can't understand 'c'"));
test('an equals sign in a value', () => check('a=b=c', 'invalid field selector: unescaped character in value: 61'));
test('an escape that is none', () => check('a=\\x', 'invalid field selector: invalid escape sequence: \\x'));
test('a backslash at the end', () => check('a=b\\', 'invalid field selector: invalid escape sequence: \\'));

test('only an equality pins a field', () => {
  const { value = [] } = parseFieldSelector('metadata.name=web,spec.nodeName!=n1');
  expect([exactFieldValue(value, 'metadata.name'), exactFieldValue(value, 'spec.nodeName')]).toEqual(['web', undefined]);
});
test('any value survives printing and reading', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const requirement = { field: 'f', operator: '=' as const, value };
      expect(parseFieldSelector(printFieldSelector([requirement])).value).toEqual([requirement]);
    }),
    { seed: 1 },
  );
});
