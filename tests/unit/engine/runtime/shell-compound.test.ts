// biome-ignore-all lint/suspicious/noTemplateCurlyInString: scripts of a shell have signs of their own
// Commands in parentheses, functions, and what reads line by line. Expected is what bash 5.2 and busybox say.
import { describe, expect, test } from 'vitest';
import { scriptIn } from '../../../../src-main/engine/runtime/shell-program.ts';
import { checkScript as check } from './script-runs.ts';

describe('( … )', () => {
  test('what it changes is gone behind it', () => {
    check('a=1; cd /d; (a=2; b=3; cd /; echo $a; pwd; exit 3); echo $? $a $(pwd) "<$b>"', ['2', '/', '3 1 /d <>', 'exit 0'], {
      '/d/x': '',
    });
    check('x=(a b); (x+=(c); echo ${#x[@]}; unset x); echo ${#x[@]}', ['3', '2', 'exit 0']);
    check('(a=1; (a=2; echo $a; exit 5); echo $? $a); echo "<$a>"', ['2', '5 1', '<>', 'exit 0']);
    check('(sleep 1; echo a; sleep 1; exit 4); echo $?', ['a', '4', 'exit 0']);
  });
  test('its failure is one', () => {
    check('(exit 3) || echo asked; (echo a; false) && echo never; echo $?; ! (exit 1); echo $?', ['asked', 'a', '1', '0', 'exit 0']);
    check('set -e; (false; echo never); echo never', ['exit 1']);
    check('(set -e; false; echo never); echo $?; (set -e; (false) || echo asked; false; echo never) || echo on', [
      ...['1', 'asked', 'never', 'exit 0'],
    ]);
    check('(echo $((1 / 0))); echo on', ['on', 'exit 0']);
  });
  test('in other commands', () => {
    check('if (true) then [[ a ]] && { (echo a) }; fi', ['a', 'exit 0']);
    check('if (true); then for i in 1 2; do (echo $i; [ $i = 1 ] && exit; echo on); done; fi', ['1', '2', 'on', 'exit 0']);
    check('echo $( (echo a; exit 2); echo $? ); case a in (a) (echo b);; esac; echo $((((1 + 2)) * 3))', ['a 2', 'b', '9', 'exit 0']);
  });
  test.each([
    '(echo a',
    '(echo a) > /f',
    '(echo a) | cat',
    'while true; do (break); done',
    '((i++))',
    'echo a)',
    '()',
    `${'('.repeat(300)}`,
  ])('beyond: %s', (script) => check(script, null));
});

describe('functions', () => {
  test('parameters, variables of their own, and what they answer', () => {
    check(
      'f() { echo "$1 $# $*"; for i in "$@"; do echo "<$i>"; done; local x=5; y=6; return 4; echo never; }\nx=1; f a "b c"; echo $? $x $y "<$1>" $#',
      [...['a 2 a b c', '<a>', '<b c>', '4 1 6 <> 0', 'exit 0']],
    );
    check('f ()\n{\n  local v; v=$1; u=$(echo $v $2); echo $u\n}\nv=o; f n m; echo $v; g() { (exit 3); }; g; echo $?', [
      'n m',
      'o',
      '3',
      'exit 0',
    ]);
    check('f() { sleep 1; echo $1; }; f a; f b; if true; then f c; fi', ['a', 'b', 'c', 'exit 0']);
  });
  test('one that calls itself', () => {
    check('g() { if [ $1 -gt 0 ]; then echo $1; g $(($1-1)); fi; }; g 3', ['3', '2', '1', 'exit 0']);
    check('h() { for i in 1 2; do [ $1 = 0 ] || h 0; echo $i; done; }; h 1', ['1', '2', '2', '1', '2', '2', 'exit 0']);
    check('f() { f; }; f; echo never', ['exit 2']);
  });
  test('their failure', () => {
    check('f() { return 1; }; f || echo asked; if f; then :; else echo no; fi; f() { exit 7; }; (f); echo $?; f; echo never', [
      ...['asked', 'no', '7', 'exit 7'],
    ]);
    check('f() { false; echo on; }; set -e; f || echo never; f; echo never', ['on', 'exit 1']);
    check('set -e; f() { [ a = b ] && echo; }; false || f || true; echo on; f; echo never', ['on', 'exit 1']);
    check('set -e; f() { return 3; }; f; echo never', ['exit 3']);
    check('die() { echo "$*" >&2; exit 1; }; [ -e /f ] || die no file; echo never', ['exit 1']);
  });
  test('the parameters of the script', () => {
    check(
      'set -- p "q r"; echo $1 $# "$*"; for i in "$@"; do echo "<$i>"; done; shift; echo $1; shift 5; echo $?; set --; echo $# ${1:-none}',
      [...['p 2 p q r', '<p>', '<q r>', 'q r', '1', '0 none', 'exit 0']],
    );
    check(scriptIn(['sh', '-c', 'echo "$2" $#; shift; echo "$@"', 'name', 'a', "it's $b"]) ?? '', ["it's $b 2", "it's $b", 'exit 0']);
    check(scriptIn(['sh', '-c', 'echo on', 'name', 'a']) ?? '', ['on', 'exit 0']);
    expect(scriptIn(['sh', '-c', 'echo on', 'name', 'a'])).toBe('echo on');
  });
  test.each([
    ...[
      'f() { echo a; }; f > /f',
      'f() { echo a; }; f | cat',
      'f() { echo a; }; x=$(f)',
      'f() { echo a; }; x="${a:-$(f)}"',
      'f() (echo a)',
    ],
    ...[
      'f() { echo a; }; A=1 f',
      'return',
      'local a',
      'f() { (return 1); }',
      'f() { echo a',
      'exit() { echo a; }',
      'f() { }',
      'f() echo a',
    ],
  ])('beyond: %s', (script) => check(script, null));
});

describe('read', () => {
  const lines = { '/f': '1 2 3\n  4   5  \nlast' };
  test('each line of a file', () => {
    check('while read a b; do echo "$a-$b"; done < /f; echo "<$a>" $?', ['1-2 3', '4-5', '<last> 0', 'exit 0'], lines);
    check('while read -r l || [ -n "$l" ]; do echo "<$l>"; done < /f', ['<1 2 3>', '<4   5>', '<last>', 'exit 0'], lines);
    check('while IFS= read -r l; do echo "<$l>"; sleep 1; done < "/f"', ['<1 2 3>', '<  4   5  >', 'exit 0'], lines);
    check(
      'n=0; while read l; do n=$((n+1)); [ $n = 2 ] && break; done < /f; echo $n; while read a l; do echo $a; done < /f',
      [...['2', '1', '4', 'exit 0']],
      lines,
    );
    check('while read a; do while read b; do echo $a$b; done < /g; done < /f', ['1x', '2x', 'exit 0'], { '/f': '1\n2\n', '/g': 'x\n' });
    check('while read a; do read b; echo "$a,$b"; done < /f', ['1,2', '3,', 'exit 0'], { '/f': '1\n2\n3\n' });
    check('while read a; do echo $a; done < /none; echo $?; set -e; while read a; do echo; done < /none; echo never', ['1', 'exit 1']);
  });
  test('fields end where it is told', () => {
    check('while IFS=: read -r u p id rest; do echo "$u $id $rest"; done < /p', ['root 0 x:y', 'a  ', 'exit 0'], {
      '/p': 'root:x:0:x:y\na\n',
    });
    check('while IFS=, read a b; do echo "<$a|$b>"; done < /p', ['<x|y>', '<x|y,z>', '<|x>', '<x|y,,>', 'exit 0'], {
      '/p': 'x,y,\nx,y,z\n,x\nx,y,,\n',
    });
    check('while read a b; do echo "$a|$b"; done < /p', ['a b|c', 'next line|', 'exit 0'], { '/p': 'a\\ b c\nnext\\\n\\ line\n' });
  });
  test('what comes through a pipe: what it reads is gone behind it', () => {
    check('printf \'a\\nb\\n\' | while read l; do echo $l; n=$l; done; echo "<$n>"', ['a', 'b', '<>', 'exit 0']);
    check("printf 'a\\nb\\n' | while read l; do [ $l = b ] && exit 3; sleep 1; done; echo $?", ['3', 'exit 0']);
    check('cat /f | grep -v 4 | while read -r a rest; do echo $a; done && echo over', ['1', 'over', 'exit 0'], { '/f': '1 2\n4\n' });
  });
  test('one line, and a text below', () => {
    check('read x y < /f; echo $x,$y; if read l < /e; then echo never; fi; echo "<$l>"', ['1,2 3', '<>', 'exit 0'], { ...lines, '/e': '' });
    check('v=z; while read a; do echo "<$a>"; done <<END\nx $v\n y\nEND\necho on; read a <<END\nq\nEND\necho $a', [
      '<x z>',
      '<y>',
      'on',
      'q',
      'exit 0',
    ]);
    check('read < /f; echo $REPLY', ['1 2 3', 'exit 0'], lines);
  });
  test.each([
    ...[
      'read a',
      'echo a | read b',
      'while read l; do echo $l; done',
      'while true; do echo; done < /f',
      'echo | while true; do echo; done',
    ],
    ...['while read -p x l; do echo; done < /f', 'IFS=$x read a < /f', 'while read a; do echo; done < /f > /g', 'read a > /f'],
  ])('beyond: %s', (script) => check(script, null));
});

test('a file instead of a command in a word', () =>
  check('echo "$(</f)" $(< /f); x=$(</none); echo $?', ['a', 'b a b', '1', 'exit 0'], { '/f': 'a\nb\n\n' }));

test('a line beyond all measure ends the shell', () => {
  check('while read line; do echo never; done < /f; echo never', ['exit 2'], { '/f': 'a'.repeat(200_000) });
});
