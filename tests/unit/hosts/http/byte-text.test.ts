import { expect, test } from 'vitest';
import { byteLength } from '../../../../src-main/engine/runtime/byte-length.ts';
import { bytesOfText, textOfBytes } from '../../../../src-main/hosts/http/byte-text.ts';

function check(bytes: Buffer, text?: string): void {
  const got = textOfBytes(bytes);
  if (text !== undefined) expect(got).toBe(text);
  // Through JSON, as the world is kept, and back.
  expect(bytesOfText(JSON.parse(JSON.stringify(got))).equals(bytes)).toBe(true);
  expect(byteLength(got)).toBe(bytes.length);
}

test('text is itself', () => check(Buffer.from('größe 世界 🌍\0'), 'größe 世界 🌍\0'));
test('bytes that are no text', () => check(Buffer.from([0xff, 0x41, 0x80, 0x00]), '\udcffA\udc80\0'));
test('letters between them stay letters', () => check(Buffer.concat([Buffer.from('é🌍'), Buffer.from([0xc3])]), 'é🌍\udcc3'));
test('half of a pair that somebody wrote as bytes', () => check(Buffer.from([0xed, 0xa0, 0x80, 0xed, 0xb2, 0x80])));
test('every byte after every byte', () =>
  check(Buffer.from(Array.from({ length: 131_072 }, (_, at) => (at % 2 === 0 ? at >> 9 : (at >> 1) & 255)))));
