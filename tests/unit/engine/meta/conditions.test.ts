import { describe, expect, test } from 'vitest';
import {
  type Condition,
  isConditionTrue,
  removeCondition,
  setStatusCondition,
  updatePodCondition,
} from '../../../../src-main/engine/meta/conditions.ts';

const then = '2025-06-01T00:00:00Z';
const now = '2025-06-01T00:01:00Z';
const other: Condition = { type: 'Other', status: 'True', lastTransitionTime: then };
const old: Condition = { type: 'Ready', status: 'False', reason: 'A', message: 'a', lastTransitionTime: then };
const list = [old, other];

type Setter = (conditions: readonly Condition[], condition: Condition, now: string) => readonly Condition[];

for (const [name, set] of [
  ['setStatusCondition', setStatusCondition],
  ['updatePodCondition', updatePodCondition as Setter],
] as const) {
  describe(name, () => {
    const check = (condition: Condition, expected: readonly Condition[]): void => expect(set(list, condition, now)).toEqual(expected);

    test('a new condition goes to the end', () =>
      check({ type: 'New', status: 'True' }, [old, other, { type: 'New', status: 'True', lastTransitionTime: now }]));
    test('a changed status moves the time', () =>
      check({ type: 'Ready', status: 'True' }, [{ type: 'Ready', status: 'True', lastTransitionTime: now }, other]));
    test('a changed reason keeps the time', () =>
      check({ type: 'Ready', status: 'False', reason: 'B', message: 'a' }, [{ ...old, reason: 'B' }, other]));
    test('a reason that is no longer given goes', () =>
      check({ type: 'Ready', status: 'False', message: 'a' }, [
        { type: 'Ready', status: 'False', message: 'a', lastTransitionTime: then },
        other,
      ]));
    test('nothing changed: the very same list', () => {
      expect(set(list, { type: 'Ready', status: 'False', reason: 'A', message: 'a' }, now)).toBe(list);
    });
  });
}

test('a generation observed later is a change without a transition', () => {
  const condition = { type: 'Ready', status: 'False', reason: 'A', message: 'a', observedGeneration: 2 };
  expect(setStatusCondition(list, condition, now)[0]).toEqual({ ...old, observedGeneration: 2 });
});
test('a given transition time is kept', () => {
  const condition = { type: 'Ready', status: 'True', lastTransitionTime: '2025-06-01T00:00:30Z' };
  expect(setStatusCondition(list, condition, now)[0]).toEqual(condition);
});
test('removing one that is not there gives the very same list', () => {
  expect([removeCondition(list, 'Ready'), removeCondition(list, 'None') === list]).toEqual([[other], true]);
});
test('only True is true', () => {
  expect([isConditionTrue(list, 'Other'), isConditionTrue(list, 'Ready'), isConditionTrue(undefined, 'Ready')]).toEqual([
    true,
    false,
    false,
  ]);
});
