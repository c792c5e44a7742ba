import { execFileSync, spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBoundedFile } from '../../../../src-main/hosts/files/read-bounded-file.ts';
import { writeFileAtomically } from '../../../../src-main/hosts/files/write-file-atomically.ts';

const work = (): string => mkdtempSync(join(tmpdir(), 'orrery-write-'));

test('writes a new file, replaces an old one, and leaves nothing else behind', () => {
  const directory = work();
  const path = join(directory, 'deeper', 'lab.orrery');
  writeFileAtomically(path, 'one');
  writeFileAtomically(path, Buffer.from('two'));
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(join(directory, 'deeper'))).toEqual(['lab.orrery']);
});

test('what cannot be replaced stays as it was, without a temporary file', () => {
  const directory = work();
  const path = join(directory, 'lab.orrery');
  mkdirSync(join(path, 'inside'), { recursive: true }); // a directory that is not empty cannot be renamed over
  expect(() => writeFileAtomically(path, 'new')).toThrow();
  expect(existsSync(join(path, 'inside'))).toBe(true);
  expect(readdirSync(directory)).toEqual(['lab.orrery']);
});

test.skipIf(process.platform === 'win32')('a link stays one, and the file that it leads to is replaced', () => {
  const directory = work();
  const [path, link] = [join(directory, 'elsewhere', 'config'), join(directory, 'config')];
  mkdirSync(join(directory, 'elsewhere'));
  writeFileSync(path, 'old');
  symlinkSync(path, link);
  writeFileAtomically(link, 'new');
  expect([lstatSync(link).isSymbolicLink(), readFileSync(path, 'utf8')]).toEqual([true, 'new']);
});

test.skipIf(process.platform === 'win32')('a pipe takes what is written and stays a pipe', async () => {
  const path = join(work(), 'pipe');
  execFileSync('mkfifo', [path]);
  // Open at both ends before anything is written, so that nobody waits for anybody.
  const reader = spawn('sh', ['-c', `exec 3<>'${path}'; echo; head -c 3 <&3`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let read = '';
  const ended = new Promise((resolve) => reader.on('close', resolve));
  await new Promise<void>((resolve) => {
    reader.stdout.on('data', (data: Buffer) => {
      read += data.toString();
      resolve();
    });
  });
  writeFileAtomically(path, 'new');
  await ended;
  expect([lstatSync(path).isFIFO(), read]).toEqual([true, '\nnew']);
});

test('a file is read up to its limit, and a directory is refused', async () => {
  const directory = work();
  const path = join(directory, 'web.yaml');
  writeFileSync(path, 'kind: Pod');
  expect((await readBoundedFile(path, 9)).toString()).toBe('kind: Pod');
  await expect(readBoundedFile(path, 8)).rejects.toThrow('web.yaml is larger than 0 MB');
  await expect(readBoundedFile(directory, 8)).rejects.toThrow('is not a regular file');
});
