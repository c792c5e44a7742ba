// Walks every chart along all its paths: no state that cannot be reached, no transition that another one shadows.
import { describe, expect, test } from 'vitest';
import { type StateNode, setup } from 'xstate';
import { askXState, type Chart, defineChart, type Outcome } from '../../../../src-main/engine/statecharts/interpreter.ts';
import { charts } from '../../../../src-main/engine/statecharts/registry.ts';

const TAKEN = 'taken: ';

function nodesOf(chart: Chart): readonly StateNode[] {
  const below = (node: StateNode): StateNode[] => [node, ...Object.values(node.states).flatMap((child) => below(child as StateNode))];
  return below(chart.machine.root as StateNode);
}

/** The same chart with one more action on each transition, which names it. */
function markedCopy(chart: Chart): { readonly copy: Chart; readonly transitions: readonly string[] } {
  const copy = defineChart({ id: chart.id, machine: chart.machine });
  const names: string[] = [];
  for (const node of nodesOf(copy)) {
    const moves = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
    for (const move of new Set(moves)) {
      const targets = move.target?.map(({ id }) => id).join() ?? 'stays';
      const name = `${TAKEN}${node.id} ${move.eventType || 'always'} ${move.guard ?? ''} -> ${targets} #${names.length}`;
      names.push(name);
      move.actions = [...move.actions, name];
    }
  }
  return { copy, transitions: names };
}

/** Every outcome of the event, whatever the guards say. */
function outcomes(chart: Chart, value: string, event: string): readonly Outcome[] {
  const found: Outcome[] = [];
  const explore = (given: readonly boolean[]): void => {
    const asked = new Map<string, boolean>();
    const outcome = askXState(chart, value, event, (guard) => {
      const answer = asked.get(guard) ?? given[asked.size] ?? false;
      asked.set(guard, answer);
      return answer;
    });
    found.push(outcome);
    const answers = [...asked.values()];
    for (let index = given.length; index < answers.length; index += 1) explore([...answers.slice(0, index), true]);
  };
  explore([]);
  return found;
}

function walk(chart: Chart): { readonly values: ReadonlySet<string>; readonly taken: ReadonlySet<string> } {
  const events = [...chart.events, ...[...chart.delays.keys()].map((delay) => `after.${delay}`)];
  const taken = new Set<string>();
  const values = new Set<string>();
  const arrive = ({ value, steps }: Outcome): void => {
    for (const { name } of steps) if (name.startsWith(TAKEN)) taken.add(name);
    values.add(value);
  };
  for (const outcome of outcomes(chart, '', '')) arrive(outcome);
  // A set hands out what is added while it is walked.
  for (const value of values) for (const event of events) for (const outcome of outcomes(chart, value, event)) arrive(outcome);
  return { values, taken };
}

/** What no path reaches; `passing` states are left in the same step as they are entered. */
function check(chart: Chart, expected: { readonly passing: readonly string[] }): void {
  const { copy, transitions } = markedCopy(chart);
  const { values, taken } = walk(copy);
  const leaves = nodesOf(copy).filter((node) => node.type === 'atomic' || node.type === 'final');
  const rested = new Set([...values].flatMap((value) => value.split('|')));
  expect(transitions.filter((name) => !taken.has(name))).toEqual([]);
  expect(leaves.map((node) => node.path.join('.')).filter((path) => !rested.has(path))).toEqual(expected.passing);
}

const passing: Readonly<Record<string, readonly string[]>> = {
  pod: ['work.sandboxCheck'],
  container: ['waiting.imageCheck', 'waiting.configCheck'],
  probe: ['looking', 'judging', 'succeeding', 'refusing', 'deciding'],
  claim: [],
  volume: [],
  attachment: [],
  node: [],
  rollout: ['work.choosing'],
};

describe('every state is reached and every transition is taken', () => {
  test.each(charts.map((chart) => [chart.id, chart] as const))('%s', (id, chart) => {
    check(chart, { passing: passing[id] ?? ['name the states that are only passed'] });
  });
});

test('a shadowed transition and a state without a way in are told', () => {
  const machine = setup({ types: { events: {} as { type: 'go' } }, guards: { open: () => true } }).createMachine({
    id: 'door',
    initial: 'shut',
    states: { shut: { on: { go: [{ target: 'wide' }, { guard: 'open', target: 'wide' }] } }, wide: {}, lost: {} },
  });
  const { copy, transitions } = markedCopy(defineChart({ id: 'door', machine }));
  const { values, taken } = walk(copy);
  expect([...values]).toEqual(['shut', 'wide']);
  expect(transitions.filter((name) => !taken.has(name))).toEqual(['taken: door.shut go open -> door.wide #1']);
});
