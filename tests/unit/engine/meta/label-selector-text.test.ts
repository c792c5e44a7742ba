import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLabelSelector } from '../../../../src-main/engine/meta/label-selector-text.ts';
import { printRequirements } from '../../../../src-main/engine/meta/labels.ts';

function check(text: string, expected: string): void {
  const { value, error } = parseLabelSelector(text);
  expect(value === undefined ? error : printRequirements(value)).toBe(expected);
}

test('empty', () => check('', ''));
test('every operator', () =>
  check('a=1,b==2,c!=3,d in (x,y),e notin (z),f,!g,h>4,i<5', 'a=1,b==2,c!=3,d in (x,y),e notin (z),f,!g,h>4,i<5'));
test('ordered by key, values sorted and single', () => check('z=1,a in (c,b,c)', 'a in (b,c),z=1'));
test('keywords as keys and values', () => check('in in (notin,in)', 'in in (in,notin)'));
test('a missing parenthesis', () => check('a in x', "unable to parse requirement: found 'x' expected: '('"));
test('an unknown operator', () => check('a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"));
test('a comma at the end', () => check('a,', "found '', expected: identifier after ','"));
test('something after a requirement', () => check('a=b c', "found 'c', expected: ',' or 'end of string'"));
test('a start that is none', () => check('=a', "found '=', expected: !, identifier, or 'end of string'"));
test('a wrong key', () =>
  check(
    'a_=b',
    "unable to parse requirement: <nil>: Invalid value: \"a_\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ));
test('a bound that is no integer', () =>
  check('a>x', "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"));

test('printing what was read and reading it again changes nothing; no text breaks the reader', () => {
  const pieces = fc.constantFrom('a', 'b', 'in', 'notin', '=', '!', ',', '(', ')', ' ', '>', '<', '1', '|');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
      const { value } = parseLabelSelector(parts.join(''));
      if (value !== undefined) expect(parseLabelSelector(printRequirements(value)).value).toEqual(value);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
