import { expect, test } from 'vitest';
import { utf8Length } from '../../../../src-main/engine/meta/utf8.ts';

function check(text: string): void {
  expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
}

for (const text of ['', 'abc', 'Māori', '日本', '🚢 ahoy', '\u07ff\u0800\uffff']) test(JSON.stringify(text), () => check(text));
