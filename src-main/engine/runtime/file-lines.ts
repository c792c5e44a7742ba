// How a file is told in a line: its mode in letters, its size, its time.
import { byteLength, diskBytes } from './byte-length.ts';
import type { Entry } from './file-tree.ts';

const DIRECTORY_BYTES = 4_096;
const BLOCK_BYTES = 4_096;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const UNITS = ['', 'K', 'M', 'G', 'T'];

/** `-rw-r--r--` */
export function modeText({ mode, isDirectory }: Pick<Entry, 'mode' | 'isDirectory'>): string {
  const letters = [6, 3, 0].flatMap((shift) => [...'rwx'].map((letter, at) => ((mode >> shift) & (4 >> at) ? letter : '-')));
  if (mode & 0o1000) letters[8] = letters[8] === 'x' ? 't' : 'T';
  return `${isDirectory ? 'd' : '-'}${letters.join('')}`;
}

export function sizeOf({ isDirectory, content }: Entry): number {
  return isDirectory ? DIRECTORY_BYTES : byteLength(content);
}

/** Blocks of 4 KiB. */
export function blocksOf(entry: Entry): number {
  return (entry.isDirectory ? DIRECTORY_BYTES : diskBytes(entry.content)) / BLOCK_BYTES;
}

/** `Nov 22 05:04` of `2026-11-22T05:04:00Z`. */
export function dateText(timestamp: string): string {
  const month = MONTHS[Number(timestamp.slice(5, 7)) - 1] ?? '';
  return `${month} ${String(Number(timestamp.slice(8, 10))).padStart(2)} ${timestamp.slice(11, 16)}`;
}

/** `4.0K` as `-h` says it. */
export function readableBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)}${UNITS[unit]}`;
}
