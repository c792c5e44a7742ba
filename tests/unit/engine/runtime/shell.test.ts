// biome-ignore-all lint/suspicious/noTemplateCurlyInString: scripts of a shell have signs of their own
import { describe, expect, test } from 'vitest';
import { newShell, runShell } from '../../../../src-main/engine/runtime/shell.ts';
import { compileShell } from '../../../../src-main/engine/runtime/shell-program.ts';
import type { ShellState } from '../../../../src-main/engine/runtime/shell-world.ts';

/** Runs a script to its end, with its state going through JSON at each pause; tells sleeps, output, files and exit code. */
function check(script: string, expected: { log: readonly string[]; files?: Record<string, string> } | null): void {
  const steps = compileShell(script);
  if (steps === null || expected === null) {
    expect(steps).toEqual(expected);
    return;
  }
  const files: Record<string, string> = {};
  const log: string[] = [];
  const world = {
    read: (path: string) => files[path] ?? null,
    write: (path: string, content: string) => {
      files[path] = content;
      return '' as const;
    },
    remove: (path: string) => delete files[path],
    setMode: () => true,
    exists: (path: string) => path in files,
    files: () => Object.entries(files).map(([path, content]) => ({ path, content })),
    directory: '/',
    environment: (name: string) => ({ HOSTNAME: 'web-0', GREETING: 'hello' })[name],
    timestamp: () => 'now',
    program: (argv: readonly string[]) => (argv[0] === 'known' ? 0 : null),
    print: (text: string) => void log.push(text.trimEnd()),
    complain: () => {},
  };
  let state: ShellState = newShell();
  for (let pauses = 0; pauses < 6; pauses += 1) {
    const pause = runShell(steps, state, world);
    state = JSON.parse(JSON.stringify(state)) as ShellState;
    log.push(pause.kind === 'sleep' ? `sleep ${pause.forMs}` : pause.kind === 'exit' ? `exit ${pause.code}` : pause.kind);
    if (pause.kind !== 'sleep') break;
  }
  expect({ log, files }).toEqual({ files: {}, ...expected });
}

describe('shell', () => {
  test('the liveness example of the documentation', () =>
    check('touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600', { log: ['sleep 30000', 'sleep 600000', 'exit 0'] }));
  test('programs by their paths', () =>
    check('/bin/sleep 5; /bin/echo a; /usr/bin/tail -f /dev/null', { log: ['sleep 5000', 'a', 'forever'] }));
  test('programs that never end', () => {
    for (const script of ['yes', 'dd if=/dev/zero of=/dev/null', 'cat /dev/urandom > /dev/null', 'sha256sum /dev/zero'])
      check(`${script}; echo never`, { log: ['forever'] });
    check('dd if=/dev/zero of=/dev/null count=1 2> /dev/null; echo $?', { log: ['0', 'exit 0'] });
  });
  test('tail that follows shows what is added', () => {
    check('echo a > /f; echo b >> /f; tail -n 1 -f /f', { log: ['b', ...Array(6).fill('sleep 1000')], files: { '/f': 'a\nb\n' } });
    check('tail -F /f', { log: Array(6).fill('sleep 1000') });
    // What is in the image nobody knows.
    check('tail -f /f; echo never', { log: ['forever'] });
    check('tail -f /f | grep a', { log: ['forever'] });
  });
  test('heads and tails that are counted from the other end, and lines the other way round', () => {
    check('seq 5 > /f; tail -n +4 /f; head -n -3 /f; echo abc | rev', {
      log: ['4\n5', '1\n2', 'cba', 'exit 0'],
      files: { '/f': '1\n2\n3\n4\n5\n' },
    });
  });
  test('and, or, not', () =>
    check('false && echo a || echo b; true && echo c; ! false && echo d; false; echo $?', { log: ['b', 'c', 'd', '1', 'exit 0'] }));
  test('set -e ends with the first command that fails, unless its failure is an answer', () => {
    check('set -e; echo a; false; echo never', { log: ['a', 'exit 1'] });
    check('set -ex\ntrue\nunheard\necho never', { log: ['exit 127'] });
    check('set -o errexit; set +e; false; echo on', { log: ['on', 'exit 0'] });
    check(
      'set -e; false || echo a; ! true; if false; then echo never; fi; while false; do echo never; done; true && false || true; echo b',
      {
        log: ['a', 'b', 'exit 0'],
      },
    );
    check('set -e; true && false; echo never', { log: ['exit 1'] });
    check('set -e; if true; then false; fi; echo never', { log: ['exit 1'] });
    check('set -e; for n in 1 2; do echo $n; test $n = 1; done; echo never', { log: ['1', '2', 'exit 1'] });
    check('false; echo on', { log: ['on', 'exit 0'] });
  });
  test('exit codes', () => check('sleep 2 && exit 3', { log: ['sleep 2000', 'exit 3'] }));
  test('an unknown program ends with 127, a known one as the image says', () =>
    check('known && echo yes; unheard', { log: ['yes', 'exit 127'] }));
  test('if, elif, else over lines', () =>
    check('if [ -f /a ]; then\n  echo a # not this\nelif test -f /b\nthen echo b\nelse\n  touch /c\n  exit 7\nfi\necho never', {
      log: ['exit 7'],
      files: { '/c': '' },
    }));
  test('a loop counts its way', () =>
    check('echo one > /f; while ! grep -q three /f; do echo three >> /f; sleep 1m; done; cat /f', {
      log: ['sleep 60000', 'one\nthree', 'exit 0'],
      files: { '/f': 'one\nthree\n' },
    }));
  test('until, for and variables', () =>
    check('for i in 1 2; do echo "$GREETING $i $HOSTNAME"; done; A=x; until [ "$A" = y ]; do A=y; done; echo $A', {
      log: ['hello 1 web-0', 'hello 2 web-0', 'y', 'exit 0'],
    }));
  test('an if without a condition that holds, and a loop that is over, have not failed', () => {
    check('if false; then exit 3; fi', { log: ['exit 0'] });
    check('if false; then exit 3; elif [ a = b ]; then exit 4; fi; echo $?', { log: ['0', 'exit 0'] });
    check('if true; then false; fi', { log: ['exit 1'] });
    check('while ! grep -q a /f; do echo a > /f; done', { log: ['exit 0'], files: { '/f': 'a\n' } });
    check('false; for i in; do echo never; done', { log: ['exit 0'] });
  });
  test('break and continue', () => {
    check('while true; do sleep 1; grep -q a /f && break; echo a > /f; done; echo out', {
      log: ['sleep 1000', 'sleep 1000', 'out', 'exit 0'],
      files: { '/f': 'a\n' },
    });
    check('for i in 1 2 3 4; do if [ $i = 2 ]; then continue; fi; [ $i = 4 ] && break; echo $i; done; echo out', {
      log: ['1', '3', 'out', 'exit 0'],
    });
    check('while true; do while true; do break; done; echo inner; break; done', { log: ['inner', 'exit 0'] });
    check('break', null);
  });
  test('what the commands in a word write has an end, too', () =>
    check('a=0123456789; a=$a$a$a$a$a$a$a$a$a$a; a=$a$a$a$a$a$a$a$a$a$a; b=$(while true; do echo $a$a$a$a$a$a$a$a$a$a; done); echo never', {
      log: ['exit 2'],
    }));
  test('a busy loop rests', () => check('while true; do :; done', { log: Array(6).fill('sleep 1000') as string[] }));
  test('for ever', () => check('sleep infinity', { log: ['forever'] }));
  test('output may go nowhere', () => check('echo a > /dev/null 2>&1; cat /none 2>/dev/null || echo none', { log: ['none', 'exit 0'] }));
  test('commands in words', () => {
    check('x=$(echo a; echo b); echo "$x"; echo $(echo a; echo b) c; echo "$(echo d)"`echo e`', {
      log: ['a\nb', 'a b c', 'de', 'exit 0'],
    });
    check('echo "here is $(hostname)" >> /f; cat /f', { files: { '/f': 'here is web-0\n' }, log: ['here is web-0', 'exit 0'] });
    check('x=$(false) || echo no; x=$(true) && echo yes; x=$(exit 7); echo $?', { log: ['no', 'yes', '7', 'exit 0'] });
    check("a=1; b=$(a=2; echo $a); echo $a$b '$(echo no)'", { log: ['12 $(echo no)', 'exit 0'] });
    check('echo $(cat /none) $(echo a b | wc -w); for i in $(seq 1 2) "$(echo x)"; do echo $i; done', {
      log: ['2', '1', '2', 'x', 'exit 0'],
    });
    check('echo "b  c" > /f; for i in a $(cat /f); do echo $i; done', { log: ['a', 'b', 'c', 'exit 0'], files: { '/f': 'b  c\n' } });
    check('echo "$(echo "a (b")" # $(not', { log: ['a (b', 'exit 0'] });
    check('echo $(sleep 2; echo late)', { log: ['late', 'sleep 2000', 'exit 0'] });
    check('echo $(sleep infinity)', { log: ['forever'] });
  });
  test('what is empty outside of quotes is no word, and white space there parts words', () => {
    check('echo a $UNSET b; A="x  y"; echo $A "$A" p${A}q; for i in $UNSET $A; do echo $i; done', {
      log: ['a b', 'x y x  y px yq', 'x', 'y', 'exit 0'],
    });
    check('A="x  y"; B=$A; export C=$A; echo "$B" "$C"; A=1 D=$A; echo $D', { log: ['x  y x  y', '1', 'exit 0'] });
    check('[ $UNSET = x ]; echo $?; [ "$UNSET" = x ]; echo $?; [ -n $UNSET ]; echo $?', { log: ['2', '1', '0', 'exit 0'] });
    check('IFS=,; echo $A', null);
  });
  test('a value that is given before a command is its alone', () => check('A=1; A=2 B=3 true; echo $A$B', { log: ['1', 'exit 0'] }));
  test('a value, or another when there is none', () => {
    check('E=; echo ${U:-a b} "${U-c  d}" [${E-x}] [${E:-x}] [${E:+x}] [${E+x}] ${#GREETING} ${N:=5} $N', {
      log: ['a b c  d [] [x] [] [x] 5 5 5', 'exit 0'],
    });
    check('echo ${U:?is not there}; echo never', { log: ['exit 2'] });
    check('F=/a/b.tar.gz; echo ${F##*/} ${F%.*} ${F%%.*} ${F#/?} ${F%[a-z]z} ${F#x}', {
      log: ['b.tar.gz /a/b.tar /a/b /b.tar.gz /a/b.tar. /a/b.tar.gz', 'exit 0'],
    });
    check('echo ${U/a/b}', null);
  });
  test('a star outside of quotes stands for paths', () =>
    check('touch /d/one /d/two /d/.three; echo /d/* "/d/*" /e/*; for f in /d/t??; do echo $f; done', {
      log: ['/d/one /d/two /d/* /e/*', '/d/two', 'exit 0'],
      files: { '/d/one': '', '/d/two': '', '/d/.three': '' },
    }));
  test('complaints have a stream of their own', () => {
    check('cat /none 2>&1; cat /none >/dev/null 2>&1; cat /none 2> /e; echo 2 > /f; echo seen >&2', {
      log: ["cat: can't open '/none': No such file or directory", 'exit 0'],
      files: { '/e': "cat: can't open '/none': No such file or directory\n", '/f': '2\n' },
    });
    check('cat /none 3>&1', null);
  });
  test('a text that stands below its command', () => {
    check('cat <<END > /f; echo on\n$GREETING "a" \\$b $(echo c) # d\nEND\necho $GREETING', {
      log: ['on', 'hello', 'exit 0'],
      files: { '/f': 'hello "a" $b c # d\n' },
    });
    check("cat <<'END'\n$GREETING\nEND", { log: ['$GREETING', 'exit 0'] });
    check('cat <<-END\n\tone\n\tEND', { log: ['one', 'exit 0'] });
    check('cat <<END\nnever ends', null);
  });
  test('where the output of commands together would go elsewhere', () => {
    check('while true; do echo a; done > /f', null);
    check('if true; then echo a; else echo b; fi | cat', null);
  });
  test('how deep one thing lies within others has an end', () => {
    check('A=xy; while true; do A=$A$A; done', { log: ['exit 2'] });
    check('$(echo '.repeat(5000), null);
    check('${a:-'.repeat(5000), null);
    check('if '.repeat(5000), null);
    check(`[ ${'"(" '.repeat(5000)} ]`, { log: ['exit 2'] });
    check(`A=${'a'.repeat(9999)}; echo $\{A#${'*a'.repeat(999)}b}`, { log: ['a'.repeat(9999), 'exit 0'] });
  });
  test('arithmetic', () => {
    check('i=0; while [ $i -lt 3 ]; do echo "$i: $((i * i))"; i=$((i+1)); sleep 1; done', {
      log: ['0: 0', 'sleep 1000', '1: 1', 'sleep 1000', '2: 4', 'sleep 1000', 'exit 0'],
    });
    check('echo $(( 7 / 2 )) $((-7 % 3)) $((2 > 1 && !0)) $((1 ? 010 : 3)) $(( $A + $B )) $((  ))', {
      log: ['3 -1 1 8 0 0', 'exit 0'],
    });
    check('n=5; echo $((n++)) $((n += 2)) $n $(( $(echo 4) * (n - 1) ))', { log: ['5 8 8 28', 'exit 0'] });
    check('echo $((9223372036854775807 + 1))', { log: ['-9223372036854775808', 'exit 0'] });
    check('echo $((1 / 0)); echo never', { log: ['exit 2'] });
    check('echo $((1 +))', null);
    check('echo $((1.5))', null);
    check('echo $(while true)', null);
    check('echo $(date', null);
  });
  test('what is at hand, and what is given for good', () =>
    check('command -v cat && type cat; command -v unheard; echo $?; readonly A="x  y"; echo "$A"', {
      log: ['cat', 'cat is cat', '127', 'x  y', 'exit 0'],
    }));
  test.each([
    ...['a | b', 'f() (true)', 'sleep 1 &', 'while true; do', 'while read l; do echo $l; done'],
    ...['eval "echo a"', '. /f', 'A=1 read b', "trap 'echo bye' EXIT"],
  ])('beyond: %s', (script) => check(script, null));
});
