// Archives of files, as `kubectl cp` sends and asks for them: the plain part of the ustar format. Lengths are counted in UTF-8, because that is what travels.
// upstream: POSIX.1-1988 ustar; kubectl pkg/cmd/cp
import { utf8Length } from '../meta/utf8.ts';

export interface TarFile {
  readonly path: string;
  readonly content: string;
}

const BLOCK = 512;
const NAME_LENGTH_MAX = 100;

export function writeTar(files: readonly TarFile[]): string {
  const blocks = files.map(({ path, content }) => {
    const length = utf8Length(content);
    return `${header(path.slice(-NAME_LENGTH_MAX), length)}${content}${zeros((BLOCK - (length % BLOCK)) % BLOCK)}`;
  });
  return `${blocks.join('')}${zeros(2 * BLOCK)}`;
}

/** null when the text is no archive. Directories and links are left out: files make their own way. */
export function readTar(archive: string): readonly TarFile[] | null {
  const files: TarFile[] = [];
  let position = 0;
  let longName: string | undefined;
  while (position + BLOCK <= archive.length) {
    const head = archive.slice(position, position + BLOCK);
    if (/^\0*$/.test(head)) return files;
    const length = Number.parseInt(text(head, 124, 12).trim() || '0', 8);
    if (Number.isNaN(length)) return null;
    const end = afterBytes(archive, position + BLOCK, length);
    if (end === null) return null;
    const content = archive.slice(position + BLOCK, end);
    const type = head[156];
    // GNU's way to say a name that is too long for the header: a file that holds it comes first.
    if (type === 'L') longName = content.replace(/\0.*$/s, '');
    else {
      const prefix = text(head, 257, 5) === 'ustar' ? text(head, 345, 155) : '';
      const name = longName ?? (prefix === '' ? text(head, 0, 100) : `${prefix}/${text(head, 0, 100)}`);
      if (type === '0' || type === '\0') files.push({ path: name, content });
      longName = undefined;
    }
    position = end + ((BLOCK - (length % BLOCK)) % BLOCK);
  }
  return position === archive.length ? files : null;
}

function header(path: string, length: number): string {
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const before = path.padEnd(100, '\0') + octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(length, 12) + octal(0, 12);
  const after = `0${zeros(100)}ustar\0${'00'}${'root'.padEnd(32, '\0')}${'root'.padEnd(32, '\0')}${octal(0, 8)}${octal(0, 8)}`.padEnd(
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

/** Where the text is after so many bytes of UTF-8; null when it has not as many. */
function afterBytes(archive: string, from: number, count: number): number | null {
  let [position, left] = [from, count];
  while (left > 0) {
    if (position >= archive.length) return null;
    const code = archive.codePointAt(position) ?? 0;
    left -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    position += code < 0x10000 ? 1 : 2;
  }
  return left === 0 ? position : null;
}
