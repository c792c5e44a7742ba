import { expect, test } from 'vitest';
import { keepOutput, turnLog } from '../../../../src-main/engine/kubelet/container-log.ts';
import type { ContainerState } from '../../../../src-main/engine/kubelet/kubelet-state.ts';

const written = (state: ContainerState): unknown => [state.log?.map(({ text }) => text), state.previousLog?.map(({ text }) => text)];
const state = (): ContainerState => ({}) as ContainerState;
const say = (target: ContainerState, output: string, complaints = '') => keepOutput(target, { output, complaints }, 5);

test('lines with the moment of their writing', () => {
  const target = state();
  say(target, 'a\nb\n', 'c\n');
  expect(target.log).toEqual([
    { atMs: 5, text: 'a' },
    { atMs: 5, text: 'b' },
    { atMs: 5, text: 'c' },
  ]);
});
test('a container that writes nothing keeps nothing', () => {
  const target = state();
  say(target, '');
  turnLog(target);
  expect(Object.keys(target)).toEqual([]);
});
test('a new run begins a new log, and the one before the last goes', () => {
  const target = state();
  say(target, 'first\n');
  turnLog(target);
  say(target, 'second\n');
  expect(written(target)).toEqual([['second'], ['first']]);
  turnLog(target);
  turnLog(target);
  expect(written(target)).toEqual([undefined, undefined]);
});
test('only the newest lines are kept', () => {
  const target = state();
  for (let line = 0; line < 300; line += 1) say(target, `${line}\n`);
  expect([target.log?.length, target.log?.[0]?.text]).toEqual([200, '100']);
});
