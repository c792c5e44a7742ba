// Programs that read text and write text, as people put them behind pipes.
import { describe, expect, test } from 'vitest';
import { newShell, runShell } from '../../../../src-main/engine/runtime/shell.ts';
import { compileShell } from '../../../../src-main/engine/runtime/shell-program.ts';

const FILES: Record<string, string> = { '/f': 'pear\napple\npear\nfig\n', '/etc/passwd': 'root:x:0:0\nweb:x:101:101\n' };

function check(script: string, expected: string): void {
  const said: string[] = [];
  const files = { ...FILES };
  const pause = runShell(compileShell(script, () => true) ?? [], newShell(), {
    read: (path) => files[path] ?? null,
    write: (path, content) => {
      files[path] = content;
      return '' as const;
    },
    remove: () => false,
    setMode: () => false,
    exists: (path) => path in files,
    files: () => [],
    directory: '/',
    environment: () => undefined,
    timestamp: () => '',
    program: () => null,
    input: 'typed\n',
    print: (text) => void said.push(text),
    complain: (text) => void said.push(text),
  });
  expect(`${said.join('')}-> ${pause.kind === 'exit' ? pause.code : pause.kind}`).toBe(expected);
}

describe('a pipe', () => {
  test.each<[string, string]>([
    ['cat /f | grep -n pea', '1:pear\n3:pear\n-> 0'],
    ['grep -c fig /f', '1\n-> 0'],
    ['grep -v -E "pear|fig" /f', 'apple\n-> 0'],
    ['grep kiwi /f', '-> 1'],
    ['grep x /none', 'grep: /none: No such file or directory\n-> 2'],
    ['sort /f | uniq -c | sort -rn | head -1', '      2 pear\n-> 0'],
    ['tail -n 1 /f', 'fig\n-> 0'],
    ['wc -l /f', '4 /f\n-> 0'],
    ['cat /f | wc -l', '4\n-> 0'],
    ['cut -d: -f1 /etc/passwd', 'root\nweb\n-> 0'],
    ['echo Hello | tr a-z A-Z', 'HELLO\n-> 0'],
    ['tee /g; cat /g', 'typed\ntyped\n-> 0'],
    ['seq 3 | tail -n1', '3\n-> 0'],
    ['basename /a/b.txt .txt; dirname /a/b.txt', 'b\n/a\n-> 0'],
  ])('%s', check);
});
