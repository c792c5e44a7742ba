// Whatever stands on a chart has words in the person's language; names of Kubernetes stay as they are.
import { expect, test } from 'vitest';
import { definitionOf } from '../../../../src-main/engine/statecharts/definition.ts';
import { charts } from '../../../../src-main/engine/statecharts/registry.ts';
import en from '../../../../src-renderer/messages/en.json' with { type: 'json' };

const words: Readonly<Record<string, string>> = en;

test.each(charts.map((chart) => [chart.id, chart] as const))('%s: its events, guards and delays have words', (id, chart) => {
  const { states, ways } = definitionOf(chart);
  const wanted = new Set<string>();
  const add = (all: typeof ways): void => {
    for (const { on, isDelay, guard } of all) {
      if (on !== '') wanted.add(isDelay ? `life.delay.${on}` : `life.event.${id}.${on}`);
      if (guard !== '') wanted.add(`life.guard.${guard}`);
    }
  };
  const visit = (all: typeof states): void => {
    for (const state of all) {
      add(state.ways);
      visit(state.states);
    }
  };
  add(ways);
  visit(states);
  expect([...wanted].filter((key) => words[key] === undefined)).toEqual([]);
});
