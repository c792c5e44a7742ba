// How many bytes a file's text stands for: bytes that are no UTF-8 come from clients as single halves of surrogate pairs, one for each.
import { utf8Length } from '../meta/utf8.ts';
import { bytesBetween, hasZeros, lengthWithin, zerosIn } from './zero-bytes.ts';

export function byteLength(text: string): number {
  if (!hasZeros(text)) return plainLength(text);
  const { all, rest } = zerosIn(text);
  return plainLength(rest) + all;
}

export const BLOCK_BYTES = 4096;

/** What a file with this text takes of its disk: whole blocks, and none for its holes. */
export function diskBytes(text: string): number {
  const bytes = byteLength(text) - (hasZeros(text) ? zerosIn(text).holes : 0);
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}

/** The beginning of the text for which there is room. */
export function fitting(text: string, roomBytes: number): string {
  const whole = Math.floor(roomBytes / BLOCK_BYTES) * BLOCK_BYTES;
  return bytesBetween(text, 0, lengthWithin(text, whole));
}

function plainLength(text: string): number {
  return utf8Length(text) - escapedBytes(text);
}

/** Halves without their other half: two bytes as text, one byte in truth. */
function escapedBytes(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00) at += 1;
    else if (unit >= 0xdc00 && unit < 0xe000) count += 1;
  }
  return count;
}
