/**
 * Replaces a file as a whole or not at all: temporary file, fsync, rename.
 * A crash or a full disk in the middle must leave the person's previous snapshot as it was.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Through a link, the file that it leads to is replaced. A device or a pipe is no file: it takes the data and stays what it is. */
export function writeFileAtomically(path: string, data: string | Uint8Array, mode = 0o644): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) replaceFile(path, data, mode);
  else if (there.isFile() || there.isDirectory()) replaceFile(realpathSync(path), data, mode);
  else writeFileSync(path, data);
}

function replaceFile(path: string, data: string | Uint8Array, mode: number): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'w', mode);
    try {
      writeFileSync(file, data);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(directory);
}

/** Makes the rename itself durable. Windows has no such call and refuses to open a directory. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
