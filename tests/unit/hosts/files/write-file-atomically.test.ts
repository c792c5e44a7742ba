import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

test('a file is read up to its limit, and a directory is refused', async () => {
  const directory = work();
  const path = join(directory, 'web.yaml');
  writeFileSync(path, 'kind: Pod');
  expect((await readBoundedFile(path, 9)).toString()).toBe('kind: Pod');
  await expect(readBoundedFile(path, 8)).rejects.toThrow('web.yaml is larger than 0 MB');
  await expect(readBoundedFile(directory, 8)).rejects.toThrow('is not a regular file');
});
