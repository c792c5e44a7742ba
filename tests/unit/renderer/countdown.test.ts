import { expect, test } from 'vitest';
import { partLeft, timeLeft } from '../../../src-renderer/scene/countdown.ts';
import { traceBox } from '../../../src-renderer/scene/trace.ts';
import { countdown } from '../../support/sample-world.ts';

/** A countdown from 0 to `dueMs` at `nowMs`: what is written, and the part that is left. */
function check(dueMs: number, nowMs: number, text: string, part: number): void {
  expect([timeLeft(dueMs, nowMs), partLeft(countdown('toleration', 'Pod', 'a/b', 0, dueMs), nowMs)]).toEqual([text, part]);
}

test('at the start', () => check(300_000, 0, '5:00', 1));
test('half way', () => check(50_000, 25_000, '0:25', 0.5));
test('a part of a second still counts as one', () => check(1000, 999, '0:01', 0.001));
test('when it is due', () => check(50_000, 50_000, '0:00', 0));
test('when it is over', () => check(50_000, 60_000, '0:00', 0));
test('hours', () => check(7_200_000, 0, '2:00:00', 1));
test('without any length', () => check(0, 0, '0:00', 0));

test('the outline ends where its part ends', () => {
  const box = { x: 0, y: 0, width: 40, height: 20 };
  const end = (part: number): string => traceBox(box, 0, part).split(/[A-Z]/).at(-1) ?? '';
  expect([0, 0.25, 0.5, 0.75, 1].map(end)).toEqual(['20 0', '40 10', '20 20', '0 10', '20 0']);
});
