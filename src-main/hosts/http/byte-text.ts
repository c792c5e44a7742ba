// Bytes of any kind as text and back: the engine's files are text, and what people copy into containers may be anything.
// Text that is UTF-8 stays readable; a byte that belongs to none becomes half of a surrogate pair, which no UTF-8 can hold, so that nothing is lost.
import { isUtf8 } from 'node:buffer';

const ESCAPE = 0xdc00;
const UNITS_AT_ONCE = 8_192;

export function textOfBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  const parts: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) units.push(ESCAPE | (bytes[at] as number));
    else if (length === 1) units.push(bytes[at] as number);
    else for (const unit of unitsOf(bytes.toString('utf8', at, at + length))) units.push(unit);
    at += Math.max(1, length);
    if (units.length >= UNITS_AT_ONCE) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  parts.push(String.fromCharCode(...units));
  return parts.join('');
}

export function bytesOfText(text: string): Buffer {
  if (!/[\udc80-\udcff]/u.test(text)) return Buffer.from(text);
  return Buffer.concat(
    text
      .split(/([\udc80-\udcff]+)/u)
      .map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.from(unitsOf(part).map((unit) => unit & 0xff)))),
  );
}

function unitsOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** Of the well-formed sequence that begins there; 0: none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
