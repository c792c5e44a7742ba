import { expect, test } from 'vitest';
import { EventMemory } from '../../../../src-main/engine/client/event-memory.ts';

/** Each thing that is told, with the seconds that pass before it, and what is then written: the event's name and count, `held` for what the filter holds back. */
function check(told: readonly (readonly [afterSeconds: number, about: string, message: string])[], expected: readonly string[]): void {
  const memory = new EventMemory([]);
  let nowMs = 0;
  const seen = told.map(([afterSeconds, about, message], index) => {
    nowMs += afterSeconds * 1000;
    const telling = { type: 'Warning', reason: 'Failed', fieldPath: '', message };
    const { name, count, isAllowed } = memory.see(about, telling, () => `e${index}`, `${nowMs}`, nowMs);
    return `${name} x${count}${isAllowed ? '' : ' held'}`;
  });
  expect(seen.slice(-expected.length)).toEqual(expected);
}

test('the same of another object is another event', () =>
  check(
    [
      [0, 'a', 'm'],
      [0, 'b', 'm'],
      [0, 'a', 'm'],
    ],
    ['e0 x1', 'e1 x1', 'e0 x2'],
  ));

test('thousands of objects that are told about in turn are all remembered', () => {
  const round = Array.from({ length: 10_000 }, (_, index) => [0, `o${index}`, 'm'] as const);
  check([...round, ...round], ['e9998 x2', 'e9999 x2']);
});

test('the object that was told about longest ago is forgotten for the next', () => {
  const many = Array.from({ length: 16_384 }, (_, index) => [0, `o${index}`, 'm'] as const);
  check([...many, [0, 'o0', 'm'], [0, 'new', 'm'], [0, 'o0', 'm'], [0, 'o1', 'm']], ['e0 x2', 'e16385 x1', 'e0 x3', 'e16387 x1']);
});

test('messages that change less often than every ten minutes are not similar', () =>
  check(
    Array.from({ length: 12 }, (_, index) => [601, 'a', `m${index}`] as const),
    ['e11 x1'],
  ));

test('a message that is told all the while keeps the others of its reason near', () => {
  const turns = Array.from({ length: 9 }, (_, index) => [`m${index}`, 'm0']).flat();
  check([...turns.map((message) => [300, 'a', message] as const), [0, 'a', 'm9']], ['e18 x1']);
});

test('what is combined has its own count, and goes back to single events after ten quiet minutes', () =>
  check(
    [...Array.from({ length: 11 }, (_, index) => [1, 'a', `m${index}`] as const), [1, 'a', 'm11'], [601, 'a', 'm11']],
    ['e9 x1', 'e9 x2', 'e9 x3', 'e12 x1'],
  ));

test('the filter gives one token back every five minutes', () =>
  check(
    [...Array.from({ length: 25 }, () => [0, 'a', 'm'] as const), [299, 'a', 'm'], [1, 'a', 'm'], [1, 'a', 'm']],
    ['e0 x25', 'e0 x26 held', 'e0 x27', 'e0 x28 held'],
  ));
