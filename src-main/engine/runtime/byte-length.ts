// How many bytes a file's text stands for: bytes that are no UTF-8 come from clients as single halves of surrogate pairs, one for each.
import { utf8Length } from '../meta/utf8.ts';

export function byteLength(text: string): number {
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
