// The memory of steps is bounded: what is long ago is merged, what a person did is not, and a reader notices.
import { expect, test } from 'vitest';
import { History, STEPS_MAX, STEPS_PER_ANSWER } from '../../../../src-main/session/timeline/history.ts';

function filled(count: number): History {
  const history = new History();
  for (let at = 0; at < count; at += 1)
    history.add({
      atMs: at * 100,
      lane: at % 1000 === 0 ? 'actions' : 'pods',
      tone: 'plain',
      what: at % 1000 === 0 ? 'command.apply' : at % 2 === 0 ? 'pod.ready' : 'pod.gone',
      kind: 'Pod',
      key: `default/p${at}`,
      values: {},
      actor: 'kubelet',
      trigger: 'kubelet relist',
    });
  return history;
}

test('it holds as many steps as it may one by one', () => {
  const history = filled(STEPS_MAX);
  expect(history.steps.length).toBe(STEPS_MAX);
  expect(history.steps.every(({ count }) => count === 1)).toBe(true);
});

test('then the older ones are merged and none is lost; actions stay', () => {
  const history = filled(STEPS_MAX * 4);
  expect(history.steps.length).toBeLessThanOrEqual(STEPS_MAX * 1.01);
  expect(history.steps.reduce((sum, { count }) => sum + count, 0)).toBe(STEPS_MAX * 4);
  expect(history.steps.filter(({ lane }) => lane === 'actions').map(({ count }) => count)).toEqual(Array.from({ length: 80 }, () => 1));
  const times = history.steps.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  const [merged] = history.steps.filter(({ count }) => count > 1);
  expect(merged?.key).toBe('');
  expect(merged?.untilMs).toBeGreaterThan(merged?.atMs ?? 0);
});

test('merging is spread over the steps that follow, and steps heard meanwhile stay one by one', () => {
  const history = filled(STEPS_MAX + 1);
  expect(history.steps.length).toBe(STEPS_MAX + 1);
  const { edition } = history;
  let more = 0;
  for (; history.edition === edition; more += 1)
    history.add({ atMs: 1e9, lane: 'pods', tone: 'plain', what: 'pod.gone', kind: '', key: '', values: {}, actor: '', trigger: '' });
  expect(more).toBeGreaterThan(50);
  expect(more).toBeLessThan(STEPS_MAX / 100);
  expect(history.steps.filter(({ atMs }) => atMs === 1e9).map(({ count }) => count)).toEqual(Array.from({ length: more }, () => 1));
  expect(history.steps.reduce((sum, { count }) => sum + count, 0)).toBe(STEPS_MAX + 1 + more);
  const ids = history.steps.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((one, other) => one - other));
});

test('a reader gets it in answers of a bounded size, and sees another edition after a merge', () => {
  const history = filled(STEPS_PER_ANSWER + 10);
  const first = history.since(0);
  expect([first.steps.length, first.more]).toEqual([STEPS_PER_ANSWER, true]);
  const second = history.since(first.nextId);
  expect([second.steps.length, second.more]).toEqual([10, false]);
  expect(history.since(second.nextId).steps).toEqual([]);
  expect(filled(10).edition).not.toBe(history.edition);
  const { edition } = history;
  for (let at = 0; at < STEPS_MAX; at += 1)
    history.add({ atMs: 1e6, lane: 'pods', tone: 'plain', what: 'pod.gone', kind: '', key: '', values: {}, actor: '', trigger: '' });
  expect(history.edition).not.toBe(edition);
});
