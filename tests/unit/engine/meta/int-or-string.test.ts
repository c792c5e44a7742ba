import { expect, test } from 'vitest';
import { scaledIntOrPercent } from '../../../../src-main/engine/meta/int-or-string.ts';

function check(value: string | number | null, expected: string): void {
  const [up, down] = [true, false].map((roundUp) => scaledIntOrPercent(value, 10, roundUp));
  expect(up!.error ?? `${up!.value} ${down!.value}`).toBe(expected);
}

test('an absolute number', () => check(3, '3 3'));
test('a quarter of ten', () => check('25%', '3 2'));
test('all', () => check('100%', '10 10'));
test('more than all', () => check('150%', '15 15'));
test('a quoted number', () => check('3', 'invalid value for IntOrString: invalid type: string is not a percentage'));
test('letters', () => check('a%', 'invalid value for IntOrString: invalid value "a%": strconv.Atoi: parsing "a": invalid syntax'));
test('absent', () => check(null, 'nil value for IntOrString'));
