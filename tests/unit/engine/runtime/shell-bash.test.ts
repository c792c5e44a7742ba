// biome-ignore-all lint/suspicious/noTemplateCurlyInString: scripts of a shell have signs of their own
// What bash adds to the shell of POSIX. Expected is what bash 5.2 says.
import { describe, test } from 'vitest';
import { checkScript as check } from './script-runs.ts';

describe('[[ … ]]', () => {
  test('the ordinal of a StatefulSet, as the documentation takes it from the host name', () =>
    check(
      'set -ex\n[[ `hostname` =~ -([0-9]+)$ ]] || exit 1\nordinal=${BASH_REMATCH[1]}\necho server-id=$((100 + $ordinal)) >> /f\nif [[ $ordinal -eq 0 ]]; then cp /a /b; else cp /c /b; fi',
      ['exit 0'],
      { '/a': 'first', '/c': 'other' },
      { '/a': 'first', '/c': 'other', '/b': 'other', '/f': 'server-id=103\n' },
    ));
  test('what the downward API example prints again and again', () =>
    check(
      "while true; do if [[ -e /etc/podinfo/labels ]]; then echo -en '\\n\\n'; cat /etc/podinfo/labels; fi; [[ -f /f ]] && exit 4; sleep 5; touch /f; done;",
      ['', '', 'a="b"', '', '', 'a="b"', 'exit 4'],
      { '/etc/podinfo/labels': 'a="b"\n' },
      { '/etc/podinfo/labels': 'a="b"\n', '/f': '' },
    ));
  test('questions about files', () => {
    check('[[ -d /var/lib/mysql/mysql ]] && exit 0; echo never', ['exit 0'], { '/var/lib/mysql/mysql/x': '' });
    check('[[ -e /a && ! -d /a && -f /a && -r /a && -w /a ]] && [[ ! -s /a ]]; echo $?', ['0', 'exit 0'], { '/a': '' });
  });
  test('words stay whole, and are no paths', () => {
    check('v="x  y"; [[ $v == "x  y" ]]; echo $?; [[ -z $UNSET ]]; echo $?; [[ $v ]]; echo $?', ['0', '0', '0', 'exit 0']);
    check('[[ -n "" || ! ( a == b && c < d ) ]] && echo yes; [[ ! ( a == a ) && x ]]; echo $?', ['yes', '1', 'exit 0']);
    check('[[ a == a\n&& b == b ]]; echo $?; [[ a \\\n== a ]]; echo $?; [[ b < a || b > a ]]; echo $?', ['0', '0', '0', 'exit 0']);
    check('A=1; [[ -v A && ! -v UNSET ]]; echo $?; [[ "!" == ! && "(" == \\( ]]; echo $?', ['0', '0', 'exit 0']);
  });
  test('patterns, which mean themselves within quotes', () => {
    check('[[ abc == a* ]]; echo $?; [[ abc == "a*" ]]; echo $?; [[ "a*" = "a*" ]]; echo $?; [[ abc != a"*" ]]; echo $?', [
      ...['0', '1', '0', '0', 'exit 0'],
    ]);
    check('p="a*"; [[ abc == $p ]]; echo $?; [[ abc == "$p" ]]; echo $?; [[ "a]b" == *"]"* ]]; echo $?', ['0', '1', '0', 'exit 0']);
    check('[[ x == [[:alpha:]] && x == [!a-c] && 5 == [^[:alpha:]] && - == [a"-"z] ]]; echo $?; [[ b == [a"-"c] ]]; echo $?', [
      ...['0', '1', 'exit 0'],
    ]);
  });
  test('numbers are expressions', () => {
    check('x=5; [[ x -eq 5 && x+1 -gt $x && 010 -eq 8 && "" -eq 0 ]]; echo $?; [[ a.b -eq 0 ]]; echo $?', ['0', '1', 'exit 0']);
    check('[[ 1 -ne 2 && 1 -lt 2 && 1 -le 1 && 2 -ge 2 ]]; echo $?', ['0', 'exit 0']);
  });
  test('regular expressions and what they found', () => {
    check('[[ abcd =~ (a|ab)(c|bcd)(d*) ]]; echo "${BASH_REMATCH[@]}" ${#BASH_REMATCH[@]}; [[ xy =~ x|xy ]]; echo $BASH_REMATCH', [
      ...['abcd a bcd  4', 'xy', 'exit 0'],
    ]);
    check('[[ b =~ (a)?b ]]; echo "<${BASH_REMATCH[1]}>"; [[ z =~ a ]]; echo "<${BASH_REMATCH[0]}>" ${#BASH_REMATCH[@]}', [
      ...['<>', '<> 0', 'exit 0'],
    ]);
    check('[[ a+b =~ a"+"b ]]; echo $?; [[ aab =~ a\\+b ]]; echo $?; [[ "a b" =~ (a b) ]]; echo $?; [[ 5 =~ \\d ]]; echo $?', [
      ...['0', '1', '0', '1', 'exit 0'],
    ]);
    check('re="^[[:digit:]]{2,3}$"; [[ 12 =~ $re ]]; echo $?; [[ 12 =~ "$re" ]]; echo $?; re="a("; [[ a =~ $re ]]; echo $?', [
      ...['0', '1', '2', 'exit 0'],
    ]);
    check('re="[\\]a]"; [[ "\\\\a]" =~ $re ]]; echo $?; re="[]a]"; [[ "]" =~ $re ]]; echo $?', ['0', '0', 'exit 0']);
  });
  test('one that would take for ever does not', () => {
    check('a=aaaaaaaaaa; a=$a$a$a$a$a$a; [[ $a =~ ^(a+)+b$ ]]; echo $?', ['1', 'exit 0']);
    check(
      'a=aaaaaaaaaa; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a; [[ $a$a =~ (a{500}){2}(a{500}){2}b$ ]]; echo $?',
      ['2', 'exit 0'],
    );
  });
  test('set -e ends with one that does not hold, unless it is a question', () => {
    check('set -e; [[ a == b ]] || echo a; if [[ a == b ]]; then :; fi; ! [[ a == a ]]; echo b; [[ a == b ]]; echo never', [
      'a',
      'b',
      'exit 1',
    ]);
    check('[[ $(sleep 1; echo x) == x ]] && echo yes', ['yes', 'exit 0']);
  });
  test.each([
    '[[ a b ]]',
    '[[ ]]',
    '[[ a',
    '[[ a -nt b ]]',
    '[[ a == b ]] > /f',
    '[[ a == ]]',
    '[[ ( a ]]',
    '[[ =~ a',
    `[[ ${'( '.repeat(99)}`,
  ])('beyond: %s', (script) => check(script, null));
});

describe('case', () => {
  test('the first pattern that fits', () => {
    check('x=abc; case $x in a*) echo one ;; *) echo two;; esac', ['one', 'exit 0']);
    check('x=abc\ncase "$x" in "a*") echo one\n;;\n(b|a?c) echo three\n  ;;\nesac', ['three', 'exit 0']);
    check('case -h in -h|--help) echo help;; esac; case "" in "") echo empty;; esac; case "a b" in a\\ b) echo space;; esac', [
      ...['help', 'empty', 'space', 'exit 0'],
    ]);
    check('p="a*"; case abc in "$p") echo no;; $p) echo yes;; esac; case $(echo out) in out) echo sub;; esac', ['yes', 'sub', 'exit 0']);
    check('case 7 in *[![:digit:]]*) echo no;; [0-9]) echo digit; esac', ['digit', 'exit 0']);
  });
  test('one within another, over lines, and in a loop', () => {
    check(
      'case a in\n  # comment\n  a)\n    if true; then echo in; fi\n    case b in b) echo nested;; esac\n    ;;\nesac\ncase a in a) echo last; esac',
      ['in', 'nested', 'last', 'exit 0'],
    );
    check('for i in 1 2 3 x 5; do case $i in 1) continue;; [0-9]) echo num $i;; *) break;; esac; done', ['num 2', 'num 3', 'exit 0']);
    check('case a in a) echo x;; esac && echo y; case $(sleep 1; echo a) in a) echo z; sleep 1;; esac', ['x', 'y', 'z', 'exit 0']);
  });
  test('its status is that of what it ran, and 0 when it ran nothing', () => {
    check('false; case b in a) echo $?;; esac; echo $?; false; case a in a) echo $?;; esac; false; case a in a) ;; esac; echo $?', [
      ...['0', '1', '0', 'exit 0'],
    ]);
    check('case a in esac; echo $?; case a in a) false;; esac; echo $?', ['0', '1', 'exit 0']);
    check('set -e; case a in a) [ a = b ];; esac; echo never', ['exit 1']);
    check('set -e; case a in a) false;; esac || echo asked', ['asked', 'exit 0']);
  });
  test.each([
    ...['case a in a) echo;& b) ;; esac', 'case a in a) echo;;& esac', 'case a in a echo;; esac', 'case a in a) echo', 'case a b in esac'],
    ...[
      'case in a) ;; esac',
      'case a in a) ;; esac > /f',
      'echo | case a in a) ;; esac',
      ';;',
      'esac',
      'case esac in esac) echo never;; esac',
    ],
  ])('beyond: %s', (script) => check(script, null));
});

describe('arrays', () => {
  test('the work of one pod of a Job, as the documentation takes it from its index', () =>
    check(
      'items=(foo bar baz qux xyz)\necho ${items[$JOB_COMPLETION_INDEX]} > /input/data.txt',
      ['exit 0'],
      {},
      { '/input/data.txt': 'baz\n' },
    ));
  test('one item, all of them, how many they are', () => {
    check('items=(foo bar "b z"); echo ${#items[@]} "${items[-1]}" ${items} ${#items} ${#items[1]} ${!items[@]} "<${items[9]}>"', [
      ...['3 b z foo 3 3 0 1 2 <>', 'exit 0'],
    ]);
    check('items=(a b c); i=1; echo ${items[i+1]} ${items[$i]} ${items[$((i-1))]} ${items[${#items[@]}-1]}; echo ${items[-9]}', [
      ...['c b a c', '', 'exit 0'],
    ]);
    check('items=( # of letters\n  a\n  $(echo b c)\n  "$(echo d e)"\n)\necho ${#items[@]}', ['4', 'exit 0']);
    check('touch /d/a /d/b; items=(/d/*); echo ${items[1]}', ['/d/b', 'exit 0'], {}, { '/d/a': '', '/d/b': '' });
  });
  test('as fields of their own, and as one', () => {
    check('items=(a "b  c"); for i in "x${items[@]}y" ${items[@]}; do echo "<$i>"; done', [
      ...['<xa>', '<b  cy>', '<a>', '<b>', '<c>', 'exit 0'],
    ]);
    check('items=(a "b  c"); for i in "${items[*]}" ${items[*]}; do echo "<$i>"; done; x=${items[@]}; echo "$x"', [
      ...['<a b  c>', '<a>', '<b>', '<c>', 'a b  c', 'exit 0'],
    ]);
    check('e=(); for i in "${e[@]}"; do echo never; done; echo "a${e[@]}" ${e[0]:-none} ${#e[@]}', ['a none 0', 'exit 0']);
  });
  test('more items, others, none', () => {
    check('items=(a); items+=(b "c d"); echo ${#items[@]}; items=z; echo "${items[@]}"; unset items; echo ${#items[@]}', [
      ...['3', 'z b c d', '0', 'exit 0'],
    ]);
    check('x=a; x+=(b); echo "${x[@]}" $(echo ${x[1]}; x+=(c); echo ${#x[@]}) ${#x[@]}; echo ${HOSTNAME[0]}', [
      'a b b 3 2',
      'web-3',
      'exit 0',
    ]);
    check('set -e; x=($(false)) || echo asked; x=($(false)); echo never', ['asked', 'exit 1']);
    check('x=($(sleep 1; echo a)); echo $x', ['a', 'exit 0']);
  });
  test('they do not grow without end', () => check('x=(a b c d); while true; do x+=("${x[@]}"); done', ['exit 2']));
  test.each([
    ...['items=(a', 'items=(a) echo', 'items=(a; b)', 'items[1]=b', 'declare -a items=(a)', 'echo ${items[@]:1}', 'echo ${items[]}'],
    ...['echo ${items[0]:=a}', 'echo ${!items}', 'echo ${items[@]-a}', 'items=(a) > /f', 'echo items=(a)'],
  ])('beyond: %s', (script) => check(script, null));
});
