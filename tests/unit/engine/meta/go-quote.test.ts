import { expect, test } from 'vitest';
import { goQuote } from '../../../../src-main/engine/meta/go-quote.ts';

function check(text: string, expected: string): void {
  expect(goQuote(text)).toBe(expected);
}

test('plain text gets quotes', () => check('web-1', '"web-1"'));
test('an empty text', () => check('', '""'));
test('quotes and backslashes are escaped', () => check('a"b\\c', '"a\\"b\\\\c"'));
test('short escapes', () => check('\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'));
test('other control characters as hexadecimal', () => check('\x00\x1b\x7f', '"\\x00\\x1b\\x7f"'));
test('printable letters of any script stay', () => check('Māori ✓ 日本', '"Māori ✓ 日本"'));
test('spaces other than the plain one are escaped', () => check('\u00a0\u2003', '"\\u00a0\\u2003"'));
test('unassigned characters beyond the first plane', () => check('\u{e0001}', '"\\U000e0001"'));
test('an emoji stays', () => check('🚢', '"🚢"'));
