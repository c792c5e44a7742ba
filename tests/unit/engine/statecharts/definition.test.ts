import { expect, test } from 'vitest';
import { attachmentChart } from '../../../../src-main/engine/statecharts/attachment.chart.ts';
import { containerChart } from '../../../../src-main/engine/statecharts/container.chart.ts';
import { type ChartState, definitionOf } from '../../../../src-main/engine/statecharts/definition.ts';
import type { Chart } from '../../../../src-main/engine/statecharts/interpreter.ts';
import { nodeChart } from '../../../../src-main/engine/statecharts/node.chart.ts';
import { rolloutChart } from '../../../../src-main/engine/statecharts/rollout.chart.ts';

/** A line a state: its path and its moves; a delay is in brackets, a state nobody rests in has a question mark. */
function lines(states: readonly ChartState[]): readonly string[] {
  return states.flatMap((state) => [
    `${state.path}${state.passing ? '?' : ''} ${state.moves.map(({ on, isDelay, to }) => `${isDelay ? `(${on})` : on}>${to.join('/')}`).join(' ')}`.trim(),
    ...lines(state.states),
  ]);
}

function check(chart: Chart, expected: readonly string[]): void {
  const all = lines(definitionOf(chart).states);
  expect(all.filter((line) => expected.some((wanted) => line.split(' ')[0] === wanted.split(' ')[0]))).toEqual(expected);
  expect(JSON.parse(JSON.stringify(definitionOf(chart)))).toEqual(definitionOf(chart));
}

test('a chart is told as states and moves', () => {
  check(attachmentChart, [
    'attaching delete>detaching (attach)>attached/attachFailed',
    'attachFailed delete>detaching (retry)>attaching',
    'attached delete>detaching',
    'detaching (detach)>detached',
    'detached',
  ]);
});

test('a choice that nobody rests in is followed to where it may lead', () => {
  check(containerChart, [
    'waiting stop>never',
    'waiting.imageCheck?',
    'waiting.configCheck?',
    'waiting.crashBackOff (crashBackOff)>waiting.invalidImageName/waiting.configError/waiting.creating/waiting.imageNeverPull/waiting.imagePullBackOff/waiting.pulling',
    'running.killed',
  ]);
});

test('regions are side by side', () => {
  const definition = definitionOf(nodeChart);
  expect([definition.parallel, definition.states.map(({ name }) => name)]).toEqual([true, ['lease', 'ready', 'eviction']]);
  check(nodeChart, ['lease.fresh look>lease.expired', 'lease.expired look>lease.fresh']);
});

test('a state that its owner leaves at once is followed as well', () => {
  check(rolloutChart, [
    'work.rolling advance>work.rolling.growing/work.rolling.shrinking/work.settled/work.rolling.waiting',
    'work.rolling.weighing?',
  ]);
  const work = definitionOf(rolloutChart).states[0]?.moves[0];
  expect(work).toEqual({
    on: 'look',
    isDelay: false,
    to: [
      'work.deleted',
      'work.paused',
      'work.resizing',
      'work.recreating.stopping',
      'work.recreating.waiting',
      'work.settled',
      'work.recreating.starting',
      'work.rolling.growing',
      'work.rolling.shrinking',
      'work.rolling.waiting',
    ],
  });
});
