// Archives of files, as `kubectl cp` sends and asks for them: the ustar format with the long names of GNU and PAX. Lengths are counted in bytes, because that is what travels.
// upstream: POSIX.1-2001 pax, POSIX.1-1988 ustar; kubectl pkg/cmd/cp
import { byteLength } from './byte-length.ts';

export interface TarFile {
  /** Of a directory: with a slash at its end. */
  readonly path: string;
  readonly content: string;
  /** Permissions; absent: those that a file gets by itself. */
  readonly mode?: number;
}

const BLOCK = 512;
const NAME_LENGTH_MAX = 100;
export const FILE_MODE = 0o644;
export const DIRECTORY_MODE = 0o755;

export function writeTar(files: readonly TarFile[]): string {
  const blocks = files.map(({ path, content, mode }) => {
    const isDirectory = path.endsWith('/');
    const usual = isDirectory ? DIRECTORY_MODE : FILE_MODE;
    return longName(path) + entry(shortName(path), isDirectory ? '5' : '0', mode ?? usual, content);
  });
  return `${blocks.join('')}${zeros(2 * BLOCK)}`;
}

/** null when the text is no archive. Links are left out. */
export function readTar(archive: string): readonly TarFile[] | null {
  const files: TarFile[] = [];
  let position = 0;
  let name: string | undefined;
  while (position + BLOCK <= archive.length) {
    const head = archive.slice(position, position + BLOCK);
    if (/^\0*$/.test(head)) return files;
    const [length, mode] = [octal(head, 124, 12), octal(head, 100, 8)];
    const end = Number.isNaN(length) ? null : afterBytes(archive, position + BLOCK, length);
    if (end === null) return null;
    const content = archive.slice(position + BLOCK, end);
    const type = head[156];
    // Two ways to say a name that is too long for the header, or not of its letters: a file that holds it comes first.
    if (type === 'L') name = content.replace(/\0.*$/s, '');
    else if (type === 'x') name = /(?:^|\n)\d+ path=(.*)\n/.exec(content)?.[1] ?? name;
    else {
      const path = name ?? nameIn(head);
      if (type === '0' || type === '\0') files.push({ path, content, ...unusual(mode, FILE_MODE) });
      else if (type === '5') files.push({ path: path.replace(/\/*$/, '/'), content: '', ...unusual(mode, DIRECTORY_MODE) });
      if (type !== 'g') name = undefined;
    }
    position = end + ((BLOCK - (length % BLOCK)) % BLOCK);
  }
  return position === archive.length ? files : null;
}

function unusual(mode: number, usual: number): Pick<TarFile, 'mode'> {
  return Number.isNaN(mode) || (mode & 0o7777) === usual ? {} : { mode: mode & 0o7777 };
}

function nameIn(head: string): string {
  const prefix = text(head, 257, 5) === 'ustar' ? text(head, 345, 155) : '';
  return prefix === '' ? text(head, 0, 100) : `${prefix}/${text(head, 0, 100)}`;
}

function entry(name: string, type: string, mode: number, content: string): string {
  const length = byteLength(content);
  return `${header(name, type, mode, length)}${content}${zeros((BLOCK - (length % BLOCK)) % BLOCK)}`;
}

function longName(path: string): string {
  return shortName(path) === path ? '' : entry('././@LongLink', 'L', 0, `${path}\0`);
}

function shortName(path: string): string {
  return path.replaceAll(/[^ -~]/g, '').slice(0, NAME_LENGTH_MAX);
}

function header(path: string, type: string, mode: number, length: number): string {
  const octalText = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const before = path.padEnd(100, '\0') + octalText(mode, 8) + octalText(0, 8) + octalText(0, 8) + octalText(length, 12) + octalText(0, 12);
  const owner = 'root'.padEnd(32, '\0');
  const after = `${type}${zeros(100)}ustar\0${'00'}${owner}${owner}${octalText(0, 8)}${octalText(0, 8)}`.padEnd(
    BLOCK - before.length - 8,
    '\0',
  );
  let sum = 8 * 32;
  for (const character of before + after) sum += character.charCodeAt(0) & 255;
  return `${before}${sum.toString(8).padStart(6, '0')}\0 ${after}`;
}

const zeros = (count: number): string => '\0'.repeat(count);

function text(head: string, from: number, length: number): string {
  const field = head.slice(from, from + length);
  const end = field.indexOf('\0');
  return end < 0 ? field : field.slice(0, end);
}

function octal(head: string, from: number, length: number): number {
  return Number.parseInt(text(head, from, length).trim() || '0', 8);
}

/** Where the text is after so many bytes; null when it has not as many. */
function afterBytes(archive: string, from: number, count: number): number | null {
  let [position, left] = [from, count];
  while (left > 0) {
    if (position >= archive.length) return null;
    const code = archive.codePointAt(position) ?? 0;
    const isEscaped = code >= 0xdc80 && code <= 0xdcff;
    left -= code < 0x80 || isEscaped ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    position += code < 0x10000 ? 1 : 2;
  }
  return left === 0 ? position : null;
}
