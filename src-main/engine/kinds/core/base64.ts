// Base64 of text, because a Secret's `stringData` is kept as `data`. Plain arithmetic: the engine has neither Node's nor the DOM's encoders.

export function encodeBase64(text: string): string {
  return encodeBytes(utf8(text));
}

export function encodeBytes(bytes: readonly number[]): string {
  let encoded = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b, c] = bytes.slice(index, index + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded +=
      letter(bits >> 18) + letter(bits >> 12) + (b === undefined ? '=' : letter(bits >> 6)) + (c === undefined ? '=' : letter(bits));
  }
  return encoded;
}

/** The text of valid base64; bytes that are no UTF-8 become U+FFFD. */
export function decodeBase64(encoded: string): string {
  return fromUtf8(bytesOfBase64(encoded));
}

export function bytesOfBase64(encoded: string): readonly number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of encoded) {
    const value = LETTERS.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return bytes;
}

/** The bytes of a text as a server that keeps bytes tells them: on one line, with no bits to spare. Undefined when it is no base64; corruptByte says where. */
export function canonicalBase64(encoded: string): string | undefined {
  const isPlain = encoded.length % 4 === 0 && PLAIN.test(encoded);
  if (!isPlain && corruptByte(encoded) !== undefined) return undefined;
  return isPlain && !hasSpareBits(encoded) ? encoded : encodeBytes(bytesOfBase64(encoded));
}

const PLAIN = /^[A-Za-z0-9+/]*={0,2}$/;

function hasSpareBits(encoded: string): boolean {
  const length = encoded.indexOf('=') < 0 ? encoded.length : encoded.indexOf('=');
  const spare = length % 4 === 2 ? 15 : length % 4 === 3 ? 3 : 0;
  return (LETTERS.indexOf(encoded.charAt(length - 1)) & spare) !== 0;
}

/** Where a text stops being base64. Line breaks count for nothing. upstream: Go encoding/base64 decodeQuantum, CorruptInputError */
export function corruptByte(encoded: string): number | undefined {
  let index = 0;
  const skipBreaks = (): void => {
    while (encoded[index] === '\n' || encoded[index] === '\r') index += 1;
  };
  for (let letters = 0; ; ) {
    skipBreaks();
    const character = encoded[index];
    if (character === undefined) return letters === 0 ? undefined : index - letters;
    if (character === '=') {
      if (letters < 2) return index;
      index += 1;
      skipBreaks();
      if (letters === 3) return index < encoded.length ? index : undefined;
      if (encoded[index] !== '=') return index < encoded.length ? index - 1 : index;
      index += 1;
      skipBreaks();
      return index < encoded.length ? index : undefined;
    }
    if (!LETTERS.includes(character)) return index;
    index += 1;
    letters = (letters + 1) % 4;
  }
}

/** Number of bytes that a base64 text stands for. */
export function decodedLength(encoded: string): number {
  const padding = encoded.endsWith('==') ? 2 : encoded.endsWith('=') ? 1 : 0;
  return Math.floor((encoded.length * 3) / 4) - padding;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function letter(bits: number): string {
  return LETTERS.charAt(bits & 63);
}

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

function fromUtf8(bytes: readonly number[]): string {
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    const rest = bytes.slice(index + 1, index + length);
    const isWhole = length > 0 && rest.length === length - 1 && rest.every((byte) => byte >> 6 === 2);
    if (isWhole) {
      const code = rest.reduce((sum, byte) => (sum << 6) | (byte & 63), length === 1 ? first : first & (0x7f >> length));
      text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    } else text += '\ufffd';
    index += isWhole ? length : 1;
  }
  return text;
}
