import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askXState, begin, type Chart, elapse, interpret, type Step } from '../../../../src-main/engine/statecharts/interpreter.ts';
import { charts } from '../../../../src-main/engine/statecharts/registry.ts';

interface Move {
  readonly event: number;
  readonly yes: readonly string[];
}

/** Lets a chart live through the moves, once by memory and once by asking XState each time: both must do the same. */
function check(chart: Chart, moves: readonly Move[]): void {
  const names = [...chart.events, ...[...chart.delays.keys()].map((name) => `after.${name}`)];
  let yes: readonly string[] = [];
  let done: Step[] = [];
  let ids = 0;
  const host = {
    nowMs: 0,
    guard: (name: string) => yes.includes(name),
    action: (name: string) => void done.push({ kind: 'action', name }),
    delayMs: () => 1,
    after: (_: number, name: string) => {
      ids += 1;
      done.push({ kind: 'arm', name });
      return ids;
    },
    cancel: () => {},
  };
  const life = begin(chart, host);
  const born = askXState(chart, '', '', () => false);
  expect([life.value, done]).toEqual([born.value, born.steps.filter((step) => step.kind !== 'cancel')]);
  for (const move of moves) {
    const event = names[move.event % names.length]!;
    yes = move.yes;
    done = [];
    const direct = askXState(chart, life.value, event, (guard) => move.yes.includes(guard));
    if (event.startsWith('after.')) elapse(chart, life, event.slice('after.'.length), host);
    else interpret(chart, life, event, host);
    expect([event, life.value, done]).toEqual([event, direct.value, direct.steps.filter((step) => step.kind !== 'cancel')]);
  }
}

describe('memory answers as XState does', () => {
  test.each(charts.map((chart) => [chart.id, chart] as const))('%s', (_, chart) => {
    const move = fc.record({ event: fc.nat(1000), yes: fc.subarray([...chart.guards]) });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => check(chart, moves)),
      { numRuns: 200, seed: 7 },
    );
  });

  test('charts have distinct names and can be drawn', () => {
    expect(new Set(charts.map((chart) => chart.id)).size).toBe(charts.length);
    for (const chart of charts) expect(JSON.parse(JSON.stringify(chart.machine.config))).toEqual(chart.machine.config);
  });
});
