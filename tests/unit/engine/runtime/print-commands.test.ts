// What echo, printf and expr write, as busybox 1.36 does.
import { expect, test } from 'vitest';
import { printCommands } from '../../../../src-main/engine/runtime/print-commands.ts';

function check([program = '', ...rest]: readonly string[], expected: string): void {
  let said = '';
  const say = (text: string): void => {
    said += text;
  };
  const status = printCommands[program]?.(rest, { print: say, complain: say });
  expect(`${said}${status === 0 ? '' : `=${status}`}`).toBe(expected);
}

test.each<[readonly string[], string]>([
  [['echo', 'a', '', 'b'], 'a  b\n'],
  [['echo', '-ne', 'a\\tb\\0101\\x41'], 'a\tbAA'],
  [['echo', '-e', 'a\\cb', 'c'], 'a'],
  [['echo', '-x', 'a\\n'], '-x a\\n\n'],
  [['printf', '%s=%s\\n', 'a', '1', 'b'], 'a=1\nb=\n'],
  [['printf', '%-5s|%5s|%03d|%x|%X|%o|%c|%%|%+d\\n', 'ab', 'cd', '7', '255', '255', '8', 'xyz', '4'], 'ab   |   cd|007|ff|FF|10|x|%|+4\n'],
  [['printf', '%.2f %5.1f %.1s %b', '3.14159', '2.5', 'abc', 'x\\ty'], '3.14   2.5 a x\ty'],
  [['printf', 'once', 'a', 'b'], 'once'],
  [['printf', '%d\\n', 'abc'], "sh: invalid number 'abc'\n0\n=1"],
  [['printf', '%y'], 'sh: %y: invalid format\n=1'],
  [['expr', '3', '*', '4', '+', '1'], '13\n'],
  [['expr', '10', '%', '3', '=', '1'], '1\n'],
  [['expr', '1', '-', '1'], '0\n=1'],
  [['expr', 'a', '<', 'b'], '1\n'],
  [['expr', 'length', 'abc'], '3\n'],
  [['expr', '1', '/', '0'], 'expr: division by zero\n=2'],
  [['expr', 'a', '+', '1'], 'expr: non-numeric argument\n=2'],
  [['expr', '1', '+'], 'expr: syntax error\n=2'],
])('%j', check);

test('a format that is used without end has one', () => {
  let length = 0;
  printCommands['printf']?.(['%1000000s', ...Array(10_000).fill('x')], {
    print: (text) => {
      length = text.length;
    },
    complain: () => {},
  });
  expect(length).toBeLessThan(1_002_000);
});
