// Long stretches of zero bytes in the text of a file, kept as how many there are: who fills a disk wants its room taken, not its bytes remembered.
// A stretch is half of a surrogate pair, which begins no text, then the count and a semicolon. A hole is a stretch that nobody wrote: it takes no room.
import { utf8Length } from '../meta/utf8.ts';

const WRITTEN = '\ud800';
const HOLE = '\ud801';
const STRETCH = /([\ud800\ud801])(\d+);/;
const STRETCHES = /([\ud800\ud801])(\d+);/g;
const PIECES = /([\ud800\ud801]\d+;)/;
const ANY = /[\ud800\ud801]\d/;

export function zeros(count: number): string {
  return count <= 0 ? '' : `${WRITTEN}${count};`;
}

export function hole(count: number): string {
  return count <= 0 ? '' : `${HOLE}${count};`;
}

export function hasZeros(text: string): boolean {
  return ANY.test(text);
}

/** Bytes in stretches of zeros, and in those of them that are holes. */
export function zerosIn(text: string): { readonly all: number; readonly holes: number; readonly rest: string } {
  let [all, holes] = [0, 0];
  const rest = text.replaceAll(STRETCHES, (_, kind: string, count: string) => {
    all += Number(count);
    if (kind === HOLE) holes += Number(count);
    return '';
  });
  return { all, holes, rest };
}

/** The end of the text with every byte that it stands for, at most so long: it leaves the lab. However much is written, no more than that is made. */
export function spelledOut(text: string, lengthMax: number): string {
  if (!hasZeros(text)) return text.slice(-lengthMax);
  const spelled: string[] = [];
  let left = lengthMax;
  for (const piece of text.split(PIECES).reverse()) {
    if (left <= 0) break;
    const count = STRETCH.exec(piece)?.[2];
    const bytes = count === undefined ? piece.slice(-left) : '\0'.repeat(Math.min(Number(count), left));
    left -= bytes.length;
    spelled.push(bytes);
  }
  return spelled.reverse().join('');
}

/** From one byte to another one of what the text stands for. */
export function bytesBetween(text: string, from: number, to: number): string {
  let at = 0;
  let found = '';
  const pieces = hasZeros(text) ? text.split(PIECES) : [text];
  for (const piece of pieces) {
    const [, kind, count] = STRETCH.exec(piece) ?? [];
    if (kind !== undefined) {
      const length = Math.min(at + Number(count), to) - Math.max(at, from);
      found += kind === HOLE ? hole(length) : zeros(length);
      at += Number(count);
      continue;
    }
    for (const letter of piece) {
      if (at >= from && at < to) found += letter;
      at += isEscaped(letter) ? 1 : utf8Length(letter);
    }
  }
  return found;
}

/** How long the beginning of what the text stands for is that takes no more than so many bytes, holes aside. */
export function lengthWithin(text: string, bytes: number): number {
  let [length, left] = [0, bytes];
  for (const piece of text.split(PIECES)) {
    const [, kind, count] = STRETCH.exec(piece) ?? [];
    const size =
      kind === undefined ? [...piece].reduce((sum, letter) => sum + (isEscaped(letter) ? 1 : utf8Length(letter)), 0) : Number(count);
    if (kind !== HOLE && size >= left) return length + left;
    if (kind !== HOLE) left -= size;
    length += size;
  }
  return length;
}

/** One byte that is no UTF-8. */
function isEscaped(letter: string): boolean {
  const code = letter.charCodeAt(0);
  return letter.length === 1 && code >= 0xdc00 && code < 0xe000;
}
