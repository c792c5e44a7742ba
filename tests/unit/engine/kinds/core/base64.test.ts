import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, decodedLength, encodeBase64 } from '../../../../../src-main/engine/kinds/core/base64.ts';

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
