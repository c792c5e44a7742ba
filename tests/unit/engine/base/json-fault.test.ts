import { expect, test } from 'vitest';
import { jsonFault } from '../../../../src-main/engine/base/json-fault.ts';

function check(text: string, expected: string): void {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
  expect(jsonFault(text)).toBe(expected);
}

const END = 'unexpected end of JSON input';

test('what breaks off', () => {
  for (const text of ['', '{', '{"a"', '{"a":', '{"a":1', '[1,', '"x', '{"a":tr']) check(text, END);
});
test('what is nested too deeply', () => check('['.repeat(1_000_000), 'exceeded max depth'));
test('keys', () => {
  check('{bad', "invalid character 'b' looking for beginning of object key string");
  check('{"a":1,}', "invalid character '}' looking for beginning of object key string");
  check('{"a" 1}', "invalid character '1' after object key");
  check('{"a":1 "b":2}', "invalid character '\"' after object key:value pair");
});
test('values', () => {
  check('nope', "invalid character 'o' in literal null (expecting 'u')");
  check("{'a':1}", "invalid character '\\'' looking for beginning of object key string");
  check('[1 2]', "invalid character '2' after array element");
  check('{"a":<}', "invalid character '<' looking for beginning of value");
  check('{} x', "invalid character 'x' after top-level value");
  check('"a\nb"', "invalid character '\\n' in string literal");
  check('"\\q"', "invalid character 'q' in string escape code");
  check('-x', "invalid character 'x' in numeric literal");
});
