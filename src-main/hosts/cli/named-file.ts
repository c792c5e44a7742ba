// Files that a person names on the command line: read, or written, or refused with words that say what is wrong with the name.
import { accessSync, constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './usage-error.ts';

/** More than any manifest or table of cases has, and less than fills the memory. */
const BYTES_MAX = 64 * 1024 * 1024;

export function readNamedFile(name: string): string {
  return refusing(`cannot read ${name}`, () => {
    const { size } = statSync(name);
    if (size > BYTES_MAX) throw new Error(`it is larger than ${BYTES_MAX / 1024 / 1024} MB`);
    return readFileSync(name, 'utf8');
  });
}

/** Asked before long work whose outcome is to be written there. */
export function requireWritable(name: string): void {
  refusing(`cannot write ${name}`, () => {
    const stats = statSync(name, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) throw new Error(words['EISDIR']);
    accessSync(stats === undefined ? dirname(name) : name, constants.W_OK);
  });
}

export function writeNamedFile(name: string, content: string | (() => void)): void {
  refusing(`cannot write ${name}`, () => (typeof content === 'string' ? writeFileSync(name, content) : content()));
}

function refusing<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(`${what}: ${reasonOf(error)}`);
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'it is a directory; name a file',
  EACCES: 'you may not (permission denied)',
  EPERM: 'you may not (permission denied)',
  EROFS: 'it lies on a disk that can only be read',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return words[code] ?? message;
}
