import { expect, test } from 'vitest';
import { byteLength, diskBytes } from '../../../../src-main/engine/runtime/byte-length.ts';
import { bytesBetween, hole, spelledOut, zeros } from '../../../../src-main/engine/runtime/zero-bytes.ts';

const text = `é${zeros(5000)}a\udcff${hole(10_000)}`;

test('every byte counts, and those of holes take no room', () => {
  expect([byteLength(text), diskBytes(text), byteLength(zeros(3e12)), diskBytes(hole(3e12))]).toEqual([15_004, 8192, 3e12, 0]);
  expect(JSON.stringify(zeros(3e12)).length).toBeLessThan(30);
});

test.each([
  ['a part', 1000, 2000, zeros(1000)],
  ['over the edges', 0, 5003, `é${zeros(5000)}a`],
  ['into a hole', 5002, 6004, `a\udcff${hole(1000)}`],
  ['behind the end', 20_000, 30_000, ''],
])('%s of it', (_, from, to, expected) => expect(bytesBetween(text, from, to)).toBe(expected));

test('what leaves the lab is spelled out, up to a bound', () => {
  expect(spelledOut(`a${zeros(2)}b${hole(1)}`, 100)).toBe('a\0\0b\0');
  expect(spelledOut(zeros(1e12), 100).length).toBe(100);
});

test('digits after a half that comes from a client are digits', () => expect(byteLength('\udcff5;')).toBe(3));

test('what is spelled out is the end of it, and never longer than there is room for', () => {
  expect(spelledOut(`a${zeros(3)}b`, 10)).toBe('a\0\0\0b');
  expect(spelledOut(`a${zeros(3)}bc`, 4)).toBe('\0\0bc');
  expect(spelledOut(`a${hole(2)}bcd`, 2)).toBe('cd');
  expect(spelledOut('plain', 3)).toBe('ain');
});

test('a text of a thousand stretches that would each fill the room takes no more of it', () => {
  expect(spelledOut(zeros(1e15).repeat(1000), 50)).toBe('\0'.repeat(50));
  expect(spelledOut(`\ud800${'9'.repeat(400)};`.repeat(1000), 50)).toBe('\0'.repeat(50));
});
