import { expect, test } from 'vitest';
import { listFiles, tar } from '../../../../src-main/engine/runtime/file-commands.ts';
import { isDirectory } from '../../../../src-main/engine/runtime/file-tree.ts';
import { readTar, writeTar } from '../../../../src-main/engine/runtime/tar.ts';

const FILES = [
  { path: 'a.txt', content: 'hello\n' },
  { path: 'deep/er/größe', content: 'Grüße, 世界 🌍' },
  { path: 'empty', content: '' },
  { path: 'run.sh', content: '#!/bin/sh\n', mode: 0o755 },
  { path: 'made/', content: '' },
  { path: `long/${'x'.repeat(120)}/name`, content: 'far\n' },
  // Bytes that are no text, as the door brings them: one half of a pair for each.
  { path: 'binary', content: 'a\udcff\udc80\0é\udcc3z' },
];

/** A container with these files, and what a command there says. */
function check(command: (rest: readonly string[], world: never) => number, words: string, expected: object, input = ''): void {
  const files: Record<string, string> = { '/data/one': '1', '/data/sub/two': '22', '/etc/hosts': 'localhost' };
  const said = { output: '', complaints: '' };
  const world = {
    files: () => Object.entries(files).map(([path, content]) => ({ path, content })),
    write: (path: string, content: string) => {
      files[path] = content;
      return '' as const;
    },
    setMode: () => true,
    directory: '/data',
    input,
    print: (text: string) => {
      said.output += text;
    },
    complain: (text: string) => {
      said.complaints += text;
    },
  };
  const status = command(words.split(' '), world as never);
  expect({ status, ...said, files }).toMatchObject(expected);
}

test('what is written can be read again', () => expect(readTar(writeTar(FILES))).toEqual(FILES));

test('the header is that of other programs', () => {
  const head = writeTar([{ path: 'a', content: 'x' }]).slice(0, 512);
  expect(head.length).toBe(512);
  expect([head.slice(0, 2), head.slice(124, 136), head.slice(257, 263)]).toEqual(['a\0', '00000000001\0', 'ustar\0']);
  let sum = 0;
  for (let index = 0; index < 512; index += 1) sum += index >= 148 && index < 156 ? 32 : head.charCodeAt(index);
  expect(Number.parseInt(head.slice(148, 154), 8)).toBe(sum);
});

test('what is no archive', () => {
  expect(readTar('hello')).toBeNull();
  expect(readTar(writeTar(FILES).slice(0, 700))).toBeNull();
});

test('archives go in and out', () => {
  check(tar, 'cf - /data/sub', {
    status: 0,
    output: writeTar([
      { path: 'data/sub/', content: '' },
      { path: 'data/sub/two', content: '22' },
    ]),
  });
  check(tar, 'cf - missing', { status: 2, complaints: expect.stringMatching(/^tar: missing: Cannot stat: No such file or directory\n/) });
  check(tar, '-xmf - -C /tmp', { status: 0, files: { '/tmp/a.txt': 'hello\n', '/tmp/deep/er/größe': 'Grüße, 世界 🌍' } }, writeTar(FILES));
  check(tar, 'xf - -C /tmp', { status: 2 }, writeTar([{ path: '../../etc/hosts', content: 'evil' }]));
  check(tar, 'xf - -C /tmp', { status: 2, complaints: expect.stringContaining('does not look like a tar archive') }, 'text');
});

test('names beyond ASCII come as PAX says them', () => {
  const record = (text: string): string => `${text.length + 3} ${text}\n`;
  const [pax, file] = [writeTar([{ path: 'x', content: record('path=größe') }]), writeTar([{ path: 'gre', content: '1' }])];
  const typed = `${pax.slice(0, 156)}x${pax.slice(157, -1024)}${file}`;
  expect(readTar(typed)).toEqual([{ path: 'größe', content: '1' }]);
});

test('ls', () => {
  check(listFiles, '/data', { status: 0, output: 'one\nsub\n' });
  check(listFiles, 'one', { status: 0, output: 'one\n' });
  check(listFiles, '/nothing', { status: 1, complaints: 'ls: /nothing: No such file or directory\n' });
  const world = { files: () => [{ path: '/data/sub/two', content: '' }], directory: '/' };
  expect([isDirectory('/data/sub', world), isDirectory('/tmp', world), isDirectory('/data/sub/two', world)]).toEqual([true, true, false]);
});
