import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canonicalBase64,
  corruptByte,
  decodeBase64,
  decodedLength,
  encodeBase64,
} from '../../../../../src-main/engine/kinds/core/base64.ts';

test('as Node writes and reads it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = Buffer.from(text);
      expect([encodeBase64(text), decodeBase64(bytes.toString('base64')), decodedLength(encodeBase64(text))]).toEqual([
        bytes.toString('base64'),
        text,
        bytes.length,
      ]);
    }),
    { seed: 1 },
  );
});

test('bytes that are no text are shown as such', () =>
  expect(decodeBase64(Buffer.from([0x61, 0xff, 0x62]).toString('base64'))).toBe('a\ufffdb'));

test('what is no base64 says at which byte', () => {
  // As Go's decoder tells them.
  const faults: Readonly<Record<string, number>> = { hello: 4, 'x x': 1, 'a=': 1, 'YQ=': 3, 'YQ=x': 2, 'YQ==YQ==': 4, '=': 0, YWJjé: 4 };
  for (const [text, byte] of Object.entries(faults))
    expect([text, corruptByte(text), canonicalBase64(text)]).toEqual([text, byte, undefined]);
});

test('line breaks and bits to spare are not kept', () => {
  for (const text of ['', 'YQ==', 'YWI=', 'YWJj']) expect([corruptByte(text), canonicalBase64(text)]).toEqual([undefined, text]);
  expect(['YW\nJj\r\n', 'YR==', 'YWJ=', 'YQ=\n='].map(canonicalBase64)).toEqual(['YWJj', 'YQ==', 'YWI=', 'YQ==']);
});
