// Marking rows: one, one more, a range, all.
import { expect, test } from 'vitest';
import { type Marks, markAll, markOne, markRange, NO_MARKS, toggleMark } from '../../../src-renderer/views/table/marked-rows.ts';

const ORDER = ['a', 'b', 'c', 'd', 'e'];

function check({ keys, anchor }: Marks, expected: string): void {
  expect(`${[...keys].join('')} from ${anchor}`).toBe(expected);
}

test('one alone', () => check(markOne('b'), 'b from b'));
test('one more', () => check(toggleMark(markOne('b'), 'd'), 'bd from d'));
test('one less', () => check(toggleMark(toggleMark(markOne('b'), 'd'), 'b'), 'd from b'));
test('a range downward', () => check(markRange(markOne('b'), 'd', ORDER), 'bcd from b'));
test('a range upward, in the order shown', () => check(markRange(markOne('d'), 'b', ORDER), 'bcd from d'));
test('a range from nowhere is one', () => check(markRange(NO_MARKS, 'c', ORDER), 'c from c'));
test('a range shrinks towards its anchor', () => check(markRange(markRange(markOne('a'), 'e', ORDER), 'b', ORDER), 'ab from a'));
test('all', () => check(markAll(ORDER), 'abcde from a'));
