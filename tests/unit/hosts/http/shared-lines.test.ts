// What goes out together, in which order, and by whom its bytes are shared.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedLines } from '../../../../src-main/hosts/http/shared-lines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function streams(count: number): readonly { readonly lines: SharedLines; readonly written: Buffer[] }[] {
  return Array.from({ length: count }, () => {
    const written: Buffer[] = [];
    return { lines: new SharedLines((bytes) => written.push(bytes)), written };
  });
}

test('lines of a moment are one write, in order', () => {
  const [{ lines, written }] = streams(1) as [ReturnType<typeof streams>[number]];
  for (const line of ['a\n', 'b\n', 'c\n']) lines.add(line);
  expect(written).toEqual([]);
  vi.runAllTimers();
  lines.add('d\n');
  vi.runAllTimers();
  expect(written.map(String)).toEqual(['a\nb\nc\n', 'd\n']);
});
test('streams that hear the same share the bytes, and others get their own', () => {
  const [first, second, third] = streams(3) as [ReturnType<typeof streams>[number], ...ReturnType<typeof streams>];
  for (const stream of [first, second]) stream?.lines.add('a\n');
  third?.lines.add('b\n');
  vi.runAllTimers();
  expect([first.written[0] === second?.written[0], String(third?.written[0])]).toEqual([true, 'b\n']);
});
test('what is flushed at once is not written again', () => {
  const [{ lines, written }] = streams(1) as [ReturnType<typeof streams>[number]];
  lines.add('a\n');
  lines.flush();
  vi.runAllTimers();
  expect(written.map(String)).toEqual(['a\n']);
});
