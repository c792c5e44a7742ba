import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from '../../../../src-main/engine/base/sha256.ts';

function check(text: string): void {
  expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
}

test('agrees with the reference at every length around a block', () => {
  for (let length = 0; length < 200; length += 1) check('vol-0123456789abcdef'.repeat(12).slice(0, length));
});
