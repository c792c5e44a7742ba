// Files that a person names on the command line: read, or written, or refused with words that say what is wrong with the name.
import { accessSync, closeSync, constants, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from './usage-error.ts';

/** More than any manifest or table of cases has, and less than fills the memory. */
const BYTES_MAX = 64 * 1024 * 1024;

const CHUNK_BYTES = 1024 * 1024;
const STANDARD_INPUT = '-';

/** As text; `-` is the standard input. */
export function readNamedFile(name: string): string {
  if (name === STANDARD_INPUT) return refusing('cannot read the standard input', () => readToEnd(process.stdin.fd));
  return refusing(`cannot read ${shown(name)}`, () => {
    const file = openSync(name, 'r');
    try {
      return readToEnd(file);
    } finally {
      closeSync(file);
    }
  });
}

/** Counts what comes: a pipe and a device tell no size. */
function readToEnd(file: number): string {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks).toString();
    chunks.push(chunk.subarray(0, read));
    length += read;
    if (length > BYTES_MAX) throw new Error(`it is larger than ${BYTES_MAX / 1024 / 1024} MB`);
  }
}

/** Asked before long work whose outcome is to be written there. */
export function requireWritable(name: string): void {
  refusing(`cannot write ${shown(name)}`, () => {
    const stats = statSync(name, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) throw new Error(words['EISDIR']);
    accessSync(stats === undefined ? dirname(name) : name, constants.W_OK);
  });
}

export function writeNamedFile(name: string, content: string | (() => void)): void {
  refusing(`cannot write ${shown(name)}`, () => (typeof content === 'string' ? writeFileSync(name, content) : content()));
}

function refusing<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError(`${what}: ${reasonOf(error)}`);
  }
}

function shown(name: string): string {
  return name === '' ? 'a file without a name' : name;
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

/** Why a file cannot be read or written, in words for a person. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return words[code] ?? message;
}
